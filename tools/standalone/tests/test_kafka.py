import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from casewright_standalone.engines.kafka import Kafka

pytestmark = pytest.mark.connected


async def test_what_the_broker_acknowledged_survives_its_kill_and_a_restart_on_the_same_data(
    kafka: str, kafka_broker: Kafka
) -> None:
    topic = "test.engines.survival"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(topic, b"kept")

    await asyncio.to_thread(kafka_broker.kill)
    assert kafka_broker.pid is None
    await asyncio.to_thread(kafka_broker.start)

    assert kafka_broker.bootstrap == kafka
    async with AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer:
        message = await asyncio.wait_for(consumer.getone(), timeout=30)
    assert message.value == b"kept"
