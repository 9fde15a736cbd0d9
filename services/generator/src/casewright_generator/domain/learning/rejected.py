"""A case that a person turned down."""

from dataclasses import dataclass

from casewright_common.events import CaseDraft


@dataclass(frozen=True, slots=True)
class Rejected:
    """A case that a person of the same project turned down.

    Attributes:
        reason: In the reviewer's words; may be empty.
    """

    case: CaseDraft
    reason: str = ""
