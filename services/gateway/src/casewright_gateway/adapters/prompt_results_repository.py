"""What people made of the cases, by prompt version."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from casewright_common.events import CaseChange
from casewright_common.postgres import Database
from casewright_gateway.adapters.story_repository import known_organisation
from casewright_gateway.adapters.tables import cases, reviews
from casewright_gateway.domain.records import PromptResult


class PostgresPromptResults:
    """`PromptResults` over the gateway's schema.

    Decisions count whatever became of their case; one case counts once for each state: the last decision.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def results(self, org_id: UUID, *, project_id: UUID | None) -> Sequence[PromptResult]:
        """By version and model."""
        decided = (
            select(
                reviews.c.prompt_version,
                reviews.c.case["model"].astext.label("model"),
                reviews.c.decision.label("state"),
            )
            .ext(distinct_on(reviews.c.case_id))
            .where(reviews.c.org_id == org_id)
            .order_by(reviews.c.case_id, reviews.c.review.desc())
        )
        waiting = select(cases.c.prompt_version, cases.c.model, literal("open").label("state")).where(
            cases.c.org_id == org_id, cases.c.review.is_(None), cases.c.change != CaseChange.RETIRED
        )
        if project_id is not None:
            decided = decided.where(reviews.c.project_id == project_id)
            waiting = waiting.where(cases.c.project_id == project_id)
        async with self._database.transaction(org_id) as connection:
            await known_organisation(connection, org_id)
            rows = (await connection.execute(_counted(decided, waiting))).all()
        return [PromptResult(**row._mapping) for row in rows]  # noqa: SLF001  # SQLAlchemy's public name


def _counted(decided: Select[Any], waiting: Select[Any]) -> Select[Any]:
    every = union_all(select(decided.subquery()), waiting).subquery()
    model = func.coalesce(every.c.model, "").label("model")

    def count(state: str) -> Any:
        return func.count().filter(every.c.state == state).label(state)

    return (
        select(
            every.c.prompt_version.label("version"),
            model,
            *(count(state) for state in ("approved", "edited", "rejected", "open")),
        )
        .where(every.c.prompt_version.is_not(None))
        .group_by(every.c.prompt_version, model)
        .order_by(every.c.prompt_version, model)
    )
