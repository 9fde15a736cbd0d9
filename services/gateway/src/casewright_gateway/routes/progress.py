"""Watching a generation live: server-sent events."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import StreamingResponse

from casewright_common.errors import CasewrightError
from casewright_gateway.domain.records import Run
from casewright_gateway.routes import patterns
from casewright_gateway.routes.conventions import PREFIX, OrganisationId, problems
from casewright_gateway.routes.errors import answer_for
from casewright_gateway.routes.read_schemas import RunOut
from casewright_gateway.service.progress import Progress, WatchGeneration, WatchStory

EVENT_STREAM = "text/event-stream"
_RETRY_MS = 2000
_DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `progress` (`stage`, `text`), at last `run`, or `problem` where it broke off.",
        "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
    }
}
_DESCRIBED_STORY: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `progress` (`stage`, `text`) from now on, a `run` whenever one is over, or"
        " `problem` where it broke off; ends after a quarter of an hour.",
        "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
    }
}
LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        max_length=40,
        pattern=patterns.EVENT_ID,
        description="Id of the last event that was seen: what came after it is sent.",
    ),
]


def build_router(watch: WatchGeneration, watch_story: WatchStory) -> APIRouter:
    """`/organisations/{organisation_id}/generations/{run_id}/events` and `…/stories/{story_id}/events`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}", tags=["runs"])

    @router.get(
        "/generations/{run_id}/events",
        operation_id="watchGeneration",
        response_class=StreamingResponse,
        responses=_DESCRIBED | problems(404),
    )
    async def events(
        organisation_id: OrganisationId,
        run_id: Annotated[UUID, Path(description="Id of the run.")],
        request: Request,
        last_event_id: LastEventId = None,
    ) -> StreamingResponse:
        """What the generator is doing and what the model writes, as it happens, until the run is over."""
        run = await watch.open(organisation_id, run_id)
        told = watch.follow(organisation_id, run, after=last_event_id or "0")
        return _streamed(told, request)

    @router.get(
        "/stories/{story_id}/events",
        operation_id="watchStory",
        response_class=StreamingResponse,
        responses=_DESCRIBED_STORY | problems(404),
    )
    async def story_events(
        organisation_id: OrganisationId,
        story_id: Annotated[UUID, Path(description="Id of the story.")],
        request: Request,
        last_event_id: LastEventId = None,
    ) -> StreamingResponse:
        """Generations of the story as they happen, also those that a change in Jira sets off."""
        told = await watch_story.open(organisation_id, story_id, after=last_event_id)
        return _streamed(told, request)

    return router


def _streamed(told: AsyncIterator[Progress | Run | None], request: Request) -> StreamingResponse:
    return StreamingResponse(
        _framed(told, request.scope.get("request_id")),
        media_type=EVENT_STREAM,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _framed(told: AsyncIterator[Progress | Run | None], request_id: str | None) -> AsyncIterator[str]:
    yield f"retry: {_RETRY_MS}\n\n"
    try:
        async for each in told:
            match each:
                case None:
                    yield ": still here\n\n"
                case Progress():
                    yield _event("progress", {"stage": each.stage, "text": each.text}, each.id)
                case Run():
                    yield _event("run", RunOut.of(each).model_dump(mode="json"))
    except CasewrightError as error:
        problem = answer_for(error, request_id)
        yield _event("problem", json.loads(bytes(problem.body)))


def _event(name: str, data: dict[str, Any], event_id: str | None = None) -> str:
    # In ASCII: of what some readers take for a line break, JSON would escape only a part.
    head = "" if event_id is None else f"id: {event_id}\n"
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"
