"""What consumers have not committed yet, as the broker knows it."""

from collections.abc import Collection

from aiokafka import AIOKafkaConsumer, TopicPartition

from casewright_common.delivery.runtime import group_of
from casewright_common.topics import SPECS
from casewright_standalone.run_folder import SERVICES
from casewright_standalone.topics import administration


async def lag(bootstrap_servers: str, services: Collection[str] = SERVICES) -> int:
    """Messages that a consumer group of these services has not committed yet, over all topics.

    Raises:
        EngineError: If no broker is there.
    """
    behind = 0
    async with administration(bootstrap_servers) as client:
        described = await client.describe_topics([topic.value for topic in SPECS])
        partitions = [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in described
            for partition in topic["partitions"]
        ]
        consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, group_id=None)
        await consumer.start()
        try:
            ends = await consumer.end_offsets(partitions)
        finally:
            await consumer.stop()
        for topic, spec in SPECS.items():
            if spec.compacted:
                continue  # read whole by everybody, without a group
            mine = [partition for partition in partitions if partition.topic == topic.value]
            for service in set(spec.consumers).intersection(services):
                group = group_of(service, topic.value)
                done = await client.list_consumer_group_offsets(group, partitions=mine)
                behind += sum(max(0, ends[one] - max(0, done[one].offset)) for one in mine)
    return behind
