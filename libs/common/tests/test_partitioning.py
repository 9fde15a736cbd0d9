"""Keys land where everybody else's producers put them."""

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.delivery.partitioning import partition_of

_theirs = DefaultPartitioner()


@given(key=st.binary(max_size=200), partitions=st.integers(1, 100))
def test_a_key_has_the_partition_that_aiokafka_gives_it(key: bytes, partitions: int) -> None:
    every = list(range(partitions))
    assert partition_of(key, every, every) == _theirs(key, every, every)


def test_known_values_of_the_java_client() -> None:
    # From the tests of Kafka's own Utils.murmur2, modulo 2**31.
    every = list(range(1000))
    assert partition_of(b"21", every, every) == (-973932308 & 0x7FFFFFFF) % 1000
    assert partition_of(b"foobar", every, every) == (-790332482 & 0x7FFFFFFF) % 1000
    assert partition_of(b"a-little-bit-long-string", every, every) == (-985981536 & 0x7FFFFFFF) % 1000


def test_without_a_key_any_available_partition_will_do() -> None:
    assert partition_of(None, [0, 1, 2], [2]) == 2
