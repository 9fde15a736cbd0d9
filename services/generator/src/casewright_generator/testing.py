"""In-memory twins of the adapters; the same contract tests run over them and the real ones."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid4

from pydantic import SecretStr

from casewright_common.errors import SecretUnreadableError, UpstreamUnavailableError
from casewright_common.events import (
    BudgetExhaustedV1,
    CaseChange,
    CaseDraft,
    CasesGeneratedV1,
    CasesReviewedV1,
    EngineUsed,
    GenerationFailedV1,
    GenerationOutcome,
    IssueEvent,
    Provenance,
    ReviewDecision,
    StoryChange,
    StoryIndexedV1,
)
from casewright_common.vault import SecretKind
from casewright_generator.adapters.accounts import Payer
from casewright_generator.adapters.budgets import PERIODS, BudgetExceededError, Charge, Limit, period_of
from casewright_generator.adapters.calling import Call
from casewright_generator.adapters.llm import Answer
from casewright_generator.domain.change.criteria import cited
from casewright_generator.domain.designer import design
from casewright_generator.errors import ClaimLostError
from casewright_generator.service import (
    Accepted,
    Assignment,
    Build,
    Busy,
    Cause,
    Claimed,
    Decision,
    Done,
    Known,
    Lessons,
    Notes,
    Opened,
    Outcome,
    Passage,
    Past,
    Published,
    Rejected,
    Result,
    Retell,
    Superseded,
    UnknownStory,
)

StoryKey = tuple[UUID, UUID, str]


def key_of(event: IssueEvent) -> StoryKey:
    """What names a story."""
    return event.org_id, event.connection_id, event.issue_id


class GenerationsInMemory:
    """`GenerationStore`, `ReviewStore` and `LessonSource` in dictionaries.

    While it is `down` it is unavailable, and `refused` counts who came.
    """

    def __init__(self, *, lease_s: float = 12) -> None:
        self.stories: dict[StoryKey, StoryIndexedV1] = {}
        self.results: dict[UUID, tuple[Published, ...]] = {}
        self.numbers: dict[StoryKey, int] = {}
        self.reviews: dict[tuple[StoryKey, UUID], CasesReviewedV1] = {}
        self.down = False
        self.refused = 0
        self._lease_s = lease_s
        self._claims: dict[StoryKey, tuple[UUID, float]] = {}
        self._pasts: dict[StoryKey, Past] = {}

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

    async def past(self, claim: Claimed) -> Past:
        """See `GenerationStore.past`."""
        await self._check()
        return self._past(key_of(claim.story))

    async def complete(self, claim: Claimed, build: Build) -> Result:
        """See `GenerationStore.complete`."""
        await self._check()
        self._require(claim)
        key = key_of(claim.story)
        self.numbers[key] = self.numbers.get(key, 0) + 1
        result = build(self.numbers[key], self._past(key))
        self.results[claim.cause.event_id] = result.events
        if isinstance(result.outcome, CasesGeneratedV1):
            self._pasts[key] = _afterwards(self._past(key), result.outcome, result.shelf)
        del self._claims[key]
        return result

    async def fail(self, event: GenerationFailedV1) -> Outcome:
        """See `GenerationStore.fail`."""
        await self._check()
        if event.caused_by is None:
            raise ValueError("A failure has a cause.")
        stands = self.results.setdefault(event.caused_by, (event,))[-1]
        if isinstance(stands, BudgetExhaustedV1):
            raise TypeError("The outcome is last.")
        return stands

    async def record(self, review: CasesReviewedV1, retell: Retell) -> CasesGeneratedV1 | None:
        """See `ReviewStore.record`."""
        await self._check()
        if review.event_id in self.results:
            return next(one for one in self.results[review.event_id] if isinstance(one, CasesGeneratedV1))
        story = key_of(review)
        key = story, review.case.case_id
        if key in self.reviews and self.reviews[key].review >= review.review:
            return None
        self.reviews[key] = review
        told = [
            event
            for events in self.results.values()
            for event in events
            if isinstance(event, CasesGeneratedV1) and key_of(event) == story
        ]
        if not told:
            return None
        latest = max(told, key=lambda event: event.generation)
        event = retell(latest, review, generation=self.numbers[story] + 1)
        if event is not None:
            self.numbers[story] = event.generation
            self.results[review.event_id] = (event,)
        return event

    async def lessons(self, story: StoryIndexedV1) -> Lessons:
        """See `LessonSource.lessons`."""
        await self._check()
        others = [
            review
            for (key, _), review in self.reviews.items()
            if key != key_of(story) and key[0] == story.org_id and review.project_id == story.project_id
        ]
        others.sort(key=lambda review: review.occurred_at, reverse=True)
        accepted, rejected = [], []
        for review in others:
            texts = tuple(one.text for one in review.criteria if one.id in review.case.criteria)
            if review.decision is ReviewDecision.REJECTED:
                rejected.append(Rejected(review.case, review.reason, texts))
            else:
                stands = self._stands(review)
                accepted.append(Accepted(review.case, review.issue_key, texts, stands=stands))
        return Lessons(tuple(accepted), tuple(rejected))

    def _stands(self, review: CasesReviewedV1) -> bool:
        story = self.stories.get(key_of(review))
        if story is not None and story.change is StoryChange.REMOVED:
            return False
        known = [one for one in self._past(key_of(review)).cases if one.draft.case_id == review.case.case_id]
        return all(one.listed and one.draft.change is not CaseChange.STALE for one in known)

    def _past(self, key: StoryKey) -> Past:
        past = self._pasts.get(key, Past())
        decided = {
            case_id: Decision(one.review, one.decision, one.case, one.reason, one.criteria)
            for (story, case_id), one in self.reviews.items()
            if story == key
        }
        known = [replace(one, decision=decided.pop(one.draft.case_id, None)) for one in past.cases]
        known += [Known(one.case, one.criteria, decision=one) for one in decided.values()]
        return replace(past, cases=tuple(known))

    async def _check(self) -> None:
        await asyncio.sleep(0)
        if self.down:
            self.refused += 1
            raise UpstreamUnavailableError("postgres", "switched off")

    def _is_held(self, claim: Claimed) -> bool:
        return self._claims.get(key_of(claim.story), (None, 0))[0] == claim.token

    def _require(self, claim: Claimed) -> None:
        if not self._is_held(claim):
            raise ClaimLostError("somebody else has the story")


def _afterwards(past: Past, event: CasesGeneratedV1, shelf: frozenset[UUID]) -> Past:
    """What is known once the event is stored."""
    there = event.outcome is GenerationOutcome.CASES
    criteria = {criterion.id: criterion for criterion in event.criteria}
    before = {known.draft.case_id: known for known in past.cases}
    listed = []
    for case in event.cases:
        basis = tuple(criteria[one] for one in cited(case) if one in criteria)
        if case.change is CaseChange.STALE:
            basis = before[case.case_id].basis if case.case_id in before else ()
        listed.append(Known(case, basis))
    ids = {case.case_id for case in event.cases}
    kept = [
        replace(known, listed=False)
        for known in past.cases
        if known.draft.case_id in shelf and known.draft.case_id not in ids
    ]
    return Past(event.criteria if there else (), event.engine if there else None, cases=(*listed, *kept))


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
        said: What it has to say beside the cases.
    """

    script: list[Exception | int] = field(default_factory=list)
    asked: list[Assignment] = field(default_factory=list)
    delay_s: float = 0.0
    said: Notes = field(default_factory=Notes)

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        """See `CaseWriter.write`."""
        self.asked.append(assignment)
        await asyncio.sleep(self.delay_s)
        step = self.script.pop(0) if self.script else len(assignment.missing.conditions)
        if isinstance(step, Exception):
            raise step
        written = design(assignment.missing, assignment.story.story, story_id=assignment.story_id)
        return tuple(case.model_copy(update={"provenance": Provenance.MODEL}) for case in written[:step])

    async def notes(self, assignment: Assignment) -> Notes:
        """See `CaseWriter.notes`."""
        del assignment
        return self.said

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
    """`CallLedger` in dictionaries.

    Attributes:
        made: The calls of each cause.
        failures: Why calls have no answer, by cause and number.
        spending: Spent and kept free, by organisation, scope, owner and period.
    """

    def __init__(self) -> None:
        self.made: dict[UUID, list[Call]] = {}
        self.failures: dict[tuple[UUID, int], str] = {}
        self.spending: dict[tuple[UUID, str, str, str], list[float]] = {}
        self._announced: dict[tuple[UUID, str, str, str], tuple[float, UUID]] = {}

    async def calls(self, org_id: UUID, cause_id: UUID) -> tuple[Call, ...]:
        """See `CallLedger.calls`."""
        del org_id
        return tuple(self.made.get(cause_id, ()))

    async def begin(
        self,
        org_id: UUID,
        cause_id: UUID,
        *,
        number: int,
        purpose: str,
        model: str | None = None,
        payer: Payer | None = None,
        charge: Charge | None = None,
    ) -> None:
        """See `CallLedger.begin`."""
        del model, payer
        calls = self.made.setdefault(cause_id, [])
        if any(call.number == number for call in calls):
            raise ClaimLostError("somebody else is asking the model for the same cause")
        if charge is not None:
            self._reserve(org_id, cause_id, charge)
        calls.append(Call(number, purpose, None))

    def _reserve(self, org_id: UUID, cause_id: UUID, charge: Charge) -> None:
        for limit in charge.limits:
            if limit.budget is None:
                continue
            key = (org_id, limit.scope, limit.owner, period_of(limit.budget.period, charge.at))
            spent = sum(self.spending.get(key, ())) + charge.estimate_usd
            if spent > limit.budget.limit_usd + 1e-9:
                told = self._announced.get(key)
                announced = told is not None and told[0] == limit.budget.limit_usd and told[1] != cause_id
                raise BudgetExceededError(limit, spent_usd=spent, announced=announced)
        self._book(org_id, charge, spent=0.0, reserved=charge.estimate_usd)

    def _book(self, org_id: UUID, charge: Charge, *, spent: float, reserved: float) -> None:
        for limit in charge.limits:
            for period in PERIODS:
                key = (org_id, limit.scope, limit.owner, period_of(period, charge.at))
                row = self.spending.setdefault(key, [0.0, 0.0])
                row[0] += spent
                row[1] = max(0.0, row[1] + reserved)

    async def finish(
        self, org_id: UUID, cause_id: UUID, *, number: int, answer: Answer, charge: Charge | None = None
    ) -> None:
        """See `CallLedger.finish`."""
        calls = self.made[cause_id]
        calls[number - 1] = Call(number, calls[number - 1].purpose, answer)
        if charge is not None:
            cost = charge.estimate_usd if answer.cost_usd is None else answer.cost_usd
            self._book(org_id, charge, spent=cost, reserved=-charge.estimate_usd)

    async def fail(
        self,
        org_id: UUID,
        cause_id: UUID,
        *,
        number: int,
        failure: str,
        charge: Charge | None = None,
        paid: bool = False,
    ) -> None:
        """See `CallLedger.fail`."""
        self.failures[cause_id, number] = failure
        if charge is not None:
            spent = charge.estimate_usd if paid else 0.0
            self._book(org_id, charge, spent=spent, reserved=-charge.estimate_usd)

    async def note(self, org_id: UUID, cause_id: UUID, *, number: int, purpose: str, answer: Answer) -> None:
        """See `CallLedger.note`."""
        del org_id
        calls = self.made.setdefault(cause_id, [])
        if any(call.number == number for call in calls):
            raise ClaimLostError("somebody else is at the same cause")
        calls.append(Call(number, purpose, answer))

    async def announced(self, org_id: UUID, cause_id: UUID, limit: Limit, at: datetime) -> None:
        """See `CallLedger.announced`."""
        if limit.budget is not None:
            key = (org_id, limit.scope, limit.owner, period_of(limit.budget.period, at))
            self._announced[key] = (limit.budget.limit_usd, cause_id)


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
        cut: Whether the connection is cut in the middle of the body, or of the stream.
        pieces: In how many pieces the text is streamed, to those who ask for a stream.
    """

    text: str | None = None
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    cut: bool = False
    pieces: int = 20


def error_reply(status: int, *, code: str | None = None, **headers: str) -> Reply:
    """An error in OpenAI's shape."""
    problem = {"message": f"status {status}, key sk-leaked-by-the-provider", "type": "some", "code": code}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=json.dumps({"error": problem}), headers=named)


