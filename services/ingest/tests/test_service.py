"""The four tests of the consumer of `issue.received.v1`, and what else the use case decides."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.errors import NotConfiguredYetError, UpstreamUnavailableError
from casewright_common.events import (
    ConnectionStatus,
    CriterionOrigin,
    IssueReceivedV1,
    ProjectConfiguredV1,
    StoryChange,
)
from casewright_ingest.domain.criteria import MAX_CRITERIA
from casewright_ingest.domain.revisions import Outcome
from casewright_ingest.domain.stories import is_long, story_of
from casewright_ingest.service import IngestIssue
from casewright_ingest.testing import StoriesInMemory

Received = Callable[..., IssueReceivedV1]
ACCOUNT = "557058:ours"


async def test_effect_a_new_issue_becomes_revision_one(ingest: IngestIssue, received: Received) -> None:
    changed = await ingest(received(change="created"))
    assert changed is not None
    assert (changed.revision, changed.change, changed.issue_key) == (1, StoryChange.CREATED, "SHOP-1")
    assert changed.partition_key == received().partition_key
    assert [criterion.id for criterion in changed.story.criteria] == ["AC-1", "AC-2"]
    assert changed.story.text.startswith("Customers forget passwords.\n\nAcceptance criteria\n\n- A mail")


async def test_redelivery_publishes_the_same_bytes_and_makes_no_revision(
    ingest: IngestIssue, received: Received, outcomes: list[Outcome]
) -> None:
    first = await ingest(received())
    second = await ingest(received())
    assert first is not None
    assert second is not None
    assert first.model_dump_json() == second.model_dump_json()
    assert outcomes == [Outcome.CREATED, Outcome.REPEATED]


async def test_transient_failure_stores_nothing_and_the_next_attempt_works(
    ingest: IngestIssue, stories: StoriesInMemory, received: Received, outcomes: list[Outcome]
) -> None:
    stories.failures.append(UpstreamUnavailableError("postgres", "starting up"))
    with pytest.raises(UpstreamUnavailableError):
        await ingest(received())
    assert outcomes == []
    changed = await ingest(received())
    assert changed is not None
    assert changed.revision == 1


@pytest.mark.parametrize(
    "description",
    [
        "",
        "\x00\ud800{code}",
        {"type": "doc", "content": [{"type": "paragraph", "content": [None, 7, {"type": "text"}]}]},
        {"type": "nonsense", "content": "nonsense"},
        "|| " * 5000,
    ],
)
async def test_hopeless_content_is_a_story_all_the_same(
    ingest: IngestIssue, received: Received, description: object
) -> None:
    changed = await ingest(received().model_copy(update={"description": description}))
    assert changed is not None
    changed.model_dump_json().encode()


async def test_a_change_of_the_status_alone_is_no_news(
    ingest: IngestIssue, received: Received, outcomes: list[Outcome]
) -> None:
    await ingest(received())
    assert await ingest(received(minutes=1, status="Done", changed_fields=("status",))) is None
    assert await ingest(received(minutes=0.5, summary="Seen too late")) is None
    assert outcomes == [Outcome.CREATED, Outcome.UNCHANGED, Outcome.OLDER]


async def test_an_issue_that_is_no_story_is_dropped_and_counted(
    ingest: IngestIssue, received: Received, outcomes: list[Outcome]
) -> None:
    assert await ingest(received(issue_type="Epic")) is None
    assert outcomes == [Outcome.NOT_A_STORY]


async def test_story_types_are_compared_without_regard_to_case(
    ingest: IngestIssue, received: Received
) -> None:
    assert await ingest(received(issue_type="TASK")) is not None


async def test_our_comment_is_dropped_but_our_edit_of_the_text_is_not(
    ingest: IngestIssue, received: Received, outcomes: list[Outcome]
) -> None:
    await ingest(received())
    comment = received(minutes=1, actor_account_id=ACCOUNT, changed_fields=("comment",), summary="Not read")
    assert await ingest(comment) is None
    edit = received(minutes=2, actor_account_id=ACCOUNT, changed_fields=("summary",), summary="New title")
    changed = await ingest(edit)
    assert changed is not None
    assert changed.story.title == "New title"
    assert outcomes == [Outcome.CREATED, Outcome.OWN_WRITE, Outcome.UPDATED]


async def test_the_criteria_field_of_the_project_goes_before_the_description(
    ingest: IngestIssue, received: Received
) -> None:
    changed = await ingest(
        received(criteria={"customfield_10100": "* Only this", "customfield_2": "* Not this"})
    )
    assert changed is not None
    assert [(one.text, one.origin) for one in changed.story.criteria] == [
        ("Only this", CriterionOrigin.CUSTOM_FIELD)
    ]


async def test_an_unknown_project_is_waited_for_while_its_configuration_may_be_on_its_way(
    ingest: IngestIssue, received: Received, outcomes: list[Outcome]
) -> None:
    now = datetime(2026, 11, 23, 14, tzinfo=UTC)
    with pytest.raises(NotConfiguredYetError):
        await ingest(received(project_key="NEW", occurred_at=now - timedelta(seconds=50)))
    for wrong in (now - timedelta(seconds=70), now + timedelta(days=9999)):
        assert await ingest(received(project_key="NEW", occurred_at=wrong)) is None
    assert outcomes == [Outcome.NOT_CONFIGURED] * 2


async def test_a_story_that_moves_away_is_removed_from_where_it_was(
    ingest: IngestIssue, received: Received
) -> None:
    first = await ingest(received())
    moved = await ingest(received(minutes=1, issue_key="ELSE-4", project_key="ELSE"))
    assert first is not None
    assert moved is not None
    assert (moved.change, moved.revision, moved.project_id) == (StoryChange.REMOVED, 2, first.project_id)


async def test_a_story_that_moves_to_another_configured_project_is_updated_there(
    ingest: IngestIssue, received: Received, configuration: ConfigurationView, project: ProjectConfiguredV1
) -> None:
    await ingest(received())
    configuration.apply(project.model_copy(update={"project_id": UUID(int=77), "project_key": "ELSE"}))
    moved = await ingest(received(minutes=1, issue_key="ELSE-4", project_key="ELSE"))
    assert moved is not None
    assert (moved.change, moved.issue_key, moved.project_id) == (StoryChange.UPDATED, "ELSE-4", UUID(int=77))


async def test_a_removed_connection_leaves_what_is_on_its_way_to_its_project(
    ingest: IngestIssue, received: Received, configuration: ConfigurationView
) -> None:
    connection = configuration.connection(received().connection_id)
    assert connection is not None
    configuration.apply(connection.model_copy(update={"revision": 2, "status": ConnectionStatus.REMOVED}))
    assert await ingest(received()) is not None


@pytest.mark.parametrize("in_field", [False, True])
@pytest.mark.parametrize("as_adf", [False, True])
async def test_a_long_text_is_read_like_a_short_one(
    ingest: IngestIssue, received: Received, *, in_field: bool, as_adf: bool
) -> None:
    lines = [f"The page must show row {number} of the table" for number in range(MAX_CRITERIA + 30)]
    rich = (
        {
            "version": 1,
            "type": "doc",
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": f"{x}."}]} for x in lines],
        }
        if as_adf
        else "\n".join(f"* {line}" for line in lines)
    )
    issue = received(criteria={"customfield_10100": rich}) if in_field else received(description=rich)
    assert is_long(issue, criteria_field="customfield_10100")
    assert not is_long(received(), criteria_field="customfield_10100")
    changed = await ingest(issue)
    assert changed is not None
    assert changed.story == story_of(issue, criteria_field="customfield_10100")
    assert len(changed.story.criteria) == MAX_CRITERIA
    assert changed.story.criteria_left_out == 30
