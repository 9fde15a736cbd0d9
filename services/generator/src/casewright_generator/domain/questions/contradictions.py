"""Two statements on one thing that can't both hold. Precision first: what may be an exception is none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casewright_common.events import Criterion
from casewright_generator.domain.questions.bounds import bounds, cost, lasting
from casewright_generator.domain.questions.opposites import (
    first_state,
    mandatory_and_optional,
    modality,
    needs_and_alone,
    only_and_other,
    only_who,
    opposite,
)
from casewright_generator.domain.questions.wording import Said, said
from casewright_generator.domain.requirements.model import Constraint

_COMMON = 8
"""A word that stands in more sentences than this is the story's topic and tells no two apart."""
_CHECKS = (
    needs_and_alone,
    mandatory_and_optional,
    bounds,
    lasting,
    cost,
    only_who,
    only_and_other,
    opposite,
    first_state,
    modality,
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sentences, in the order of the story, with the ids of their criteria, and what is at odds."""

    criteria: tuple[str, str]
    sentences: tuple[str, str]
    ask: str


def contradictions(
    criteria: Sequence[Criterion], constraints: Sequence[Constraint]
) -> Iterator[Contradiction]:
    """The contradictions of a story, each once."""
    limits: dict[str, list[Constraint]] = {}
    for constraint in constraints:
        limits.setdefault(constraint.criterion, []).append(constraint)
    every = [said(index, one, limits.get(one.id, ())) for index, one in enumerate(criteria)]
    for one, two in _pairs(every):
        if ask := next(filter(None, (check(one, two) for check in _CHECKS)), ""):
            yield Contradiction((one.criterion, two.criterion), (one.text, two.text), ask)


def _pairs(every: Sequence[Said]) -> Iterator[tuple[Said, Said]]:
    """Statements that share a word which isn't the story's topic."""
    places: dict[str, list[int]] = {}
    for one in every:
        for stem in one.stems:
            places.setdefault(stem, []).append(one.index)
    for one in every:
        shared: Counter[int] = Counter()
        for stem in one.stems:
            if len(places[stem]) <= _COMMON:
                shared.update(index for index in places[stem] if index > one.index)
        for index in sorted(shared):
            yield one, every[index]
