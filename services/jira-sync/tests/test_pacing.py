from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_jira_sync.domain.pacing import JITTER, LimitScope, Rate, scope_of, told_wait_s, wait_s

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"Retry-After": "7", "X-RateLimit-Reset": "2026-11-20T09:01:00Z"}, 7.0),
        ({"X-RateLimit-Reset": "2026-11-20T09:01:00Z"}, 60.0),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "2026-11-20T09:00:03+00:00"}, 3.0),
        ({"X-RateLimit-Reset": "2026-11-20T08:00:00Z"}, 0.0),
        ({"X-RateLimit-Reset": "2026-11-20T08:00:00"}, None),
        ({"X-RateLimit-Reset": "never"}, None),
        ({}, None),
    ],
)
def test_retry_after_wins_over_the_reset_and_neither_is_an_answer_too(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert told_wait_s(httpx.Headers(headers), NOW) == seconds


@pytest.mark.parametrize(
    ("reason", "scope"),
    [
        ("jira-quota-global-based", LimitScope.SITE),
        ("jira-quota-tenant-based", LimitScope.SITE),
        ("jira-burst-based", LimitScope.ENDPOINT),
        ("jira-per-issue-on-write", LimitScope.ISSUE),
        ("something new", LimitScope.ENDPOINT),
        (None, LimitScope.ENDPOINT),
    ],
)
def test_each_reason_slows_only_what_it_is_about(reason: str | None, scope: LimitScope) -> None:
    assert scope_of(reason) is scope


def test_without_a_word_from_jira_the_wait_doubles() -> None:
    assert [wait_s(attempt, None, 1.0) for attempt in (1, 2, 3)] == [2.0, 4.0, 8.0]


@given(st.floats(0, 1000), st.floats(*JITTER))
def test_what_jira_asked_for_is_never_undercut(told: float, jitter: float) -> None:
    assert told <= wait_s(1, told, jitter) <= told * JITTER[1]


@given(
    st.integers(1, 100),
    st.lists(st.floats(0, 0.5), min_size=1, max_size=300),
)
def test_no_window_ever_sees_more_calls_than_the_rate_allows(per_window: int, gaps: list[float]) -> None:
    rate, booked, now, turns = Rate(per_window), 0.0, 1000.0, []
    for gap in gaps:
        now += gap
        wait, booked = rate.reserve(booked, now)
        turns.append(now + wait)
    for first in turns:
        inside = [turn for turn in turns if first <= turn < first + 1.0 - 1e-6]
        assert len(inside) <= per_window


def test_a_rate_that_is_not_used_up_costs_no_wait() -> None:
    assert Rate(40).reserve(0.0, NOW.timestamp() + timedelta(hours=1).total_seconds())[0] == 0.0
