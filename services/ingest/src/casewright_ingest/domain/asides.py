"""What a story tells beside its rules: how things are or were, why, who said so, talk among the team."""

import re
from functools import lru_cache

from casewright_ingest.domain import refused
from casewright_ingest.domain import vocabulary as say
from casewright_ingest.domain.exclusions import is_exclusion
from casewright_ingest.domain.sentences import (
    is_chore,
    is_question,
    is_unfinished,
    judged,
    looks_like_code,
)
from casewright_ingest.domain.vocabulary import spoken
from casewright_ingest.domain.wishes import is_role_sentence

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_QUOTED = re.compile(r"\"[^\"]{1,300}\"|“[^”]{1,300}”|„[^“”]{1,300}[“”]|«[^»]{1,300}»|\{\{[^{}]{1,200}\}\}")
_IN_BRACKETS = re.compile(r"\([^()]{0,300}\)|\[[^\[\]]{0,300}\]")
_OPTION = re.compile(r"(?<=[a-z,] )[A-Z]\w+ (?:me|my \w+|us|you)\b")
"""A choice by its name, such as `Call me`."""
_VALUES = re.compile(r"((?:[\w'-]+ ){3,}[\w'-]+): .*", re.DOTALL)
_WHOLE_IN_BRACKETS = re.compile(r"\W*\(.*\)\W*", re.DOTALL)
_REASON_BEHIND = re.compile(
    r"(?:,| -| \u2013| —)? (?:because|so that|so as to|as otherwise|otherwise|for instance|for example"
    r"|e\.g\.?"
    r"|which means|weil|da sonst|damit|denn|porque|para que|parce que|car|afin)\b.*"
    r"|[,;] (?:since|as) (?:we|they|it|there|the|otherwise|most|many|people)\b.*"
    r"|[,;] (?:that'?s|that is|they (?:were|are|had)|this is|which was|which is why)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_REASON_BEFORE = re.compile(
    r"^\W*(?:since|because|as|given that|to|in order to|so that)\b[^,]{8,200}, (?=\w)", re.IGNORECASE
)
_HENCE = re.compile(
    r"^\W*(?:(?:and )?that(?:'s| is) why|for (?:this|that) reason|hence|therefore|consequently),? "
    r"(?=.{0,120}\b(?:must|shall|should|may|can|cannot|can't|(?:has|have|is|are) to)\b)",
    re.IGNORECASE,
)
"""Leads a demand in by what was told before: `That's why sheets are to be locked`."""
_SEGMENT = re.compile(r"[,;:\u2013—]| - ")
_SUBORDINATOR = re.compile(
    r"\b(?:if|when|whenever|once|after|before|until|till|unless|while|who|whom|whose|whoever|that|which|what"
    r"|whatever|where|wherever|since|because|as|than|provided|in case|although|though|however|how|whether"
    r"|wenn|falls|sobald|nachdem|bevor|bis|d(?:er|ie|as|em|en),|welche\w*|si|cuando|que|quien|lorsque|quand"
    r"|qui|dont|quando|se|als|zodra|nadat)\b",
    re.IGNORECASE,
)
_CLAUSE_WITHIN = re.compile(
    r"\w \w.* (?:they|it|he|she|you|someone|somebody|nobody|no one|anyone|anybody)\s*$", re.IGNORECASE
)
"""`The order they` …"""
_AUXILIARY = re.compile(
    r"(?:\b(?:is|are|be|been|being|gets?|to|will|can|must|may|should)|'s"
    r"|'re)(?: \w+)?\s*$",
    re.IGNORECASE,
)
_SHORT_SEGMENT = 5
_PAST = spoken("""
    was | were | had | did | wasn't | weren't | hadn't | didn't | went | came | got | took | told | said
    | saw | wrote
    | thought | fell | rose | grew | began | brought | bought | knew | ran into | ran out | felt | spent
    | stood | won
    | heard | threw | spoke | drew | ate | drove | flew | chose | broke | forgot | gave | became | sat
    | led | meant
    | lost | used to | wanted | happened | complained | noticed | promised | mentioned | agreed | decided
    | discussed
    | suggested | claimed | learned | realised | realized | discovered | announced | launched | reported that
    | \\w+ed (?:us|them|me|this|these|it) | turned out | ended up | showed that | kept \\w+ing | cost us
    | made us
""")
_PERFECT = re.compile(
    r"^(?P<subject>(?:(?!\b(?:must|can|may|should|shall|to)\b)[^,;:]){2,80}?)(?:\b(?:has|have|hasn't"
    r"|haven't)|'ve)\b (?:\w+ )?"
    r"(?:been|had|become|grown|gone|seen|come|got|gotten|made|taken|given|said|told|asked|started|\w{3,}ed)\b"
    r"(?!.*\b(?:is|are|can|can't|cannot|must|may|will|should|gets?|goes|moves|falls|becomes|changes|receives?"
    r"|sees?)\b)",
    re.IGNORECASE,
)
_NO_DATE = "".join(
    rf"(?<!{word} )"
    for word in (
        *("lie", "lies", "lying", "lay", "date", "dates", "dated", "day", "days", "week", "weeks", "month"),
        *(
            "months",
            "year",
            "years",
            "hour",
            "hours",
            "is",
            "be",
            "are",
            "not",
            "time",
            "times",
            "far",
            "fall",
        ),
        *("falls", "starts", "begins", "anything", "nothing", "due"),
    )
)
"""Not of a date: `dated in the future`, `35 days in the past`."""
_TIME_OF_TELLING = re.compile(
    rf"\b(?:currently|at present|presently|right now|nowadays|these days|at the moment(?! (?:of|when|that))"
    rf"|as of (?:now|today)|(?:so|thus) far(?! as)|(?:up to|until|till|up until) now|to date|{_NO_DATE}in "
    rf"the past"
    rf"|formerly"
    rf"|yesterday|(?<!the )last (?:week|month|year|quarter|time|sprint|release|{_SEASON}|{_WEEKDAY}"
    rf"|{_MONTH}|night)"
    rf"|this {_SEASON}|earlier this \w+|(?:next|this) (?:sprint|quarter)|over the (?:last"
    rf"|past) (?:few )?(?:years"
    rf"|months|weeks)|for (?:years|months|ages|weeks)|since (?:then|(?:19|20)\d\d|{_SEASON}|{_MONTH}|we|last)"
    rf"|in {_MONTH}(?!\w)(?! \d)|in (?:19|20)\d\d\b|in week \d+|all the time|time and again|again and again"
    rf"|one day\W*$|some day|in the (?:long run|near future)|{_NO_DATE}in "
    rf"the future"
    rf"|every other {_WEEKDAY})\b"
    rf"|^\W*(?:(?:and|but|so) )?(?:today|now|already)\b(?! (?:or|and)\b)",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b(?:two|three|four|five|six|a few|some|several|many|a couple of|\d+|an?) "
    r"(?:days?|weeks?|months?|years?|while) ago\b",
    re.IGNORECASE,
)
_BOUND = re.compile(r"\b(?:than|least|most|over|exactly|within|up to)\s*$", re.IGNORECASE)
"""Words before a time that make it a condition: `joined less than 7 days ago`."""
_ANSWERED_FOR = re.compile(
    r"\b(?:I|I'd|I've|I'm|I'll|i'd|i've|i'm|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ll]et's|"
    r"(?<!reach )(?<!reaches )(?<!pay )(?<!pays )(?<!owes )(?<!sent to )(?<!arrive with )us|[Oo]urselves|"
    r"(?:we|We)'(?:d|ve|ll|re))\b"
)
_WE = re.compile(r"\b(?:we|ours)\b", re.IGNORECASE)
_WE_OFFER = re.compile(
    r"\bwe (?:only |then |also |never |always |still )?(?:keep|send|show|display|take|retry|charge|store"
    r"|delete"
    r"|ship"
    r"|cut|reject|ask|notify|block|lock|round|log|mail|e-?mail|text|accept|refund|convert|hide|return"
    r"|remove|warn"
    r"|inform|remind|count|validate|pay|bill|invoice|credit|deduct|withhold|redirect|mask|print|publish"
    r"|update|call"
    r"|close|cancel|apply|limit|allow|let|repeat|wait|stop|refuse|offer|list|issue|record|save|archive"
    r"|encrypt"
    r"|present|deliver)\b",
    re.IGNORECASE,
)
_CHATTER = spoken("""
    please | pls | thanks | thank you | thx | cheers | fyi | btw | by the way | fingers crossed
    | good luck | kudos
    | heads[- ]up | nice to know | good to know | hope | hopefully | anyway | to be honest | no idea
    | i guess | sorry
    | feel free | worth (?:checking|a look|discussing|a try|mentioning) | let us | don't forget
    | (?:keep|bear) in mind | remember (?:that|to) | note that | mind you | needless to say | of course
    | just (?:so|in case) you know | as (?:discussed|agreed|mentioned|promised|you know|always)
    | long story short
    | anyone know | anybody know | have a look | take a look | (?:talk|speak) (?:to|with) | get in touch
    | reach out
    | ask (?!for\\b|the (?:user|customer|guest|visitor|member)\\b|to\\b)(?:\\w+ ){0,3}(?:for|about|if
    |whether|first)
    | (?:check|clarify|align|coordinate) with | questions? (?:to|go to) | ping | plan accordingly | stay tuned
    | bitte | danke | übrigens | vielleicht | leider | hoffentlich | por favor | gracias | por cierto | merci
    | s'il (?:te|vous) plaît | svp | au fait | per favore | grazie | obrigad[oa] | bedankt | graag gedaan
    | alvast
""")
_NAMED_TALK = re.compile(
    r"\b(?:will|to|should|must|can) (?:find out|clarify|figure out)\b|, (?-i:[A-Z]\w+)(?: "
    r"(?-i:[A-Z]\w+))? knows\b"
    r"|^(?!(?:The|An?|Each|Every|It|This|That|Text|Nothing|Everything|One|Which|Whatever|Both|If|When)\b)"
    r"(?-i:[A-Z][a-z]+) (?:says|thinks|suggests|reckons|believes|knows|asked|doubts)\b"
    r"|\btoday (?:when|because|and|but)\b",
    re.IGNORECASE,
)
"""What somebody by name knows, thinks or will find out."""
_SMILEY = re.compile(r"(?:^|\s)[:;]-?[)(DP](?=\W|$)")
_TEAM = spoken("""
    sprints? | story points? | backlog | grooming | retro | retrospective | stand-?up | mock-?ups?
    | wireframes?
    | figma | swagger | confluence | design (?:doc|deck|space|file|system team) | jira | (?:this|the) (?:story
    |ticket|epic) | pull requests? | tech(?:nical)? debt | spike | proof of concept | poc | go-?live
    | road ?map
    | refactor\\w* | clean(?:ing)? up the | while (?:you|we)(?: are|'re) (?:at it|there|on it)
    | the attached | (?:is|are) attached | attachment below | sample file
""")
_TALK_OF_WORK = re.compile(
    r"^\W*(?:here(?:'s| is| are)\b|(?:this|the) (?:improvement|task|work|issue|ticket|story|feature|change"
    r"|fix|patch|goal|aim"
    r"|purpose|idea"
    r"|intent(?:ion)?|premise|point|problem|reason|plan) (?:(?:is|was|will be|should be|would be"
    r"|needs?) (?:to|that|about|for)|was)\b"
    r"|(?:a|the|one|another) (?:possible |potential |basic |better |best |other |simple |cleaner |only "
    r"|first ){0,2}"
    r"(?:solution|approach|way|option|alternative|workaround|scenario|idea|goal|issue|problem|premise"
    r"|use case)s?"
    r" (?:is|are|was|would|could|will|might|may|of|here|to)\b|one of the (?:goals|problems|issues|reasons"
    r"|ideas)\b"
    r"|same (?:with|here|problem|issue)\b)",
    re.IGNORECASE,
)
_UNDER_WAY = spoken("""
    (?:is|are|has been|have been|'s|'re) (?:(?:currently|still|also|already|now) )?(?:looking|working|checking
    |investigating|thinking|discussing|planning|considering|hoping|asking|begging|preparing|talking
    |negotiating
    |building|being (?:discussed|prepared|negotiated|reviewed|built|written|tested|evaluated|designed
    |translated
    |looked|checked|clarified)) | roll-?outs? | (?:keep|do|make|leave|take) (?:it|this) (?:within|simple
    |for|out|as)
""")
_SEE = re.compile(
    r"(?:^|[,;(\u2013—-]) ?(?:please )?(?:see|cf\.?|refer to|compare)\b(?! (?:an?|their|his|her|its|all"
    r"|only|no)\b)",
    re.IGNORECASE,
)
_STANDARD = (
    r"(?!(?:UTF|ISO|IEC|IEEE|DIN|EN|SHA|MD|AES|RSA|HMAC|EAN|ISBN|ISSN|GTIN|UPC|WPA|TLS|SSL|ECMA|RFC|ICD|"
    r"UTC|GMT|"
    r"IP|USB|CP|BASE|QR|MP|EPSG|WGS|COVID|CODE|FSC|HTTP|ASCII|LATIN|PDF)-)"
)
"""What looks like the key of an issue, and is a standard: `UTF-8`."""
_TICKET = re.compile(
    rf"\b(?:see|in|is|as|under|tracked|ticket|by|to|and|with|of|cf\.?|,|\u2013|-) "
    rf"{_STANDARD}[A-Z][A-Z]{{1,9}}-\d{{1,6}}\b"
)
_LINK = re.compile(r"\bhttps?://|\bwww\.", re.IGNORECASE)
_META_LABEL = re.compile(
    r"^\W*(?:[\w'-]+ ){0,2}?(?:notes?|references?|refs?|context|background|idea|examples?|hints?"
    r"|btw|nb"
    r"|p\.?s|cause|source|remark|caveats?|contact|owner|estimate|links?|firmware|hardware"
    r"|infra\w*"
    r"|deployment|rollout|tech|todo|open|question|fun fact|reason for \w+|side ?note|aside|history"
    r"|status quo|problem"
    r"|motivation"
    r"|hintergrund|hinweise?|notiz|anmerkung|kontext|grund|quelle|idee|nota|contexto|motivo|remarque|contexte"
    r"|contesto|achtergrond|opmerking)\b[^:.]{0,30}: ",
    re.IGNORECASE,
)
_EXPLAINS_BEFORE = re.compile(
    r"^\W*(?:and |but |so )?(?:that|this|these|those|which|all this|all that)(?:'s|'d|'ll"
    r"| (?:is|was|were|are|has|had|have|means?|meant|makes?|made|spoils?|would|might|could|happens?|happened"
    r"|takes?|took|costs?|keeps|leads|came|comes|went|saves?|helps?|alone|one was|one is"
    r"|will (?:help|make|save|reduce|come|take|be (?:done|tackled))))\b"
    r"(?! (?:only |then |also |not )?(?:\w+ed|shown|sent|kept|given|set|hidden|told|possible|allowed)\b)"
    r"|^\W*it (?:happened|might|would|took|used|seems?|looks like|turns out|also (?:came|happened)|came up|'d"
    r"|is (?:not clear|unclear|hard|difficult|easy|annoying|worth|likely|unlikely|about time|the last|why"
    r"|because"
    r"|what))\b"
    r"|^\W*(?:das ist|das war|dies ist|eso es|esto es|c'est|ça|cela)\b",
    re.IGNORECASE,
)
_UNDECIDED = spoken("""
    still open | (?:not|un) ?clear | to be (?:clarified|decided|defined|discussed)
    | (?<!has )(?<!have )(?<!needs )(?<!need )to be (?:confirmed|announced|agreed|checked)
    | tbd | tba | tbc | (?:still )?needs? (?:clarif|discuss)\\w+ | undecided | under discussion | let's see
    | (?:not|never) (?:yet )?(?:been )?(?:decided|agreed|discussed) | open question | (?:need
    |have) to find out
    | up for (?:discussion|debate) | whoever knows | noch offen | unklar | zu klären | geklärt | abzuklären
    | pendiente de | por decidir | por aclarar | reste à | à clarifier | à définir | da definire | a definir
""")
_SOME_DAY = spoken(f"""
    easy to miss | hard to (?:read|see|find|tell|use) | (?:difficult|inconvenient|confusing|annoying
    |useless|desirable
    |preferable|helpful) (?:to|for|that) | notice (?:the|that) | the need for | comes from | in particular
    | on purpose | by design | intentional(?:ly)? |
    might | (?:may|could) (?:well )?(?:become|change) | (?:is|are) going to | eventually | (?:is|are) planned
    | will (?:be )?(?:\\w+ )?(?:removed|replaced|migrated|delivered|shipped|tackled|discussed|down
    |rolled out)\\b.{{0,80}}
    \\b(?:later|soon|next|separately|in (?:{_SEASON}|week \\d+|q[1-4]|{_MONTH})|by (?:the )?[\\w-]+ (?:team
    |squad|crew))
    | (?:is|are) (?:ordered|on order|tracked|budgeted) | (?:due|expected|promised|delivery) (?:in|by
    |for) {_MONTH}
    | (?:replaced|coming|arriving|live) in (?:{_SEASON}|{_MONTH}) | phase (?:2|two|3|three|ii|iii)
    | owes? us | launch(?:es)? with
""")
_BY_DAY = re.compile(
    rf"\bby {_WEEKDAY}\b(?!,? (?:at |noon|midnight|\d{{1,2}}(?:[:.]\d\d| ?[ap]\.?m)))", re.IGNORECASE
)
"""A deadline of the team; with a time of day it is the product's."""
_OTHER_LANGUAGES = re.compile(
    r"^\W*(?:heute|hoy|aujourd'hui|oggi|hoje|nu)\b"
    r"|\b(?:bisher|bislang|derzeit|zurzeit|aktuell|momentan|im moment|heutzutage|(?:letzte|vorige"
    r"|vergangene)[nsrm]?"
    r" (?:jahr|monat|woche|quartal|herbst|frühjahr|frühling|sommer|winter)(?:es)?|vor \w+ (?:wochen"
    r"|monaten|jahren"
    r"|tagen)|wir|uns|unsere?[nsrm]?|ich|mir|mich|man müsste"
    r"|ahora mismo|hoy en día|hoy día|actualmente|hasta ahora|hasta la fecha|por ahora|de momento"
    r"|en este momento"
    r"|(?:el|la) (?:año|mes|semana|otoño|verano|primavera|invierno) pasad[oa]|del? \w+ pasad[oa]|nosotros"
    r"|nuestr[oa]s?"
    r"|tenemos|hemos|queremos"
    r"|actuellement|à l'heure actuelle|pour l'instant|pour le moment|jusqu'ici|jusqu'à présent|l'an(?:née)?"
    r" derni[eè]re?|le mois dernier|la semaine dernière|nous|notre|nos|on a (?:eu|dû|pu|\w+é)|souhait\w+"
    r"|attualmente|al momento|finora|adesso|noi|nostr[oaie]|abbiamo"
    r"|atualmente|no momento|até agora|hoje em dia|nós|noss[oa]s?|temos"
    r"|momenteel|op dit moment|tot nu toe|tegenwoordig|wij|ons|onze|vorig(?:e)? (?:jaar|maand|week))\b",
    re.IGNORECASE,
)
_PAST_ELSEWHERE = re.compile(
    r"\b(?:war|waren|hatte|hatten|gab es|kam|kamen|wollte|wollten|sagte|sagten|meinte|meinten|wurde|wurden"
    r"|liefen"
    r"|haben wir|fue|fueron|era|eran|había|habían|hubo|estaba|estaban|\w{3,}(?:aron|ieron)|surgió|pidió"
    r"|dijo|nació"
    r"|avait|avaient|était|étaient|fut|furent|(?:a|ont) (?:bien |été |déjà |beaucoup "
    r"|toujours )?\w{2,}(?:é|és|ée|ées)"
    r"|era|erano|aveva|avevano|ha chiesto|hanno chiesto|foi|foram|tinha|tinham|estava|waren|had|werd"
    r"|werden er"
    r"|heeft gevraagd)\b",
    re.IGNORECASE,
)
_KEPT_ELSEWHERE = re.compile(
    r"\b(?:is|are|sits?|lives?|lies?|can be found) (?:in|on|at|with) (?:the|our|its|their) (?:\w+ ){0,2}"
    r"(?:style ?guide|wiki|folder|drive|share|usual place|deck|docs?|channel|repo|repository|spreadsheet"
    r"|intranet"
    r"|handbook|confluence|shared drive|design \w+)\b|"
    r"\b(?:lieg(?:t|en)|steh(?:t|en)|find(?:et|en) sich) (?:im|in|auf|bei|unter) (?:\w+ ){0,2}(?:ordner"
    r"|laufwerk|wiki"
    r"|ablage|share\w*|confluence)\b|\b(?:liefert|liefern|reicht|schickt)\b.{0,80}\bnach\W*$|\bim anhang\b"
    r"|\banbei\b"
    r"|\ben (?:la carpeta|el wiki|el anexo)\b|\b(?:dans le (?:dossier|wiki)|en pièce jointe)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def is_aside(sentence: str) -> bool:
    """Whether a sentence of a story tells something else than what must hold of the product.

    Background, history, reasons, talk among the team, questions, wishes and what is left out.
    """
    whole = judged(sentence)
    if (
        is_question(whole)
        or _WHOLE_IN_BRACKETS.fullmatch(whole)
        or is_role_sentence(whole)
        or is_exclusion(whole)
        or looks_like_code(whole)
        or is_unfinished(whole)
        or _META_LABEL.match(whole)
        or _SMILEY.search(whole)
    ):
        return True
    text = told(whole)
    return (
        is_chore(text)
        or bool(refused.DANGLING_DEMAND.match(text))
        or any(
            sign.search(text)
            for sign in (
                say.META,
                say.NICE_TO_HAVE,
                _TALK_OF_WORK,
                _UNDER_WAY,
                _TIME_OF_TELLING,
                _CHATTER,
                _NAMED_TALK,
                _TEAM,
                _SEE,
                _TICKET,
                _LINK,
                _EXPLAINS_BEFORE,
                _UNDECIDED,
                _SOME_DAY,
                _BY_DAY,
                _OTHER_LANGUAGES,
                _KEPT_ELSEWHERE,
            )
        )
        or bool(_ANSWERED_FOR.search(_VALUES.sub(r"\1", text)))
        or _tells_when(text)
        or bool(_WE.search(_WE_OFFER.sub("it offers", text)))
        or _narrates(text)
    )


def _tells_when(text: str) -> bool:
    """Whether it tells how long ago something was, and not on what condition something holds."""
    return any(
        not _BOUND.search(text[: match.start()]) and not _SUBORDINATOR.search(text[: match.start()])
        for match in _AGO.finditer(text)
    )


def told(text: str) -> str:
    """What a sentence itself tells: without what it quotes, adds in brackets or gives as its reason."""
    text = _QUOTED.sub('"it"', text)
    text = _OPTION.sub("it", _IN_BRACKETS.sub("", text))
    text = _REASON_BEFORE.sub("", _HENCE.sub("", text, count=1), count=1)
    return " ".join(_REASON_BEHIND.sub("", text, count=1).split())


def _narrates(text: str) -> bool:
    """Whether the main clause is in a past tense; in a clause of its own a past is a condition."""
    segments = [segment for segment in _SEGMENT.split(text) if segment.strip()]
    for number, segment in enumerate(segments):
        for past in (_PAST, _PAST_ELSEWHERE):
            if any(
                not _depends(segment[: match.start()]) and not _describes(segment, match)
                for match in past.finditer(segment)
            ):
                return True
        perfect = _PERFECT.match(segment)
        if perfect and not _depends(perfect["subject"]):
            return True
        begins = len(segment.split()) < _SHORT_SEGMENT or _SUBORDINATOR.match(segment.strip())
        if number or not begins:
            break
    return False


_PARTICIPLE = re.compile(
    r"(?:bought|brought|lost|told|led|meant|felt|spent|won|heard|wanted|promised|mentioned|agreed|decided|"
    r"discussed|suggested|claimed|announced|launched|noticed|learned|kept)",
    re.IGNORECASE,
)
"""Pasts that may be participles: they describe a thing where a verb of the present follows, or a noun."""
_DETERMINED = re.compile(
    r"\b(?:an?|the|each|every|any|no|all|its|their|this|that|these|those|one)\s*$", re.IGNORECASE
)
_NOUN_FOLLOWS = re.compile(
    r" (?!(?:by|in|on|at|to|from|with|that|his|her|its|their|the|an?|it|them)\b)[a-z]{3,}"
)
_PRESENT_FOLLOWS = re.compile(
    r"\b(?:can|must|may|will|shall|should|cannot|is|are|isn't|aren't|don't|doesn't|gets?|needs?|count|counts|"
    r"(?:can|won|mustn|shouldn)['\u2019]t)\b"
)
_OBJECT = re.compile(r" (?:the|an?|his|her|its|their|it|them|us|that)\b")
_SUBJECT = re.compile(
    r"^\W*(?:(?:the|an?|all|any|each|every|no|only) )?(?:[\w-]+ ){0,2}[\w-]+\s*$", re.IGNORECASE
)
_PRONOUN = re.compile(r"\b(?:he|she|it|they|we|you|I|who|this|that|these|those|there)\s*$", re.IGNORECASE)


def _describes(segment: str, past: re.Match[str]) -> bool:
    """Whether what looks like a past describes a thing: `a lost pass`, `tickets bought online can't …`."""
    if not _PARTICIPLE.fullmatch(past.group()):
        return False
    before = segment[: past.start()]
    if _DETERMINED.search(before) and _NOUN_FOLLOWS.match(segment, past.end()):
        return True
    if not _SUBJECT.match(before) or _PRONOUN.search(before) or _OBJECT.match(segment, past.end()):
        return False
    present = _PRESENT_FOLLOWS.search(segment, past.end())
    return bool(present) and " and " not in segment[past.end() : present.start() if present else 0]


def _depends(before: str) -> bool:
    """Whether a verb behind these words tells nothing past: a participle, or in a clause that depends."""
    return any(sign.search(before) for sign in (_SUBORDINATOR, _CLAUSE_WITHIN, _AUXILIARY))


_DOUBTFUL = (
    spoken("""
    (?:about|around|roughly|nearly|almost|some|approximately|approx) (?:\\d|an? |half|two|three|four|five
    |six|seven|eight
    |nine|ten|every)[\\d,.]* | (?:a few|dozens|hundreds|thousands|tons|lots|plenty|a lot) (?:of|thousand
    |hundred)
    | (?:half|a third|a quarter|two thirds|most|many|some|all) of (?:them|the (?:values|people|cases|time)|us)
    | which is why | more and more | mostly | usually | often | typically | sometimes | occasionally
    | constantly
    | permanently | ought to | behind(?= \\w+\\W*$|\\W*$) | evidently | obviously | apparently | somehow
    | kind of | sort of | simply | anyway | by now
    """),
    spoken("""
    hates? | annoy\\w* | embarrass\\w* | pain | painful | nightmare | mess | messy | tedious | cumbersome
    | error-?prone | frustrat\\w* | complain\\w* | unhappy | angry | mad | ugly | horrible | terrible
    | odd | weird
    | silly | stupid | funny | crazy | forever | sadly | luckily | fortunately | unfortunately | trouble
    | hassle
    | struggl\\w+ | suffer\\w* | forgets? | nobody ever | keep (?:asking|calling) | real money | waste\\w*
    | would | could be | isn't even | not even | the wrong one | fails | failed | crash\\w*
    | unexpected\\w* | bug | bugs
    | gets? lost | get lost | old | takes too | too (?:many|much|long|slow|late)
    """),
    spoken("""
    (?:still )?by hand | manually | by phone | over the phone | on paper | spreadsheets? | excel | (?:over
    |via|by) (?:chat|fax|telephone) | word of mouth
    | back and forth | copies (?:\\w+ ){1,6}(?:out of|from|into)
    """),
    re.compile(
        r"^\W*(?:people|competitors?|others|everybody|everyone|most|many|hosts|(?:the )?(?:regulator"
        r"|vendor|supplier"
        r"|management|legal|marketing|qa|ux|ops|sales|finance|security|support|purchasing|procurement"
        r"|facilities"
        r"|underwriting|housekeeping|accounting|engineering|hr|it|devops|art|community|research"
        r"|design))\b (?!can\b"
        r"|must\b|may\b|should\b|code|number|question|id\b)",
        re.IGNORECASE,
    ),
    spoken("""
    prototypes? | workshops? | interviews? showed | surveys? | wiki | sandbox | vendors? | suppliers?
    | pilot | beta
    | launch | squad | guild of | (?:player|core|data|platform|app|web|backend|frontend|design|qa|dev
    |product) team
    | meetings? | colleagues? | stakeholders? | developers? | devs | firmware | migration | staging | legacy
    | deck | slides | team \\w+ owns | in the pipeline | idea | pilot project
    """),
    spoken(
        "our(?! own) | you | your | still | already | no longer works | doesn't work | fails? to "
        "| even though | although"
    ),
    re.compile(r"!\W*$|^\W*(?:so|well|and yes|also)\b,?", re.IGNORECASE),
    re.compile(r"^\W*(?:the )?(?:[\w-]+ ){1,3}(?:wants?|wishes|would like) (?!to\b)", re.IGNORECASE),
)
"""What makes it doubtful that a sentence states a rule; each counts once."""
_CODE = (
    re.compile(
        r"\b[A-Z]?[a-z]+(?:[A-Z][a-z]+){1,}\w*\b|\b[a-z]+_[a-z]+\w*|\w\(\)|\b\w+\.\w+\.\w+\b|\w+\.(?:java"
        r"|xml|js|py|jar|yml|php)\b"
        r"|(?<!\S)/\w+/\w+|::|->|\$\w|--\w"
    ),
    spoken("""
    namespaces? | constructors? | codebase | gradle | maven | unit tests? | integration tests?
    | implementations?
    | implement(?:s|ed|ing)? | refactor\\w* | api | sdk | subclass\\w* | superclass | dependency
    | dependencies
    | frameworks? | stack ?traces? | npe | javadocs? | servlets? | sql | debug\\w* | compil(?:e|es|ed|er
    |ation)
    | jvm | hadoop | commits? | repo | repos | jars? | java | spring | hibernate | classpath
    | config(?:uration)? files?
    | (?:source|the|our|this|existing|legacy|dead|duplicate|some|of|in|test|java|client|server|production
    |clean|sample|library) code
    | command line | localhost | daemon | rpc | http client | boolean | null | enum
    | regex | css
    | javascript | jquery | behat | phpunit | moodle | upstream | trunk
    """),
)


def doubts(sentence: str) -> float:
    """How doubtful it is that a sentence states a rule of the product, from 0; each kind of sign adds one."""
    text = told(judged(sentence))
    return sum(bool(sign.search(text)) for sign in (*_DOUBTFUL, *_CODE))


def speaks_of_code(sentence: str) -> bool:
    """Whether it names what only developers name."""
    text = judged(sentence)
    return any(sign.search(text) for sign in _CODE)
