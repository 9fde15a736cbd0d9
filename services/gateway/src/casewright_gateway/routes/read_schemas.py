"""Answers about stories, cases and runs; the body of a request for a generation."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CaseScores,
    CaseStep,
    Coverage,
    Criterion,
    EngineUsed,
    GateFinding,
    Omission,
    OpenQuestion,
    Priority,
    Provenance,
    ReviewDecision,
    SyncTarget,
    Technique,
    TestData,
)
from casewright_gateway.domain.records import CaseRecord, Review, Run, StoryRecord
from casewright_gateway.domain.story_status import StoryStatus
from casewright_gateway.routes.schemas import Body, IssueKey


class StorySummaryOut(BaseModel):
    """A story in a list."""

    id: UUID
    connection_id: UUID
    project_id: UUID
    project_key: str | None = Field(examples=["SHOP"])
    issue_id: str = Field(description="Jira's numeric id.")
    issue_key: str = Field(examples=["SHOP-12"])
    status: StoryStatus
    title: str | None
    issue_type: str | None
    labels: tuple[str, ...]
    revision: int = Field(description="Newest revision of the content; 0 until it came.")
    generation: int = Field(description="Newest generation of cases; 0 until there is one.")
    case_count: int
    failure_code: str | None = Field(description="Why the newest generation failed, if it did.")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, story: StoryRecord) -> Self:
        """As it is shown."""
        return cls.model_validate(story, from_attributes=True)


class StoryOut(StorySummaryOut):
    """A story with its content."""

    text: str | None = Field(description="Plain text; null until the content came.")
    criteria: tuple[Criterion, ...] = Field(
        description="With their places in the text once cases were made of this revision."
    )
    questions: tuple[str, ...] = Field(description="What its author should answer.")
    open_questions: tuple[OpenQuestion, ...] = Field(
        description="The same questions with their kind and place, in the same order."
    )
    omitted: tuple[Omission, ...] = Field(description="What did not fit into the newest generation.")
    retired_cases: tuple["CaseNameOut", ...] = Field(
        description="Cases that nothing in the story asks for any more; `change=retired` lists them whole."
    )
    coverage: Coverage | None
    targets: tuple[SyncTarget, ...] = Field(description="What stands in Jira.")
    failure_detail: str | None

    @classmethod
    def of_story(cls, story: StoryRecord, retired: Sequence[CaseRecord]) -> Self:
        """As it is shown."""
        names = [CaseNameOut(id=each.case.case_id, title=each.case.title) for each in retired]
        shown = {name: getattr(story, name) for name in cls.model_fields if name != "retired_cases"}
        shown |= {"retired_cases": names, "criteria": story.placed_criteria}
        return cls.model_validate(shown, from_attributes=True)


class CaseNameOut(BaseModel):
    """A case by name."""

    id: UUID
    title: str


class QuestionsOut(BaseModel):
    """What a story's author should answer."""

    story_id: UUID
    issue_key: str = Field(examples=["SHOP-12"])
    revision: int = Field(description="Revision of the story that they are about; 0 until there is one.")
    items: tuple[OpenQuestion, ...]


class CaseOut(BaseModel):
    """A test case."""

    id: UUID
    story_id: UUID
    project_id: UUID
    issue_key: str = Field(examples=["SHOP-12"])
    generation: int
    position: int = Field(description="Place among the story's cases, from 0.")
    title: str
    technique: Technique
    priority: Priority
    negative: bool
    condition: str = Field(description="The test condition that it covers.")
    criteria: tuple[str, ...] = Field(description="Ids of the story's criteria.", examples=[["AC-1"]])
    preconditions: tuple[str, ...]
    data: tuple[TestData, ...]
    steps: tuple[CaseStep, ...]
    provenance: Provenance
    gherkin: str = Field(description="The same case as a Gherkin scenario; may be empty.")
    tags: tuple[str, ...]
    scores: CaseScores | None = Field(description="Null for a case that no gate has seen.")
    findings: tuple[GateFinding, ...] = Field(description="The reasons behind the scores.")
    change: CaseChange = Field(description="What became of it since the generation before.")
    review: ReviewDecision | None = Field(description="The last decision on it; null before the first.")
    reviews: int = Field(description="How many decisions there were.")
    proposal_for: UUID | None = Field(description="The case, made theirs by a person, that it is beside.")
    model: str | None = Field(description="Model that wrote it first; null for designer and people.")
    prompt_version: str | None = Field(description="Prompt that it was written with first.")

    @classmethod
    def of(cls, record: CaseRecord) -> Self:
        """As it is shown."""
        about = {name: getattr(record, name) for name in _ABOUT_CASES}
        case = {name: getattr(record.case, name) for name in CaseDraft.model_fields if name != "case_id"}
        return cls.model_validate(about | case | {"id": record.case.case_id}, from_attributes=True)


