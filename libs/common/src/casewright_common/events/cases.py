"""Test cases and what became of them. Terms as in ISTQB's glossary and ISO/IEC/IEEE 29119."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from casewright_common.events.base import IssueEvent, Moment, Value
from casewright_common.events.stories import Criterion


class Technique(StrEnum):
    """Test design technique of ISO/IEC/IEEE 29119-4 that a case comes from."""

    USE_CASE = "use_case"
    """The criterion's main scenario: a positive case."""
    EQUIVALENCE_PARTITION = "equivalence_partition"
    BOUNDARY_VALUE = "boundary_value"
    DECISION_TABLE = "decision_table"
    STATE_TRANSITION = "state_transition"
    PAIRWISE = "pairwise"
    """Every pair of values of several parameters, in few cases."""
    ROLE_PERMISSION = "role_permission"
    NEGATIVE = "negative"
    ERROR_GUESSING = "error_guessing"
    NON_FUNCTIONAL = "non_functional"
    """A quality that the story gives a measure for: time, load, size."""


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


class CaseChange(StrEnum):
    """What became of a case since the story's last generation."""

    NEW = "new"
    KEPT = "kept"
    """Its criteria are as they were."""
    UPDATED = "updated"
    """Its criteria have changed, and it with them."""
    STALE = "stale"
    """Its criteria have changed, but a person made it theirs: a proposal stands beside it."""
    RETIRED = "retired"
    """Its criteria are gone."""


class ReviewDecision(StrEnum):
    """What a reviewer decided."""

    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"


class GateFinding(Value):
    """Something that the gate noticed in a case.

    Attributes:
        check: Stable code in snake case, such as `invented_number` or `unverified_step`.
        blocking: Whether a case is not let through with it.
        detail: What exactly, in a sentence; may quote the case.
        step: Number of the step, from 1; `None` for the whole case.
    """

    check: str
    blocking: bool = False
    detail: str = ""
    step: int | None = None


class CaseScores(Value):
    """How good a case is, each from 0 (bad) to 1.

    Attributes:
        grounded: Share of its facts (numbers, quoted texts, names) that story, context or condition say.
        cited: Share of its steps that cite a criterion or are marked as an assumption.
        verifiable: Share of its expected results that name something to be seen.
        distinct: How little it repeats of the most similar other case.
        overall: The mean, less what findings cost.
    """

    grounded: float = Field(ge=0, le=1)
    cited: float = Field(ge=0, le=1)
    verifiable: float = Field(ge=0, le=1)
    distinct: float = Field(ge=0, le=1)
    overall: float = Field(ge=0, le=1)


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
        gherkin: The same case as a Gherkin scenario; empty where nobody wrote it so.
        tags: For filters: technique, roles, labels of the story; lower case, without spaces.
        scores: What the gate thinks of it; `None` for a case that no gate has seen.
        findings: The reasons behind the scores.
        change: What became of it since the last generation.
        review: The last decision of a person on it; `None` before the first.
        reviews: How many decisions of people it takes into account, `CasesReviewedV1.review` of the last one:
            who writes the case anew carries it over, so that readers see which decisions were known.
        proposal_for: Id of the case beside which this one is proposed, which a person made theirs.
        model: LiteLLM's name of the model that wrote it; `None` for the designer and people.
        prompt_version: Version of the prompt that it was written with; `None` without a model.
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
    gherkin: str = ""
    tags: tuple[str, ...] = ()
    scores: CaseScores | None = None
    findings: tuple[GateFinding, ...] = ()
    change: CaseChange = CaseChange.NEW
    review: ReviewDecision | None = None
    reviews: int = Field(default=0, ge=0)
    proposal_for: UUID | None = None
    model: str | None = None
    prompt_version: str | None = None


class QuestionKind(StrEnum):
    """Why something is asked."""

    VAGUE_WORD = "vague_word"
    """A word that can't be measured: `fast`, `appropriate`, `etc.`."""
    CONTRADICTION = "contradiction"
    """Two statements that can't both hold."""
    MISSING_OUTCOME = "missing_outcome"
    """What must be seen isn't said, often beyond a limit."""
    ASSUMPTION = "assumption"
    """A case rests on something that the story doesn't say."""
    UNCLEAR_CRITERION = "unclear_criterion"
    """A criterion that can't be taken apart."""
    UNCLEAR_STORY = "unclear_story"
    """The story as a whole says too little."""


class OpenQuestion(Value):
    """What the story's author should answer.

    Attributes:
        question_id: Derived from story, kind and what is asked about: stable over revisions.
        criteria: Ids of the criteria that it is about; empty for the story as a whole.
        term: The word, or the place in the story, that it is about, as written; may be empty.
    """

    question_id: UUID
    kind: QuestionKind
    text: str = Field(min_length=1)
    criteria: tuple[str, ...] = ()
    term: str = ""


