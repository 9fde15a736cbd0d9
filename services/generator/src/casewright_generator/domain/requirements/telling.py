"""Whether a number limits something, rather than being told in passing."""

import re

from casewright_generator.domain.requirements.amounts import Amount
from casewright_generator.domain.requirements.clauses import Clauses
from casewright_generator.domain.requirements.comparators import Relation
from casewright_generator.domain.requirements.model import ConstraintKind

_K = ConstraintKind
_PAIR = 2
_AROUND = 12
_ANY_TWO = re.compile(
    r"\b(?:apart|the same|each other|one another|overlap\w*|"
    r"differ\w*|identical|in common|combin\w+|merged?|swapped)\b",
    re.IGNORECASE,
)
_DETERMINED = re.compile(
    r"\b(?:between|zwischen|entre|the|these|those|both|all|our|its|their|other|any|of|into|next|first|"
    r"last|im|dem|den|der|die|das|los|las|les|previous|past|coming)\s*$",
    re.IGNORECASE,
)
_MADE_OF = re.compile(
    r"\b(?:need|require|demand|take|want|consist|compris|compos|ma[dk]e|form|"
    r"build)\w*\b[^,;:]{0,40}?(?<!\bone)"
    r"(?<!\bany)(?<!\beach)(?<!\ball)(?<!\bboth)(?<!\beither)(?<!\bout)(?<!\bnone)(?<!\bsome)(?<!\bpart) "
    r"of\s*$",
    re.IGNORECASE,
)
"""`needs the consent of two …`, `consists of three …`; not `one of two …`."""
_GROUP_OF = re.compile(
    r"\b(?:quorum|team|group|panel|jury|crew|committee|board|set|pack|bundle|batch|row|block|series) of\s*$",
    re.IGNORECASE,
)
_OF_ONE = re.compile(
    r"\b(?:this|that|the|no|any|each|every|which|another|other|first|last|in|to|of|from|for|at|on|into|"
    r"per|than|as|only|or|and|not|shares?|shared|(?:an?|the|each|any|every|this|that) [\w-]+)\s*$",
    re.IGNORECASE,
)
_ONE_OF = re.compile(
    r"\s*(?:of|another|or|by|after|at a time|go\b|and\b|day\b|more\b|on\b|in\b)", re.IGNORECASE
)
_IDIOM = re.compile(
    r"\bin one go\b|\bone (?:by|at a|to|or the|after|another|other|of)\b|\bat one (?:go|time|stroke)\b|"
    r"\bno one\b|\bone-(?:off|time|way|to-\w+)\b|\beach one\b|\bthis one\b|\bthe one\b|\bzero[- ]trust\b",
    re.IGNORECASE,
)
_SET_TO = re.compile(
    r"\b(?:defaults? to|default(?: value)?(?: is|:| of)?|is set to|are set to|set to|is preset to|"
    r"preset to|equals?|initially|starts? at|resets? to|is reset to|standard(?:mäßig)?|by default)\s*$",
    re.IGNORECASE,
)
_ONE_OF_BEFORE = re.compile(
    r"\b(?:one|einen?|uno|una?|une?)\s+(?:of|von|de)(?: (?:the|den|les|las|los))?\s*$|^\s*(?:one|any|"
    r"each|all) of (?:the )?$",
    re.IGNORECASE,
)
_LAST_ONE = re.compile(r"\b(?:first|last|next|previous)\s*$", re.IGNORECASE)
_OF_WHOLE = re.compile(r"\b(?:of|first|last|next|all)\s*$", re.IGNORECASE)


def of_several(lead: str) -> bool:
    """Whether the words before a number make it one of several: `one of the 3 …`."""
    return bool(_ONE_OF_BEFORE.search(lead))


_BETWEEN_TWO = re.compile(r"\b(?:between|zwischen|entre) $", re.IGNORECASE)


def counts(clauses: Clauses, amount: Amount, kind: ConstraintKind, relation: Relation, lead: str) -> bool:
    """Whether an amount limits something.

    Args:
        clauses: Those of the text that it stands in.
        amount: A number with its unit.
        kind: What it measures.
        relation: What its comparator says, if it has one.
        lead: The words before it.
    """
    one = amount.spelled and amount.value == 1
    between = amount.value == _PAIR and _BETWEEN_TWO.search(lead)
    if amount.code or between or (one and _LAST_ONE.search(lead)):
        return amount.code
    if amount.article and kind is _K.COUNT and relation in {Relation.NONE, Relation.MORE}:
        return False
    if relation is not Relation.NONE and not (relation is Relation.EXACT and one):
        return not (kind is _K.NUMBER and one and not amount.unit)
    if amount.label or (kind is _K.NUMBER and not amount.unit):
        return not amount.label and bool(_SET_TO.search(lead))
    if kind is not _K.COUNT or not amount.spelled:
        return kind is not _K.COUNT or not _DETERMINED.search(lead) or bool(_OF_WHOLE.search(lead))
    return _is_told(clauses, amount, lead)


def _is_told(clauses: Clauses, amount: Amount, lead: str) -> bool:
    """Whether a spelled number counts something, unlike `one by one` or `two of the same`."""
    around = clauses.masked[max(0, amount.start - _AROUND) : amount.end + _AROUND]
    behind = clauses.masked[amount.number_end : amount.number_end + _AROUND]
    if amount.value == 1 and (_IDIOM.search(around) or _OF_ONE.search(lead) or _ONE_OF.match(behind)):
        return False
    if (_DETERMINED.search(lead) and not (_MADE_OF.search(lead) or _GROUP_OF.search(lead))) or of_several(
        lead
    ):
        return False
    start, end = clauses.span(amount.start, amount.end)
    return not (amount.value == _PAIR and _ANY_TWO.search(clauses.masked, start, end))
