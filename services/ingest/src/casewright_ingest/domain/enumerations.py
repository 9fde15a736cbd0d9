"""Demands that one sentence numbers: `The following holds: (1) …, (2) …`."""

import re

_MARK = re.compile(
    r"(?:(?<=^)|(?<=[\s:;,.]))"
    r"(?:\((?:\d{1,3}\.){0,2}(?P<in>[1-9]\d?|[a-h]|i{1,3}|iv|v)\)|(?<!\d\.)(?P<before>[1-9]|[a-h])\))\s+(?=\S)"
)
"""`(2)`, `(4.2)`, `b)`: of a number with dots, the last part counts."""
_FIRST = frozenset({"1", "a", "i"})
_ORDERS = (tuple(str(number) for number in range(1, 100)), "abcdefgh", ("i", "ii", "iii", "iv", "v"))
_JOINT = re.compile(r"[\s,;]+(?:and|or|und|oder|y|et|e|en)?[\s,;]*$", re.IGNORECASE)
_FEWEST = 2


def numbered_parts(sentence: str) -> tuple[str, tuple[str, ...]] | None:
    """The lead-in of a sentence and the parts that it numbers from 1, a or i; `None` where it numbers none.

    The parts come without their numbers and without what joins them.
    """
    marks = list(_MARK.finditer(sentence))
    labels = [(mark["in"] or mark["before"]).lower() for mark in marks]
    in_order = any(labels == list(order[: len(labels)]) for order in _ORDERS)
    if len(marks) < _FEWEST or labels[0] not in _FIRST or not in_order:
        return None
    ends = [*(mark.start() for mark in marks[1:]), len(sentence)]
    parts = [
        _JOINT.sub("", sentence[mark.end() : end]).strip().rstrip(".;,")
        for mark, end in zip(marks, ends, strict=True)
    ]
    return sentence[: marks[0].start()].strip(), tuple(filter(None, parts))


_WHO = re.compile(
    r"^(?P<who>(?:the|a|an|each|every|all) [^\W\d_]+(?: [^\W\d_]+){0,3}?) "
    r"(?:can|may|must|should|will|shall|is|are)\b",
    re.IGNORECASE,
)
_THEY = re.compile(r"^(?:(?:specifically|in particular|namely),?\s+)?(?:he|she|they)\s+(?=\w)", re.IGNORECASE)


def who_is_meant(lead: str, before: str) -> str:
    """A lead-in that speaks of `they`, by the name that the sentence before gives them, if it gives one."""
    who = _WHO.match(before)
    if who is None or not _THEY.match(lead):
        return lead
    return _THEY.sub(f"{who['who']} ", lead, count=1)
