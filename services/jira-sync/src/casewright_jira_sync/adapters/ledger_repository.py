"""The ledger in PostgreSQL."""

from datetime import timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casewright_common.postgres import Database
from casewright_jira_sync.adapters.tables import NO_CASE, stories, targets
from casewright_jira_sync.domain.claim import Decision, Granted, Settled, StoryState, SyncOutcome, decide
from casewright_jira_sync.lease import Placed, StoryKey, TargetKind

# Not now(), which is when the transaction began: a claim may have waited for the row's lock since.
_NOW = sa.func.clock_timestamp()


class LedgerRepository:
    """Claims and targets; implements `Ledger`. Leases run by the database's clock alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, story: StoryKey, generation: int, *, owner: UUID, lease_s: float) -> Decision:
        """See `Ledger.claim`."""
        async with self._database.transaction(story.org_id) as connection:
            await connection.execute(insert(stories).values(**_key(story)).on_conflict_do_nothing())
            row = (
                await connection.execute(
                    sa.select(
                        stories,
                        sa.func.extract("epoch", stories.c.lease_until - _NOW).label("lease_left_s"),
                    )
                    .where(_is(stories, story))
                    .with_for_update()
                )
            ).one()
            decision = decide(
                StoryState(
                    generation=row.generation,
                    leased=row.lease_owner is not None,
                    lease_left_s=float(row.lease_left_s or 0.0),
                    suspect=row.suspect,
                    settled_generation=row.settled_generation,
                    settled=_settled(row.settled_outcome, row.settled_at),
                ),
                generation,
            )
            if isinstance(decision, Granted):
                await connection.execute(
                    sa.update(stories)
                    .where(_is(stories, story))
                    .values(
                        generation=generation,
                        lease_owner=owner,
                        lease_until=_NOW + timedelta(seconds=lease_s),
                        suspect=decision.suspect,
                    )
                )
            return decision

    async def renew(self, story: StoryKey, *, owner: UUID, lease_s: float) -> bool:
        """See `Ledger.renew`."""
        async with self._database.transaction(story.org_id) as connection:
            renewed = await connection.execute(
                sa.update(stories)
                .where(_is(stories, story), stories.c.lease_owner == owner)
                .values(lease_until=_NOW + timedelta(seconds=lease_s))
                .returning(stories.c.issue_id)
            )
            return renewed.one_or_none() is not None

    async def placed(self, story: StoryKey) -> tuple[Placed, ...]:
        """See `Ledger.placed`."""
        async with self._database.transaction(story.org_id) as connection:
            rows = await connection.execute(sa.select(targets).where(_is(targets, story)))
            return tuple(
                Placed(
                    kind=cast("TargetKind", row.kind),
                    case_id=None if row.case_id == NO_CASE else row.case_id,
                    jira_id=row.jira_id,
                    jira_key=row.jira_key,
                    content_hash=row.content_hash,
                    generation=row.generation,
                    retired=row.retired,
                )
                for row in rows
            )

    async def record(self, story: StoryKey, placed: Placed, *, owner: UUID) -> bool:
        """See `Ledger.record`."""
        content = {
            "jira_id": placed.jira_id,
            "jira_key": placed.jira_key,
            "content_hash": placed.content_hash,
            "generation": placed.generation,
            "retired": placed.retired,
        }
        async with self._database.transaction(story.org_id) as connection:
            # The row's lock keeps a successor from claiming between this check and our commit.
            held = await connection.execute(
                sa.select(stories.c.issue_id)
                .where(_is(stories, story), stories.c.lease_owner == owner)
                .with_for_update()
            )
            if held.one_or_none() is None:
                return False
            key = {**_key(story), "kind": placed.kind, "case_id": placed.case_id or NO_CASE}
            await connection.execute(
                insert(targets)
                .values(**key, **content)
                .on_conflict_do_update(index_elements=list(key), set_=content)
            )
            return True

    async def settle(
        self, story: StoryKey, generation: int, outcome: SyncOutcome, *, owner: UUID, suspect: bool
    ) -> Settled | None:
        """See `Ledger.settle`."""
        before = stories.c.settled_generation == generation
        async with self._database.transaction(story.org_id) as connection:
            row = (
                await connection.execute(
                    sa.update(stories)
                    .where(_is(stories, story), stories.c.lease_owner == owner)
                    .values(
                        lease_owner=None,
                        lease_until=None,
                        suspect=suspect,
                        settled_generation=generation,
                        settled_outcome=sa.case((before, stories.c.settled_outcome), else_=outcome),
                        settled_at=sa.case((before, stories.c.settled_at), else_=_NOW),
                    )
                    .returning(stories.c.settled_outcome, stories.c.settled_at)
                )
            ).one_or_none()
            return None if row is None else _settled(row.settled_outcome, row.settled_at)

    async def release(self, story: StoryKey, *, owner: UUID, suspect: bool) -> None:
        """See `Ledger.release`."""
        async with self._database.transaction(story.org_id) as connection:
            await connection.execute(
                sa.update(stories)
                .where(_is(stories, story), stories.c.lease_owner == owner)
                .values(lease_owner=None, lease_until=None, suspect=suspect)
            )


def _key(story: StoryKey) -> dict[str, object]:
    return {"org_id": story.org_id, "connection_id": story.connection_id, "issue_id": story.issue_id}


def _is(table: sa.Table, story: StoryKey) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == value for name, value in _key(story).items()))


def _settled(outcome: str | None, at: object) -> Settled | None:
    return None if outcome is None else Settled(outcome, at)  # type: ignore[arg-type]  # the columns are typed loosely