class OmittedKind(StrEnum):
    """What was left out."""

    CRITERIA = "criteria"
    TEXT = "text"
    CONDITIONS = "conditions"
    CASES = "cases"
    PASSAGES = "passages"
    EXAMPLES = "examples"


class Omission(Value):
    """Something that did not fit, so that nothing is cut silently.

    Attributes:
        count: How many (characters, for a text).
        detail: What, and by which bound, in a sentence.
    """

    kind: OmittedKind
    count: int = Field(ge=1)
    detail: str


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
        payer: Whose key paid: `user`, `organisation` or `system`; `None` where nobody did.
        cached: Whether an earlier answer to the same was used, without a call.
    """

    kind: Literal["designer", "model"]
    model: str | None = None
    prompt_version: str | None = None
    fallback_reason: str | None = None
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    payer: Literal["user", "organisation", "system"] | None = None
    cached: bool = False


class Coverage(Value):
    """How much of the plan the cases cover.

    Attributes:
        conditions: Number of test conditions in the plan.
        covered: How many of them at least one case covers.
        criteria: Number of criteria; `uncovered_criteria` are the ids of those without a case.
        approved: How many of the covered conditions an approved case covers, which nobody paid for again.
    """

    conditions: int = Field(ge=0)
    covered: int = Field(ge=0)
    criteria: int = Field(ge=0)
    uncovered_criteria: tuple[str, ...] = ()
    approved: int = Field(default=0, ge=0)


class CasesGeneratedV1(IssueEvent):
    """Test cases, or questions, exist for one revision of a story.

    Produced by: generator. Consumed by: jira-sync, gateway. Topic: `cases.generated.v1`.

    Attributes:
        request_id: The request that asked for it; `None` where a change of the story did.
        generation: Counts the generations of the story, from 1, over all revisions: the fence of
            whatever is written from it.
        decided_on: The generation whose cases these are, as people decided on them since; `None` for a
            generation of its own. Such an event is no new run and cost nothing.
        story_title: For readers that don't keep stories.
        questions: What the author should answer; possible beside cases too.
        open_questions: The same questions with their kind and place, in the same order.
        retired_cases: Cases of the last generation whose criteria are gone.
        omitted: What did not fit.
    """

    TYPE: ClassVar[str] = "cases.generated"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    project_key: str
    revision: int = Field(ge=1)
    generation: int = Field(ge=1)
    decided_on: int | None = Field(default=None, ge=1)
    request_id: UUID | None = None
    outcome: GenerationOutcome
    story_title: str
    criteria: tuple[Criterion, ...] = ()
    cases: tuple[CaseDraft, ...] = ()
    questions: tuple[str, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    retired_cases: tuple[CaseDraft, ...] = ()
    omitted: tuple[Omission, ...] = ()
    engine: EngineUsed
    coverage: Coverage


class GenerationRequestedV1(IssueEvent):
    """Somebody asks for the cases of a story to be written anew.

    Produced by: gateway. Consumed by: generator. Topic: `generation.requested.v1`.

    Attributes:
        requested_by: Who asked: an opaque id of the gateway. Their keys and budget go before the
            organisation's.
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


class CasesReviewedV1(IssueEvent):
    """A person decided on a case; carries the whole case as it now stands.

    Produced by: gateway. Consumed by: embedder, generator. Topic: `cases.reviewed.v1`.

    Attributes:
        reviewed_by: Who decided: an opaque id of the gateway.
        review: Counts the decisions on the case, from 1: the fence of what is written from it.
        reason: Why a case was rejected, in the reviewer's words; may be empty.
        criteria: Texts of the criteria that the case cites, as they stood when it was decided on.
    """

    TYPE: ClassVar[str] = "cases.reviewed"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    revision: int = Field(ge=1)
    decision: ReviewDecision
    reviewed_by: str
    case: CaseDraft
    review: int = Field(default=1, ge=1)
    reason: str = ""
    criteria: tuple[Criterion, ...] = ()


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


class BudgetExhaustedV1(IssueEvent):
    """A budget's limit is reached: models are not asked at its expense until `resets_at`.

    Produced by: generator, once per budget and period. Consumed by: gateway. Topic: `budget.exhausted.v1`.
    The issue is the one whose generation met the limit.

    Attributes:
        scope: Whose budget it is; `user_id` names the user, `project_id` the project.
        limit_usd: The limit of the period.
        spent_usd: What was spent of it, with what the refused call was estimated at.
    """

    TYPE: ClassVar[str] = "budget.exhausted"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    scope: Literal["user", "project", "organisation"]
    user_id: str | None = None
    limit_usd: float
    spent_usd: float
    resets_at: Moment
