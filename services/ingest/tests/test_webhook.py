"""Jira's bodies, whatever they hold."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import IssueChange, IssueReceivedV1
from casewright_ingest.domain.webhook import Delivered, Ignored, Received, Refused, read_webhook

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DELIVERED = Delivered(UUID(int=1), UUID(int=2), "d-1", {"customfield_1"}, NOW)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def body(**changes: Any) -> dict[str, Any]:
    fields = {"summary": "Title", "issuetype": {"name": "Story"}, "project": {"key": "SHOP"}}
    issue = {"id": "7", "key": "SHOP-7", "fields": fields | changes.pop("fields", {})}
    return {"webhookEvent": "jira:issue_updated", "issue": issue} | changes


def event_of(**changes: Any) -> IssueReceivedV1:
    result = read_webhook(body(**changes), DELIVERED)
    assert isinstance(result, Received)
    return result.event


@given(JSON)
def test_any_json_is_read_ignored_or_refused(value: Any) -> None:
    assert isinstance(read_webhook(value, DELIVERED), Ignored | Refused)


@given(st.dictionaries(st.sampled_from(["timestamp", "user", "changelog", "issue", "webhookEvent"]), JSON))
def test_any_part_of_an_event_may_be_anything(changes: dict[str, Any]) -> None:
    read_webhook(body() | changes, DELIVERED)


@given(
    st.dictionaries(
        st.sampled_from(
            ["summary", "description", "labels", "status", "updated", "project", "issuetype", "customfield_1"]
        ),
        JSON,
    )
)
def test_any_field_of_an_issue_may_be_anything(fields: dict[str, Any]) -> None:
    result = read_webhook(body(fields=fields), DELIVERED)
    if isinstance(result, Received):
        assert IssueReceivedV1.model_validate_json(result.event.model_dump_json()) == result.event


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T13:27:59.000+0000", datetime(2026, 11, 23, 13, 27, 59, tzinfo=UTC)),
        ("2026-11-23T13:27:59.123+0100", datetime(2026, 11, 23, 12, 27, 59, 123000, tzinfo=UTC)),
        ("2026-11-23T13:27:59Z", datetime(2026, 11, 23, 13, 27, 59, tzinfo=UTC)),
        ("2026-11-23", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00.000+2300", None),
        ("0001-01-01T00:00:00.000+0000", None),
        ("9999-12-31T23:59:59.999+0000", None),
        (7, None),
    ],
)
def test_jiras_times_are_read(text: object, moment: datetime | None) -> None:
    assert event_of(fields={"updated": text}).updated_at == moment


def test_the_time_of_the_event_comes_from_jira_if_it_tells() -> None:
    assert event_of(timestamp=1_795_440_000_000).occurred_at == datetime.fromtimestamp(1_795_440_000, tz=UTC)
    updated = {"updated": "2026-11-23T13:27:59.000+0000"}
    assert event_of(fields=updated).occurred_at == datetime(2026, 11, 23, 13, 27, 59, tzinfo=UTC)
    assert event_of(timestamp=-5).occurred_at == NOW


def test_a_deletion_needs_no_fields() -> None:
    deleted = {"webhookEvent": "jira:issue_deleted", "issue": {"id": 7, "key": "SHOP-7"}}
    result = read_webhook(deleted, DELIVERED)
    assert isinstance(result, Received)
    assert (result.event.change, result.event.issue_id, result.event.project_key) == (
        IssueChange.DELETED,
        "7",
        "SHOP",
    )


def test_a_field_that_holds_a_list_of_options_becomes_a_list() -> None:
    options = {
        "customfield_1": [{"value": "It opens"}, {"name": "It closes", "checked": True}, "It waits", 7]
    }
    assert event_of(fields=options).criteria == {"customfield_1": "* It opens\n* It closes\n* It waits"}


def test_a_move_names_the_project_that_was_left() -> None:
    items = [{"field": "Key", "fieldId": "issuekey", "fromString": "OLD-3", "toString": "SHOP-7"}]
    result = read_webhook(body(changelog={"items": items}), DELIVERED)
    assert isinstance(result, Received)
    assert result.moved_from == "OLD"
