from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import GenerationOutcome
from casewright_gateway.domain.cursor import Part, decode, encode
from casewright_gateway.domain.errors import InvalidFieldError
from casewright_gateway.domain.records import story_id
from casewright_gateway.domain.story_status import StoryFacts, status_of

AT = datetime(2026, 11, 23, tzinfo=UTC)

parts = st.lists(
    st.one_of(
        st.uuids(),
        st.integers(min_value=-(2**31), max_value=2**31),
        st.datetimes(timezones=st.just(UTC)),
    ),
    max_size=4,
)


@given(parts)
def test_a_cursor_gives_back_what_was_put_in(key: list[Part]) -> None:
    cursor = encode(key)
    assert decode(cursor, [type(part) for part in key]) == tuple(key)
    assert cursor.replace("-", "").replace("_", "").isalnum() or not cursor


@given(st.text(max_size=500))
def test_any_other_text_is_no_cursor(cursor: str) -> None:
    with pytest.raises(InvalidFieldError):
        decode(cursor, (datetime, UUID))


@given(parts)
def test_a_cursor_of_another_list_is_refused(key: list[Part]) -> None:
    with pytest.raises(InvalidFieldError):
        decode(encode([*key, 1]), [type(part) for part in key])


def facts(**changes: object) -> StoryFacts:
    done = {
        "revision": 1,
        "generation": 1,
        "generated_revision": 1,
        "outcome": GenerationOutcome.CASES,
        "generated_at": AT,
    }
    return StoryFacts(**done | changes)  # type: ignore[arg-type]  # a table of cases


@pytest.mark.parametrize(
    ("known", "status"),
    [
        (StoryFacts(), "pending"),
        (facts(), "cases"),
        (facts(revision=2), "pending"),
        (facts(revision=0), "cases"),
        (facts(removed=True), "removed"),
        (facts(outcome=GenerationOutcome.RETIRED), "removed"),
        (facts(outcome=GenerationOutcome.RETIRED, revision=2), "pending"),
        (facts(outcome=GenerationOutcome.NEEDS_DETAIL), "needs_detail"),
        (facts(synced_generation=1, synced_outcome="written"), "synced"),
        (facts(synced_generation=1, synced_outcome="unchanged"), "synced"),
        (facts(synced_generation=1, synced_outcome="gone"), "cases"),
        (facts(synced_generation=2, synced_outcome="written"), "cases"),
        (facts(failed_at=AT + timedelta(1), failed_revision=1), "failed"),
        (facts(failed_at=AT + timedelta(1)), "failed"),
        (facts(failed_at=AT - timedelta(1), failed_revision=1), "cases"),
        (facts(failed_at=AT + timedelta(1), failed_revision=1, revision=2), "pending"),
    ],
)
def test_the_status_follows_from_the_facts(known: StoryFacts, status: str) -> None:
    assert status_of(known) == status


@given(st.uuids(), st.uuids(), st.text(max_size=9))
def test_one_issue_is_one_story(connection: UUID, other: UUID, issue: str) -> None:
    assert story_id(connection, issue) == story_id(connection, issue)
    assert (story_id(connection, issue) == story_id(other, issue)) == (connection == other)
