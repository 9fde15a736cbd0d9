"""The way of an event from a committed row to Kafka."""

import asyncio
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from casewright_common.events import (
    EVENTS,
    Event,
)
from casewright_common.topics import Topic

pytestmark = pytest.mark.connected

PATIENCE_S = 30.0


async def read_all(bootstrap: str, topic: Topic) -> list[Event]:
    """Every event on the topic up to its present end."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [
            TopicPartition(topic.value, p) for p in consumer.partitions_for_topic(topic.value) or ()
        ]
        if not partitions:
            await consumer._client.force_metadata_update()
            cluster = await consumer._client.fetch_all_metadata()
            partitions = [
                TopicPartition(topic.value, p) for p in cluster.partitions_for_topic(topic.value) or ()
            ]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        found: list[Event] = []
        while any([await consumer.position(p) < ends[p] for p in partitions]):
            batches = await consumer.getmany(timeout_ms=200)
            for records in batches.values():
                found += [EVENTS[topic].model_validate_json(record.value or b"") for record in records]
        return found
    finally:
        await consumer.stop()


async def test_configuration_reaches_its_topic(database, kafka, gateway_on_kafka) -> None:
    async with gateway_on_kafka() as gateway:
        made = await gateway.client.post("/api/v1/organisations", json={"name": f"Acme {uuid4()}"})
        base = made.headers["Location"]
        connection = await gateway.client.post(
            f"{base}/connections",
            json={
                "site_url": "http://127.0.0.1:8089/",
                "account_email": "bot@example.com",
                "account_id": "bot",
                "api_token": "jira-token",
            },
        )
        assert connection.status_code == 201
        for _ in range(100):
            events = await read_all(kafka, Topic.CONNECTION_CONFIGURED)
            if events:
                break
            await asyncio.sleep(0.1)
        assert [str(e.connection_id) for e in events] == [connection.json()["id"]]
