"""Reads of the read model: stories, their cases, and the runs that made them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import (
    CaseChange,
    Coverage,
    Criterion,
    EngineUsed,
    Omission,
    OpenQuestion,
    SyncTarget,
)
from casewright_common.postgres import Database
from casewright_gateway.adapters import case_rows, review_rows
from casewright_gateway.adapters.paging import fetch_page
from casewright_gateway.adapters.tables import cases, organisations, runs, stories, syncs
from casewright_gateway.domain.errors import NotFoundError
from casewright_gateway.domain.records import CaseRecord, Page, Review, Run, StoryRecord
from casewright_gateway.domain.story_status import StoryStatus
from casewright_gateway.service.stories import CaseFilter, ReviewState

_TEXTS = TypeAdapter(tuple[str, ...])
_CRITERIA = TypeAdapter(tuple[Criterion, ...])
_TARGETS = TypeAdapter(tuple[SyncTarget, ...])
_QUESTIONS = TypeAdapter(tuple[OpenQuestion, ...])
_OMITTED = TypeAdapter(tuple[Omission, ...])


class PostgresStories:
    """`Stories` over the gateway's schema."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stories(
        self,
        org_id: UUID,
        *,
        limit: int,
        cursor: str | None,
        project_id: UUID | None = None,
        issue_key: str | None = None,
        text: str | None = None,
        status: StoryStatus | None = None,
    ) -> Page[StoryRecord]:
        """Newest first."""
        query = select(stories).where(stories.c.org_id == org_id)
        if project_id is not None:
            query = query.where(stories.c.project_id == project_id)
        if issue_key is not None:
            query = query.where(stories.c.issue_key == issue_key)
        if status is not None:
            query = query.where(stories.c.status == status.value)
        if text is not None:
            query = query.where(
                or_(
                    stories.c.title.icontains(text, autoescape=True),
                    stories.c.text.icontains(text, autoescape=True),
                    stories.c.issue_key.icontains(text, autoescape=True),
                )
            )
        async with self._database.transaction(org_id) as connection:
            await known_organisation(connection, org_id)
            return await fetch_page(
                connection,
                query,
                key=((stories.c.created_at, datetime), (stories.c.id, UUID)),
                limit=limit,
                cursor=cursor,
                build=_story,
                descending=True,
            )

    async def story(self, org_id: UUID, story_id: UUID) -> StoryRecord:
        """Raises `NotFoundError`."""
        async with self._database.transaction(org_id) as connection:
            return await story_named(connection, org_id, story_id=story_id, issue_key=None)

    async def cases(
        self, org_id: UUID, *, limit: int, cursor: str | None, only: CaseFilter
    ) -> Page[CaseRecord]:
        """Story by story, in each story's order."""
        query = select(cases).where(cases.c.org_id == org_id, *_conditions(only))
        async with self._database.transaction(org_id) as connection:
            await known_organisation(connection, org_id)
            return await fetch_page(
                connection,
                query,
                key=((cases.c.story_id, UUID), (cases.c.position, int), (cases.c.id, UUID)),
                limit=limit,
                cursor=cursor,
                build=case_rows.record,
            )

    async def case(self, org_id: UUID, case_id: UUID) -> CaseRecord:
        """Raises `NotFoundError`."""
        query = select(cases).where(cases.c.org_id == org_id, cases.c.id == case_id).limit(1)
        async with self._database.transaction(org_id) as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFoundError("case")
        return case_rows.record(row)

    async def reviews(self, org_id: UUID, case_id: UUID) -> Sequence[Review]:
        """All decisions on a case, newest first."""
        async with self._database.transaction(org_id) as connection:
            return await review_rows.of_case(connection, org_id, case_id)

    async def runs(
        self,
        org_id: UUID,
        *,
        limit: int,
        cursor: str | None,
        story_id: UUID | None = None,
        project_id: UUID | None = None,
        outcome: str | None = None,
    ) -> Page[Run]:
        """Newest first."""
        query = _runs().where(runs.c.org_id == org_id)
        if story_id is not None:
            query = query.where(runs.c.story_id == story_id)
        if project_id is not None:
            query = query.where(runs.c.project_id == project_id)
        if outcome is not None:
            query = query.where(runs.c.outcome == outcome)
        async with self._database.transaction(org_id) as connection:
            await known_organisation(connection, org_id)
            return await fetch_page(
                connection,
                query,
                key=((runs.c.created_at, datetime), (runs.c.id, UUID)),
                limit=limit,
                cursor=cursor,
                build=_run,
                descending=True,
            )

    async def run(self, org_id: UUID, run_id: UUID) -> Run:
        """Raises `NotFoundError`."""
        async with self._database.transaction(org_id) as connection:
            return await run_by_id(connection, org_id, run_id)


