"""Whether what Jira shows is news: revisions by content, in Jira's order of time.

The content hash covers what a test case may depend on: title, text, criteria and issue type. It leaves out
labels, status, assignee and all else: teams change them every day, and no test follows from them.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from casewright_common.events import IssueChange, IssueReceivedV1, Story, StoryChange, StoryChangedV1
from casewright_ingest.domain.numbering import number_of, numbered

_HASH_VERSION = 1
_WRITTEN_BY_US = frozenset(
    [
        "comment",
        "comments",
        "issuelinks",
        "link",
        "remoteissuelink",
        "remoteworkitemlink",
        "subtasks",
        "sub-task",
        "subtask",
        "properties",
        "property",
    ]
)


class Outcome(StrEnum):
    """What became of a received issue: a label of the metrics."""

    CREATED = "created"
    UPDATED = "updated"
    REMOVED = "removed"
    REPEATED = "repeated"
    """Received before; its event is published again."""
    UNCHANGED = "unchanged"
    OLDER = "older"
    """A newer state of the issue is known."""
    OWN_WRITE = "own_write"
    NOT_A_STORY = "not_a_story"
    NOT_CONFIGURED = "not_configured"


_CHANGES = {
    Outcome.CREATED: StoryChange.CREATED,
    Outcome.UPDATED: StoryChange.UPDATED,
    Outcome.REMOVED: StoryChange.REMOVED,
}


@dataclass(frozen=True, slots=True)
class StoryState:
    """What is known of a story.

    Attributes:
        event: The event of its latest revision.
        seen_at: Jira's time of the newest state seen; after that of `event` where nothing changed since.
        highest_number: The highest number given to a criterion by all revisions so far; 0 where only `event`
            tells it.
    """

    event: StoryChangedV1
    seen_at: datetime
    highest_number: int = 0

    @property
    def highest(self) -> int:
        """The highest number that a criterion of the story ever had."""
        return max([self.highest_number, *map(number_of, self.event.story.criteria)])

    @property
    def is_removed(self) -> bool:
        """Whether the latest revision is a removal."""
        return self.event.change is StoryChange.REMOVED


@dataclass(frozen=True, slots=True)
class Home:
    """The configured project that a story belongs to."""

    project_id: UUID
    project_key: str


def time_of(received: IssueReceivedV1) -> datetime:
    """Jira's time of what was received; a deletion happened when Jira told, not at the last update."""
    if received.change is IssueChange.DELETED or received.updated_at is None:
        return received.occurred_at
    return received.updated_at


def content_hash(story: Story) -> str:
    """SHA-256 in hex over what a test case may depend on; how a criterion was found is no part of it."""
    content = {
        "version": _HASH_VERSION,
        "title": story.title,
        "text": story.text,
        "criteria": [criterion.text for criterion in story.criteria],
        "issue_type": story.issue_type.casefold(),
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()


def decide(
    known: StoryState | None, received: IssueReceivedV1, story: Story | None, home: Home | None
) -> Outcome:
    """What `received` means, given what is known.

    Args:
        known: What is known of the story, if anything.
        received: The issue, as it came from the door.
        story: The content; `None` where the issue is deleted, or is no story (any more).
        home: Its project; `None` where that isn't configured.
    """
    if known is not None and known.event.caused_by == received.event_id:
        return Outcome.REPEATED
    if known is not None and time_of(received) < known.seen_at:
        return Outcome.OLDER
    if known is None or known.is_removed:
        return _without_story(received, story, home)
    if story is None or home is None:
        return Outcome.REMOVED
    return Outcome.UNCHANGED if _is_same(known.event, received, story, home) else Outcome.UPDATED


def _without_story(received: IssueReceivedV1, story: Story | None, home: Home | None) -> Outcome:
    """What an issue means of which no story is known, or only a removed one."""
    if story is not None and home is not None:
        return Outcome.CREATED
    if received.change is IssueChange.DELETED:
        return Outcome.UNCHANGED
    return Outcome.NOT_CONFIGURED if home is None else Outcome.NOT_A_STORY


def _is_same(event: StoryChangedV1, received: IssueReceivedV1, story: Story, home: Home) -> bool:
    return (
        event.content_hash == content_hash(story)
        and event.issue_key == received.issue_key
        and event.project_id == home.project_id
    )


def next_revision(
    known: StoryState | None,
    received: IssueReceivedV1,
    outcome: Outcome,
    story: Story | None,
    home: Home | None,
) -> StoryChangedV1 | None:
    """The event of the revision that `outcome` asks for; `None` where it asks for none.

    Its criteria keep the numbers that they had. A removal keeps the last content and project known.
    """
    change = _CHANGES.get(outcome)
    if change is StoryChange.REMOVED and known is not None:
        story = known.event.story
        home = Home(known.event.project_id, known.event.project_key)
    elif story is not None and known is not None:
        given = numbered(story.criteria, known.event.story.criteria, highest=known.highest)
        story = story.model_copy(update={"criteria": given.criteria})
    if change is None or story is None or home is None:
        return None
    revision = 1 if known is None else known.event.revision + 1
    at = time_of(received)
    return StoryChangedV1(
        event_id=StoryChangedV1.derive_id(received.org_id, received.issue_id, revision),
        caused_by=received.event_id,
        occurred_at=at,
        org_id=received.org_id,
        connection_id=received.connection_id,
        issue_id=received.issue_id,
        issue_key=received.issue_key,
        project_id=home.project_id,
        project_key=home.project_key,
        change=change,
        revision=revision,
        content_hash=content_hash(story),
        updated_at=at,
        story=story,
    )


def state_after(known: StoryState | None, event: StoryChangedV1, seen_at: datetime) -> StoryState:
    """What is known of a story once `event` is its latest revision."""
    state = StoryState(event, seen_at, 0 if known is None else known.highest)
    return replace(state, highest_number=state.highest)


def is_own_write(received: IssueReceivedV1, *, account_id: str, subtask_type: str | None) -> bool:
    """Whether we caused the event ourselves: our account, and a change of nothing but what we write.

    The account is often a person's, so what it does to the text of a story counts like anybody's change.

    Args:
        received: The issue, as it came from the door.
        account_id: Jira's id of our account.
        subtask_type: Type of the sub-tasks that we create; `None` where we create none.
    """
    if not account_id or received.actor_account_id != account_id:
        return False
    if received.change is IssueChange.CREATED:
        return subtask_type is not None and received.issue_type.casefold() == subtask_type.casefold()
    fields = {name.casefold() for name in received.changed_fields}
    return received.change is IssueChange.UPDATED and bool(fields) and fields <= _WRITTEN_BY_US
