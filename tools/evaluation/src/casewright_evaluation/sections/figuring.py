"""Figures from counts, with what is asked of them."""

from collections.abc import Iterator

from casewright_evaluation.aims import aim_of
from casewright_evaluation.designing import SMELLS, Tally
from casewright_evaluation.figures import Figure, Unit
from casewright_evaluation.scores import Counts


def figure(key: str, name: str, value: float, unit: Unit = "share", of: int = 0) -> Figure:
    """With what is asked of it."""
    return Figure(key, name, value, unit, of, aim_of(key))


def share(key: str, name: str, part: float, of: int) -> Iterator[Figure]:
    """A share of something; no figure where there is nothing to take a share of."""
    if of:
        yield figure(key, name, part / of, of=of)


def scores(key: str, name: str, suffix: str, counts: Counts) -> Iterator[Figure]:
    """Precision, recall and F1; nothing where there was nothing to find, and nothing found."""
    if not counts.right + counts.missed + counts.surplus:
        return
    yield figure(
        f"{key}.precision.{suffix}",
        f"{name}: precision",
        counts.precision,
        "score",
        counts.right + counts.surplus,
    )
    yield figure(f"{key}.recall.{suffix}", f"{name}: recall", counts.recall, "score", counts.expected)
    yield figure(f"{key}.f1.{suffix}", f"{name}: F1", counts.f1, "score", counts.expected)


def of_cases(found: Tally, key: str) -> Iterator[Figure]:
    """What the designer's cases are like."""
    yield from share(
        f"cases.criteria.{key}",
        "Criteria with a case that adds a datum or a result",
        found.covered,
        found.criteria,
    )
    yield from share(
        f"cases.plain.{key}",
        "… told by words alone, not by the generator",
        found.plainly_covered,
        found.criteria,
    )
    yield from share(f"cases.conditions.{key}", "Planned conditions with a case", found.met, found.conditions)
    yield from share(f"cases.accepted.{key}", "Cases that pass the gate", found.accepted, found.cases)
    if found.scored:
        yield figure(
            f"cases.grounded.{key}",
            "Groundedness of accepted cases",
            found.grounded / found.scored,
            "score",
            found.scored,
        )
    yield from share(f"cases.duplicates.{key}", "Cases that repeat another", found.duplicates, found.cases)
    yield from share(f"cases.smelly.{key}", "Cases with a smell", found.smelly, found.cases)
    for code in sorted(SMELLS & found.codes.keys()):
        yield from share(f"smell.{key}.{code}", f"… {code.replace('_', ' ')}", found.codes[code], found.cases)
    yield figure(f"cases.stories.{key}", "Stories with cases", found.with_cases, "count", found.stories)
    yield figure(f"cases.count.{key}", "Cases", found.cases, "count")
    yield figure(f"cases.left_out.{key}", "Conditions that the cap cut, listed", found.left_out, "count")
