import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from casewright_common.topics import Topic
from casewright_standalone import topics
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.engines.process import free_port

pytestmark = pytest.mark.connected


@pytest.fixture(scope="module")
def kafka(engine_folder: Path) -> Iterator[str]:
    """A broker of our own: nobody else has made topics on it."""
    broker = Kafka(engine_folder / "topics")
    broker.start()
    yield broker.bootstrap
    broker.stop()


async def test_topics_are_made_as_their_specs_say_and_only_once(kafka: str) -> None:
    await topics.create(kafka, partitions=2, replication_factor=1)
    assert await topics.create(kafka, partitions=2, replication_factor=1) == []

    states = {state.name: state for state in await topics.states(kafka)}
    assert states.keys() == {name for topic in Topic for name in (topic.value, topic.dead_letters)}
    assert all(state.wrong == () for state in states.values())
    assert states[Topic.STORY_CHANGED.value].partitions == 2
    assert states[Topic.STORY_CHANGED.dead_letters].partitions == 1


async def test_an_update_corrects_what_differs_and_adds_partitions(kafka: str) -> None:
    await topics.create(kafka, partitions=2, replication_factor=1)
    name = Topic.PROJECT_CONFIGURED.value
    async with topics.administration(kafka) as client:
        await client.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name, configs={"cleanup.policy": "delete"})]
        )
    before = await seen(kafka, name, lambda state: state.wrong != ())
    assert "cleanup.policy: delete → compact" in before.wrong

    lines = await topics.update(kafka, partitions=3, replication_factor=1)

    assert any(line.startswith(f"{name}: cleanup.policy: delete → compact") for line in lines)
    assert f"{name}: 2 → 3 partitions" in lines
    after = await seen(kafka, name, lambda state: state.wrong == () and state.partitions == 3)
    assert (after.wrong, after.partitions) == ((), 3)
    assert await topics.update(kafka, partitions=3, replication_factor=1) == []


async def seen(kafka: str, name: str, wanted: Callable[[topics.TopicState], bool]) -> topics.TopicState:
    """The topic's state, once it is as wanted: a broker tells of a change a moment after it took it."""
    for _ in range(100):
        state = next(state for state in await topics.states(kafka) if state.name == name)
        if wanted(state):
            break
        await asyncio.sleep(0.1)
    return state


async def test_a_broker_that_is_not_there_is_one_clear_sentence() -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(EngineError, match=f"^Kafka at {address} did not do it: "):
        await topics.states(address)
