"""`PORT KAFKA POSTGRES`: the least that a service of this stack can be, as the yardstick of its start."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import uvicorn
from fastapi import FastAPI
from faststream.kafka import KafkaBroker
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from casewright_common.topics import Topic


def build(bootstrap: str, database_url: str) -> FastAPI:
    """One subscriber, one database, one probe."""
    broker = KafkaBroker(bootstrap, logger=None)
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+asyncpg://"))

    @broker.subscriber(Topic.STORY_CHANGED.value, group_id=f"bench.{uuid4().hex}")
    async def ignore(message: bytes) -> None:
        del message

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        await broker.start()
        yield
        await broker.stop()
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)

    @app.get("/readyz")
    async def readyz() -> str:
        return "ok"

    return app


if __name__ == "__main__":
    uvicorn.run(build(*sys.argv[2:4]), host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
