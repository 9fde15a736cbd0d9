"""What is known about one story, and how each event changes it.

Events come in any order across topics, and more than once: every function here ignores what is older than
what is known, so that all orders lead to the same state.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from casewright_common.events import (
    CasesGeneratedV1,
    CasesSyncedV1,
    Coverage,
    Criterion,
    GenerationFailedV1,
    GenerationOutcome,
    IssueEvent,
    Omission,
    OpenQuestion,
    StoryChange,
    StoryChangedV1,
    SyncTarget,
)
from casewright_gateway.domain.story_status import StoryFacts, StoryStatus, status_of


@dataclass(frozen=True)
class StoryState(StoryFacts):
    """All that the gateway keeps of a story.

    Attributes:
        title: From the newest revision; from a generation as long as no revision came.
        text: `None` until a revision came.
        changed_at: When the newest revision was found.
        generated_criteria: Criteria as they stood at the newest generation.
        synced_at: When `synced_outcome` became true.
        updated_at: When the newest event about the story happened.
    """

    project_id: UUID | None = None
    project_key: str | None = None
    issue_key: str = ""
    title: str | None = None
    text: str | None = None
    issue_type: str | None = None
    labels: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    changed_at: datetime | None = None
    questions: tuple[str, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    omitted: tuple[Omission, ...] = ()
    generated_criteria: tuple[Criterion, ...] = ()
    case_count: int = 0
    coverage: Coverage | None = None
    failure_code: str | None = None
    failure_detail: str | None = None
    synced_at: datetime | None = None
    targets: tuple[SyncTarget, ...] = ()
    updated_at: datetime | None = None

    @property
    def status(self) -> StoryStatus:
        """Where the story stands."""
        return status_of(self)


def after_change(state: StoryState, event: StoryChangedV1) -> StoryState:
    """The state once a revision, or the removal, is known."""
    state = _touched(state, event)
    if event.revision <= state.revision:
        return state
    story = event.story
    return replace(
        state,
        revision=event.revision,
        removed=event.change is StoryChange.REMOVED,
        project_id=event.project_id,
        project_key=event.project_key,
        issue_key=event.issue_key,
        title=story.title,
        text=story.text,
        issue_type=story.issue_type,
        labels=story.labels,
        criteria=story.criteria,
        changed_at=event.occurred_at,
    )


def after_generation(state: StoryState, event: CasesGeneratedV1) -> StoryState:
    """The state once a generation is known."""
    state = _touched(state, event)
    if event.generation <= state.generation:
        return state
    state = replace(
        state,
        generation=event.generation,
        generated_revision=event.revision,
        outcome=event.outcome,
        generated_at=event.occurred_at,
        questions=event.questions,
        open_questions=event.open_questions,
        omitted=event.omitted,
        generated_criteria=event.criteria,
        case_count=0 if event.outcome is GenerationOutcome.RETIRED else len(event.cases),
        coverage=event.coverage,
    )
    if state.revision:
        return state
    return replace(
        state,
        project_id=event.project_id,
        project_key=event.project_key,
        issue_key=event.issue_key,
        title=event.story_title,
        criteria=event.criteria,
    )


def after_decision(state: StoryState, event: CasesGeneratedV1) -> StoryState:
    """The state once it is known under which number a decision's cases go to Jira.

    The rest of the event is what was decided here.
    """
    state = _named(_touched(state, event), event.issue_key, event.project_id)
    return replace(state, decided_generation=max(state.decided_generation, event.generation))


def after_failure(state: StoryState, event: GenerationFailedV1) -> StoryState:
    """The state once a failure is known."""
    state = _touched(state, event)
    if state.failed_at is not None and event.occurred_at <= state.failed_at:
        return state
    return replace(
        _named(state, event.issue_key, event.project_id),
        failed_revision=event.revision or 0,
        failed_at=event.occurred_at,
        failure_code=event.code,
        failure_detail=event.detail,
    )


def after_sync(state: StoryState, event: CasesSyncedV1) -> StoryState:
    """The state once it is known what became of a generation in Jira."""
    state = _touched(state, event)
    known = (state.synced_generation, state.synced_at)
    if event.generation < state.synced_generation:
        return state
    if known[0] == event.generation and known[1] is not None and event.occurred_at <= known[1]:
        return state
    return replace(
        _named(state, event.issue_key, event.project_id),
        synced_generation=event.generation,
        synced_outcome=event.outcome,
        synced_at=event.occurred_at,
        targets=event.targets,
    )


def _named(state: StoryState, issue_key: str, project_id: UUID) -> StoryState:
    """Key and project as of an event that doesn't tell more, unless one that does has come."""
    if state.revision or state.generation:
        return state
    return replace(state, issue_key=issue_key, project_id=project_id)


def _touched(state: StoryState, event: IssueEvent) -> StoryState:
    latest = event.occurred_at if state.updated_at is None else max(event.occurred_at, state.updated_at)
    return replace(state, updated_at=latest)
