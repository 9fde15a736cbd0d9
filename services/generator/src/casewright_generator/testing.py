"""In-memory twins of the adapters; the same contract tests run over them and the real ones."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID, uuid4

from pydantic import SecretStr

from casewright_common.errors import SecretUnreadableError, UpstreamUnavailableError
from casewright_common.events import (
    CaseDraft,
    EngineUsed,
    GenerationFailedV1,
    IssueEvent,
    Provenance,
    StoryIndexedV1,
)
from casewright_common.vault import SecretKind
from casewright_generator.adapters.llm import Answer
from casewright_generator.adapters.model_writer import Call
from casewright_generator.domain.designer import design
from casewright_generator.errors import ClaimLostError
from casewright_generator.service import (
    Assignment,
    Busy,
    Cause,
    Claimed,
    Done,
    Opened,
    Outcome,
    Passage,
    Superseded,
    UnknownStory,
)

StoryKey = tuple[UUID, UUID, str]


def key_of(event: IssueEvent) -> StoryKey:
    """What names a story."""
    return event.org_id, event.connection_id, event.issue_id


class GenerationsInMemory:
    """`GenerationStore` in dictionaries; `down` makes it unavailable."""

    def __init__(self, *, lease_s: float = 12) -> None:
        self.stories: dict[StoryKey, StoryIndexedV1] = {}
        self.results: dict[UUID, Outcome] = {}
        self.numbers: dict[StoryKey, int] = {}
        self.down = False
        self._lease_s = lease_s
        self._claims: dict[StoryKey, tuple[UUID, float]] = {}

    async def open(self, cause: Cause) -> Opened:
        """See `GenerationStore.open`."""
        await self._check()
        key = key_of(cause)
        if isinstance(cause, StoryIndexedV1):
            known = self.stories.get(key)
            if known is None or known.revision < cause.revision:
                self.stories[key] = cause
        if cause.event_id in self.results:
            return Done(self.results[cause.event_id])
        if key not in self.stories:
            return UnknownStory()
        story = self.stories[key]
        if isinstance(cause, StoryIndexedV1) and cause.revision < story.revision:
            return Superseded()
        if key in self._claims and self._claims[key][1] > time.monotonic():
            return Busy()
        token = uuid4()
        self._claims[key] = (token, time.monotonic() + self._lease_s)
        return Claimed(story, cause, token)

    async def renew(self, claim: Claimed) -> None:
        """See `GenerationStore.renew`."""
        await self._check()
        self._require(claim)
        self._claims[key_of(claim.story)] = (claim.token, time.monotonic() + self._lease_s)

    async def release(self, claim: Claimed) -> None:
        """See `GenerationStore.release`."""
        await self._check()
        if self._is_held(claim):
            del self._claims[key_of(claim.story)]

    async def complete(self, claim: Claimed, build: Callable[[int], Outcome]) -> Outcome:
        """See `GenerationStore.complete`."""
        await self._check()
        self._require(claim)
        key = key_of(claim.story)
        self.numbers[key] = self.numbers.get(key, 0) + 1
        self.results[claim.cause.event_id] = build(self.numbers[key])
        del self._claims[key]
        return self.results[claim.cause.event_id]

    async def fail(self, event: GenerationFailedV1) -> Outcome:
        """See `GenerationStore.fail`."""
        await self._check()
        if event.caused_by is None:
            raise ValueError("A failure has a cause.")
        return self.results.setdefault(event.caused_by, event)

    async def _check(self) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise UpstreamUnavailableError("postgres", "switched off")

    def _is_held(self, claim: Claimed) -> bool:
        return self._claims.get(key_of(claim.story), (None, 0))[0] == claim.token

    def _require(self, claim: Claimed) -> None:
        if not self._is_held(claim):
            raise ClaimLostError("somebody else has the story")


class FixedContext:
    """`ContextSource` that always finds the same; `down` makes it unavailable."""

    def __init__(self, *found: Passage) -> None:
        self.found = found
        self.down = False

    async def passages(self, story: StoryIndexedV1) -> tuple[Passage, ...]:
        """See `ContextSource.passages`."""
        del story
        if self.down:
            raise UpstreamUnavailableError("qdrant", "switched off")
        return self.found


@dataclass
class ScriptedModel:
    """`CaseWriter` that does what it is told, call by call, and then writes all that is missing.

    Attributes:
        script: For each call an exception to raise, or the number of missing conditions to write.
        asked: The assignments, in order.
    """

    script: list[Exception | int] = field(default_factory=list)
    asked: list[Assignment] = field(default_factory=list)
    delay_s: float = 0.0

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        """See `CaseWriter.write`."""
        self.asked.append(assignment)
        await asyncio.sleep(self.delay_s)
        step = self.script.pop(0) if self.script else len(assignment.missing.conditions)
        if isinstance(step, Exception):
            raise step
        written = design(assignment.missing, assignment.story.story, story_id=assignment.story_id)
        return tuple(case.model_copy(update={"provenance": Provenance.MODEL}) for case in written[:step])

    async def used(self, assignment: Assignment) -> EngineUsed:
        """See `CaseWriter.used`."""
        return EngineUsed(
            kind="model",
            model=assignment.engine.model,
            prompt_version="v1",
            calls=sum(one.cause_id == assignment.cause_id for one in self.asked),
            input_tokens=10,
            output_tokens=5,
        )


class Tally:
    """`Observer` that keeps what it is told."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.events: list[Any] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """See `Observer.stage`."""
        self.stages.append(name)
        yield

    def generated(self, event: Outcome) -> None:
        """See `Observer.generated`."""
        self.events.append(event)


class CallsInMemory:
    """`CallLedger` in a dictionary."""

    def __init__(self) -> None:
        self.made: dict[UUID, list[Call]] = {}

    async def calls(self, org_id: UUID, cause_id: UUID) -> tuple[Call, ...]:
        """See `CallLedger.calls`."""
        del org_id
        return tuple(self.made.get(cause_id, ()))

    async def begin(self, org_id: UUID, cause_id: UUID, *, number: int, purpose: str) -> None:
        """See `CallLedger.begin`."""
        del org_id
        calls = self.made.setdefault(cause_id, [])
        if any(call.number == number for call in calls):
            raise ClaimLostError("somebody else is asking the model for the same cause")
        calls.append(Call(number, purpose, None))

    async def finish(self, org_id: UUID, cause_id: UUID, *, number: int, answer: Answer) -> None:
        """See `CallLedger.finish`."""
        del org_id
        calls = self.made[cause_id]
        calls[number - 1] = Call(number, calls[number - 1].purpose, answer)


class SecretsInMemory:
    """`SecretReader` over a dictionary by organisation and id."""

    def __init__(self, secrets: dict[tuple[UUID, UUID], str] | None = None) -> None:
        self._secrets = secrets or {}

    async def reveal(self, *, org_id: UUID, kind: SecretKind, secret_id: UUID) -> SecretStr:
        """See `SecretReader.reveal`."""
        if kind is not SecretKind.PROVIDER_KEY or (org_id, secret_id) not in self._secrets:
            raise SecretUnreadableError("there is no such secret")
        return SecretStr(self._secrets[org_id, secret_id])


@dataclass
class Reply:
    """What the double answers.

    Attributes:
        text: Content of the message; `None` sends `body` instead.
        delay_s: Before the first byte.
        cut: Whether the connection is cut in the middle of the body.
    """

    text: str | None = None
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    cut: bool = False


def error_reply(status: int, *, code: str | None = None, **headers: str) -> Reply:
    """An error in OpenAI's shape."""
    problem = {"message": f"status {status}, key sk-leaked-by-the-provider", "type": "some", "code": code}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=json.dumps({"error": problem}), headers=named)


