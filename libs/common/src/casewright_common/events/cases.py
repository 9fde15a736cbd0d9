"""Test cases and what became of them. Terms as in ISTQB's glossary and ISO/IEC/IEEE 29119."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from casewright_common.events.base import IssueEvent, Value
from casewright_common.events.stories import Criterion


class Technique(StrEnum):
    """Test design technique of ISO/IEC/IEEE 29119-4 that a case comes from."""

    USE_CASE = "use_case"
    """The criterion's main scenario: a positive case."""
    EQUIVALENCE_PARTITION = "equivalence_partition"
    BOUNDARY_VALUE = "boundary_value"
    DECISION_TABLE = "decision_table"
    STATE_TRANSITION = "state_transition"
    ROLE_PERMISSION = "role_permission"
    NEGATIVE = "negative"
    ERROR_GUESSING = "error_guessing"


class Priority(StrEnum):
    """How soon a case should be run when time is short."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Provenance(StrEnum):
    """Who wrote a case."""

    DESIGNER = "designer"
    MODEL = "model"
    HUMAN = "human"


class CaseStep(Value):
    """One action and what it must lead to.

    Attributes:
        expected: Observable result; empty where only a later step can be checked.
        criteria: Ids of the criteria that the step checks; empty only with `assumption` set.
        assumption: Whether the step rests on something that the story doesn't say.
    """

    action: str = Field(min_length=1)
    expected: str = ""
    criteria: tuple[str, ...] = ()
    assumption: bool = False


class TestData(Value):
    """One named value of a case.

    Attributes:
        sample: Whether the value is made up, not taken from or derived from the story.
    """

    __test__ = False  # pytest would collect the name

    name: str
    value: str
    sample: bool = False


class CaseDraft(Value):
    """A test case.

    Attributes:
        case_id: Derived from story and content of the test condition: the same condition keeps its id
            over revisions.
        title: Says what is tested and what must come out, in one line.
        condition: The test condition of the plan that the case covers, in words.
        criteria: Ids of the criteria that the case covers, at least one unless every step is an
            assumption.
        steps: In order, at least one.
    """

    case_id: UUID
    title: str = Field(min_length=1)
    technique: Technique
    priority: Priority = Priority.MEDIUM
    negative: bool = False
    condition: str
    criteria: tuple[str, ...] = ()
    preconditions: tuple[str, ...] = ()
    data: tuple[TestData, ...] = ()
    steps: tuple[CaseStep, ...] = Field(min_length=1)
    provenance: Provenance = Provenance.DESIGNER


class GenerationOutcome(StrEnum):
    """How a generation ended."""

    CASES = "cases"
    """There are cases."""
    NEEDS_DETAIL = "needs_detail"
    """The story says too little to test; there are questions instead."""
    RETIRED = "retired"
    """The story is gone, and its cases with it."""


class EngineUsed(Value):
    """What wrote the cases, and what it cost.

    Attributes:
        model: LiteLLM's name of the model; `None` for the designer.
        prompt_version: Version of the prompt; `None` for the designer.
        fallback_reason: Error code that made the designer step in for the model; `None` if it didn't.
        cost_usd: What the provider charged, as LiteLLM computes it; `None` if unknown.
    """

    kind: Literal["designer", "model"]
    model: str | None = None
    prompt_version: str | None = None
    fallback_reason: str | None = None
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


class Coverage(Value):
    """How much of the plan the cases cover.

    Attributes:
        conditions: Number of test conditions in the plan.
        covered: How many of them at least one case covers.
        criteria: Number of criteria; `uncovered_criteria` are the ids of those without a case.
    """

    conditions: int = Field(ge=0)
    covered: int = Field(ge=0)
    criteria: int = Field(ge=0)
    uncovered_criteria: tuple[str, ...] = ()


class CasesGeneratedV1(IssueEvent):
    """Test cases, or questions, exist for one revision of a story.

    Produced by: generator. Consumed by: jira-sync, gateway. Topic: `cases.generated.v1`.

    Attributes:
        request_id: The request that asked for it; `None` where a change of the story did.
        generation: Counts the generations of the story, from 1, over all revisions: the fence of
            whatever is written from it.
        story_title: For readers that don't keep stories.
        questions: What the author should answer; possible beside cases too.
    """

    TYPE: ClassVar[str] = "cases.generated"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    project_key: str
    revision: int = Field(ge=1)
    generation: int = Field(ge=1)
    request_id: UUID | None = None
    outcome: GenerationOutcome
    story_title: str
    criteria: tuple[Criterion, ...] = ()
    cases: tuple[CaseDraft, ...] = ()
    questions: tuple[str, ...] = ()
    engine: EngineUsed
    coverage: Coverage


class GenerationRequestedV1(IssueEvent):
    """Somebody asks for the cases of a story to be written anew.

    Produced by: gateway. Consumed by: generator. Topic: `generation.requested.v1`.

    Attributes:
        requested_by: Who asked: an opaque id of the gateway.
    """

    TYPE: ClassVar[str] = "generation.requested"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    request_id: UUID
    requested_by: str


class GenerationFailedV1(IssueEvent):
    """Nothing could be written for a story.

    Produced by: generator. Consumed by: gateway. Topic: `generation.failed.v1`.

    Attributes:
        code: Stable error code.
        detail: One sentence for a person, without secrets.
    """

    TYPE: ClassVar[str] = "generation.failed"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    revision: int | None = None
    request_id: UUID | None = None
    code: str
    detail: str


class ReviewDecision(StrEnum):
    """What a reviewer decided."""

    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"


class CasesReviewedV1(IssueEvent):
    """A person decided on a case; carries the whole case as it now stands.

    Produced by: gateway. Consumed by: embedder, generator, jira-sync. Topic: `cases.reviewed.v1`.
    """

    TYPE: ClassVar[str] = "cases.reviewed"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    revision: int = Field(ge=1)
    decision: ReviewDecision
    reviewed_by: str
    case: CaseDraft


class SyncTarget(Value):
    """One thing written to Jira.

    Attributes:
        id: Jira's id of the comment or issue.
        case_id: The case that a sub-task stands for; `None` for the comment.
    """

    kind: Literal["comment", "subtask"]
    id: str
    url: str
    case_id: UUID | None = None


class CasesSyncedV1(IssueEvent):
    """What was generated now stands in Jira.

    Produced by: jira-sync. Consumed by: gateway. Topic: `cases.synced.v1`.

    Attributes:
        outcome: `written`; `unchanged` where Jira showed it already; `superseded` where a newer
            generation stands there; `gone` where the issue no longer exists.
    """

    TYPE: ClassVar[str] = "cases.synced"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    revision: int = Field(ge=1)
    generation: int = Field(ge=1)
    outcome: Literal["written", "unchanged", "superseded", "gone"]
    targets: tuple[SyncTarget, ...] = ()
