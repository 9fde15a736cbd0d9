"""Stories, claims, generations and cases, in PostgreSQL."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import (
    BudgetExhaustedV1,
    CasesGeneratedV1,
    GenerationFailedV1,
    IssueEvent,
    StoryIndexedV1,
)
from casewright_common.postgres import Database
from casewright_generator.adapters.cases_of_story import read_past, store_cases
from casewright_generator.adapters.tables import claims, generations, stories
from casewright_generator.errors import ClaimLostError
from casewright_generator.service import (
    Build,
    Busy,
    Cause,
    Claimed,
    Done,
    Opened,
    Outcome,
    Past,
    Result,
    Superseded,
    UnknownStory,
)


class GenerationsRepository:
    """`GenerationStore` over the tables of this schema.

    Args:
        database: The generator's.
        lease_s: A claim that isn't renewed for so many seconds is free again.
    """

    def __init__(self, database: Database, *, lease_s: float) -> None:
        self._database = database
        self._lease = timedelta(seconds=lease_s)

    async def open(self, cause: Cause) -> Opened:
        """See `GenerationStore.open`."""
        async with self._database.transaction(cause.org_id) as connection:
            # First the claim, as in `complete`, or the two could wait for each other for ever; and before the
            # look, which thereby sees what the last holder stored.
            token = await self._claim(connection, cause)
            if isinstance(cause, StoryIndexedV1):
                await _note(connection, cause)
            opened = await _look(connection, cause, token)
            if token is not None and not isinstance(opened, Claimed):
                await connection.execute(delete(claims).where(_of(claims, cause)))
            return opened

    async def _claim(self, connection: AsyncConnection, cause: Cause) -> UUID | None:
        row = insert(claims).values(
            **_key(cause), cause_id=cause.event_id, token=uuid4(), expires_at=func.now() + self._lease
        )
        taken = row.on_conflict_do_update(
            index_elements=list(claims.primary_key),
            set_={name: row.excluded[name] for name in ("cause_id", "token", "expires_at")},
            where=claims.c.expires_at < func.now(),
        ).returning(claims.c.token)
        token: UUID | None = await connection.scalar(taken)
        return token

    async def renew(self, claim: Claimed) -> None:
        """See `GenerationStore.renew`."""
        async with self._database.transaction(claim.story.org_id) as connection:
            renewed = await connection.execute(
                update(claims).where(_held(claim)).values(expires_at=func.now() + self._lease)
            )
        if renewed.rowcount == 0:
            raise ClaimLostError(f"the claim on {claim.story.issue_key} ran out")

    async def release(self, claim: Claimed) -> None:
        """See `GenerationStore.release`."""
        async with self._database.transaction(claim.story.org_id) as connection:
            await connection.execute(delete(claims).where(_held(claim)))

    async def past(self, claim: Claimed) -> Past:
        """See `GenerationStore.past`."""
        async with self._database.transaction(claim.story.org_id) as connection:
            return await read_past(connection, claim.story)

    async def complete(self, claim: Claimed, build: Build) -> Result:
        """See `GenerationStore.complete`."""
        story = claim.story
        async with self._database.transaction(story.org_id) as connection:
            held = delete(claims).where(_held(claim)).returning(claims.c.token).cte("held")
            generation = await connection.scalar(
                update(stories)
                .where(_of(stories, story), exists(select(held.c.token)))
                .values(generation=stories.c.generation + 1)
                .returning(stories.c.generation)
            )
            if generation is None:
                raise ClaimLostError(f"the claim on {story.issue_key} ran out")
            # From here on the story's row is ours: whoever records a decision waits for the commit.
            result = build(generation, await read_past(connection, story))
            await connection.execute(insert(generations).values(_row(claim.cause.event_id, result)))
            if isinstance(result.outcome, CasesGeneratedV1):
                await store_cases(connection, result.outcome, result.shelf)
        return result

    async def fail(self, event: GenerationFailedV1) -> Outcome:
        """See `GenerationStore.fail`."""
        if event.caused_by is None:
            raise ValueError("A failure has a cause.")
        async with self._database.transaction(event.org_id) as connection:
            await connection.execute(
                insert(generations).values(_row(event.caused_by, Result(event))).on_conflict_do_nothing()
            )
            stored = await connection.execute(
                select(generations.c.failed, generations.c.event).where(
                    generations.c.org_id == event.org_id, generations.c.cause_id == event.caused_by
                )
            )
            failed, stands = stored.one()
        return _outcome(failed=failed, event=stands)


async def _note(connection: AsyncConnection, story: StoryIndexedV1) -> None:
    row = insert(stories).values(**_key(story), revision=story.revision, event=story.model_dump(mode="json"))
    await connection.execute(
        row.on_conflict_do_update(
            index_elements=list(stories.primary_key),
            set_={"revision": row.excluded.revision, "event": row.excluded.event},
            where=stories.c.revision < row.excluded.revision,
        )
    )


async def _look(connection: AsyncConnection, cause: Cause, token: UUID | None) -> Opened:
    """What there is to do for `cause`, to whoever has the claim (or hasn't, without a token)."""
    of_cause = and_(generations.c.org_id == cause.org_id, generations.c.cause_id == cause.event_id)
    row = await connection.execute(
        select(
            select(stories.c.event).where(_of(stories, cause)).scalar_subquery(),
            select(generations.c.failed).where(of_cause).scalar_subquery(),
            select(generations.c.event).where(of_cause).scalar_subquery(),
            select(generations.c.announced).where(of_cause).scalar_subquery(),
        )
    )
    known, failed, result, announced = row.one()
    # Done comes before superseded: a redelivery publishes what its first delivery stored.
    if result is not None:
        return Done((*_announced(announced), _outcome(failed=failed, event=result)))
    if known is None:
        return UnknownStory()
    story = StoryIndexedV1.model_validate(known)
    if isinstance(cause, StoryIndexedV1) and cause.revision < story.revision:
        return Superseded()
    return Busy() if token is None else Claimed(story, cause, token)


def _key(event: IssueEvent) -> dict[str, Any]:
    return {"org_id": event.org_id, "connection_id": event.connection_id, "issue_id": event.issue_id}


def _of(table: Table, event: IssueEvent) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _key(event).items()))


def _held(claim: Claimed) -> ColumnElement[bool]:
    return and_(_of(claims, claim.story), claims.c.token == claim.token)


def _row(cause_id: UUID, result: Result) -> dict[str, Any]:
    return _key(result.outcome) | {
        "cause_id": cause_id,
        "failed": isinstance(result.outcome, GenerationFailedV1),
        "event": result.outcome.model_dump(mode="json"),
        "announced": [event.model_dump(mode="json") for event in result.announced],
    }


def _outcome(*, failed: bool, event: dict[str, Any]) -> Outcome:
    return (GenerationFailedV1 if failed else CasesGeneratedV1).model_validate(event)


def _announced(events: list[dict[str, Any]]) -> tuple[BudgetExhaustedV1, ...]:
    return tuple(BudgetExhaustedV1.model_validate(event) for event in events)
