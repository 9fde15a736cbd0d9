"""What is known of a story's cases from before."""

from dataclasses import dataclass

from casewright_common.events import CaseDraft, Criterion, EngineUsed, ReviewDecision
from casewright_generator.domain.change.criteria import cited


@dataclass(frozen=True, slots=True)
class Decision:
    """The last decision of a person on a case.

    Attributes:
        number: Counts the decisions on the case, from 1.
        case: The whole case as it then stood.
        criteria: Those that it cited, as they then read; may be empty where nobody told.
    """

    number: int
    decision: ReviewDecision
    case: CaseDraft
    reason: str = ""
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A case that was once written for the story.

    Attributes:
        draft: As it was last written.
        basis: The criteria that it was written from, as they then read.
        listed: Whether the latest generation has it among its cases.
        decision: What a person decided about it last; `None` if nobody did.
    """

    draft: CaseDraft
    basis: tuple[Criterion, ...]
    listed: bool = True
    decision: Decision | None = None

    @property
    def is_human(self) -> bool:
        """Whether a person approved or edited it: nobody but a person may change it."""
        return self.decision is not None and self.decision.decision is not ReviewDecision.REJECTED

    @property
    def is_rejected(self) -> bool:
        """Whether a person turned it down."""
        return self.decision is not None and self.decision.decision is ReviewDecision.REJECTED

    @property
    def case(self) -> CaseDraft:
        """The case as it stands, with what was decided about it."""
        if self.decision is None:
            return self.draft
        told = {"review": self.decision.decision, "reviews": self.decision.number}
        return (self.decision.case if self.is_human else self.draft).model_copy(update=told)

    @property
    def made_from(self) -> tuple[Criterion, ...]:
        """The criteria that it fits: as whoever decided on it last saw them, or as it was written from."""
        seen = self.decision.criteria if self.decision is not None and self.is_human else ()
        known = {criterion.id: criterion for criterion in (*self.basis, *seen)}
        return tuple(known[one] for one in cited(self.case) if one in known)


@dataclass(frozen=True, slots=True)
class Past:
    """A story's cases up to now.

    Attributes:
        criteria: What the latest generation was made from; empty where it has no cases.
        engine: What wrote them.
        cases: All that are kept, listed or not.
    """

    criteria: tuple[Criterion, ...] = ()
    engine: EngineUsed | None = None
    cases: tuple[Known, ...] = ()
