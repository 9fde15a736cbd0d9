"""Which new case takes the place of which old one."""

from collections.abc import Sequence
from uuid import UUID

from casewright_common.events import CaseDraft
from casewright_generator.domain.change.criteria import cited
from casewright_generator.domain.learning.likeness import likeness, marks

_ALIKE = 0.3
"""Below this a machine's case isn't an update of another, but a new one."""


def pair(old: Sequence[CaseDraft], new: Sequence[CaseDraft], *, strict: bool) -> dict[UUID, UUID]:
    """From new case to the old one whose place it takes, each at most once.

    The same id comes first; then cases that share a criterion, the most alike first.

    Args:
        old: Cases whose criteria have changed.
        new: Cases written for the criteria as they are.
        strict: Whether technique and sense must be the same, and the words alike.
    """
    found = {case.case_id: case.case_id for case in new if case.case_id in {one.case_id for one in old}}
    taken = set(found)
    texts = {case.case_id: marks(f"{case.title} {case.condition}") for case in (*old, *new)}
    ranked = []
    for place, one in enumerate(old):
        for index, other in enumerate(new):
            if one.case_id in taken or other.case_id in found or not set(cited(one)) & set(cited(other)):
                continue
            kind = (one.technique is other.technique, one.negative is other.negative)
            alike = likeness(texts[one.case_id], texts[other.case_id])
            if strict and (not all(kind) or alike < _ALIKE):
                continue
            ranked.append((kind[0] + kind[1], alike, -place, -index, other.case_id, one.case_id))
    for *_, new_id, old_id in sorted(ranked, reverse=True, key=lambda row: row[:4]):
        if new_id not in found and old_id not in taken:
            found[new_id] = old_id
            taken.add(old_id)
    return found