_ABOUT_CASES = ("story_id", "project_id", "issue_key", "generation", "position")


class ReviewOut(BaseModel):
    """A decision on a case."""

    id: UUID
    story_id: UUID
    review: int = Field(description="Counts the decisions on the case, from 1.")
    decision: ReviewDecision
    reason: str
    reviewed_by: str
    reviewed_at: datetime
    case: CaseDraft = Field(description="The whole case as it stood after the decision.")

    @classmethod
    def of(cls, review: Review) -> Self:
        """As it is shown."""
        return cls.model_validate(review, from_attributes=True)


class ReviewsOut(BaseModel):
    """All decisions on a case, newest first."""

    items: list[ReviewOut]


class RunOutcome(StrEnum):
    """How far a run came."""

    REQUESTED = "requested"
    CASES = "cases"
    NEEDS_DETAIL = "needs_detail"
    RETIRED = "retired"
    FAILED = "failed"


class SyncOut(BaseModel):
    """What became of a generation in Jira."""

    outcome: Literal["written", "unchanged", "superseded", "gone"]
    targets: tuple[SyncTarget, ...]
    at: datetime


class RunOut(BaseModel):
    """One generation, from its request or cause to Jira."""

    id: UUID
    story_id: UUID
    project_id: UUID
    issue_key: str = Field(examples=["SHOP-12"])
    outcome: RunOutcome
    requested_by: str | None = Field(description="Null where a change of the story caused it.")
    requested_at: datetime | None
    revision: int | None
    generation: int | None
    case_count: int
    engine: EngineUsed | None = Field(
        description="Who wrote the cases, tokens and cost; null until it ended."
    )
    coverage: Coverage | None
    failure_code: str | None
    failure_detail: str | None
    started_at: datetime | None
    finished_at: datetime | None
    duration_s: float | None = Field(description="Seconds from start to end; null while unknown.")
    sync: SyncOut | None = Field(description="Null until Jira has it.")
    created_at: datetime

    @classmethod
    def of(cls, run: Run) -> Self:
        """As it is shown."""
        duration_s = None
        if run.started_at is not None and run.finished_at is not None:
            duration_s = max(0.0, (run.finished_at - run.started_at).total_seconds())
        sync = None
        if run.sync_outcome is not None:
            sync = SyncOut.model_validate(
                {"outcome": run.sync_outcome, "targets": run.targets, "at": run.synced_at}
            )
        return cls(
            id=run.id,
            story_id=run.story_id,
            project_id=run.project_id,
            issue_key=run.issue_key,
            outcome=RunOutcome(run.outcome),
            requested_by=run.requested_by,
            requested_at=run.requested_at,
            revision=run.revision,
            generation=run.generation,
            case_count=run.case_count,
            engine=run.engine,
            coverage=run.coverage,
            failure_code=run.failure_code,
            failure_detail=run.failure_detail,
            started_at=run.started_at,
            finished_at=run.finished_at,
            duration_s=duration_s,
            sync=sync,
            created_at=run.created_at,
        )


class GenerationIn(Body):
    """The story whose cases are wanted: exactly one of the two names it."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["issue_key"]}, {"required": ["story_id"]}]}
    )

    issue_key: IssueKey | SkipJsonSchema[None] = None
    story_id: UUID | SkipJsonSchema[None] = Field(default=None, description="Id of the story.")

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if len(self.model_fields_set) != 1 or (self.issue_key is None and self.story_id is None):
            raise ValueError("name the story by `issue_key` or by `story_id`, one of the two")
        return self
