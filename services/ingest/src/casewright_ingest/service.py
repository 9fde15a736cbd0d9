"""From an issue as Jira showed it to a revision of a story."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from casewright_common.configuration import Configuration
from casewright_common.errors import NotConfiguredYetError
from casewright_common.events import IssueChange, IssueReceivedV1, ProjectConfiguredV1, Story, StoryChangedV1
from casewright_ingest.domain.revisions import (
    Home,
    Outcome,
    StoryState,
    decide,
    is_own_write,
    next_revision,
    state_after,
    time_of,
)
from casewright_ingest.domain.stories import is_long, story_of

CONFIGURATION_LAG = timedelta(minutes=1)
"""So long after Jira's event an unknown project may still be one whose configuration is on its way."""


@dataclass(frozen=True)
class IssueRef:
    """One Jira issue of one site of one organisation; survives a change of the issue's key."""

    org_id: UUID
    connection_id: UUID
    issue_id: str


class StorySlot(Protocol):
    """The record of one story, locked against everybody else until its context ends."""

    @property
    def state(self) -> StoryState | None:
        """What is known of the story."""
        ...

    async def save(self, state: StoryState) -> None:
        """Replace `state`."""
        ...


class Stories(Protocol):
    """What is known of every story."""

    def lock(self, issue: IssueRef) -> AbstractAsyncContextManager[StorySlot]:
        """Hold the story's record; saved on leaving, unless the block raises.

        Raises:
            UpstreamUnavailableError: PostgreSQL can't be reached.
        """
        ...


@dataclass(frozen=True)
class IngestIssue:
    """Drop repeats, own writes and what changes nothing; read text and criteria; number revisions.

    Attributes:
        count: Told the outcome of each issue.
        now: The time, in UTC.
    """

    stories: Stories
    configuration: Configuration
    count: Callable[[Outcome], None]
    now: Callable[[], datetime]
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)

    async def __call__(self, received: IssueReceivedV1) -> StoryChangedV1 | None:
        """The story's new revision, or what an earlier delivery led to; `None` if it is no news.

        Raises:
            NotConfiguredYetError: The project isn't known yet; the message waits.
            UpstreamUnavailableError: PostgreSQL is down; retryable.
        """
        project = self.configuration.project(received.connection_id, received.project_key)
        if self._is_own_write(received, project):
            self.count(Outcome.OWN_WRITE)
            return None
        story = await self._story(received, project)
        home = None if project is None else Home(project.project_id, project.project_key)
        async with self.stories.lock(_ref(received)) as slot:
            known = slot.state
            outcome = decide(known, received, story, home)
            age = abs(self.now() - received.occurred_at)  # nobody waits for a time that lies far ahead
            if outcome is Outcome.NOT_CONFIGURED and age < CONFIGURATION_LAG:
                raise NotConfiguredYetError(f"project {received.project_key} is not configured yet")
            changed = next_revision(known, received, outcome, story, home)
            if changed is not None:
                await slot.save(state_after(known, changed, time_of(received)))
            elif known is not None and outcome is Outcome.UNCHANGED:
                await slot.save(replace(known, seen_at=time_of(received)))
        self.count(outcome)
        return known.event if outcome is Outcome.REPEATED and known is not None else changed

    async def _story(self, received: IssueReceivedV1, project: ProjectConfiguredV1 | None) -> Story | None:
        """The content of an issue that is a story of a configured project.

        A long text is read in a thread, so that the door goes on answering; one at a time, because threads
        that compute take turns, and the door would wait for each.
        """
        if project is None or received.change is IssueChange.DELETED:
            return None
        if received.issue_type.casefold() not in {name.casefold() for name in project.story_types}:
            return None
        if not is_long(received, criteria_field=project.criteria_field):
            return story_of(received, criteria_field=project.criteria_field)
        async with self._one_at_a_time:
            return await asyncio.to_thread(story_of, received, criteria_field=project.criteria_field)

    def _is_own_write(self, received: IssueReceivedV1, project: ProjectConfiguredV1 | None) -> bool:
        connection = self.configuration.connection(received.connection_id)
        if connection is None:
            return False
        subtask_type = project.subtask_type if project is not None and project.write_subtasks else None
        return is_own_write(received, account_id=connection.account_id, subtask_type=subtask_type)


def _ref(received: IssueReceivedV1) -> IssueRef:
    return IssueRef(received.org_id, received.connection_id, received.issue_id)
