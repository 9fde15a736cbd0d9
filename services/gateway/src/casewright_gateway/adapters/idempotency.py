"""Which request an idempotency key stands for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_gateway.adapters.tables import idempotency_keys
from casewright_gateway.domain.errors import KeyReusedError


async def remember(
    connection: AsyncConnection, org_id: UUID, key: str, request_hash: bytes, result_id: UUID, at: datetime
) -> UUID:
    """Id of what the key's first request made: `result_id` if this is the first.

    Raises:
        KeyReusedError: The key came before, with another request.
    """
    await connection.execute(
        insert(idempotency_keys)
        .values(org_id=org_id, key=key, request_hash=request_hash, run_id=result_id, created_at=at)
        .on_conflict_do_nothing()
    )
    known = (
        await connection.execute(
            select(idempotency_keys.c.request_hash, idempotency_keys.c.run_id).where(
                idempotency_keys.c.org_id == org_id, idempotency_keys.c.key == key
            )
        )
    ).one()
    if known.request_hash != request_hash:
        raise KeyReusedError("This idempotency key was used for another request.")
    return UUID(str(known.run_id))
