"""The words that tell a change of state, with the state that it ends in."""

import re
from dataclasses import dataclass

from casewright_generator.domain.requirements.statenames import CAPITAL, STATE

VERBS = (
    r"goes|go|gone|going|went|moves?|moved|moving|changes?|changed|changing|switch(?:es|ed)?|turns?|"
    r"turned|pass(?:es|ed)?|falls?(?: back)?|returns?|returned|reverts?|reverted|transitions?|"
    r"transitioned|advances?|advanced|"
    r"lapses?|lapsed|bounces?|bounced|rolls?|rolled|"
    r"jumps?|drops?|flips?|flipped|is set|are set|be set|gets? set|set|sets|put|puts|is put|are put|be "
    r"put|taken|takes|brings?|brought|sent|sends?|reset|resets|proceeds?|progress(?:es)?|"
    r"escalates?|shifts?|transferred|slips?|slides?|converts?|converted|updates?|updated|restores?|"
    r"restored|promotes?|promoted|"
    r"pasa|pasan|cambia|cambian|vuelve|passe|passent|change|repasse|wechselt|wechseln|geht|gehen|"
    r"springt|kommt|überführt|gesetzt|ändert|passa|cambia|gaat|verandert|muda"
)
CARRYING = re.compile(
    (
        r"\b(?:goes|go|going|gone|went|sent|sends?|returns?|returned|pass(?:es|ed)?|proceeds?|"
        r"takes|taken|brings?|brought|transferred|escalates?|progress(?:es)?|geht|gehen|passe|gaat)\b"
    ),
    re.IGNORECASE,
)
"""Verbs of going and sending, after which a place is as likely as a state."""
_STATUS = r"(?: (?:the )?(?:state|status)(?: of)?)?"
_CALLED = r"(?:(?:state|status|zustand|estado|estado de|statut) )?"
PAIRS = re.compile(
    rf"\b(?:from|out of|von|vom|de|del|van|dal?|da) (?:the )?{_CALLED}(?P<from>{STATE})"
    rf"(?: (?:back|over|direkt|straight|directly|once more|again|and|and then|and back))?"
    rf" (?:to|into|(?<!from )(?:auf|nach|zu|in|à|naar|para)|(?<=[\"”“»'a-zéí] )(?:a|en)(?= "
    rf"[\"“«'A-Z])) (?:the )?{_CALLED}(?P<to>{STATE})",
)
ARROWS = re.compile(
    rf"(?P<from>{STATE}|\b[a-z]{{3,15}}) ?(?:→|->|=>|-->|⇒|➔|⟶) ?(?=(?P<to>{STATE}|[a-z]{{3,15}}\b))"
)
_LOWER_STATE = r"[a-z][a-z-]{2,15}(?: (?:review|approval|progress|payment|hold))?"
LOWER_PAIRS = re.compile(
    (
        rf"\b(?:{VERBS})\b[^.;,]{{0,40}}?\bfrom (?:the )?(?:state |status )?(?P<from>{_LOWER_STATE}) "
        rf"(?:back )?(?:in)?to (?:the )?(?:state |status )?(?P<to>{_LOWER_STATE})(?! \w+ing\b)"
    ),
    re.IGNORECASE,
)
LOWER_TARGETS = re.compile(
    (
        r"\b(?:state|status)(?: of (?:the |an? )?[\w-]+(?: [\w-]+)?)? (?:then |automatically |now )?"
        r"(?:becomes|is (?:then |now )?(?:set|reset|changed|switched|moved|updated) (?:back )?to|"
        r"(?:changes|turns|switches|goes|moves|reverts|returns|falls|flips|jumps)(?: back)? (?:in)?to)"
        r" (?P<to>[a-z][a-z-]{2,15})"
        r"(?=[.,;\n]|$| (?:and|once|when|as|after|until|by|if|on|for|automatically)\b)"
    ),
    re.IGNORECASE,
)
_TO = re.compile(
    rf"\b(?:{VERBS})\b(?: (?:back|over|it|them|him|her|automatically|itself|by itself|the [\w-]+(?: "
    rf"[\w-]+)?|its status|status|directly|straight|immediately|then|again|a [\w-]+))*"
    rf" (?:back )?(?:to|into|(?<=put )in|(?<=set )in|on to|onto|auf|nach|à|(?<=pasa )a|(?<=cambia )a|"
    rf"(?<=vuelve )a)(?: either)?{_STATUS} (?P<to>{STATE})",
)
_BECOMES = re.compile(
    rf"\b(?:becomes?|turns? into|is now|are now|is then|are then|gets? (?:the )?(?:state|status)|"
    rf"(?:receives?|takes? on|is given|are given|is assigned|carries|now has|then has) (?:the )?(?:state|"
    rf"status)|"
    rf"(?:state|status) (?:becomes|is set to|changes to|turns "
    rf"(?:in)?to|switches to|goes to|moves to|is changed to)|"
    rf"(?:is|are|be|gets?|been)(?: then| now| automatically| also)? (?:marked|flagged|tagged)(?: as)?|"
    rf"(?:marks?|flags?)(?: [\w-]+){{1,4}}? as|mark (?:\w+ "
    rf"){{1,3}}as|sets? (?:the |its )?(?:[\w-]+ )?(?:state|status) to|"
    rf"(?:is|are|gets?) (?:filed|recorded|logged) as|is declared|"
    rf"(?:is|are) (?:created|opened|placed|booked) (?:as|in)|starts?(?: out| off| life)? (?:as|in)|"
    rf"begins? (?:life |its life )?(?:as|in)|"
    rf"ends? (?:up )?(?:as|in)|opens? as|(?:is|are) (?:saved|stored|kept|entered) as|"
    rf"wird zu|wird als|gilt als|wird auf|werden auf|"
    rf"queda(?: como| en)?|se marca como|devient|est marquée? comme|wechselt (?:auf|zu|in)|geht (?:auf|"
    rf"in|nach))(?: either)?{_STATUS} (?P<to>{STATE})",
)
_COUNTS_AS = re.compile(
    rf"\b(?:[a-z]+(?:[^s\W]s|ed)(?: [\w'-]+){{1,4}}? as|"
    rf"(?:count|show|appear|read|stand|figure|register|shown|seen|[a-z]+ed|[a-z]+s)(?: up)?"
    rf"(?: (?:then|now|from then on|again|automatically|there|everywhere))? as|"
    rf"(?:is|are|gets?|considers?|deems?|declares?|be)(?: then| now| automatically)? (?:considered|deemed|"
    rf"labelled|declared|called)(?: as| to be)?|"
    rf"(?:lands?|sits?|waits?|remains?) (?:then |again )?in|"
    rf"(?:puts?|is placed|are placed|gets? put)(?: (?:it|them|the [\w-]+(?: [\w-]+)?))?(?: back)?"
    rf" (?:on|in|to|into))"
    rf"{_STATUS} (?P<to>{STATE})",
)
_IS_NOW = re.compile(
    rf"(?:^|,|;|\bthen) (?:it['\u2019]s|it is|they['\u2019]re|they are|the [\w-]+(?: [\w-]+)? (?:is|"
    rf"are)|she['\u2019]s|he['\u2019]s|this is)(?: then| now| automatically)? (?P<to>{STATE})(?! "
    rf"(?:by|in|to)\b)"
)
_PUTS = re.compile(
    rf"\b(?:puts?|places?|brings?|moves?|sets?) (?:the |an? |it|them)(?:[\w-]+)?(?: [\w-]+)? (?:in|"
    rf"into|on|to) (?P<to>{STATE})"
)
_THEN_IS = re.compile(
    rf"\b(?:Then|Dann|Entonces)(?: [^\n]{{3,120}}\n\s*(?:And|Und|Y)){{0,3}} (?:the |its |their |an? "
    rf")?(?:[\w'\u2019-]+ ){{1,5}}?(?:(?:is|are|should be|"
    rf"must be|will be)(?: in)?(?: (?:the )?(?:status|state)(?: of)?)?|(?:has|have|should have|shows|gets|"
    rf"keeps) (?:the )?(?:status|state)|(?:shows|reads)(?= [A-Z\"“]))(?: now| then)? (?P<to>{STATE})"
)
"""The outcome of a scenario."""
_INTO_THE_STATE = re.compile(
    rf"\b(?:(?:{VERBS})\b[^.;,\n]{{0,40}}? (?:in)?to|enters?|reach(?:es)?|assumes?|takes? on|gets?|receives?)"
    rf" (?:the |an? )?(?P<to>{STATE}) (?:state|status)\b|"
    rf"\b(?:enters?|reach(?:es)?|assumes?) (?:state|status) (?P<after>{STATE})"
)
_ITS_STATE = re.compile(
    rf"\b(?:chang|switch|set|reset|updat|mov|flip|turn)(?:e?s|ed|es|ing)? "
    rf"(?:its|their|the|his|her) (?:[\w'-]+ )?"
    rf"(?:state|status)(?: of (?:the |an? )?[\w-]+(?: [\w-]+)?)?(?: back)? to (?P<to>{STATE})|"
    rf"\b(?:[Ii]nitial|[Ss]tarting|[Ff]irst|[Rr]esulting|[Ff]inal|[Nn]ew) (?:state|status)"
    rf"(?: of (?:the |an? )?[\w-]+(?: [\w-]+)?)?(?: is| will be|:) (?P<after>{STATE})|"
    rf"\b[Nn]ew(?:ly)? [\w -]{{1,30}}? (?:has|have|gets?|carry|carries|shows?) (?:the )?(?:state|status)"
    rf" (?P<first>{STATE})"
)
_BEGINS_WITH = re.compile(
    rf"\b(?:starts?|begins?|opens?|started|comes? in|arrives?|(?:is|are|gets?) (?:created|saved|stored|"
    rf"opened|added|entered|registered|recorded|filed|placed|made|submitted|imported|published|booked))"
    rf"(?: out| off| life| then| automatically| first)? (?:with|in|under|at) (?:the |an? )?"
    rf"(?:initial |first |new )?(?:state|status)(?: of)? (?P<to>{STATE})|"
    rf"\b(?:gives?|assigns?|sets?) (?:it|them|the [\w-]+|(?:each|every|an?) (?:new )?[\w-]+) (?:to "
    rf")?(?:the |an? )?"
    rf"(?:initial |first |new )?(?:state|status)(?: of)? (?P<after>{STATE})"
)
_REPLACES = re.compile(
    rf"\b(?:replac(?:es?|ed|ing)|swap(?:s|ped)?|exchang(?:es?|ed))(?: the| its| their)?(?: (?:state|status))?"
    rf" (?P<from>{CAPITAL}) (?:by|with|for|against)(?: the)?(?: (?:state|status))? (?P<to>{CAPITAL})|"
    rf"\b(?:state|status) (?P<before>{CAPITAL}) (?:is|gets|will be) (?:then |now )?(?:replaced|superseded|"
    rf"succeeded|"
    rf"followed) (?:by|with)(?: the)?(?: (?:state|status))? (?P<after>{CAPITAL})|"
    rf"\b(?:ends?|leaves?|quits?|cancels?|lifts?) (?:the (?:state|status|mode) )?(?P<left>{CAPITAL}),? "
    rf"(?:and|then|and then) "
    rf"(?:brings? back|restores?|starts?|begins?|enters?|activates?|sets?|moves? to|goes (?:back )?to|"
    rf"returns to)"
    rf" (?:the (?:state|status|mode) )?(?P<first>{CAPITAL})"
)
_ENTERS = re.compile(
    rf"\b(?:enters?|leads? (?:back )?to|results? in|ends? in|arrives? (?:at|in)|stops? at) (?P<to>{STATE})"
)
_ITS_STATE_IS = re.compile(
    rf"(?:;|\bthen|\band) (?:then )?(?:its|their|the) (?:new |resulting )?(?:state|"
    rf"status) is(?: then| now)?"
    rf" (?P<to>{STATE})"
)
_UNTIL = re.compile(
    rf"\b(?:is|are|stays?|remains?)(?: in)? (?P<from>{STATE}) (?:until|till|up to the moment|"
    rf"before)\b[^.;\n]{{3,120}}"
    rf"[;,.] (?:and )?(?:from (?:then|that moment|there)(?: on)?|after that|afterwards|then|thereafter|"
    rf"whereupon|upon which|from then onwards?),? (?:it|they|this|the [\w-]+)?\s?(?:['\u2019](?:s|re)|is|"
    rf"are|counts? as|"
    rf"becomes?|turns?|goes to|moves to)(?: either)? (?P<to>{STATE})"
)
_AT_FIRST = re.compile(
    rf"\b(?:is|are|starts?|begins?)(?: out)?(?: at)? first(?: in| as)? (?P<to>{STATE})(?=[\"”»']?,? (?:and )?"
    rf"(?:then|later|next|after))"
)
_CAN_BE = re.compile(
    rf"\b(?:can|may)(?: still| then| also| only| later)? be (?:set to |put |moved to |marked (?:as )?)?"
    rf"(?P<to>{CAPITAL})(?=[.;\n]|$| (?:by|once|after|when|until|within|again|as soon)\b)"
)
_AGAIN = re.compile(
    rf"\b(?:is|are) (?P<to>{STATE}) (?:again|afterwards|once more|from then on)\b|"
    rf"(?:\b(?:is|are|be|was|were)|['\u2019](?:s|re)) back (?:to|in|on|at) (?P<after>{STATE})|"
    rf"\b(?:goes|go|gets?|turns?|comes back|falls) (?:back )?(?P<first>{STATE})"
)
_IS_ONCE = re.compile(
    rf"(?:^|[.;]\s+)(?:An?|The|Its) (?:[\w-]+ ){{1,3}}?(?:is|are) (?P<to>{STATE})(?= (?:once|as soon "
    rf"as|after|when)\b)|"
    rf"^(?:After|On|Upon|Once|When|As soon as) [\w -]{{3,60}}?,? (?:the|its|"
    rf"an?) (?:[\w-]+ ){{1,3}}?(?:is|are) (?P<after>{STATE})"
)
_NOUN = r"(?: (?!into\b|to\b|as\b|in\b|back\b)[a-z][\w-]{1,20}){0,2}"
_TURNS = re.compile(
    rf"\b(?:turns?|turned|changes?|changed|converts?|converted|transforms?|transformed|promotes?|makes?|"
    rf"takes?|moves?|brings?|flips?|switch(?:es)?|upgrades?|downgrades?|sets?|resets?|puts?)"
    rf" (?:an? |the |its |every |each |all |any |that |this )?(?P<from>{STATE}){_NOUN}(?: back)?"
    rf" (?:into|to)(?: an?| the)? (?P<to>{STATE})"
)
_MAKES = re.compile(
    rf"\bma(?:kes?|de)(?: it| them| him| her| (?:an?|the|its|every|each|that|this|all)"
    rf"(?: (?P<from>{CAPITAL}))?{_NOUN})(?: an?)? (?P<to>{STATE})"
)
MORE = re.compile(
    (
        rf"(?:[\"”“»'*_`])?(?:(?P<then>,? (?:and )?(?:then|later|finally|afterwards|after that|from there)"
        rf"(?: on)?(?: back)?|,? and from there(?: on)?)|"
        rf"(?P<or>,? or(?: back| else)?|,(?=[^.;\n]{{1,60}} or )))(?: (?:in)?to| as)? (?P<to>{STATE})"
    ),
)
"""What follows a target: the next one, or another one."""
APART = re.compile(
    rf"[^.;:\n]{{0,60}}?,? (?:(?P<and>and)|or|otherwise|or else|else) (?:in(?:to)?|to|as) (?P<to>{STATE})"
)
"""Another target behind the words that say of the first (`to Running at noon and to Ended at six`)."""
AND_FROM = re.compile(rf"[\"”“»'*_`]? from (?:the )?(?:state |status )?(?P<from>{STATE})")


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording of change.

    Attributes:
        pattern: Has one of the groups `to`, `after`, `first`; may have `from`.
        weak: Whether other things are said in these words, too: then the name itself must tell a condition.
    """

    pattern: re.Pattern[str]
    weak: bool = False


WORDINGS = (
    Wording(_TURNS, weak=True),
    Wording(_MAKES, weak=True),
    Wording(_REPLACES, weak=True),
    Wording(_UNTIL),
    Wording(_BEGINS_WITH),
    Wording(_TO),
    Wording(_BECOMES),
    Wording(_IS_NOW),
    Wording(_PUTS),
    Wording(_THEN_IS, weak=True),
    Wording(_IS_ONCE),
    Wording(_INTO_THE_STATE),
    Wording(_ITS_STATE),
    Wording(_AGAIN, weak=True),
    Wording(_AT_FIRST, weak=True),
    Wording(_CAN_BE, weak=True),
    Wording(_COUNTS_AS, weak=True),
    Wording(_ENTERS, weak=True),
    Wording(_ITS_STATE_IS, weak=True),
)
