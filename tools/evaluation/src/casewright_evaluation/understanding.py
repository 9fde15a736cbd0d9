"""How well criteria, constraints, roles, states and exclusions are found, in counts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casewright_common.events import Criterion, Story
from casewright_evaluation.constraints import match_constraints
from casewright_evaluation.matching import CELLS, Matched, likeness, match, match_sets, match_texts, tokens
from casewright_evaluation.reading import Read
from casewright_evaluation.scores import Counts, total
from casewright_evaluation.stories import ExpectedConstraint
from casewright_generator.domain.requirements.model import Constraint

_RETOLD = 0.5
"""Score of a pair told in other words: any likeness of texts comes first."""
LEAST_KEPT = 0.6
"""Share of a row's words that must be left where it is told as a sentence."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was found in one story, and what not."""

    read: Read
    criteria: Matched[str, Criterion]
    constraints: Matched[ExpectedConstraint, Constraint]
    roles: Matched[str, str]
    states: Matched[str, str]
    exclusions: Matched[str, str]


def understand(read: Read) -> Understanding:
    """Hold what was read in a story against its answers."""
    answered, requirements = read.answered, read.requirements
    quotes = [criterion.quote for criterion in answered.criteria]
    return Understanding(
        read,
        match_criteria(quotes, requirements.criteria, read.story),
        match_constraints(answered.constraints, requirements.constraints),
        match_sets(answered.roles, requirements.roles),
        match_sets(answered.states, requirements.states),
        match_texts(answered.out_of_scope, requirements.exclusions),
    )


def match_criteria(
    quotes: Sequence[str], found: Sequence[Criterion], story: Story
) -> Matched[str, Criterion]:
    """Quotes and criteria, one to one: by `likeness`, else as told in other words.

    What ingest told in other words is right if it lost no number of the quote, and either stands where the
    quote does, or is a row: then its first cell and `LEAST_KEPT` of its words must be left.
    """

    def score(quote: str, criterion: Criterion) -> float:
        alike = likeness(quote, criterion.text)
        if alike or not _numbers(quote) <= _numbers(criterion.text):
            return alike
        return _RETOLD if _is_row_of(quote, criterion.text) or _stands_at(quote, criterion, story) else 0.0

    return match(quotes, found, score)


def _is_row_of(quote: str, text: str) -> bool:
    cells = quote.split(CELLS)
    words, left = tokens(quote), frozenset(tokens(text))
    kept = sum(word in left for word in words)
    return len(cells) > 1 and {*tokens(cells[0])} <= left and kept >= LEAST_KEPT * len(words)


def _stands_at(quote: str, criterion: Criterion, story: Story) -> bool:
    if criterion.source is None:
        return False
    whole = story.title if criterion.source.part == "title" else story.text
    return likeness(quote, whole[criterion.source.start : criterion.source.end]) > 0


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def by_kind(stories: Iterable[Understanding]) -> dict[str, Counts]:
    """Counts of constraints by kind, the kinds in alphabetical order."""
    found: dict[str, Counts] = {}
    for one in stories:
        matched = one.constraints
        for constraint, _ in matched.pairs:
            found[constraint.kind] = found.get(constraint.kind, Counts()) + Counts(right=1)
        for constraint in matched.missed:
            found[constraint.kind] = found.get(constraint.kind, Counts()) + Counts(missed=1)
        for surplus in matched.surplus:
            kind = str(surplus.kind)
            found[kind] = found.get(kind, Counts()) + Counts(surplus=1)
    return dict(sorted(found.items()))


def counted(stories: Iterable[Understanding], what: str) -> Counts:
    """Counts of `criteria`, `constraints`, `roles`, `states` or `exclusions` over all stories."""
    matches: list[Matched[object, object]] = [getattr(one, what) for one in stories]
    return total(one.counts for one in matches)
