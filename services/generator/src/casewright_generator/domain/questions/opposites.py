"""Statements that say the opposite of each other: allowed and refused, always and never, only and also."""

import re
from itertools import pairwise

from casewright_generator.domain.language import words
from casewright_generator.domain.questions.wording import LITTLE, Said, distinct, stem, stems, words_of
from casewright_generator.domain.requirements.model import ConstraintKind

_CONDITION = re.compile(
    r"\b(?:if|when|whenever|once|unless|except|otherwise|while|as long as|as soon as|only|without|"
    r"instead|before|after|until|during|for those|provided)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:can|could|may|must|shall|should|will|wo|is|are|was|were|do|does|did|has|have|need)(?:not|"
    r"n?['\u2019]t| not| never)\b|\bcannot\b|\bnever\b|\bnobody\b|\bno one\b|\bno longer\b|"
    r"\b(?:forbidden|prohibited|not (?:allowed|permitted|possible)|impossible|rejected|refused|"
    r"disabled|blocked)\b|^no\b",
    re.IGNORECASE,
)
_ALLOWS = re.compile(r"\b(?:can|may|allowed|possible|able|permitted|enabled)\b", re.IGNORECASE)
_DEMANDS = re.compile(r"\b(?:must|always|every|has to|have to)\b", re.IGNORECASE)
_DOES = re.compile(r"\b(?:is|are|gets?|will be|can|may|must)\b", re.IGNORECASE)
_NEVER = re.compile(
    r"\bnever\b|\b(?:under no circumstances|in no case|at no time|on no account)\b|\bnobody\b|\bno one\b",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"\b(?:except|unless|apart from|other than|but not|only|otherwise|own)\b", re.IGNORECASE)
