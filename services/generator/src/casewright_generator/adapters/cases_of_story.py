"""The cases of one story in PostgreSQL, within somebody else's transaction."""

from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Table, and_, delete, exists, not_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CasesGeneratedV1,
    Criterion,
    EngineUsed,
    GenerationOutcome,
    IssueEvent,
    ReviewDecision,
)
from casewright_generator.adapters.tables import cases, reviews, stories
from casewright_generator.domain.change.criteria import cited
from casewright_generator.service import Decision, Known, Past

_SHELF_LIFE = 20
"""Generations that a machine's case is kept for after it was last listed."""


async def read_past(connection: AsyncConnection, story: IssueEvent) -> Past:
    """What is known of a story's cases; a decision on a case that isn't kept any more brings it back."""
    row = (
        await connection.execute(select(stories.c.made_from, stories.c.engine).where(_of(stories, story)))
    ).one_or_none()
    decided = {
        one["case_id"]: _decision(one)
        for one in (await connection.execute(select(reviews).where(_of(reviews, story)))).mappings()
    }
    known = [
        Known(
            draft=CaseDraft.model_validate(one.draft),
            basis=_criteria(one.basis),
            listed=one.listed,
            decision=decided.pop(one.case_id, None),
        )
        for one in await connection.execute(
            select(cases)
            .where(_of(cases, story))
            .order_by(cases.c.listed.desc(), cases.c.place, cases.c.case_id)
        )
    ]
    known += [Known(one.case, one.criteria, decision=one) for one in decided.values()]
    return Past(
        criteria=_criteria(row.made_from) if row else (),
        engine=EngineUsed.model_validate(row.engine) if row and row.engine else None,
        cases=tuple(known),
    )


async def store_cases(connection: AsyncConnection, event: CasesGeneratedV1, shelf: AbstractSet[UUID]) -> None:
    """Make the event's cases the story's, and take all others off the list but those on the shelf away."""
    there = event.outcome is GenerationOutcome.CASES
    await connection.execute(
        update(stories)
        .where(_of(stories, event))
        .values(
            made_from=_dumped(event.criteria) if there else [],
            engine=event.engine.model_dump(mode="json") if there else None,
        )
    )
    own = _of(cases, event)
    listed = [case.case_id for case in event.cases]
    await connection.execute(delete(cases).where(own, cases.c.case_id.not_in([*listed, *shelf])))
    await connection.execute(update(cases).where(own).values(listed=False))
    if listed:
        await _upsert(connection, event)
    decided = exists().where(_of(reviews, event), reviews.c.case_id == cases.c.case_id)
    old = cases.c.generation < event.generation - _SHELF_LIFE
    await connection.execute(delete(cases).where(own, not_(cases.c.listed), old, not_(decided)))


async def _upsert(connection: AsyncConnection, event: CasesGeneratedV1) -> None:
    criteria = {criterion.id: criterion for criterion in event.criteria}
    # A stale case keeps what it was written from: by that it is known to be stale.
    stale = {case.case_id for case in event.cases if case.change is CaseChange.STALE}
    rows = [
        _key(event)
        | {
            "case_id": case.case_id,
            "revision": event.revision,
            "generation": event.generation,
            "draft": case.model_dump(mode="json"),
            "basis": []
            if case.case_id in stale
            else _dumped([criteria[one] for one in cited(case) if one in criteria]),
            "listed": True,
            "place": place,
        }
        for place, case in enumerate(event.cases)
    ]
    for fresh, names in (
        ([row for row in rows if row["case_id"] not in stale], ("basis",)),
        ([row for row in rows if row["case_id"] in stale], ()),
    ):
        if fresh:
            row = insert(cases)
            changed = ("revision", "generation", "draft", "listed", "place", *names)
            await connection.execute(
                row.on_conflict_do_update(
                    index_elements=list(cases.primary_key),
                    set_={name: row.excluded[name] for name in changed},
                ),
                fresh,
            )


def _decision(row: RowMapping) -> Decision:
    return Decision(
        number=row["number"],
        decision=ReviewDecision(row["decision"]),
        case=CaseDraft.model_validate(row["draft"]),
        reason=row["reason"],
        criteria=_criteria(row["criteria"]),
    )


def _criteria(rows: list[dict[str, Any]]) -> tuple[Criterion, ...]:
    return tuple(Criterion.model_validate(one) for one in rows)


def _dumped(criteria: Any) -> list[dict[str, Any]]:
    return [one.model_dump(mode="json") for one in criteria]


def _key(event: IssueEvent) -> dict[str, Any]:
    return {"org_id": event.org_id, "connection_id": event.connection_id, "issue_id": event.issue_id}


def _of(table: Table, event: IssueEvent) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _key(event).items()))
