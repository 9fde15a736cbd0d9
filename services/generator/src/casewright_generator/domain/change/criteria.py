"""Compares the criteria of two revisions."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casewright_common.events import CaseDraft, Criterion


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of each criterion; every one is in exactly one of the four.

    Attributes:
        unchanged: From the id it had to the id it has; its text is the same.
        edited: Ids that name another text now.
        added: Ids that are new.
        removed: Ids that are gone.
    """

    unchanged: Mapping[str, str]
    edited: frozenset[str]
    added: frozenset[str]
    removed: frozenset[str]

    @property
    def affected(self) -> frozenset[str]:
        """Ids of the criteria whose cases can't be what they were."""
        return self.edited | self.added


def diff(before: Sequence[Criterion], now: Sequence[Criterion]) -> Changes:
    """Compare by id and text, where spacing makes no difference.

    A text that stands under another id has moved: it is unchanged, whatever stands in its old place.
    """
    left = {criterion.id: plain(criterion.text) for criterion in before}
    right = {criterion.id: plain(criterion.text) for criterion in now}
    same = {one: one for one, text in left.items() if right.get(one) == text}
    free: dict[str, list[str]] = {}
    for one, text in right.items():
        if one not in same:
            free.setdefault(text, []).append(one)
    for one, text in left.items():
        if one not in same and free.get(text):
            same[one] = free[text].pop(0)
    old, new = left.keys() - same.keys(), right.keys() - set(same.values())
    return Changes(
        unchanged=same,
        edited=frozenset(old & new),
        added=frozenset(new - old),
        removed=frozenset(old - new),
    )


def plain(text: str) -> str:
    """The text without what nobody sees: spacing, and how letters are composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def cited(case: CaseDraft) -> tuple[str, ...]:
    """Ids of all criteria that a case or one of its steps cites, each once."""
    return tuple(dict.fromkeys((*case.criteria, *(one for step in case.steps for one in step.criteria))))


def renamed(case: CaseDraft, names: Mapping[str, str]) -> CaseDraft:
    """The case, citing its criteria by the ids that they have now; the same object where none has changed."""
    if all(names.get(one, one) == one for one in cited(case)):
        return case
    steps = tuple(
        step.model_copy(update={"criteria": _translated(step.criteria, names)}) for step in case.steps
    )
    return case.model_copy(update={"criteria": _translated(case.criteria, names), "steps": steps})


def _translated(ids: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.get(one, one) for one in ids))
