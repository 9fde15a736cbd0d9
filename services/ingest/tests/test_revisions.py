"""When something is news, and when it isn't."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from casewright_common.events import IssueReceivedV1, StoryChangedV1
from casewright_ingest.domain.revisions import (
    Home,
    Outcome,
    StoryState,
    content_hash,
    decide,
    is_own_write,
    next_revision,
    state_after,
    time_of,
)
from casewright_ingest.domain.stories import story_of

Received = Callable[..., IssueReceivedV1]
HOME = Home(UUID(int=3), "SHOP")


def after(
    known: StoryState | None, received: IssueReceivedV1, *, is_story: bool = True
) -> tuple[Outcome, StoryState | None]:
    """Outcome, and what is known then."""
    story = story_of(received, criteria_field=None) if is_story and received.change != "deleted" else None
    outcome = decide(known, received, story, HOME)
    changed = next_revision(known, received, outcome, story, HOME)
    return outcome, state_after(known, changed, time_of(received)) if changed is not None else known


def revision_of(state: StoryState | None) -> int:
    assert state is not None
    return state.event.revision


def test_text_back_to_an_older_one_is_a_new_revision(received: Received) -> None:
    state = None
    for minutes, text in enumerate(["First text.", "Second text.", "First text."]):
        _, state = after(state, received(minutes=minutes, description=text))
        assert revision_of(state) == minutes + 1


@pytest.mark.parametrize("fields", [{"status": "Done"}, {"labels": ("x",)}, {"actor_account_id": "other"}])
def test_what_no_test_follows_from_makes_no_revision(received: Received, fields: dict[str, Any]) -> None:
    _, state = after(None, received())
    assert after(state, received(minutes=1, **fields))[0] is Outcome.UNCHANGED


@pytest.mark.parametrize(
    "fields",
    [{"summary": "Other"}, {"description": "Other"}, {"issue_type": "Bug"}, {"issue_key": "SHOP-9"}],
)
def test_what_tests_follow_from_makes_a_revision(received: Received, fields: dict[str, Any]) -> None:
    _, state = after(None, received())
    outcome, state = after(state, received(minutes=1, **fields))
    assert outcome is Outcome.UPDATED
    assert revision_of(state) == 2


def test_an_older_state_that_comes_late_is_ignored(received: Received) -> None:
    _, state = after(None, received(minutes=5))
    assert after(state, received(minutes=4, summary="Older"))[0] is Outcome.OLDER


def test_a_repetition_is_known_by_its_id(received: Received) -> None:
    event = received()
    _, state = after(None, event)
    assert after(state, event)[0] is Outcome.REPEATED


def test_deleted_then_seen_late_stays_removed_and_made_again_is_created(received: Received) -> None:
    _, state = after(None, received())
    deleted = received(minutes=5, change="deleted", updated_at=received().updated_at)
    outcome, state = after(state, deleted)
    assert outcome is Outcome.REMOVED
    assert state is not None
    assert state.event.story == story_of(received(), criteria_field=None)
    assert after(state, received(minutes=4))[0] is Outcome.OLDER
    outcome, state = after(state, received(minutes=6))
    assert outcome is Outcome.CREATED
    assert revision_of(state) == 3


def test_an_issue_that_ceases_to_be_a_story_is_removed(received: Received) -> None:
    _, state = after(None, received())
    outcome, state = after(state, received(minutes=1, issue_type="Epic"), is_story=False)
    assert outcome is Outcome.REMOVED
    assert after(state, received(minutes=2, issue_type="Epic"), is_story=False)[0] is Outcome.NOT_A_STORY


def test_a_deleted_issue_that_nobody_knew_is_no_news(received: Received) -> None:
    outcome, state = after(None, received(change="deleted"))
    assert (outcome, state) == (Outcome.UNCHANGED, None)


def test_the_event_id_follows_from_organisation_issue_and_revision(received: Received) -> None:
    event = received()
    _, state = after(None, event)
    assert state is not None
    assert state.event.event_id == StoryChangedV1.derive_id(event.org_id, event.issue_id, 1)
    assert state.event.caused_by == event.event_id


def test_the_hash_ignores_where_a_criterion_was_found_and_the_case_of_the_type(received: Received) -> None:
    story = story_of(received(), criteria_field=None)
    assert content_hash(story) == content_hash(
        story.model_copy(update={"issue_type": "STORY", "labels": ("z",)})
    )


@pytest.mark.parametrize(
    ("fields", "own"),
    [
        ({"changed_fields": ("comment",)}, True),
        ({"changed_fields": ("Comment", "issuelinks", "subtasks")}, True),
        ({"changed_fields": ("comment", "description")}, False),
        ({"changed_fields": ()}, False),
        ({"changed_fields": ("comment",), "actor_account_id": "somebody"}, False),
        ({"changed_fields": ("comment",), "actor_account_id": None}, False),
        ({"change": "created", "issue_type": "sub-task"}, True),
        ({"change": "created", "issue_type": "Story"}, False),
        ({"change": "deleted", "changed_fields": ()}, False),
    ],
)
def test_own_writes_are_those_of_our_account_to_our_fields_alone(
    received: Received, fields: dict[str, Any], *, own: bool
) -> None:
    event = received(**({"actor_account_id": "us"} | fields))
    assert is_own_write(event, account_id="us", subtask_type="Sub-task") is own


def test_without_a_known_account_nothing_is_an_own_write(received: Received) -> None:
    event = received(actor_account_id=None, changed_fields=("comment",))
    assert not is_own_write(event, account_id="", subtask_type=None)


def test_time_of_a_deletion_is_when_it_was_told(received: Received) -> None:
    event = received(minutes=3, change="deleted", updated_at=received().updated_at)
    assert time_of(event) - time_of(received()) == timedelta(minutes=3)
