"""What stands before a closed choice."""

import re
from dataclasses import dataclass

_TYPE_NOUNS = (
    r"types?|status(?:es)?|modes?|options?|levels?|kinds?|categor(?:y|ies)|colou?rs?|sizes?|values?|"
    r"genders?|priorit(?:y|ies)|severit(?:y|ies)|languages?|units?|"
    r"currenc(?:y|ies)|qualit(?:y|ies)|directions?|answers?|reasons?|methods?|frequenc(?:y|ies)|"
    r"states?|results?|purposes?|positions?|origins?|sources?|themes?|"
    r"choices?|roles?|relations?|suggestions?|formats?|classes|ratings?|intervals?|periods?|variants?|"
    r"versions?|layouts?|shapes?|materials?|channels?|tones?|views?|"
    r"plans?|grades?|phases?|stages?|topics?|actions?|filters?|orders?|outcomes?|decisions?|causes?|"
    r"places?|countr(?:y|ies)|salutations?|titles?|durations?|terms?|"
    r"art(?:en)?|sprachen?|größen?|farben?|gründe?|werte?|tipos?|estados?|opciones|idiomas|motivos?|"
    r"kinds?|sorts?|groups?|tiers?|ranks?|bands?|labels?|tags?|styles?|genres?|severit(?:y|ies)|"
    r"urgenc(?:y|ies)|"
    r"conditions?|environments?|verdicts?|programmes?|settings?|alternatives?|entries|buttons?|items?|"
    r"possibilit(?:y|ies)|regions?|zones?|seasons?|statements?|answers?|replies|reply|"
    r"types|langues|motifs|tailles|cabin|fuel level|shipping"
)
_THINGS = (
    r"(?:answers?|replies|reply|statements?|buttons?|items?|entries|labels?|tags?|places?|countr(?:y|ies)|"
    r"actions?|filters?|orders?|titles?|terms?|outcomes?|decisions?|causes?|options? page|conditions?|"
    r"programmes?|topics?|groups?|environments?|settings?)\b"
)
"""Nouns of things that have qualities of their own besides what kind they are."""
_ALLOWED = (
    r"allowed|accepted|available|possible|supported|valid|permitted|selectable|offered|following|only|"
    r"erlaubt|zulässig|möglich|verfügbar|permitidos?|disponibles?|"
    r"posibles?|autorisés?|acceptés?"
)
_NUMBER = (
    r"(?:two|three|four|five|six|seven|eight|\d{1,2}|zwei|drei|vier|fünf|dos|tres|cuatro|deux|trois|quatre)"
)

_OPTIONS = (
    r"(?:options|choices|values|entries|buttons|alternatives|possibilities|settings|answers|levels|modes|"
    r"states|statuses|categories|types|kinds|tabs)"
)
"""Nouns that say by themselves that what follows is what can be picked."""
_SORTS = (
    r"(?:methods|reasons|options|choices|types|kinds|categories|levels|modes|statuses|states|priorities|"
    r"severities|"
    r"roles|formats|currencies|languages|units|sizes|colou?rs|plans|intervals|frequencies)"
)
_JUDGE = (
    r"grades?|rates?|ranks?|classif(?:y|ies)|scores?|judges?|assess(?:es)?|categori[sz]es?|evaluates?|"
    r"labels?|tags?|sorts?|groups?|mark"
)
"""Verbs that put a thing in one of several classes."""
_CHOOSER = (
    r"(?:drop-?\s?down(?: (?:list|menu|field|box))?|"
    r"(?:select(?:ion)?|list|combo|pick)[ -]?(?:box|list|field)|"
    r"radio (?:buttons?|group)|menu|toggle|switch|selector|segmented control|picker|slider|option group)"
)
"""What one picks with."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words after which a list is a choice.

    Attributes:
        pattern: Matches up to the first item.
        joined: The last conjunction that the list needs: `or`, `and` (either), or `any` (commas do, too).
        least: How many items it needs.
    """

    pattern: re.Pattern[str]
    joined: str = "or"
    least: int = 2
    conditional: bool = False


