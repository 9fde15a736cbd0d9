"""Writes of the read model."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    CasesSyncedV1,
    GenerationFailedV1,
    GenerationOutcome,
    IssueEvent,
)
from casewright_common.postgres import Database
from casewright_gateway.adapters import case_rows, review_rows
from casewright_gateway.adapters.storable import storable
from casewright_gateway.adapters.tables import runs, seen_events, stories, syncs
from casewright_gateway.domain.records import CaseRecord
from casewright_gateway.domain.story_state import StoryState
from casewright_gateway.domain.story_status import StoryStatus

_STATE = TypeAdapter(StoryState)
_STATE_COLUMNS = [stories.c[field.name] for field in fields(StoryState)]


class PostgresReadModelUnit:
    """`ReadModelUnit` over one open transaction."""

    def __init__(self, connection: AsyncConnection, event: IssueEvent, story_id: UUID) -> None:
        self._connection = connection
        self._event = event
        self._story_id = story_id
        self._this = (stories.c.org_id == event.org_id) & (stories.c.id == story_id)

    async def lock(self) -> StoryState:
        """See `ReadModelUnit`; makes the row where there is none, so that there is something to lock."""
        event = self._event
        await self._connection.execute(
            upsert(stories)
            .values(
                org_id=event.org_id,
                id=self._story_id,
                connection_id=event.connection_id,
                project_id=_UNKNOWN,
                issue_id=event.issue_id,
                issue_key=event.issue_key,
                status=StoryStatus.PENDING.value,
                created_at=event.occurred_at,
                updated_at=event.occurred_at,
            )
            .on_conflict_do_nothing()
        )
        row = (
            await self._connection.execute(select(*_STATE_COLUMNS).where(self._this).with_for_update())
        ).one()
        return _STATE.validate_python(dict(row._mapping))  # noqa: SLF001  # SQLAlchemy's public name for it

    async def save(self, state: StoryState) -> None:
        """See `ReadModelUnit`."""
        values = _dumped(state)
        await self._connection.execute(
            update(stories).where(self._this).values(**values, status=state.status.value)
        )

    async def cases(self) -> Sequence[CaseDraft]:
        """See `ReadModelUnit`."""
        return await case_rows.shown(self._connection, self._event.org_id, self._story_id)

    async def decided(self) -> Mapping[UUID, CaseDraft]:
        """See `ReadModelUnit`."""
        return await review_rows.latest(self._connection, self._event.org_id, self._story_id)

    async def replace_cases(self, event: CasesGeneratedV1, cases: Sequence[CaseDraft]) -> None:
        """See `ReadModelUnit`."""
        await case_rows.replace(
            self._connection,
            [
                CaseRecord(
                    story_id=self._story_id,
                    project_id=event.project_id,
                    issue_key=event.issue_key,
                    generation=event.generation,
                    position=position,
                    case=case,
                )
                for position, case in enumerate(cases)
            ],
            org_id=event.org_id,
            story_id=self._story_id,
        )

    async def save_generated(self, event: CasesGeneratedV1, started_at: datetime | None) -> None:
        """See `ReadModelUnit`."""
        await self._save_run(
            event.request_id or event.event_id,
            started_at,
            outcome=event.outcome.value,
            project_id=event.project_id,
            revision=event.revision,
            generation=event.generation,
            case_count=0 if event.outcome is GenerationOutcome.RETIRED else len(event.cases),
            engine=storable(event.engine.model_dump(mode="json")),
            coverage=storable(event.coverage.model_dump(mode="json")),
            failure_code=None,
            failure_detail=None,
        )

    async def save_failed(self, event: GenerationFailedV1, started_at: datetime | None) -> None:
        """See `ReadModelUnit`."""
        await self._save_run(
            event.request_id or event.event_id,
            started_at,
            outcome="failed",
            project_id=event.project_id,
            revision=event.revision,
            failure_code=storable(event.code),
            failure_detail=storable(event.detail),
        )

    async def save_synced(self, event: CasesSyncedV1) -> None:
        """See `ReadModelUnit`."""
        statement = upsert(syncs).values(
            org_id=event.org_id,
            story_id=self._story_id,
            generation=event.generation,
            outcome=event.outcome,
            targets=[storable(target.model_dump(mode="json")) for target in event.targets],
            synced_at=event.occurred_at,
        )
        new = statement.excluded
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[syncs.c.org_id, syncs.c.story_id, syncs.c.generation],
                set_={"outcome": new.outcome, "targets": new.targets, "synced_at": new.synced_at},
                where=syncs.c.synced_at < new.synced_at,
            )
        )

    async def started(self, revision: int, at: datetime) -> None:
        """See `ReadModelUnit`."""
        await self._connection.execute(
            update(runs)
            .where(
                runs.c.org_id == self._event.org_id,
                runs.c.story_id == self._story_id,
                runs.c.revision == revision,
                runs.c.started_at.is_(None),
            )
            .values(started_at=at)
        )

    async def _save_run(self, run_id: UUID, started_at: datetime | None, **values: Any) -> None:
        """A run's end; one that ended later stays as it is."""
        event = self._event
        values |= {"finished_at": event.occurred_at}
        await self._connection.execute(
            upsert(runs)
            .values(
                org_id=event.org_id,
                id=run_id,
                story_id=self._story_id,
                issue_key=event.issue_key,
                started_at=started_at,
                created_at=event.occurred_at,
                **values,
            )
            .on_conflict_do_update(
                index_elements=[runs.c.org_id, runs.c.id],
                set_=values,
                where=or_(runs.c.finished_at.is_(None), runs.c.finished_at < event.occurred_at),
            )
        )


class PostgresReadModelStore:
    """`ReadModelStore` in the gateway's schema."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, event: IssueEvent, story_id: UUID) -> AsyncIterator[PostgresReadModelUnit | None]:
        """See `ReadModelStore`."""
        async with self._database.transaction(event.org_id) as connection:
            first = await connection.execute(
                upsert(seen_events)
                .values(org_id=event.org_id, event_id=event.event_id)
                .on_conflict_do_nothing()
                .returning(seen_events.c.event_id)
            )
            new = first.one_or_none() is not None
            yield PostgresReadModelUnit(connection, event, story_id) if new else None


_UNKNOWN = UUID(int=0)


def _dumped(state: StoryState) -> dict[str, Any]:
    plain = _STATE.dump_python(state, mode="json")
    kept = {field.name: getattr(state, field.name) for field in fields(state)}
    return {
        name: value if isinstance(value, datetime | UUID) else storable(plain[name])
        for name, value in kept.items()
    }
