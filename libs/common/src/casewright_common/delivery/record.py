"""What a message looks like to us."""

from typing import Protocol


class Record(Protocol):
    """A raw Kafka message, as aiokafka's `ConsumerRecord` shows it.

    Attributes:
        timestamp: Milliseconds since 1970, set by the producer.
        headers: In order; a name may come twice, a value may be missing.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