async def story_named(
    connection: AsyncConnection, org_id: UUID, *, story_id: UUID | None, issue_key: str | None
) -> StoryRecord:
    """By id, or else by Jira's key: the one that was heard of last, where two sites have that key.

    Raises:
        NotFoundError: There is none.
    """
    query = select(stories).where(stories.c.org_id == org_id)
    if story_id is not None:
        query = query.where(stories.c.id == story_id)
    else:
        query = query.where(stories.c.issue_key == issue_key).order_by(stories.c.updated_at.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFoundError("story")
    return _story(row)


async def run_by_id(connection: AsyncConnection, org_id: UUID, run_id: UUID) -> Run:
    """Raises `NotFoundError`."""
    query = _runs().where(runs.c.org_id == org_id, runs.c.id == run_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFoundError("run")
    return _run(row)


async def known_organisation(connection: AsyncConnection, org_id: UUID) -> None:
    """Raises `NotFoundError` unless the organisation is there."""
    found = await connection.execute(select(exists().where(organisations.c.id == org_id)))
    if not found.scalar():
        raise NotFoundError("organisation")


def _conditions(only: CaseFilter) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (cases.c.story_id, only.story_id),
        (cases.c.project_id, only.project_id),
        (cases.c.technique, only.technique),
        (cases.c.priority, only.priority),
        (cases.c.prompt_version, only.prompt_version),
    ):
        if value is not None:
            yield column == value
    if only.review is ReviewState.OPEN:
        yield cases.c.review.is_(None)
    elif only.review is not None:
        yield cases.c.review == only.review
    if only.change is None:
        yield cases.c.change != CaseChange.RETIRED
    else:
        yield cases.c.change == only.change
    if only.tag is not None:
        yield cases.c.tags.contains([only.tag])
    if only.min_score is not None:
        yield cases.c.score >= only.min_score


def _runs() -> Select[Any]:
    same = and_(
        syncs.c.org_id == runs.c.org_id,
        syncs.c.story_id == runs.c.story_id,
        syncs.c.generation == runs.c.generation,
    )
    return select(
        runs, syncs.c.outcome.label("sync_outcome"), syncs.c.targets, syncs.c.synced_at
    ).outerjoin_from(runs, syncs, same)


def _story(row: Row[Any]) -> StoryRecord:
    return StoryRecord(
        id=row.id,
        connection_id=row.connection_id,
        project_id=row.project_id,
        project_key=row.project_key,
        issue_id=row.issue_id,
        issue_key=row.issue_key,
        status=StoryStatus(row.status),
        title=row.title,
        text=row.text,
        issue_type=row.issue_type,
        labels=_TEXTS.validate_python(row.labels),
        criteria=_CRITERIA.validate_python(row.criteria),
        questions=_TEXTS.validate_python(row.questions),
        open_questions=_QUESTIONS.validate_python(row.open_questions),
        omitted=_OMITTED.validate_python(row.omitted),
        revision=max(row.revision, row.generated_revision),
        generation=row.generation,
        generated_revision=row.generated_revision,
        generated_criteria=_CRITERIA.validate_python(row.generated_criteria),
        case_count=row.case_count,
        coverage=None if row.coverage is None else Coverage.model_validate(row.coverage),
        targets=_TARGETS.validate_python(row.targets),
        failure_code=row.failure_code,
        failure_detail=row.failure_detail,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        story_id=row.story_id,
        project_id=row.project_id,
        issue_key=row.issue_key,
        outcome=row.outcome,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        revision=row.revision,
        generation=row.generation,
        case_count=row.case_count,
        engine=None if row.engine is None else EngineUsed.model_validate(row.engine),
        coverage=None if row.coverage is None else Coverage.model_validate(row.coverage),
        failure_code=row.failure_code,
        failure_detail=row.failure_detail,
        started_at=row.started_at,
        finished_at=row.finished_at,
        sync_outcome=row.sync_outcome,
        targets=_TARGETS.validate_python(row.targets or ()),
        synced_at=row.synced_at,
        created_at=row.created_at,
    )
