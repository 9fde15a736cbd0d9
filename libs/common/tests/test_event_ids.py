"""Ids that are derived from a cause."""

from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import IssueReceivedV1
from casewright_common.events.base import EVENT_NAMESPACE


@given(st.lists(st.uuids() | st.text() | st.integers()))
def test_a_derived_id_is_the_name_based_uuid_of_its_cause(cause: list[object]) -> None:
    name = ":".join(["issue.received.v1", *map(str, cause)])
    assert IssueReceivedV1.derive_id(*cause) == uuid5(EVENT_NAMESPACE, name)
