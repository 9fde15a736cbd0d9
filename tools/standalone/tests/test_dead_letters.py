import asyncio
from datetime import UTC, datetime

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from casewright_common.delivery import Header
from casewright_common.topics import Topic
from casewright_standalone import dead_letters, topics
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.process import free_port

pytestmark = pytest.mark.connected
TOPIC = Topic.GENERATION_FAILED


def about(offset: int) -> list[tuple[str, bytes]]:
    return [
        ("traceparent", b"00-1-2-01"),
        (Header.ERROR_CODE, b"malformed_message"),
        (Header.ERROR, b"MalformedMessageError: not JSON"),
        (Header.TOPIC, TOPIC.value.encode()),
        (Header.PARTITION, b"0"),
        (Header.OFFSET, str(offset).encode()),
        (Header.GROUP, b"casewright.gateway"),
        (Header.ATTEMPTS, b"3"),
        (Header.PARKED_AT, datetime(2026, 11, 1, tzinfo=UTC).isoformat().encode()),
    ]


async def park(kafka: str, value: bytes, headers: list[tuple[str, bytes]]) -> str:
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        sent = await producer.send_and_wait(TOPIC.dead_letters, value, key=b"org/KEY-1", headers=headers)
    return f"{TOPIC.dead_letters}/{sent.partition}/{sent.offset}"


async def test_parked_messages_are_shown_and_go_back_to_their_group_alone_and_once(kafka: str) -> None:
    await topics.create(kafka, partitions=1, replication_factor=1)
    mine = await park(kafka, b"{broken", about(7))
    foreign = await park(kafka, b"who am I", [])

    messages = await dead_letters.parked(kafka, dead_letters.dead_letter_topics([TOPIC.value]))
    shown = {message.id: message for message in messages}
    assert shown[foreign].letter is None
    letter = shown[mine].letter
    assert letter is not None
    assert (letter.value, letter.error_code, letter.attempts) == (b"{broken", "malformed_message", 3)
    assert (await dead_letters.find(kafka, mine)).letter == letter

    waiting = await dead_letters.unreplayed(kafka, messages)
    assert {mine, foreign} <= {message.id for message in waiting}
    assert await dead_letters.replay(kafka, [shown[mine], shown[foreign]]) == 1
    await dead_letters.remember_replayed(kafka, messages)
    assert await dead_letters.unreplayed(kafka, messages) == []

    async with AIOKafkaConsumer(
        TOPIC.value, bootstrap_servers=kafka, auto_offset_reset="earliest", group_id=None
    ) as consumer:
        record = await asyncio.wait_for(consumer.getone(), timeout=20)
    assert (record.key, record.value) == (b"org/KEY-1", b"{broken")
    assert dict(record.headers) == {
        "traceparent": b"00-1-2-01",
        Header.REPLAY_GROUP: b"casewright.gateway",
        Header.REPLAYED_FROM: f"{TOPIC.value}/0/7".encode(),
    }


async def test_a_dead_letter_that_is_not_there_is_one_clear_sentence(kafka: str) -> None:
    await topics.create(kafka, partitions=1, replication_factor=1)
    missing = f"{TOPIC.dead_letters}/0/999999"
    with pytest.raises(EngineError, match=f"^There is no dead letter {missing}; see `casewright dlq list`"):
        await dead_letters.find(kafka, missing)


def test_a_name_that_is_no_topic_is_one_clear_sentence() -> None:
    with pytest.raises(
        EngineError, match=r"^nonsense is no topic of Casewright; see `casewright topics list`"
    ):
        dead_letters.dead_letter_topics(["nonsense"])


async def test_a_broker_that_is_not_there_is_one_clear_sentence() -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(EngineError, match=f"^Kafka at {address} can't be read: "):
        await dead_letters.parked(address, dead_letters.dead_letter_topics([]))
