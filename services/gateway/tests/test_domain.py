from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import GenerationOutcome
from casewright_gateway.domain.cursor import Part, decode, encode
from casewright_gateway.domain.errors import InvalidFieldError
from casewright_gateway.domain.records import story_id
from casewright_gateway.domain.site import address_allowed, normalise_site
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


@pytest.mark.parametrize(
    ("given_url", "base"),
    [
        ("https://Acme.Atlassian.net/", "https://acme.atlassian.net"),
        (" https://acme.atlassian.net:8443 ", "https://acme.atlassian.net:8443"),
        ("https://acme.atlassian.net.", "https://acme.atlassian.net"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]"),
    ],
)
def test_a_site_is_its_base_address(given_url: str, base: str) -> None:
    assert normalise_site(given_url, allow_insecure=False) == base


@pytest.mark.parametrize("url", ["http://127.0.0.1:8090", "http://localhost:8090", "http://[::1]:8090"])
def test_loopback_is_a_site_only_where_that_is_allowed(url: str) -> None:
    assert normalise_site(url, allow_insecure=True) == url
    with pytest.raises(InvalidFieldError):
        normalise_site(url, allow_insecure=False)
    with pytest.raises(InvalidFieldError):
        normalise_site(url.replace("http", "https"), allow_insecure=False)


@given(st.text(max_size=60), st.booleans())
def test_whatever_is_taken_for_a_site_is_taken_again_unchanged(text: str, allowed: bool) -> None:  # noqa: FBT001  # a property
    try:
        site = normalise_site(f"https://{text}", allow_insecure=allowed)
    except InvalidFieldError:
        return
    assert normalise_site(site, allow_insecure=allowed) == site


@given(st.ip_addresses())
def test_only_public_addresses_are_called(address: object) -> None:
    found = ip_address(str(address))
    if address_allowed(found, allow_loopback=False):
        assert found.is_global
        assert not found.is_private


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "::ffff:10.0.0.1",
        "2002:a00:1::",
        "224.0.0.1",
        "0.0.0.0",  # noqa: S104  # an address to refuse
        "100.64.0.1",
    ],
)
def test_inner_addresses_are_refused(address: str) -> None:
    assert not address_allowed(ip_address(address), allow_loopback=False)


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
