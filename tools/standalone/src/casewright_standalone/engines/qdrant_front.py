"""A thin REST front over Qdrant's local mode, for the calls that Casewright makes.

Local mode is exact and slow (brute force), and one process only: all work runs on one thread, in turn.
"""

import argparse
import asyncio
import logging
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import BaseModel, TypeAdapter, ValidationError
from qdrant_client import QdrantClient, models
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from casewright_standalone.engines.process import LOOPBACK

# The client warns unless server and client are at most one minor version apart.
VERSION = version("qdrant-client")
_OK, _BAD_REQUEST, _NOT_FOUND, _CONFLICT = 200, 400, 404, 409

Operation = Callable[[QdrantClient, str, bytes], Any]


class _RefusedError(Exception):
    """The request can't be served; `status` and the message say why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def build(folder: Path) -> Starlette:
    """The front as an ASGI app; it opens `folder` when it starts and closes it when it stops."""
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="qdrant")
    opened: list[QdrantClient] = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        opened.append(await loop.run_in_executor(thread, _open, folder))
        try:
            yield
        finally:
            await loop.run_in_executor(thread, opened.pop().close)
            thread.shutdown()

    def serve(operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            started = time.perf_counter()
            body = await request.body()
            name = request.path_params.get("name", "")
            loop = asyncio.get_running_loop()
            try:
                result = await loop.run_in_executor(thread, operation, opened[0], name, body)
            except _RefusedError as error:
                return _answer(started, status=error.status, error=str(error))
            except ValidationError as error:
                return _answer(started, status=_BAD_REQUEST, error=f"Format error in JSON body: {error}")
            except (ValueError, KeyError, AssertionError, TypeError, NotImplementedError) as error:
                # What local mode raises for wrong dimensions, unknown vector names and the like.
                return _answer(started, status=_BAD_REQUEST, error=f"Wrong input: {error}")
            return _answer(started, result=result)

        return endpoint

    collection = "/collections/{name}"
    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/", _root),
            Route("/healthz", _healthy),
            Route("/livez", _healthy),
            Route("/readyz", _ready),
            Route("/collections", serve(_list_collections), methods=["GET"]),
            Route(collection, serve(_get_collection), methods=["GET"]),
            Route(collection, serve(_create_collection), methods=["PUT"]),
            Route(collection, serve(_delete_collection), methods=["DELETE"]),
            Route(f"{collection}/exists", serve(_exists), methods=["GET"]),
            Route(f"{collection}/index", serve(_create_index), methods=["PUT"]),
            Route(f"{collection}/points", serve(_upsert), methods=["PUT"]),
            Route(f"{collection}/points", serve(_retrieve), methods=["POST"]),
            Route(f"{collection}/points/delete", serve(_delete_points), methods=["POST"]),
            Route(f"{collection}/points/scroll", serve(_scroll), methods=["POST"]),
            Route(f"{collection}/points/query", serve(_query), methods=["POST"]),
            Route(f"{collection}/points/count", serve(_count), methods=["POST"]),
        ],
    )


def _open(folder: Path) -> QdrantClient:
    # Local mode warns that indexes do nothing and that it is slow: known, and said in the design.
    warnings.filterwarnings("ignore", module="qdrant_client")
    warnings.filterwarnings("ignore", message="Payload indexes have no effect.*")
    warnings.filterwarnings("ignore", message="Local mode is not recommended.*")
    return QdrantClient(path=str(folder), force_disable_check_same_thread=True)


def _answer(started: float, *, status: int = _OK, result: Any = None, error: str = "") -> Response:
    spent = time.perf_counter() - started
    if status != _OK:
        return JSONResponse({"status": {"error": error}, "time": spent}, status_code=status)
    return JSONResponse({"result": _plain(result), "status": "ok", "time": spent})


def _plain(result: Any) -> Any:
    if isinstance(result, BaseModel):
        return result.model_dump(mode="json", exclude_none=True)
    if isinstance(result, list):
        return [_plain(item) for item in result]
    return result


async def _root(_: Request) -> Response:
    return JSONResponse({"title": "qdrant - local mode behind Casewright's front", "version": VERSION})


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("healthz check passed")


async def _ready(_: Request) -> Response:
    return PlainTextResponse("all shards are ready")


def _known(client: QdrantClient, name: str) -> None:
    if not client.collection_exists(name):
        raise _RefusedError(_NOT_FOUND, f"Not found: Collection `{name}` doesn't exist!")


def _list_collections(client: QdrantClient, _name: str, _body: bytes) -> Any:
    return client.get_collections()


def _get_collection(client: QdrantClient, name: str, _body: bytes) -> Any:
    _known(client, name)
    return client.get_collection(name)


def _create_collection(client: QdrantClient, name: str, body: bytes) -> Any:
    wanted = models.CreateCollection.model_validate_json(body or b"{}")
    if client.collection_exists(name):
        raise _RefusedError(_CONFLICT, f"Wrong input: Collection `{name}` already exists!")
    return client.create_collection(
        name, vectors_config=wanted.vectors or {}, sparse_vectors_config=wanted.sparse_vectors
    )


def _delete_collection(client: QdrantClient, name: str, _body: bytes) -> Any:
    return client.delete_collection(name)


def _exists(client: QdrantClient, name: str, _body: bytes) -> Any:
    return {"exists": client.collection_exists(name)}


def _create_index(client: QdrantClient, name: str, body: bytes) -> Any:
    _known(client, name)
    wanted = models.CreateFieldIndex.model_validate_json(body)
    return client.create_payload_index(name, wanted.field_name, wanted.field_schema)


_POINTS: TypeAdapter[models.PointsBatch | models.PointsList] = TypeAdapter(
    models.PointsBatch | models.PointsList
)
_SELECTOR: TypeAdapter[models.PointIdsList | models.FilterSelector] = TypeAdapter(
    models.PointIdsList | models.FilterSelector
)


def _upsert(client: QdrantClient, name: str, body: bytes) -> Any:
    _known(client, name)
    wanted = _POINTS.validate_json(body)
    points = wanted.batch if isinstance(wanted, models.PointsBatch) else wanted.points
    return client.upsert(name, points=points)


def _retrieve(client: QdrantClient, name: str, body: bytes) -> Any:
    _known(client, name)
    wanted = models.PointRequest.model_validate_json(body)
    return client.retrieve(
        name,
        ids=wanted.ids,
        with_payload=True if wanted.with_payload is None else wanted.with_payload,
        with_vectors=wanted.with_vector or False,
    )


def _delete_points(client: QdrantClient, name: str, body: bytes) -> Any:
    _known(client, name)
    return client.delete(name, points_selector=_SELECTOR.validate_json(body))


def _scroll(client: QdrantClient, name: str, body: bytes) -> Any:
    _known(client, name)
    wanted = models.ScrollRequest.model_validate_json(body or b"{}")
    order_by = wanted.order_by
    points, following = client.scroll(
        name,
        scroll_filter=wanted.filter,
        limit=wanted.limit or 10,
        order_by=models.OrderBy(key=order_by) if isinstance(order_by, str) else order_by,
        offset=wanted.offset,
        with_payload=True if wanted.with_payload is None else wanted.with_payload,
        with_vectors=wanted.with_vector or False,
    )
    return {"points": _plain(points), "next_page_offset": following}


def _query(client: QdrantClient, name: str, body: bytes) -> Any:
    _known(client, name)
    wanted = models.QueryRequest.model_validate_json(body)
    return client.query_points(
        name,
        query=wanted.query,
        using=wanted.using,
        prefetch=wanted.prefetch,
        query_filter=wanted.filter,
        limit=10 if wanted.limit is None else wanted.limit,
        offset=wanted.offset,
        with_payload=False if wanted.with_payload is None else wanted.with_payload,
        with_vectors=wanted.with_vector or False,
        score_threshold=wanted.score_threshold,
        lookup_from=wanted.lookup_from,
    )


def _count(client: QdrantClient, name: str, body: bytes) -> Any:
    _known(client, name)
    wanted = models.CountRequest.model_validate_json(body or b"{}")
    return client.count(name, count_filter=wanted.filter)


def main() -> None:
    """Serve a folder on a port until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    chosen = parser.parse_args()
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    uvicorn.run(
        build(chosen.folder),
        host=LOOPBACK,
        port=chosen.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