def _trigger(pattern: str, joined: str = "or", least: int = 2, *, conditional: bool = False) -> Trigger:
    return Trigger(re.compile(pattern, re.IGNORECASE), joined, least, conditional)


TRIGGERS = (
    _trigger(
        rf"\b(?:any |exactly |only )?one of(?: the)?(?: following| these| {_NUMBER})?(?: [\w-]+){{0,3}}: ?",
        "any",
    ),
    _trigger(
        (
            rf"\b(?:any |exactly )?one of (?:the |these )?(?:{_NUMBER} )?(?:[a-z-]+ ){{0,2}}?[a-z]+s "
            rf"(?=(?-i:[A-Z\"“„`«]))"
        ),
        "and",
    ),
    _trigger(r"\b(?:any |exactly )?one of (?!the |these |them|those |its |their |our |which|whom)", "any"),
    _trigger(
        rf"\b(?:the|these|following|with|as|for|{_NUMBER}|has|have|are) (?:the )?"
        r"(?:possible |allowed |valid )?"
        rf"{_OPTIONS}(?: for (?:the |its )?[\w-]+)?:? (?!(?:of|in|that|which|are|is|for|to|with|without|at|"
        r"on|by|from|per|as|when|if|and|or|than|- )\b)",
        "and",
    ),
    _trigger(rf"\b(?:whose|its|the [\w'\u2019-]+) {_OPTIONS} are ", "and"),
    _trigger(r"\bbuttons? (?:for|called|named|labelled|reading) ", "and"),
    _trigger(
        rf"\b{_CHOOSER}(?: (?:[\"“][^\"”\n]{{1,40}}[\"”]|for (?:the )?[\w-]+|(?-i:[A-Z])[\w-]+))? (?:that )?"
        r"(?:offers?|lists?|contains?|holds?|shows?|has|have|with|of|gives?|between|for|from|consists? of)"
        r" (?:the )?(?:values |options |choices |entries )?(?!one\b)",
        "and",
    ),
    _trigger(
        rf"\b(?:choice|selection|pick|"
        rf"(?:set|range)(?= (?:of|from) (?:the )?(?:{_NUMBER} )?(?:{_OPTIONS}|[\"“„`«]))) "
        rf"(?:of|between|from|out of|among)(?: the)?(?: {_NUMBER})?"
        rf"(?: {_OPTIONS})?:? ",
        "and",
    ),
    _trigger(
        rf"\b(?:one|any|either|some) of the (?:{_NUMBER} )?[a-z-]+s,? (?!who\b|that\b|which\b)", "any", 3
    ),
    _trigger(
        r"\b(?:chooses?|picks?|selects?|ticks?|answers? with|repl(?:y|ies) with|votes?(?: with)?|"
        r"responds? with|decides? (?:on|for))(?: (?:either|as|a|an))? ",
        "or",
        3,
    ),
    _trigger(
        rf"\b(?:{_TYPE_NOUNS}) of (?:either )?(?!(?-i:the|an?|each|every|all)\b)", "or", conditional=True
    ),
    _trigger(
        r"\b(?:can|may|must|to) (?:be )?[a-z]{2,12} (?:to |as )?(?=(?-i:[A-Z\"“]))", "or", 3, conditional=True
    ),
    _trigger(
        r"\b(?:is|are|be|(?:it|that)['\u2019]s) (?:either )?(?:(?:for|on|by|at|in|from)(?!,) )?",
        "or",
        3,
        conditional=True,
    ),
    _trigger(r"\b(?:is|are) (?=(?-i:[\"“„`«]))", "or", conditional=True),
    _trigger(
        r"\b(?:is|are|be|gets?) (?:labelled|labeled|called|named|headed|titled|entitled|marked|flagged|"
        r"tagged|rated|graded|ranked|coloured|colored|painted|dubbed|declared|deemed|considered) (?:either )?"
        r"(?!as\b|by\b|with\b)",
        "or",
        conditional=True,
    ),
    _trigger(
        r"\b(?:sees?|receives?|carries|wears?|bears?|offers?|returns?|results? in|appears? (?:in|as)|"
        r"ends? (?:with|in|as)|comes? (?:in|as)|works? (?:in|as|with)|opens? (?:in|as)|made (?:of|from)|"
        r"starts? (?:with|in|as)|delivered (?:in|as)|runs? (?:in|as|on)) (?:either )?(?:an? |the |in )?",
        "or",
        3,
        conditional=True,
    ),
    _trigger(
        r"\b(?:either|entweder|soit)(?: (?:of|by|as|the))? "
        r"(?!(?:way|side|case)s?\b(?! by)|of\b)",
        "or",
        conditional=True,
    ),
    _trigger(
        r"\b(?:choos\w+|chose\w*|pick\w*|select\w*|switch\w*|decid\w+|choices?|toggl\w+|wähl\w+|"
        r"auswahl|eleg\w+|elij\w+|escog\w+|seleccion\w+|choi\w+|sceglie\w+|kie\w+|alternat\w+)"
        r"(?: [\w-]+){0,4}? (?:between|from|among|out of|entre|zwischen|parmi|aus|tra|tussen|one "
        r"of)(?: the)?(?: (?:following|options|values))?:? ",
        "and",
    ),
    _trigger(
        (
            r"\b(?:chooses?|picks?|selects?|answers? with|repl(?:y|ies) with|responds? with|elige|escoge|"
            r"choisit|wählt)(?: (?:either|as|a|an))? "
        ),
        "or",
        conditional=True,
    ),
    _trigger(
        r"\b(?:set to|given as|(?:is|are|be|been) (?:marked|flagged|classified|rated|labelled|saved|"
        r"categori[sz]ed|recorded|filed|tagged|displayed|shown|given|entered|measured|stated|written|"
        r"provided|paid|stored|sent|sorted|grouped|ordered|"
        r"filtered|priced|offered|delivered|granted|issued|exported|sold) (?:as|by|in|via|on|through|"
        r"with|either))(?: either| being)? ",
        "or",
        conditional=True,
    ),
    _trigger(
        (
            r"\b(?:by|via|through|per|por|par|mit|with|using|over|durch) (?!the |an? |his |her |their |its "
            r"|der |die |das |el |la |le |\w+ing\b|clicking|pressing|entering|default)"
        ),
        "or",
        conditional=True,
    ),
    _trigger(
        (
            rf"\b(?:{_TYPE_NOUNS})(?: (?:of|for) [\w-]+(?: [\w-]+)?)?,? (?:which |that )?(?:can be|may be|"
            rf"is|are|must be|has to be|ist|sind|es|son|puede ser|est|sont|peut être)(?: either)? "
        ),
        "or",
        conditional=True,
    ),
    _trigger(
        (
            r"\b(?:shows?|displays?|turns?|contains?|uses?|has|have|gets?|takes?|sends?|attach(?:es)?|"
            r"adds?|uploads?|enters?|states?|names?|prints?|lights?) (?:an? |the |in )?"
        ),
        "or",
        3,
        conditional=True,
    ),
    _trigger(r"\bmarks? (?:the |an? )?[\w-]+(?: [\w-]+)? as ", "or"),
    _trigger(
        r"\b(?:settles?|opts?|goes|go|decides?|votes?|plumps?) (?:on|for|with) (?:either )?",
        "or",
        conditional=True,
    ),
    _trigger(
        r"\b(?:(?:is|are|be|gets?) (?:then )?(?:asked|prompted)|asks?(?: [\w-]+){0,3}?) (?:for|whether|to "
        r"choose) ",
        "or",
        3,
        conditional=True,
    ),
    _trigger(
        rf"\b(?:{_JUDGE}) (?:it|them|him|her|(?:the|each|every|an?|all|this|that|their|his|its|our)"
        rf"(?: [\w-]+){{1,3}}?) (?:as|with|by|either)(?: either)? ",
        "or",
        conditional=True,
    ),
    _trigger(
        rf"\b(?:{_JUDGE}) (?:it|them|him|her|(?:the|each|every|an?|all|this|that|their|his|its|our) [\w-]+)"
        rf"(?: either)? ",
        "or",
        3,
        conditional=True,
    ),
    _trigger(
        rf"\b(?:by|(?:has|have|having|gets?|takes?|carries|carry)(?: exactly)?) (?:(?:the|an?|its|their) )?"
        rf"(?=(?:{_TYPE_NOUNS}) (?-i:[A-ZÄÖÜ\d\"“„`«]))",
        "or",
        conditional=True,
    ),
    _trigger(
        rf"\b(?:by|(?:has|have|having|gets?|takes?|carries|carry)(?: exactly)?) (?:(?:the|an?|its|their) )?"
        rf"(?=(?:{_TYPE_NOUNS}) (?!of\b))",
        "or",
        3,
        conditional=True,
    ),
    _trigger(
        rf"\b(?:is|are|be|has to be|must be) (?:either )?of (?:(?:the|an?) )?(?=(?:{_TYPE_NOUNS}) )",
        "or",
        conditional=True,
    ),
    _trigger(r"\bpossible (?:by|with|via|in|as|through|using) (?!the )", "and", 3),
    _trigger(
        rf"(?:^|[.;\n]\s+)(?:[A-Z][\w-]*(?: [\w-]+)? )?{_SORTS} are (?:either |only )?(?!not\b|[\w-]+ed\b|"
        rf"shown\b|set\b|kept\b)",
        "and",
        3,
    ),
    _trigger(
        r"\b(?:field|list|question|filter|form|survey|control|box|selector|setting|switch|scale) "
        r"(?:offers?|gives?|knows?|allows?|takes?|accepts?) ",
        "and",
        3,
    ),
    _trigger(r"\boffers? (?=(?-i:[A-Z\"“„`«]))", "and", 3),
    _trigger(r"\b(?:[Zz]ur (?:Aus)?[Ww]ahl|[Zz]ur Verfügung) stehen ", "and"),
    _trigger(
        r"\b(?:stehen|gibt es|können|kann) (?=[^.:;\n]{3,160} (?:zur (?:Aus)?[Ww]ahl|(?:aus)?gewählt werden|"
        r"wählbar|auswählbar)\b)",
        "and",
    ),
    _trigger(r"\b(?:parmi|entre) (?:les (?:options|valeurs|choix) )?(?!le\b|la\b|l['\u2019])", "and", 3),
    _trigger(
        r"\b(?:één van(?: de)?|een van(?: de)?|eine[rsnm]? (?:der|von)|une? des|una? de (?:las|los)|uno? "
        r"dei|una delle)"
        r"(?: [\w-]+){0,3}: ?",
        "any",
    ),
    _trigger(r"\b(?:which|that) (?:is|are|can be|may be) ", "or", 3),
    _trigger(
        r"\b(?:can|may|must|has to|puede|peut|kann) (?:only )?(?:be|ser|être) (?!\w+ed\b)",
        "or",
        2,
        conditional=True,
    ),
    _trigger(
        (
            rf"\b(?:{_ALLOWED}) (?:values |ones |types |options )?(?:are|is|sind|son|sont|ist|es|est)(?: "
            rf"only)?:? "
        ),
        "and",
    ),
    _trigger(
        (
            rf"\b(?:{_ALLOWED}|the(?! {_THINGS})) (?:{_TYPE_NOUNS})(?: (?:for|of) [\w -]{{1,30}}?)? (?:are|"
            rf"include)(?: only)?:? "
        ),
        "and",
        conditional=True,
    ),
    _trigger(
        rf"\bthe {_THINGS}(?: (?:for|of) [\w -]{{1,30}}?)? (?:are|include)(?: only)?:? "
        rf"(?=(?-i:[A-ZÄÖÜ\d\"“„`«]))",
        "and",
        conditional=True,
    ),
    _trigger(
        rf"\b(?:{_ALLOWED}|the) (?:{_TYPE_NOUNS})(?: (?:for|of) [\w -]{{1,30}}?)? is(?: only)?:? ",
        "or",
        conditional=True,
    ),
    _trigger(rf"\b(?:{_TYPE_NOUNS}) (?:{_ALLOWED}) (?:are|is) ", "and"),
    _trigger(
        rf"\b(?:{_ALLOWED}) [a-z-]+s(?: (?:for|of) [\w -]{{1,30}}?)? (?:are|include)(?: only)?:? ", "and"
    ),
    _trigger(
        (
            r"\b(?:available|comes?|ships?|offered|exists?|sold|printed|shown|written|provided|published) "
            r"in (?:either )?(?=(?-i:[A-Z\"“]))"
        ),
        "and",
    ),
    _trigger(
        (
            r"\b(?:supports?|accepts?) (?:the (?:values|types|currencies|languages|options) "
            r")?(?=(?-i:[A-Z\"“`]))"
        ),
        "and",
    ),
    _trigger(
        rf"\b(?:{_TYPE_NOUNS}) (?=[\"“„`«][^\"”“`»\n]{{1,60}}[\"”“`»],? (?:(?:and|or|und|oder) )?[\"“„`«])",
        "and",
    ),
    _trigger(
        r"\b(?:als|como|comme) [\w]+ (?:lässt sich|lassen sich|kann|können|steht|stehen|puede|peut) ", "or"
    ),
    _trigger(r"\b(?:lässt sich|lassen sich) (?:als |per |in )?", "or"),
    _trigger(r"\b(?:elegir|escoger|seleccionar|choisir|wählen) (?:entre |zwischen )?", "or"),
)
COLON = re.compile(r"(?P<lead>[^:|\n.;]{1,120}):\s+")
LISTING = re.compile(
    (
        rf"\b(?:{_ALLOWED}|{_TYPE_NOUNS}|one of|any of|choose|chooses|pick|picks|select|selects|choice|"
        rf"either|between|from)\b|\b{_NUMBER} [\w-]+(?: [\w-]+)*$"
    ),
    re.IGNORECASE,
)
HOLDING = re.compile(
    rf"\b(?:ha(?:s|ve|ving)|contain(?:s|ing)?|consists? of|adds?|shows?|holds?|lists?|displays?|sees?|into|"
    rf"includ(?:es?|ing)|gets?|carr(?:y|ies)|creates?|made of|with|returns?|exports?|stores?|needs?|wants?|"
    rf"receives?|fills? in|enters?|requires?) (?:exactly |only |always )?(?:the |these )?"
    rf"(?:(?:{_NUMBER}|following|more|further|usual|mandatory|required|fixed) ){{1,2}}(?:[a-z-]+ ){{0,2}}?"
    rf"(?!(?:{_OPTIONS}|{_TYPE_NOUNS})(?:$| ))[a-z-]+(?: (?:in|on|of|for|to) [\w -]{{1,30}})?$",
    re.IGNORECASE,
)
"""`The form has three fields:`, and all of them are there."""
NOTHING_ELSE = re.compile(
    r"^\s*(?:[-\u2013\u2014,(]\s*)(?:nothing else|no others?|only these|and nothing else|nothing more)",
    re.IGNORECASE,
)
ARE_OPTIONS = re.compile(
    (
        rf"(?:^|[.;|]\s+|, |\n(?:Then|And) )(?P<list>(?![^,]{{60}})[^.;:|\n]{{3,160}}?) (?:are|is|remain|"
        rf"can be|may be) "
        rf"(?:(?:all |also |both )?(?:the |our )(?:only |{_NUMBER} |possible |available |allowed )*"
        rf"{_OPTIONS}|(?<=be )(?:chosen|selected|picked)|"
        r"on offer|to choose from|for selection|to pick from|selectable)\b"
    ),
    re.IGNORECASE,
)
"""What stands before the words that call it a choice."""
ONLY_ALLOWED = re.compile(
    rf"\bonly (?P<list>[^.;:|\n]{{3,120}}?) (?:is|are|can be|may be|count as|will be) (?:{_ALLOWED}|on offer|"
    r"accepted|offered|chosen|selected|picked|used|entered|taken)\b",
    re.IGNORECASE,
)
OF_A_KIND = re.compile(rf"\b(?:{_TYPE_NOUNS}) $", re.IGNORECASE)
"""A noun that says of what kind the values in the brackets after it are."""
CATCH_ALL = re.compile(
    r", (?:or |and )?(?:others?|none|unknown|something else|n/a|misc(?:ellaneous)?)\s*$", re.IGNORECASE
)
"""A last value that makes a list complete."""
BRACKET = re.compile(r"\((?P<list>[^()\n]{3,160})\)")
SUBJECT = re.compile(
    (
        rf"(?:^|[.;|]\s+|, |\n\s*(?:Then|And|Dann|Und|Entonces|Alors) )"
        rf"(?P<list>(?![^,]{{60}})[^.;:|\n]{{3,160}}?) (?:is|are|werden|sind|can be|may "
        rf"be|son|sont) (?:all |also |both |the only )?(?:{_ALLOWED}|accepted|supported|offered|allowed|"
        rf"akzeptiert|unterstützt|aceptad\w+|acceptés)\b"
    ),
    re.IGNORECASE,
)
OF_VALUES = re.compile(
    r"\b(?:values?|options?|choices?|allowed|possible|one of|enum|werte|valores|valeurs)\b", re.IGNORECASE
)
CLOSED = re.compile(
    r"\s*(?:[,;(\u2013\u2014-]|\band\b|\bwith\b)\s*(?:and |but )?(?:nothing else|nothing more|nothing in "
    r"between|no (?:others?|more|further)\b|"
    r"none other|only these|these only|an?(?:other| further)? (?:[\w-]+ )?[\w-]+ (?:does|"
    r"do)(?:n['\u2019]t| not) exist)",
    re.IGNORECASE,
)
"""Behind a list: nothing else is a value."""
_ITEM = r"[^\W\d_][\w'\u2019/-]{0,30}"
CLOSING = re.compile(
    rf"(?P<list>\b{_ITEM}(?:, {_ITEM}(?: {_ITEM})?){{0,12}},? (?:or|and) {_ITEM}(?: {_ITEM})??)"
    rf"(?={CLOSED.pattern})",
    re.IGNORECASE,
)
THERE_ARE = re.compile(
    rf"\b(?:there (?:are|is|exist)|(?:knows?|distinguish(?:es)?(?: between)?|differentiates? between|"
    rf"comes? in))"
    rf"(?: only| exactly| just)? (?P<list>{_ITEM}(?:, {_ITEM}){{0,12}},? and {_ITEM}) "
    rf"(?!of\b)(?P<head>[a-z]{{2,20}}s)\b(?=[.,;:\n]|$| (?:only|and nothing|and no)\b)",
    re.IGNORECASE,
)
AMOUNTS = re.compile(
    r"(?<![\w.,:-])(?P<list>\d+(?:[.,]\d+)?(?:, \d+(?:[.,]\d+)?){1,12},? or \d+(?:[.,]\d+)?)(?P<unit>[ "
    r"-][a-zA-Z%€°]{1,20}\b)"
)
"""`15, 30 or 45 minutes`."""
CODES = re.compile(
    r"\b(?:HTTP|status|error|codes?|answers?|port|version|page|room|line)s?\W*$", re.IGNORECASE
)
ALL_HOLD = re.compile(
    r"\b(?:shows?|lists?|displays?|contains?|ha(?:s|ve)|with|holds?|consists? of|sees?|prints?|includes?|"
    r"finds?|"
    r"returns?|exports?|sends?|stores?|keeps?|saves?|names?|needs?)(?: (?:the|only|just|its|their))*\s$",
    re.IGNORECASE,
)
"""Verbs whose objects all hold, so that `and` lists no choice."""
