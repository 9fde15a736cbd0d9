"""Reads of the read model: stories, their cases, and the runs that made them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

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
from casewright_common.postgres import Database
from casewright_gateway.adapters.paging import fetch_page
from casewright_gateway.adapters.tables import cases, organisations, runs, stories, syncs
from casewright_gateway.domain.errors import NotFoundError
from casewright_gateway.domain.records import CaseRecord, Page, Run, StoryRecord
from casewright_gateway.domain.story_status import StoryStatus

_TEXTS = TypeAdapter(tuple[str, ...])
_CRITERIA = TypeAdapter(tuple[Criterion, ...])
_TARGETS = TypeAdapter(tuple[SyncTarget, ...])
_DATA = TypeAdapter(tuple[TestData, ...])
_STEPS = TypeAdapter(tuple[CaseStep, ...])


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
            await _known(connection, org_id)
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
        self,
        org_id: UUID,
        *,
        limit: int,
        cursor: str | None,
        story_id: UUID | None = None,
        project_id: UUID | None = None,
        technique: Technique | None = None,
        priority: Priority | None = None,
    ) -> Page[CaseRecord]:
        """Story by story, in each story's order."""
        query = select(cases).where(cases.c.org_id == org_id)
        if story_id is not None:
            query = query.where(cases.c.story_id == story_id)
        if project_id is not None:
            query = query.where(cases.c.project_id == project_id)
        if technique is not None:
            query = query.where(cases.c.technique == technique.value)
        if priority is not None:
            query = query.where(cases.c.priority == priority.value)
        async with self._database.transaction(org_id) as connection:
            await _known(connection, org_id)
            return await fetch_page(
                connection,
                query,
                key=((cases.c.story_id, UUID), (cases.c.position, int), (cases.c.id, UUID)),
                limit=limit,
                cursor=cursor,
                build=_case,
            )

    async def case(self, org_id: UUID, case_id: UUID) -> CaseRecord:
        """Raises `NotFoundError`."""
        query = select(cases).where(cases.c.org_id == org_id, cases.c.id == case_id).limit(1)
        async with self._database.transaction(org_id) as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFoundError("case")
        return _case(row)

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
            await _known(connection, org_id)
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


async def _known(connection: AsyncConnection, org_id: UUID) -> None:
    found = await connection.execute(select(exists().where(organisations.c.id == org_id)))
    if not found.scalar():
        raise NotFoundError("organisation")


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
        revision=max(row.revision, row.generated_revision),
        generation=row.generation,
        case_count=row.case_count,
        coverage=None if row.coverage is None else Coverage.model_validate(row.coverage),
        targets=_TARGETS.validate_python(row.targets),
        failure_code=row.failure_code,
        failure_detail=row.failure_detail,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _case(row: Row[Any]) -> CaseRecord:
    return CaseRecord(
        id=row.id,
        story_id=row.story_id,
        project_id=row.project_id,
        issue_key=row.issue_key,
        generation=row.generation,
        position=row.position,
        title=row.title,
        technique=Technique(row.technique),
        priority=Priority(row.priority),
        negative=row.negative,
        condition=row.condition,
        criteria=_TEXTS.validate_python(row.criteria),
        preconditions=_TEXTS.validate_python(row.preconditions),
        data=_DATA.validate_python(row.data),
        steps=_STEPS.validate_python(row.steps),
        provenance=Provenance(row.provenance),
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
