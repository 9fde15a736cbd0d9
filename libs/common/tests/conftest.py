"""Fixtures of the delivery runtime's tests."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from casewright_common.testing import Rig, make_topics


@pytest.fixture
async def rig(kafka: str) -> AsyncIterator[Rig]:
    """A fresh topic of 4 partitions, and its dead letters."""
    topic = f"ping.{uuid4().hex[:8]}.v1"
    await make_topics(kafka, (topic, 4), (f"{topic}.dlq", 1))
    rig = Rig(kafka, topic)
    yield rig
    for member in rig.members:
        await member.delivery.stop()