_MANDATORY = re.compile(
    r"\b(?:mandatory|required|compulsory|obligatory|must (?:be )?(?:given|entered|filled(?: in)?|"
    r"provided|stated|chosen|selected|set|not be (?:left )?(?:empty|blank))|has to be (?:given|entered|"
    r"filled(?: in)?|"
    r"provided|stated))\b",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\b(?:optional(?:ly)?|not (?:mandatory|required|compulsory)|voluntary|(?:may|can) (?:be )?(?:left "
    r"(?:empty|blank|out)|omitted|skipped|stay empty|remain empty)|need(?:n['\u2019]t| not) be (?:given|"
    r"entered|"
    r"filled(?: in)?|provided|stated))\b",
    re.IGNORECASE,
)
_NEEDS = re.compile(
    r"\b(?:needs?|requires?|must be (?:approved|confirmed|signed|released|checked)|has to be "
    r"(?:approved|confirmed)|have to be (?:approved|confirmed))\b[^.;]*\b(?:ok|okay|approv\w+|consent|"
    r"confirm\w+|signature|sign-?off|permission|release|countersign\w*|agreement|by)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?:any|all|every|regardless|irrespective|whatever|no matter)\b[^.;]*\b(?:on (?:their|its|his|"
    r"her) own|alone|without (?:further |any |additional )?(?:approval|consent|confirmation|sign-?off|"
    r"asking)|by (?:themselves|himself|herself|itself))\b",
    re.IGNORECASE,
)
_NO_OTHER = re.compile(
    r"\b(?:no (?:other|further|exception\w*)|nothing else|no one else|nobody else|exclusively|only|always|"
    r"solely|in (?:any|every) case|without exception)\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\b(?:instead of|rather than|in place of)\s+(?P<what>[^,;.]{3,60})", re.IGNORECASE)
_AS_WELL = re.compile(
    r"\b(?:also|as well|likewise|alternatively|in addition|additionally|besides)\b", re.IGNORECASE
)
_ONLY_BY = re.compile(
    r"\b(?:only|exclusively|solely)\s+(?:be\s+(?:\w+\s+)?)?(?P<way>by|via|as|on|in|with|through|from|to|"
    r"using)\s+"
    r"(?P<what>[^,;.]{3,50})|"
    r"\b(?P<way2>by|via|as|on|in|with|through|using)\s+(?P<what2>[^,;.]{3,40}?)\s+(?:only|alone|"
    r"exclusively)\b",
    re.IGNORECASE,
)
_WHO = r"(?:the |an? )?(?P<who>(?:[\w-]+ ){0,2}[\w-]+?)"
_ONLY_WHO = (
    re.compile(
        r"(?:\bonly|\bnobody but|\bno one but|\bnone but|\bexclusively|^solely) "
        rf"{_WHO} (?:can|may|must|is allowed to|are allowed to|has|have|sees?)\b(?P<does>.*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<does>^.*\b(?:can|may|must|is|are)\b) (?:only|exclusively) (?:be )?(?P<verb>\w+) by "
        rf"{_WHO}(?=[,;.]|$)",
        re.IGNORECASE,
    ),
)
_WHO_CAN = (
    re.compile(
        rf"^{_WHO} (?:can|may|is allowed to|are allowed to|is able to|are able to)\b(?P<does>.*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<does>^.*\b(?:can|may|is|are)\b(?: also)?(?: be)? (?P<verb>\w+)) by "
        rf"{_WHO}(?=[,;.]|$)",
        re.IGNORECASE,
    ),
)
_SAID_OF = (
    r"\b(?:is|are|be|stays?|remains?|becomes?|set(?: to)?|turned|switched|kept|shown|listed|sorted|"
    r"ordered|comes?|"
    r"starts?|opens?|done|sent|made|works?)\s+(?:(?:\w+ly|always|first|by default|in|as|to)\s+){0,2}"
)
_PAIRS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (
        re.compile(rf"{_SAID_OF}(?P<word>{one})\b", re.IGNORECASE),
        re.compile(rf"{_SAID_OF}(?P<word>{other})\b", re.IGNORECASE),
    )
    for one, other in (
        ("public", "private"),
        ("visible", "hidden|invisible"),
        ("enabled", "disabled"),
        ("on", "off"),
        ("editable", "read-only|uneditable|locked"),
        ("ascending(?: order)?", "descending(?: order)?"),
        ("automatic(?:ally)?|by itself", "manual(?:ly)?|by hand"),
        ("online", "offline"),
        ("anonymous(?:ly)?", "by name|named|under (?:their|the) names?"),
        ("encrypted", "unencrypted|in plain text|plain"),
        ("active", "inactive"),
        ("expanded|unfolded|open", "collapsed|folded|closed"),
        ("checked|ticked|selected", "unchecked|unticked|unselected|empty"),
        ("upper case|capitals", "lower case|small letters"),
        ("horizontal(?:ly)?", "vertical(?:ly)?"),
        ("gross", "net"),
        ("case-sensitive", "case-insensitive"),
        ("permanent(?:ly)?|final", "reversible|temporary|temporarily"),
        ("unlimited", "limited"),
        ("alphabetical(?:ly)?", "chronological(?:ly)?|by date"),
        ("left|on the left", "right|on the right"),
        ("at the top|top", "at the bottom|bottom"),
    )
)
_FIRST = (
    re.compile(
        r"\b(?P<word>(?:newest|latest|most recent|highest|largest|longest|cheapest) (?:\w+ )?first)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<word>(?:oldest|earliest|least recent|lowest|smallest|shortest|dearest) (?:\w+ )?first)\b",
        re.IGNORECASE,
    ),
)
_ORDERING = stems("sorted ordered shown displayed order sorting")
_STARTS = re.compile(
    r"\b(?:starts?|begins?|(?:is|are) (?:first )?(?:created|born)|initial(?:ly)?|at first|new)\b",
    re.IGNORECASE,
)
_DIRECTION = {
    "before": "before",
    "until": "before",
    "till": "before",
    "by": "",
    "after": "after",
    "once": "after",
    "since": "after",
    "from": "after",
    "unless": "unless",
    "except": "unless",
    "only": "only",
    "without": "without",
}
_CONTAINED = 2
_ALIKE = 0.75
_HALF = 0.5


def needs_and_alone(one: Said, two: Said) -> str:
    """`… also need the director's consent`, `… decide on any amount alone`."""
    for first, second in ((one, two), (two, one)):
        if _NEEDS.search(first.text) and _ALONE.search(second.text) and one.stems & two.stems:
            return "Which of the two holds where both apply?"
    return ""


def mandatory_and_optional(one: Said, two: Said) -> str:
    """`… is mandatory`, `… may be left out`."""
    for first, second in ((one, two), (two, one)):
        must, may = _MANDATORY.search(first.text), _OPTIONAL.search(second.text)
        if (
            not must
            or not may
            or _OPTIONAL.search(first.text)
            or _CONDITION.search(first.text)
            or _CONDITION.search(second.text)
            or _differ(first, second)
        ):
            continue
        named = stems(first.text[: must.start()]) or stems(first.text)
        other = stems(second.text[: may.start()]) or stems(second.text)
        if named and other and (named <= other or other <= named) and named & other:
            return "Must it be given, or may it be left out?"
    return ""


def modality(one: Said, two: Said) -> str:
    """`Guests can comment`, `Guests can't comment`."""
    shared = one.stems & two.stems
    small = min(len(one.stems), len(two.stems))
    union = len(one.stems | two.stems)
    negative = (bool(_NEGATIVE.search(one.text)), bool(_NEGATIVE.search(two.text)))
    if negative[0] == negative[1] or small < _CONTAINED or _differ(one, two):
        return ""
    denied, granted = (one, two) if negative[0] else (two, one)
    if _NEVER.search(denied.text) and not _EXCEPT.search(f"{denied.text} {granted.text}"):
        # What never happens doesn't happen on a condition either.
        holds = denied.stems <= granted.stems and bool(_DOES.search(granted.text))
        if holds and not _of_a_sort(granted, denied.stems):
            return "Does it never happen, or does it?"
    if (one.limits != () and two.limits != ()) or not (
        _ALLOWS.search(granted.text) or _DEMANDS.search(granted.text)
    ):
        return ""
    conditions = (_directions(one.text), _directions(two.text))
    if conditions != (frozenset(), frozenset()):
        same = one.stems == two.stems and conditions[0] == conditions[1]
        return "Is it allowed or not?" if same else ""
    alike = len(shared) / union >= _ALIKE or (len(shared) == small and len(shared) / union > _HALF)
    return "Is it allowed or not?" if alike else ""


def only_and_other(one: Said, two: Said) -> str:
    """`Tickets are printed, nothing else`, `The ticket comes by mail instead of being printed`."""
    for first, second in ((one, two), (two, one)):
        if not _NO_OTHER.search(first.text) or _NEGATIVE.search(second.text):
            continue
        instead = _INSTEAD.search(second.text)
        if instead:
            replaced = stems(instead["what"])
            both = (first.stems & second.stems) - replaced
            if replaced and replaced <= first.stems and (both or len(replaced) >= _CONTAINED):
                return "Is there a way other than the only one?"
        by = _ONLY_BY.search(first.text)
        if by and _AS_WELL.search(second.text):
            way = stems(by["what"] or by["what2"])
            rest = first.stems - way
            if way and rest and rest <= second.stems and not way & second.stems:
                return "Is there a way other than the only one?"
    return ""


def only_who(one: Said, two: Said) -> str:
    """`Only the owner can delete a list`, `Guests can delete lists`."""
    for first, second in ((one, two), (two, one)):
        sole = next(filter(None, (pattern.search(first.text) for pattern in _ONLY_WHO)), None)
        other = next(filter(None, (pattern.search(second.text) for pattern in _WHO_CAN)), None)
        if sole is None or other is None or _NO_OTHER.search(second.text) or _NEGATIVE.search(second.text):
            continue
        them, others = stems(sole["who"]), stems(other["who"])
        does, do = stems(_deed(sole)), stems(_deed(other))
        if not them or not others or them & others or not do or len(does) < _CONTAINED:
            continue
        if (does <= do or (do <= does and len(do) >= _CONTAINED)) and not _CONDITION.search(_deed(sole)):
            return f"Can {sole['who']} alone do that, or {other['who']} too?"
    return ""


def _deed(match: re.Match[str]) -> str:
    return f"{match['does']} {match.groupdict().get('verb') or ''}"


def opposite(one: Said, two: Said) -> str:
    """`The filter is on by default`, `By default the filter is off`."""
    if _CONDITION.search(one.text) or _CONDITION.search(two.text) or _differ(one, two):
        return ""
    for pair in (*_PAIRS, _FIRST):
        for this, that in (pair, pair[::-1]):
            first, second = this.search(one.text), that.search(two.text)
            if not first or not second or that.search(one.text) or this.search(two.text):
                continue
            if bool(_NEGATIVE.search(one.text)) or bool(_NEGATIVE.search(two.text)):
                continue
            told = {*words_of(first["word"]), *words_of(second["word"])}
            pairs = frozenset(stem(word) for word in told) | (_ORDERING if pair is _FIRST else frozenset())
            a, b = one.stems - pairs, two.stems - pairs
            if a and b and (a == b or (len(min(a, b, key=len)) >= _CONTAINED and (a <= b or b <= a))):
                if _of_a_sort(one, b) or _of_a_sort(two, a):
                    continue
                return f"Is it {first['word']} or {second['word']}?"
    return ""


def first_state(one: Said, two: Said) -> str:
    """`A claim starts as Draft`, `New claims are Open`."""
    starts = [
        {
            limit.to_state
            for limit in said.limits
            if limit.kind is ConstraintKind.TRANSITION and not limit.from_state
        }
        if _STARTS.search(said.text) and not _CONDITION.search(said.text)
        else set()
        for said in (one, two)
    ]
    if not starts[0] or not starts[1] or starts[0] & starts[1]:
        return ""
    states = stems(" ".join((*starts[0], *starts[1], "starts begins created initially")))
    a, b = one.stems - states, two.stems - states
    if not (a <= b or b <= a) or not a or not b:
        return ""
    return f"Does it start as {min(starts[0])} or as {min(starts[1])}?"


def _differ(one: Said, two: Said) -> bool:
    """Whether they speak of different ones of several alike things."""
    shared = one.stems & two.stems
    return distinct(one.text, shared) != distinct(two.text, shared)


def _directions(text: str) -> frozenset[str]:
    """What conditions a text has: `until` and `before` say the same."""
    found = {match.group().lower() for match in _CONDITION.finditer(text)}
    return frozenset(_DIRECTION.get(one, "when") for one in found)


def _of_a_sort(said: Said, others: frozenset[str]) -> bool:
    """Whether a statement names a sort of what the other speaks of: `signed contracts`, of contracts."""
    extras = said.stems - others
    return any(
        after not in LITTLE
        and before not in LITTLE
        and not words.is_verb(before)
        and stem(before) in extras
        and stem(after) in others
        for before, after in pairwise(words_of(said.text))
    )