class OpenAIDouble:
    """An OpenAI-compatible endpoint on loopback: chat completions and embeddings.

    Attributes:
        replies: Answers still to give, in order; when they are used up, `write` answers.
        requests: Bodies that came, in order; `keys` the credentials with them; `paths` where to.
        connections: Number of connections that were opened.
    """

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []
        self.connections = 0
        self.url = ""
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await asyncio.sleep(0)  # closed transports let go of their sockets

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        try:
            await self._reply(reader, writer)
        finally:
            writer.close()

    async def _reply(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
            body = json.loads(await reader.readexactly(int(fields.get("content-length", 0))) or b"{}")
            self.paths.append(head.split(" ", 2)[1])
            self.keys.append(fields.get("authorization", "").removeprefix("bearer "))
            self.requests.append(body)
            reply = self.replies.pop(0) if self.replies else Reply(text=write_all(body))
            await asyncio.sleep(reply.delay_s)
            content = (reply.body if reply.text is None else completion(body, reply.text)).encode()
            headers = {"Content-Type": "application/json", "Connection": "close"} | reply.headers
            headers["Content-Length"] = str(len(content))
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            writer.write(f"HTTP/1.1 {reply.status} Status\r\n{lines}\r\n".encode())
            writer.write(content[: len(content) // 2] if reply.cut else content)
            await writer.drain()


def completion(request: dict[str, Any], text: str) -> str:
    """A chat completion in OpenAI's shape."""
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": request.get("model", "some"),
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": text, "refusal": None},
                    "logprobs": None,
                    "finish_reason": "stop",
                }
            ],
            "usage": {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150},
        }
    )


def write_all(request: dict[str, Any], *, most: int | None = None) -> str:
    """An answer with a case for each condition that the request's schema lists, or for the first `most`."""
    case = request["response_format"]["json_schema"]["schema"]["properties"]["cases"]["items"]["properties"]
    criteria = case["steps"]["items"]["properties"]["criteria"]["items"]["enum"]
    return json.dumps(
        {
            "cases": [
                {
                    "condition": condition,
                    "title": f"The reset of the password, {condition}",
                    "preconditions": [],
                    "data": [],
                    "steps": [
                        {
                            "action": f"Open the page and follow {condition}.",
                            "expected": "The password is changed.",
                            "criteria": criteria[:1],
                            "assumption": False,
                        }
                    ],
                }
                for condition in case["condition"]["enum"][:most]
            ]
        }
    )
