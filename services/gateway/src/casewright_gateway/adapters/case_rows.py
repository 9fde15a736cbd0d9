"""Rows of the table `cases`: how a case becomes one, and one a case."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import CaseDraft
from casewright_gateway.adapters.storable import storable
from casewright_gateway.adapters.tables import cases
from casewright_gateway.domain.records import CaseRecord

_FIELDS = [name for name in CaseDraft.model_fields if name != "case_id"]


def record(row: Row[Any]) -> CaseRecord:
    """The case in a row of all columns."""
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's public name for it
    case = CaseDraft.model_validate({"case_id": row.id} | {name: values[name] for name in _FIELDS})
    return CaseRecord(
        story_id=row.story_id,
        project_id=row.project_id,
        issue_key=row.issue_key,
        generation=row.generation,
        position=row.position,
        case=case,
    )


async def shown(connection: AsyncConnection, org_id: UUID, story_id: UUID) -> Sequence[CaseDraft]:
    """A story's cases in their order."""
    query = (
        select(cases)
        .where(cases.c.org_id == org_id, cases.c.story_id == story_id)
        .order_by(cases.c.position, cases.c.id)
    )
    return [record(row).case for row in (await connection.execute(query)).all()]


async def replace(
    connection: AsyncConnection, records: Sequence[CaseRecord], *, org_id: UUID, story_id: UUID
) -> None:
    """Only these cases of the story remain; of two with one id the first."""
    await connection.execute(delete(cases).where(cases.c.org_id == org_id, cases.c.story_id == story_id))
    if records:
        rows = [
            {
                "org_id": org_id,
                "story_id": story_id,
                "id": each.case.case_id,
                "project_id": each.project_id,
                "issue_key": each.issue_key,
                "generation": each.generation,
                "position": each.position,
                **_columns(each.case),
            }
            for each in records
        ]
        await connection.execute(insert(cases).on_conflict_do_nothing(), rows)


async def save(connection: AsyncConnection, org_id: UUID, story_id: UUID, case: CaseDraft) -> None:
    """Write a case that has a row."""
    await connection.execute(
        update(cases)
        .where(cases.c.org_id == org_id, cases.c.story_id == story_id, cases.c.id == case.case_id)
        .values(**_columns(case))
    )


def _columns(case: CaseDraft) -> dict[str, Any]:
    values: dict[str, Any] = storable(case.model_dump(mode="json", include=set(_FIELDS)))
    return values | {
        "proposal_for": case.proposal_for,
        "score": None if case.scores is None else case.scores.overall,
    }
