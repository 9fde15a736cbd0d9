"""Where dead letters go: a producer of their own, made when the first one comes."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from casewright_common.errors import UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.settings import KafkaSettings
from casewright_common.topics import MAX_MESSAGE_BYTES


class Parking:
    """Publishes raw messages: FastStream's producer can't carry a header twice or one that isn't text."""

    def __init__(self, settings: KafkaSettings, client_id: str) -> None:
        self._settings = settings
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]]
    ) -> None:
        """Publish; returns once Kafka has it on all in-sync replicas.

        Raises:
            UpstreamUnavailableError: Not acknowledged in time.
            UpstreamRejectedError: Too large for Kafka.
        """
        try:
            async with asyncio.timeout(self._settings.request_timeout_s):
                producer = await self._started()
                await producer.send_and_wait(topic, value, key=key, headers=headers)
        except MessageSizeTooLargeError as error:
            raise UpstreamRejectedError("kafka", f"dead letter for {topic} is too large") from error
        except (KafkaError, TimeoutError) as error:
            await self.close()
            raise UpstreamUnavailableError("kafka", f"{topic}: {type(error).__name__}") from error

    async def close(self) -> None:
        """Close the producer if there is one; the next message makes a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError, TimeoutError):
                async with asyncio.timeout(1):
                    await producer.stop()

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._settings.bootstrap_servers,
                    client_id=f"{self._client_id}-dlq",
                    acks="all",
                    enable_idempotence=True,
                    max_request_size=MAX_MESSAGE_BYTES,
                    request_timeout_ms=int(self._settings.request_timeout_s * 1000),
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer
