"""Whether an expected result says that something is accepted or refused."""

import re
from functools import lru_cache

_REFUSED = re.compile(
    r"\b(?:refuse[sd]?|refusing|reject(?:s|ed|ing)?|declin\w*|den(?:y|ies|ied)|forbid\w*|forbidden|"
    r"disallow\w*|prohibit\w*|block\w*|"
    r"bar(?:s|red)|turn\w* away|held back|hold\w* back|lapsed?|expire[sd]?|cancel(?:s|led)|invalid|errors?|"
    r"fail(?:s|ed|ure)?|bounce[sd]?|impossible|unable|disabled|missing|locked|unchanged|unavailable|greyed|"
    r"not|never|cannot|can't|isn't|aren't|doesn't|don't|won't|wasn't|weren't|couldn't|no longer|"
    r"nobody|nothing|"
    r"none|no|without|too (?:\w+)|only \d+|only (?:the )?(?:one|two|three|four|five)|at most|no more than|"
    r"instead of|warn\w*|needs? more|is required|are required|http [45]\d\d|4\d\d|loses?|stops?|gone|"
    r"disappear\w*|vanish\w*|remains?|stays?|still|keeps?|former|unauthori[sz]ed|prevent\w*|hidden|"
    r"removed)\b",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"\b(?:remains?|stays?|still|keeps?|former|without|no|none|nothing|nobody)\b", re.IGNORECASE
)
_NO_PROBLEM = re.compile(
    r"\b(?:no|without(?: an?| any)?|not an?y?) (?:\w+ )?(?:errors?|warnings?|problems?|refusal|"
    r"message|objections?)\b|"
    r"\bno (?:\w+ )?(?:has to|needs to|must|is (?:needed|required|necessary))\b[^,;.]*|\bfrom \w+(?= to\b)",
    re.IGNORECASE,
)
_ACCEPTED = re.compile(
    r"\b(?:accept(?:s|ed)?|saved?|saves|stored?|created?|creates|added|adds|sent|executed|booked|"
    r"confirm(?:s|ed)|"
    r"released|shown|shows?|visible|display(?:s|ed)?|appears?|listed|lists|succeed\w*|success\w*|"
    r"approved|possible|"
    r"allowed|permitted|can|may|goes|go through|passes|passed|available|offered|enabled|open|opens|delivered|"
    r"published|finished|uploaded|made|paid|taken|valid|valid|moves|changes|becomes|joins?|gets?|returned|"
    r"comes|come|submitted|ordered|rejected|handed|loaded|running|as well|too$|thawed|unblocked|"
    r"renewed|extended|holds?|makes)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;:\n]|, (?=\w)|\b(?:and|but|while|because)\b", re.IGNORECASE)
_QUOTE = "\N{DOUBLE LOW-9 QUOTATION MARK}"
"""Stands for a quoted text: what is shown there may be either."""
_MARKS = re.compile(r"\"[^\"]*\"|“[^”]*”")


@lru_cache(maxsize=4_096)
def clauses(text: str) -> tuple[str, ...]:
    """The parts of an expected result, each of which says one thing."""
    return tuple(part.strip() for part in _CLAUSE.split(_MARKS.sub(f" {_QUOTE} ", text)) if part.strip())


@lru_cache(maxsize=4_096)
def verdict(clause: str) -> int:
    """-1 where the clause says that something is refused, 1 where it is accepted, 0 where it says neither."""
    plain, unproblematic = _NO_PROBLEM.subn(" ", clause)
    if _REFUSED.search(plain):
        return -1
    if _QUOTE in clause:
        return 0
    return 1 if _ACCEPTED.search(plain) or (unproblematic and not plain.strip()) else 0


def is_soft(clause: str) -> bool:
    """Whether the clause only says that something is as it was."""
    return bool(_SOFT.search(clause)) and not _REFUSED.search(_SOFT.sub(" ", clause))
