"""How much two texts are alike, by their words alone."""

from casewright_generator.domain.language import words
from casewright_generator.domain.planning.conditions import normal

_LITTLE = words.word_set(
    "a an and are as at be been by can could for from has have if in is it its may must no not of on or "
    "shall should so that the their then there these they this those to was we when will with would you"
)
_STEM = 5
_NUMBER = "#"


def marks(text: str) -> frozenset[str]:
    """What counts in a text: its words without endings and the little ones; a number as that it is one."""
    found = (_NUMBER if word[0].isdigit() else word[:_STEM] for word in normal(text).split())
    return frozenset(mark for mark in found if mark not in _LITTLE)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the marks that both have, from 0 to 1; 0 where either has none."""
    if not one or not other:
        return 0.0
    return len(one & other) / len(one | other)
