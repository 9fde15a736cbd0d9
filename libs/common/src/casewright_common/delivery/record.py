"""What a message looks like to us."""

from typing import Protocol


class Record(Protocol):
    """A raw Kafka message, as aiokafka's `ConsumerRecord` shows it.

    Attributes:
        timestamp: Milliseconds since 1970, set by the producer.
        headers: Values are bytes; a name may come twice.
    """

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> tuple[tuple[str, bytes], ...]: ...