class OpenAIDouble:
    """An OpenAI-compatible endpoint on loopback: chat completions and embeddings.

    Attributes:
        replies: Answers still to give, in order; when they are used up, `write` answers.
        requests: Bodies that came, in order; `headers` came with them; `keys` are the bearers in there;
            `paths` where to.
        connections: Number of connections that were opened.
        hold: While it isn't set, streams stop halfway.
    """

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.write: Callable[[dict[str, Any]], str] = write_all
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.connections = 0
        self.hold = asyncio.Event()
        self.hold.set()
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
            lines = [line.split(": ", 1) for line in head.splitlines()[1:] if ": " in line]
            fields = {name.lower(): value for name, value in lines}
            body = json.loads(await reader.readexactly(int(fields.get("content-length", 0))) or b"{}")
            self.paths.append(head.split(" ", 2)[1])
            self.headers.append(fields)
            self.keys.append(fields.get("authorization", "").removeprefix("Bearer "))
            self.requests.append(body)
            reply = self.replies.pop(0) if self.replies else Reply(text=self.write(body))
            await asyncio.sleep(reply.delay_s)
            streamed = reply.text is not None and body.get("stream") is True
            text = reply.text or ""
            content = (
                "".join(chunks(body, text, reply.pieces))
                if streamed
                else (reply.body if reply.text is None else completion(body, text))
            ).encode()
            kind = "text/event-stream" if streamed else "application/json"
            headers = {"Content-Type": kind, "Connection": "close"} | reply.headers
            headers["Content-Length"] = str(len(content))
            answered = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            writer.write(f"HTTP/1.1 {reply.status} Status\r\n{answered}\r\n".encode())
            half = len(content) // 2
            writer.write(content[:half])
            await writer.drain()
            if streamed:
                await self.hold.wait()
            if not reply.cut:
                writer.write(content[half:])
                await writer.drain()


def chunks(request: dict[str, Any], text: str, pieces: int) -> Iterator[str]:
    """The events of a streamed chat completion in OpenAI's shape."""
    size = max(1, -(-len(text) // pieces))
    deltas = [text[begin : begin + size] for begin in range(0, len(text), size)]
    choices: list[tuple[list[dict[str, Any]], dict[str, int] | None]] = [
        ([{"index": 0, "delta": {"role": "assistant", "content": delta}, "finish_reason": None}], None)
        for delta in deltas
    ]
    choices.append(([{"index": 0, "delta": {}, "finish_reason": "stop"}], None))
    choices.append(([], USAGE))
    for choice, usage in choices:
        event = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1_700_000_000,
            "model": request.get("model", "some"),
            "choices": choice,
            "usage": usage,
        }
        yield f"data: {json.dumps(event)}\n\n"
    yield "data: [DONE]\n\n"


USAGE = {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150}


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
            "usage": USAGE,
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
