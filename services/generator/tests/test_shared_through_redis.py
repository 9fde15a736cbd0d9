"""What replicas share through Redis, and that nothing is lost without it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisAwayError

from casewright_common.events import EngineSettings, StoryIndexedV1
from casewright_generator.adapters.accounts import Route
from casewright_generator.adapters.answer_cache import RedisAnswerCache, answer_key
from casewright_generator.adapters.breaker import Breaker
from casewright_generator.adapters.llm import Answer, Question
from casewright_generator.adapters.marks import LocalMarks, Marks, RedisMarks, SharedMarks
from casewright_generator.adapters.progress import RedisProgress, Unwatched
from casewright_generator.domain.planning.plan import plan as make_plan
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.service import Assignment

Indexed = Callable[..., StoryIndexedV1]
ANSWER = Answer('{"cases": []}', 10, 5, 0.25, model="openai/some", payer="user")
AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
async def client(redis: str) -> AsyncIterator[Redis]:
    connection = Redis.from_url(redis)
    await connection.flushall()
    yield connection
    await connection.aclose()


@pytest.fixture
def assignment(indexed: Indexed) -> Assignment:
    story = indexed()
    plan = make_plan(analyse(story.story), max_cases=20)
    return Assignment(uuid4(), story, plan, plan, EngineSettings(kind="model", model="openai/some"))


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.connected), "away"])
async def marks(request: pytest.FixtureRequest) -> AsyncIterator[Marks]:
    if request.param == "memory":
        yield LocalMarks()
        return
    url = AWAY if request.param == "away" else request.getfixturevalue("redis")
    connection = Redis.from_url(url)
    yield SharedMarks(RedisMarks(connection, f"test:{uuid4()}:"), LocalMarks())
    await connection.aclose()


async def test_names_are_remembered_for_a_while(marks: Marks) -> None:
    assert await marks.present("one", "two") == (False, False)
    assert await marks.put("one", 0.2)
    assert not await marks.put("one", 0.2, if_absent=True)
    assert await marks.put("two", 60, if_absent=True)
    assert await marks.present("one", "two") == (True, True)
    await asyncio.sleep(0.25)
    assert await marks.present("one", "two") == (False, True)
    await marks.remove("two", "never put")
    assert await marks.present("one", "two") == (False, False)


async def test_names_are_counted_within_a_while(marks: Marks) -> None:
    assert [await marks.count("one", 0.3) for _ in range(3)] == [1, 2, 3]
    await asyncio.sleep(0.35)
    assert await marks.count("one", 0.3) == 1


@pytest.mark.connected
async def test_a_circuit_that_one_replica_opens_is_open_for_all_and_one_of_them_probes(client: Redis) -> None:
    one, other = (Breaker(RedisMarks(client, "t:"), failures=2, open_s=0.2) for _ in range(2))
    route = Route("system", "key", "openai/some")
    await one.failed(route)
    await other.failed(route)
    assert not await one.allows(route)
    assert not await other.allows(route)
    await asyncio.sleep(0.25)
    assert sorted([await one.allows(route), await other.allows(route)]) == [False, True]
    await one.worked(route)
    assert await other.allows(route)


@pytest.mark.connected
async def test_a_question_is_answered_once_for_all_replicas_at_once_and_later(client: Redis) -> None:
    asked = 0

    async def ask() -> Answer:
        nonlocal asked
        async with RedisAnswerCache(client, ttl_s=60, turn_s=5).turn("question") as turn:
            if turn.answer is None:
                asked += 1
                await asyncio.sleep(0.1)
                turn.keep = ANSWER
            return turn.answer or ANSWER

    answers = await asyncio.gather(*(ask() for _ in range(8)))
    assert asked == 1
    assert sum(answer.cached for answer in answers) == 7
    assert (await ask()).text == ANSWER.text
    assert asked == 1
    assert 0 < await client.ttl("casewright:answers:question") <= 60


@pytest.mark.connected
async def test_what_is_of_no_use_is_not_kept_and_the_next_one_asks(client: Redis) -> None:
    cache = RedisAnswerCache(client, ttl_s=60, turn_s=5)
    for _ in range(2):
        async with cache.turn("question") as turn:
            assert turn.answer is None
    with pytest.raises(ZeroDivisionError):
        async with cache.turn("question") as turn:
            raise ZeroDivisionError
    async with asyncio.timeout(1), cache.turn("question") as turn:
        assert turn.answer is None


@pytest.mark.connected
async def test_a_turn_whose_process_was_killed_ends_by_itself(client: Redis) -> None:
    await client.set("casewright:answers:question:turn", "of a dead one", px=300)
    async with asyncio.timeout(3), RedisAnswerCache(client, ttl_s=60, turn_s=5).turn("question") as turn:
        assert turn.answer is None


async def test_without_redis_everybody_asks() -> None:
    connection = Redis.from_url(AWAY)
    cache = RedisAnswerCache(connection, ttl_s=60, turn_s=5)
    for _ in range(2):
        async with cache.turn("question") as turn:
            assert turn.answer is None
            turn.keep = ANSWER
    await connection.aclose()


def test_everything_that_an_answer_depends_on_is_in_its_key() -> None:
    org, question = uuid4(), Question([{"role": "user", "content": "a"}], {"type": "object"})
    keys = {
        answer_key(org, "openai/some", "v1", question),
        answer_key(uuid4(), "openai/some", "v1", question),
        answer_key(org, "openai/other", "v1", question),
        answer_key(org, "openai/some", "v2", question),
        answer_key(org, "openai/some", "v1", Question([{"role": "user", "content": "b"}], {})),
        answer_key(org, "openai/some", "v1", Question(question.messages, question.schema, temperature=1)),
        answer_key(org, "openai/some", "v1", Question(question.messages, {"type": "array"})),
    }
    assert len(keys) == 7
    assert answer_key(org, "openai/some", "v1", question) in keys


async def entries(client: Redis, assignment: Assignment) -> list[dict[str, str]]:
    stream = f"casewright:progress:{assignment.story.org_id}:{assignment.cause_id}"
    found: Any = await client.xrange(stream)
    return [{name.decode(): value.decode() for name, value in fields.items()} for _, fields in found]


@pytest.mark.connected
async def test_nothing_is_written_unless_somebody_watches(client: Redis, assignment: Assignment) -> None:
    progress = RedisProgress(client)
    await progress.tell(assignment, "write")
    assert await progress.listener(assignment, "write") is None
    await progress.close()
    assert await client.keys("casewright:progress:*") == []


@pytest.mark.connected
async def test_pieces_within_a_window_go_out_as_one_in_order(client: Redis, assignment: Assignment) -> None:
    await client.set(f"casewright:watch:{assignment.story.org_id}:{assignment.cause_id}", "1", ex=60)
    progress = RedisProgress(client)
    await progress.tell(assignment, "write")
    listen = await progress.listener(assignment, "write")
    assert listen is not None
    for number in range(100):
        listen(f"{number},")
    await progress.close()
    found = await entries(client, assignment)
    assert len(found) <= 2
    assert {entry["stage"] for entry in found} == {"write"}
    assert "".join(entry["text"] for entry in found) == "".join(f"{number}," for number in range(100))
    (stream,) = await client.keys("casewright:progress:*")
    assert 0 < await client.ttl(stream) <= 3600


@pytest.mark.connected
@pytest.mark.parametrize("both", [False, True])
async def test_who_watches_the_story_is_told_without_knowing_the_cause(
    client: Redis, assignment: Assignment, *, both: bool
) -> None:
    about = assignment.story
    story = f"{about.org_id}:{about.connection_id}:{about.issue_id}"
    for name in (story, f"{about.org_id}:{assignment.cause_id}")[: 1 + both]:
        await client.set(f"casewright:watch:{name}", "1", ex=60)
    progress = RedisProgress(client)
    await progress.tell(assignment, "retrieve")
    listen = await progress.listener(assignment, "write")
    assert listen is not None
    listen("a piece")
    await progress.close()
    found: Any = await client.xrange(f"casewright:progress:{story}")
    assert [fields for _, fields in found] == [
        {b"stage": b"retrieve", b"text": b""},
        {b"stage": b"write", b"text": b"a piece"},
    ]
    assert len(await entries(client, assignment)) == 2 * both


async def test_losing_redis_loses_the_watchers_view_and_nothing_else(assignment: Assignment) -> None:
    connection = Redis.from_url(AWAY)
    progress = RedisProgress(connection, always=True)
    listen = await progress.listener(assignment, "write")
    assert listen is not None
    listen("a piece")
    await progress.tell(assignment, "store")
    await progress.close()
    assert await RedisProgress(connection).listener(assignment, "write") is None
    assert await Unwatched().listener(assignment, "write") is None
    with pytest.raises(RedisAwayError):
        await connection.ping()
    await connection.aclose()
