"""Answers about stories, cases and runs; the body of a request for a generation."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from casewright_common.events import (
    CaseStep,
    Coverage,
    Criterion,
    EngineUsed,
    Priority,
    Provenance,
    SyncTarget,
    Technique,
    TestData,
)
from casewright_gateway.domain.records import CaseRecord, Run, StoryRecord
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
    criteria: tuple[Criterion, ...]
    questions: tuple[str, ...] = Field(description="What its author should answer.")
    coverage: Coverage | None
    targets: tuple[SyncTarget, ...] = Field(description="What stands in Jira.")
    failure_detail: str | None


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

    @classmethod
    def of(cls, case: CaseRecord) -> Self:
        """As it is shown."""
        return cls.model_validate(case, from_attributes=True)


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
