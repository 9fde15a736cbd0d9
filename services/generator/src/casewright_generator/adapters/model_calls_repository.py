"""Calls of models, in PostgreSQL."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from casewright_common.postgres import Database
from casewright_generator.adapters.llm import Answer
from casewright_generator.adapters.model_writer import Call
from casewright_generator.adapters.tables import model_calls
from casewright_generator.errors import ClaimLostError


class ModelCallsRepository:
    """`CallLedger` over the table of calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def calls(self, org_id: UUID, cause_id: UUID) -> tuple[Call, ...]:
        """See `CallLedger.calls`."""
        async with self._database.transaction(org_id) as connection:
            rows = await connection.execute(
                select(model_calls)
                .where(model_calls.c.org_id == org_id, model_calls.c.cause_id == cause_id)
                .order_by(model_calls.c.number)
            )
        return tuple(
            Call(
                number=row.number,
                purpose=row.purpose,
                answer=None
                if row.answer is None
                else Answer(row.answer, row.input_tokens, row.output_tokens, row.cost_usd),
            )
            for row in rows
        )

    async def begin(self, org_id: UUID, cause_id: UUID, *, number: int, purpose: str) -> None:
        """See `CallLedger.begin`."""
        row = insert(model_calls).values(org_id=org_id, cause_id=cause_id, number=number, purpose=purpose)
        async with self._database.transaction(org_id) as connection:
            written = await connection.execute(row.on_conflict_do_nothing())
        if written.rowcount == 0:
            raise ClaimLostError("somebody else is asking the model for the same cause")

    async def finish(self, org_id: UUID, cause_id: UUID, *, number: int, answer: Answer) -> None:
        """See `CallLedger.finish`."""
        async with self._database.transaction(org_id) as connection:
            await connection.execute(
                update(model_calls)
                .where(
                    model_calls.c.org_id == org_id,
                    model_calls.c.cause_id == cause_id,
                    model_calls.c.number == number,
                )
                .values(
                    answer=answer.text.replace("\x00", ""),
                    input_tokens=answer.input_tokens,
                    output_tokens=answer.output_tokens,
                    cost_usd=answer.cost_usd,
                )
            )
