"""Creates, lists and updates the topics of `casewright_common.topics`."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.admin.new_partitions import NewPartitions
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from casewright_common import kafka
from casewright_common.errors import UpstreamUnavailableError
from casewright_common.settings import KafkaSecurity
from casewright_common.topics import MAX_MESSAGE_BYTES, SPECS, Topic, TopicSpec
from casewright_standalone.engines.errors import EngineError

_DEAD_LETTER = TopicSpec(producers=("any consumer",), consumers=("replay command",), retention_days=90)
_DAY_MS = 24 * 3600 * 1000
_TIMEOUT_S = 30


@dataclass(frozen=True)
class TopicState:
    """A topic as it should be and as it is.

    Attributes:
        partitions: 0 where it doesn't exist.
        wrong: Settings that differ, as `name: is → should be`.
    """

    name: str
    spec: TopicSpec
    partitions: int
    wrong: tuple[str, ...]


def wanted() -> dict[str, TopicSpec]:
    """Every topic by name, dead letters included."""
    return {topic.value: spec for topic, spec in SPECS.items()} | {
        topic.dead_letters: _DEAD_LETTER for topic in Topic
    }


def settings_of(spec: TopicSpec) -> dict[str, str]:
    """Kafka's settings of a topic."""
    cleanup = (
        {"cleanup.policy": "compact"}
        if spec.compacted
        else {"cleanup.policy": "delete", "retention.ms": str(spec.retention_days * _DAY_MS)}
    )
    return {"max.message.bytes": str(MAX_MESSAGE_BYTES), **cleanup}


@asynccontextmanager
async def administration(
    bootstrap_servers: str, security: KafkaSecurity = kafka.PLAINTEXT
) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connection for administration.

    Raises:
        EngineError: If no broker is there, or it does not let us in.
    """
    client = AIOKafkaAdminClient(
        **kafka.connection(bootstrap_servers, security),
        client_id="casewright-topics",
        request_timeout_ms=_TIMEOUT_S * 1000,
    )
    try:
        await kafka.start(client, bootstrap_servers, security)
        yield client
    except (KafkaError, OSError, TimeoutError, UpstreamUnavailableError) as error:
        raise EngineError(f"Kafka at {bootstrap_servers} did not do it: {error}.") from error
    finally:
        await client.close()


async def create(
    bootstrap_servers: str,
    *,
    partitions: int,
    replication_factor: int,
    security: KafkaSecurity = kafka.PLAINTEXT,
) -> Sequence[str]:
    """Create what is missing, and return when every topic has a leader.

    Returns:
        Names of the topics that were created.
    """
    async with administration(bootstrap_servers, security) as client:
        known = set(await client.list_topics())
        missing = {name: spec for name, spec in wanted().items() if name not in known}
        if missing:
            answer = await client.create_topics(
                [
                    NewTopic(
                        name,
                        num_partitions=1 if name.endswith(".dlq") else partitions,
                        replication_factor=replication_factor,
                        topic_configs=settings_of(spec),
                    )
                    for name, spec in missing.items()
                ]
            )
            _raise_for(answer.topic_errors)
        await _wait_for_leaders(client, list(missing))
        return sorted(missing)


async def states(bootstrap_servers: str, security: KafkaSecurity = kafka.PLAINTEXT) -> Sequence[TopicState]:
    """How each topic is, in the order of the flow."""
    async with administration(bootstrap_servers, security) as client:
        known = set(await client.list_topics())
        names = wanted()
        there = [name for name in names if name in known]
        partitions = {
            described["topic"]: len(described["partitions"])
            for described in (await client.describe_topics(there) if there else [])
        }
        actual = await _configs(client, there)
        return [
            TopicState(
                name,
                spec,
                partitions.get(name, 0),
                tuple(
                    f"{key}: {actual[name].get(key)} → {value}"
                    for key, value in settings_of(spec).items()
                    if name in actual and actual[name].get(key) != value
                ),
            )
            for name, spec in names.items()
        ]


async def update(
    bootstrap_servers: str,
    *,
    partitions: int,
    replication_factor: int,
    security: KafkaSecurity = kafka.PLAINTEXT,
) -> Sequence[str]:
    """Create what is missing and correct what differs; partitions are added, never removed.

    Returns:
        A line for each topic that was changed.
    """
    lines = [
        f"{name}: created"
        for name in await create(
            bootstrap_servers,
            partitions=partitions,
            replication_factor=replication_factor,
            security=security,
        )
    ]
    for state in await states(bootstrap_servers, security):
        async with administration(bootstrap_servers, security) as client:
            if state.wrong:
                resource = ConfigResource(
                    ConfigResourceType.TOPIC, state.name, configs=settings_of(state.spec)
                )
                for answer in await client.alter_configs([resource]):
                    _raise_for([(name, code, why) for code, why, _kind, name in answer.resources])
                lines.append(f"{state.name}: {'; '.join(state.wrong)}")
            if state.partitions < partitions and not state.name.endswith(".dlq"):
                await client.create_partitions({state.name: NewPartitions(total_count=partitions)})
                lines.append(f"{state.name}: {state.partitions} → {partitions} partitions")
    return lines


def _raise_for(outcomes: Iterable[tuple[str, int, str | None]]) -> None:
    for name, code, why in outcomes:
        if code not in (0, TopicAlreadyExistsError.errno):  # somebody else was faster
            raise for_code(code)(f"{name}: {why or 'no reason given'}")


async def _configs(client: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found: dict[str, dict[str, str]] = {}
    for response in await client.describe_configs(resources):
        for _code, _message, _kind, name, entries in response.resources:
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found


async def _wait_for_leaders(client: AIOKafkaAdminClient, names: Sequence[str]) -> None:
    """Right after a topic is made, producers would be told that it has no leader."""
    async with asyncio.timeout(_TIMEOUT_S):
        while names:
            described = await client.describe_topics(list(names))
            if all(
                topic["error_code"] == 0
                and topic["partitions"]
                and all(partition["leader"] >= 0 for partition in topic["partitions"])
                for topic in described
            ):
                return
            await asyncio.sleep(0.05)
