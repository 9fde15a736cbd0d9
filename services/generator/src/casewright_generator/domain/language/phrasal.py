"""Verbs of two words: `check out`, `sign in`, `turn off`; the object stands behind them, or between."""

from casewright_generator.domain.language import words

PARTICLES = words.word_set("out in up off on down back away over through")
_ALSO_PREPOSITIONS = {
    "in": words.word_set("log sign fill check opt key clock dial zoom lock"),
    "on": words.word_set("turn switch log sign add carry"),
    "over": words.word_set("take hand carry"),
    "through": words.word_set("put"),
    "up": words.word_set(
        "sign set look back start top follow pick bring clean speed type give boot call end"
    ),
    "down": words.word_set("shut break track turn close scale slow"),
    "off": words.word_set("turn switch log sign take write pay cut"),
    "out": words.word_set("log sign check fill try opt carry print roll find zoom clock pay sell point"),
}
_ADVERBS = frozenset({"back", "away"})


def parts(verb: str, rest: str) -> tuple[str, str]:
    """The particle that belongs to the verb, and what is left of what follows it.

    `turn`, `off a user` gives `off`, `a user`; `turn`, `a user back on` gives `back on`, `a user`;
    `log`, `a warning` gives an empty particle and all.
    """
    found = rest.split()
    size = _length(verb, [word.lower().strip(".,") for word in found])
    if size:
        return " ".join(found[:size]).lower().strip(".,"), rest.split(None, size)[size] if len(
            found
        ) > size else ""
    tail = [word.lower().strip(".,") for word in found[-2:]]
    for start in range(len(tail)):
        if len(found) > len(tail) - start and _length(verb, tail[start:]) == len(tail) - start:
            return " ".join(tail[start:]), rest.rsplit(None, len(tail) - start)[0]
    return "", rest


def _length(verb: str, following: list[str]) -> int:
    """How many of the words that follow are the verb's particles."""
    if not following:
        return 0
    first = following[0]
    if first in _ADVERBS:
        return 2 if len(following) > 1 and verb in _ALSO_PREPOSITIONS.get(following[1], ()) else 1
    return int(verb in _ALSO_PREPOSITIONS.get(first, ()))
