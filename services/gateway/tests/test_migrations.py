from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from casewright_gateway.adapters.tables import metadata
from casewright_standalone.testing import ServiceDatabase


@pytest.mark.connected
async def test_the_migrations_make_the_tables_that_the_code_reads(database: ServiceDatabase) -> None:
    def differences(connection: Connection) -> list[Any]:
        connection.execute(text("SET search_path = gateway"))
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": False,
                "include_object": lambda _, name, kind, *__: (kind, name) != ("table", "alembic_version"),
            },
        )
        return list(compare_metadata(context, metadata))

    engine = create_async_engine(
        make_url(database.admin_url).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()
