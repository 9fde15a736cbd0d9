"""Events of the other services become stories, cases and runs: in any order, any number of times."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from casewright_common.delivery import Delivery
from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import (
    TOPICS,
    CaseDraft,
    CasesGeneratedV1,
    CasesSyncedV1,
    CaseStep,
    Coverage,
    Criterion,
    CriterionOrigin,
    EngineUsed,
    GenerationFailedV1,
    GenerationOutcome,
    IssueEvent,
    Priority,
    SourceSpan,
    Story,
    StoryChange,
    StoryChangedV1,
    SyncTarget,
    Technique,
)
from casewright_common.postgres import Database
from casewright_gateway.adapters.money_repository import PostgresMoney
from casewright_gateway.adapters.read_model_repository import PostgresReadModelStore, PostgresReadModelUnit
from casewright_gateway.adapters.story_repository import PostgresStories
from casewright_gateway.domain.records import Run, StoryRecord, story_id
from casewright_gateway.handlers import build_router
from casewright_gateway.service.money import KeepMoney
from casewright_gateway.service.read_model import KeepReadModel
from casewright_gateway.service.stories import CaseFilter
from casewright_gateway.settings import GatewaySettings

pytestmark = pytest.mark.connected

BEGAN = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONNECTION = uuid4()
PROJECT = uuid4()
PATIENCE_S = 40.0
MOST_ORDERS = 24
CRITERION = Criterion(
    id="AC-1", text="It works", origin=CriterionOrigin.LIST
)  # its place is the generator's to know


@dataclass(frozen=True)
class Teller:
    """Makes the events about one story."""

    org_id: UUID
    issue_id: str = "10001"
    issue_key: str = "SHOP-12"

    @property
    def story_id(self) -> UUID:
        return story_id(CONNECTION, self.issue_id)

    def _about(self, second: int) -> dict[str, Any]:
        return {
            "event_id": uuid4(),
            "occurred_at": BEGAN + timedelta(seconds=second),
            "org_id": self.org_id,
            "connection_id": CONNECTION,
            "issue_id": self.issue_id,
            "issue_key": self.issue_key,
            "project_id": PROJECT,
        }

    def changed(
        self, revision: int, *, second: int = 0, change: StoryChange = StoryChange.UPDATED, title: str = ""
    ) -> StoryChangedV1:
        return StoryChangedV1(
            **self._about(second),
            project_key="SHOP",
            change=change,
            revision=revision,
            content_hash="0",
            updated_at=BEGAN,
            story=Story(
                title=title or f"Title {revision}",
                text="Some \x00text 100 % about _baskets_",
                criteria=(CRITERION,),
                labels=("checkout",),
                issue_type="Story",
            ),
        )

    def generated(
        self,
        generation: int,
        *,
        revision: int = 1,
        second: int = 5,
        cases: int = 2,
        outcome: GenerationOutcome = GenerationOutcome.CASES,
        request_id: UUID | None = None,
        decided_on: int | None = None,
    ) -> CasesGeneratedV1:
        return CasesGeneratedV1(
            **self._about(second),
            project_key="SHOP",
            revision=revision,
            generation=generation,
            decided_on=decided_on,
            request_id=request_id,
            outcome=outcome,
            story_title=f"Title {revision}",
            criteria=(CRITERION.model_copy(update={"source": SourceSpan(part="text", start=5, end=9)}),),
            cases=tuple(self.case(number) for number in range(cases)),
            questions=("Which currency?",),
            engine=EngineUsed(
                kind="model", model="openai/x", input_tokens=100, output_tokens=20, cost_usd=0.01, calls=1
            ),
            coverage=Coverage(conditions=3, covered=2, criteria=1),
        )

    @staticmethod
    def case(number: int) -> CaseDraft:
        return CaseDraft(
            case_id=UUID(int=number + 1),
            title=f"Case {number}",
            technique=Technique.BOUNDARY_VALUE if number % 2 else Technique.USE_CASE,
            priority=Priority.HIGH if number % 2 else Priority.LOW,
            condition="A condition",
            criteria=("AC-1",),
            steps=(CaseStep(action="Do it", expected="It is done", criteria=("AC-1",)),),
        )

    def failed(
        self, *, revision: int | None = 1, second: int = 6, request_id: UUID | None = None
    ) -> GenerationFailedV1:
        return GenerationFailedV1(
            **self._about(second),
            revision=revision,
            request_id=request_id,
            code="call_budget_exhausted",
            detail="Nothing could be written.",
        )

    def synced(
        self, generation: int, *, second: int = 7, outcome: Any = "written", revision: int = 1
    ) -> CasesSyncedV1:
        return CasesSyncedV1(
            **self._about(second),
            revision=revision,
            generation=generation,
            outcome=outcome,
            targets=(SyncTarget(kind="comment", id="77", url="https://x.example.com/77"),),
        )


@pytest.fixture
async def teller(org_id: UUID, tables: Database) -> Teller:
    """About a story of an organisation that exists."""
    async with tables.transaction(None) as connection:
        await connection.execute(
            text("INSERT INTO organisations VALUES (:id, :name, 1, now(), now())"),
            {"id": org_id, "name": str(org_id)},
        )
    return Teller(org_id)


async def take_in(store: Any, *events: IssueEvent) -> None:
    keep = KeepReadModel(store)
    for event in events:
        match event:
            case StoryChangedV1():
                await keep.story_changed(event)
            case CasesGeneratedV1():
                await keep.cases_generated(event)
            case GenerationFailedV1():
                await keep.generation_failed(event)
            case CasesSyncedV1():
                await keep.cases_synced(event)


async def shown(tables: Database, teller: Teller) -> tuple[StoryRecord, list[Run], list[str]]:
    """The story, its runs, and the titles of its cases."""
    reader = PostgresStories(tables)
    story = await reader.story(teller.org_id, teller.story_id)
    runs = await reader.runs(teller.org_id, limit=50, cursor=None, story_id=teller.story_id)
    cases = await reader.cases(
        teller.org_id, limit=50, cursor=None, only=CaseFilter(story_id=teller.story_id)
    )
    return story, list(runs.items), [each.case.title for each in cases.items]


async def test_a_story_goes_from_pending_to_synced(tables: Database, teller: Teller) -> None:
    store = PostgresReadModelStore(tables)
    await take_in(store, teller.changed(1))
    story, runs, _ = await shown(tables, teller)
    assert (story.status, story.title, story.text, runs) == (
        "pending",
        "Title 1",
        "Some text 100 % about _baskets_",
        [],
    )
    await take_in(store, teller.generated(1))
    story, [run], cases = await shown(tables, teller)
    assert (story.status, story.case_count, story.questions) == ("cases", 2, ("Which currency?",))
    assert cases == ["Case 0", "Case 1"]
    assert (run.outcome, run.generation, run.revision, run.case_count) == ("cases", 1, 1, 2)
    assert run.engine is not None
    assert (run.engine.input_tokens, run.engine.cost_usd) == (100, 0.01)
    assert run.coverage == Coverage(conditions=3, covered=2, criteria=1)
    assert (run.started_at, run.finished_at) == (BEGAN, BEGAN + timedelta(seconds=5))
    await take_in(store, teller.synced(1))
    story, [run], _ = await shown(tables, teller)
    assert (story.status, story.targets[0].id) == ("synced", "77")
    assert (run.sync_outcome, run.targets[0].id) == ("written", "77")


@pytest.mark.parametrize(
    ("events", "status", "cases"),
    [
        ("c1 g1 s1", "synced", 2),
        ("c1 g1 s1 c2", "pending", 2),
        ("c1 g1 c2 g2", "cases", 1),
        ("c1 g1 d2", "cases", 2),
        ("c1 g1 d2 s2", "synced", 2),
        ("c1 g1 d2 s1", "cases", 2),
        ("c1 f", "failed", 0),
        ("c1 g1 d2 l", "failed", 2),
        ("c1 n1", "needs_detail", 0),
        ("c1 g1 s1 r2", "removed", 2),
        ("c1 g1 s1 r2 t2", "removed", 0),
    ],
)
async def test_every_order_of_events_leads_to_the_same_story(
    tables: Database, teller: Teller, events: str, status: str, cases: int
) -> None:
    store = PostgresReadModelStore(tables)
    made = {
        "c1": lambda t: t.changed(1),
        "c2": lambda t: t.changed(2, second=10),
        "r2": lambda t: t.changed(2, second=10, change=StoryChange.REMOVED),
        "g1": lambda t: t.generated(1),
        "g2": lambda t: t.generated(2, revision=2, second=12, cases=1),
        "n1": lambda t: t.generated(1, cases=0, outcome=GenerationOutcome.NEEDS_DETAIL),
        "t2": lambda t: t.generated(2, revision=2, second=12, cases=0, outcome=GenerationOutcome.RETIRED),
        "s1": lambda t: t.synced(1),
        "d2": lambda t: t.generated(2, second=9, cases=1, decided_on=1),
        "s2": lambda t: t.synced(2, second=10),
        "f": lambda t: t.failed(),
        "l": lambda t: t.failed(second=8),
    }
    orders = list(permutations(events.split()))
    for number, order in enumerate(orders[:: max(1, len(orders) // MOST_ORDERS)]):
        one = Teller(teller.org_id, issue_id=str(number), issue_key=f"SHOP-{number + 1}")
        told = [made[name](one) for name in order]
        await take_in(store, *told)
        await take_in(store, *told)
        story, runs, titles = await shown(tables, one)
        assert (story.status, len(titles)) == (status, cases), order
        assert story.title == f"Title {max(int(n[1]) for n in order if n[0] in 'cr')}"
        assert len(runs) == sum(name[0] in "gfntl" for name in order), order
        assert all(run.started_at is not None for run in runs if run.revision == story.revision)


async def test_an_older_generation_that_comes_late_changes_no_case(tables: Database, teller: Teller) -> None:
    store = PostgresReadModelStore(tables)
    await take_in(store, teller.generated(2, cases=3), teller.generated(1, cases=1))
    story, runs, cases = await shown(tables, teller)
    assert (story.generation, len(cases)) == (2, 3)
    assert sorted(run.generation or 0 for run in runs) == [1, 2]


async def test_a_failure_is_over_when_cases_come(tables: Database, teller: Teller) -> None:
    store = PostgresReadModelStore(tables)
    await take_in(store, teller.changed(1), teller.failed(second=3))
    assert (await shown(tables, teller))[0].failure_code == "call_budget_exhausted"
    await take_in(store, teller.generated(1, second=5))
    assert (await shown(tables, teller))[0].status == "cases"


async def test_a_redelivery_is_known_by_its_id(tables: Database, teller: Teller) -> None:
    store = PostgresReadModelStore(tables)
    event = teller.generated(1)
    await take_in(store, event)
    async with store.begin(event, teller.story_id) as unit:
        assert unit is None


async def test_two_members_may_take_in_one_event_at_once(tables: Database, teller: Teller) -> None:
    store = PostgresReadModelStore(tables)
    events = [teller.changed(1), teller.generated(1), teller.synced(1), teller.generated(2, second=9)]
    await asyncio.gather(*(take_in(store, event) for event in events * 4))
    story, runs, cases = await shown(tables, teller)
    assert (story.revision, story.generation, len(runs), len(cases)) == (1, 2, 2, 2)


@dataclass
class FlakyStore:
    """A store that is away for the first attempts at each event."""

    store: PostgresReadModelStore
    away: int
    attempts: dict[UUID, int] = field(default_factory=dict)

    @asynccontextmanager
    async def begin(self, event: IssueEvent, about: UUID) -> AsyncIterator[PostgresReadModelUnit | None]:
        self.attempts[event.event_id] = self.attempts.get(event.event_id, 0) + 1
        if self.attempts[event.event_id] <= self.away:
            raise UpstreamUnavailableError("postgres", "away")
        async with self.store.begin(event, about) as unit:
            yield unit


@asynccontextmanager
async def consuming(settings: GatewaySettings, store: Any) -> AsyncIterator[Delivery]:
    delivery = Delivery("gateway", settings.kafka, registry=CollectorRegistry())
    money = KeepMoney(PostgresMoney(Database(settings.postgres, service="gateway")))
    delivery.broker.include_router(build_router(KeepReadModel(store), money))
    await delivery.start()
    try:
        yield delivery
    finally:
        await delivery.stop()


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.1)


async def arrived(tables: Database, events: list[IssueEvent]) -> bool:
    async with tables.transaction(events[0].org_id) as connection:
        rows = await connection.execute(
            text("SELECT count(*) FROM seen_events WHERE event_id = ANY(:ids)"),
            {"ids": [event.event_id for event in events]},
        )
        return int(rows.scalar_one()) == len({event.event_id for event in events})


async def test_all_four_topics_are_consumed_and_a_redelivery_changes_nothing(
    kafka_settings: GatewaySettings, tables: Database, teller: Teller
) -> None:
    events = [teller.changed(1), teller.generated(1), teller.failed(second=1), teller.synced(1)]
    async with consuming(kafka_settings, PostgresReadModelStore(tables)) as delivery:
        for event in events:
            await delivery.publish(event)
        await eventually(lambda: arrived(tables, list(events)))
        once = await shown(tables, teller)
        assert (once[0].status, len(once[1]), len(once[2])) == ("synced", 2, 2)
        last = teller.changed(2, second=60)
        for event in [*events, last]:
            await delivery.publish(event)
        await eventually(lambda: arrived(tables, [last]))
    again = await shown(tables, teller)
    assert again[1:] == once[1:]
    assert (again[0].revision, again[0].generation) == (2, 1)


async def test_all_four_wait_while_postgresql_is_away(
    kafka_settings: GatewaySettings, tables: Database, teller: Teller
) -> None:
    events = [teller.changed(1), teller.generated(1), teller.failed(second=1), teller.synced(1)]
    flaky = FlakyStore(PostgresReadModelStore(tables), away=2)
    async with consuming(kafka_settings, flaky) as delivery:
        for event in events:
            await delivery.publish(event)
        await eventually(lambda: arrived(tables, list(events)))
    assert {flaky.attempts[event.event_id] for event in events} == {3}
    assert (await shown(tables, teller))[0].status == "synced"


async def test_a_hopeless_message_is_parked_and_its_neighbours_go_on(
    kafka_settings: GatewaySettings, tables: Database, teller: Teller
) -> None:
    events = [teller.changed(1), teller.generated(1), teller.failed(second=1), teller.synced(1)]
    bootstrap = kafka_settings.kafka.bootstrap_servers
    parked = AIOKafkaConsumer(
        *(TOPICS[type(event)].dead_letters for event in events),
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        async with consuming(kafka_settings, PostgresReadModelStore(tables)) as delivery:
            for event in events:
                key = event.partition_key.encode()
                await producer.send_and_wait(TOPICS[type(event)].value, b'{"event_id": 7}', key=key)
                await delivery.publish(event)
            await eventually(lambda: arrived(tables, list(events)))
    finally:
        await producer.stop()
    await parked.start()
    try:
        found: set[str] = set()
        async with asyncio.timeout(PATIENCE_S):
            while len(found) < len(events):
                for records in (await parked.getmany(timeout_ms=500)).values():
                    found |= {record.topic for record in records if record.value == b'{"event_id": 7}'}
    finally:
        await parked.stop()


async def test_the_api_shows_filters_and_pages(
    client: httpx.AsyncClient, tables: Database, teller: Teller
) -> None:
    store, base = PostgresReadModelStore(tables), f"/api/v1/organisations/{teller.org_id}"
    others = [Teller(teller.org_id, issue_id=str(n), issue_key=f"SHOP-{n}") for n in range(1, 6)]
    for number, other in enumerate(others):
        await take_in(store, other.changed(1, second=number, title=f"A 100% basket {number}"))
    await take_in(store, others[0].generated(1), others[0].synced(1), others[1].failed())

    async def keys(path: str, **params: Any) -> list[str]:
        answer = await client.get(f"{base}/{path}", params=params)
        assert answer.status_code == 200, answer.text
        return [item["issue_key"] for item in answer.json()["items"]]

    assert await keys("stories") == [f"SHOP-{n}" for n in (5, 4, 3, 2, 1)]
    assert await keys("stories", key="SHOP-3") == ["SHOP-3"]
    assert await keys("stories", text="100% BASKET 3") == ["SHOP-4"]
    assert await keys("stories", text="100_") == []
    assert await keys("stories", status="synced") == ["SHOP-1"]
    assert await keys("stories", status="failed") == ["SHOP-2"]
    assert await keys("stories", project_id=str(PROJECT), limit=2) == ["SHOP-5", "SHOP-4"]
    assert await keys("stories", project_id=str(uuid4())) == []
    first = (await client.get(f"{base}/stories", params={"limit": 3})).json()
    assert await keys("stories", limit=3, cursor=first["next_cursor"]) == ["SHOP-2", "SHOP-1"]
    assert await keys("cases", technique="boundary_value") == ["SHOP-1"]
    assert await keys("cases", priority="low", story_id=str(others[0].story_id)) == ["SHOP-1"]
    assert await keys("cases", project_id=str(uuid4())) == []
    page = (await client.get(f"{base}/cases", params={"limit": 1})).json()
    rest = (await client.get(f"{base}/cases", params={"cursor": page["next_cursor"]})).json()
    assert [case["position"] for case in page["items"] + rest["items"]] == [0, 1]
    assert await keys("runs", outcome="failed") == ["SHOP-2"]
    assert await keys("runs", story_id=str(others[0].story_id)) == ["SHOP-1"]

    story = (await client.get(f"{base}/stories/{others[0].story_id}")).json()
    assert story["criteria"] == [
        {"id": "AC-1", "text": "It works", "origin": "list", "source": {"part": "text", "start": 5, "end": 9}}
    ]
    unread = (await client.get(f"{base}/stories/{others[2].story_id}")).json()
    assert [each["source"] for each in unread["criteria"]] == [None]
    case = (await client.get(f"{base}/cases/{page['items'][0]['id']}")).json()
    assert case["steps"][0]["action"] == "Do it"
    [run] = (await client.get(f"{base}/runs", params={"outcome": "cases"})).json()["items"]
    assert (await client.get(f"{base}/runs/{run['id']}")).json() == run
    assert (run["duration_s"], run["sync"]["outcome"]) == (5.0, "written")
    for path in ("stories", "cases", "runs"):
        missing = await client.get(f"{base}/{path}/{uuid4()}")
        assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    for path, params in (
        ("stories", {"status": "lost"}),
        ("stories", {"key": "shop"}),
        ("cases", {"technique": "magic"}),
        ("cases", {"cursor": first["next_cursor"]}),
        ("runs", {"outcome": "fine"}),
    ):
        assert (await client.get(f"{base}/{path}", params=params)).status_code == 422
