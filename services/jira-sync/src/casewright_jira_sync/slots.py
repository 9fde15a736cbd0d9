"""The places in Jira that we write to: a story's comment, and a sub-task per case."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from casewright_common.events import ConnectionConfiguredV1
from casewright_jira_sync.domain.adf import Node
from casewright_jira_sync.domain.ownership import Mark, Standing
from casewright_jira_sync.domain.subtask import Subtask, SubtaskType, retired_summary
from casewright_jira_sync.errors import NotThereError
from casewright_jira_sync.lease import TargetKind
from casewright_jira_sync.placing import Fence

Site = ConnectionConfiguredV1
"""A Jira site: where it is, and as whom we speak to it."""


class Jira(Protocol):
    """The calls to Jira that we need; each is one try, or several reads.

    A write calls `fence` right before it leaves. Only things that our account wrote are ever returned.

    Raises:
        JiraUnavailableError, JiraFailedError: Try again later; `effect_unknown` tells about writes.
        NotThereError: The issue, or the comment that is written to, does not exist.
        CredentialsRefusedError: Jira refuses our credentials; they are not tried again.
        UpstreamRejectedError: Jira refuses the request, or the site's address is unsafe.
        UpstreamUnavailableError: PostgreSQL can't be reached for the credentials.
        SecretUnreadableError: The vault does not hold the credentials.
    """

    async def comments(self, site: Site, issue_id: str) -> list[Standing]:
        """All marked comments of ours on an issue."""
        ...

    async def comment(self, site: Site, issue_id: str, comment_id: str) -> Standing | None:
        """One marked comment of ours, or `None`."""
        ...

    async def create_comment(self, site: Site, issue_id: str, body: Node, mark: Mark, fence: Fence) -> str:
        """Write a comment; returns its id."""
        ...

    async def update_comment(
        self, site: Site, issue_id: str, comment_id: str, body: Node, mark: Mark, fence: Fence
    ) -> None:
        """Replace text and mark of a comment."""
        ...

    async def delete_comment(self, site: Site, issue_id: str, comment_id: str, fence: Fence) -> None:
        """Delete a comment."""
        ...

    async def subtask_ids(self, site: Site, issue_id: str) -> list[str]:
        """Ids of all sub-tasks of an issue, whoever wrote them."""
        ...

    async def subtask(self, site: Site, subtask_id: str) -> Standing | None:
        """One marked sub-task of ours, or `None`."""
        ...

    async def subtask_type(self, site: Site, project_key: str, name: str) -> SubtaskType:
        """A sub-task type of a project and its creation form; may be minutes old."""
        ...

    async def create_subtask(
        self, site: Site, fields: dict[str, Any], mark: Mark, fence: Fence
    ) -> tuple[str, str]:
        """Create an issue; returns its id and key."""
        ...

    async def update_subtask(
        self, site: Site, subtask_id: str, fields: dict[str, Any], mark: Mark, fence: Fence
    ) -> None:
        """Replace fields and mark of an issue."""
        ...

    async def delete_subtask(self, site: Site, subtask_id: str, fence: Fence) -> None:
        """Delete an issue."""
        ...


@dataclass(frozen=True)
class CommentSlot:
    """The one comment on a story."""

    jira: Jira
    site: Site
    body: Node
    mark: Mark
    kind: TargetKind = "comment"

    async def find(self, jira_id: str) -> Standing | None:
        """See `Slot`."""
        found = await self.jira.comment(self.site, self.mark.issue_id, jira_id)
        return found if found is not None and self._is_ours(found) else None

    async def search(self, *, fresh: bool) -> list[Standing]:
        """See `Slot`."""
        del fresh  # one request tells it all
        return [one for one in await self.jira.comments(self.site, self.mark.issue_id) if self._is_ours(one)]

    async def create(self, fence: Fence) -> Standing:
        """See `Slot`."""
        created = await self.jira.create_comment(self.site, self.mark.issue_id, self.body, self.mark, fence)
        return Standing(id=created, mark=self.mark)

    async def update(self, standing: Standing, fence: Fence) -> None:
        """See `Slot`."""
        await self.jira.update_comment(
            self.site, self.mark.issue_id, standing.id, self.body, self.mark, fence
        )

    async def delete(self, standing: Standing, fence: Fence) -> None:
        """See `Slot`."""
        await self.jira.delete_comment(self.site, self.mark.issue_id, standing.id, fence)

    def _is_ours(self, found: Standing) -> bool:
        return (found.mark.org_id, found.mark.issue_id, found.mark.case_id) == (
            self.mark.org_id,
            self.mark.issue_id,
            None,
        )


@dataclass
class Siblings:
    """The sub-tasks of one story; each is asked for its owner once, because that never changes."""

    jira: Jira
    site: Site
    issue_id: str
    _known: dict[str, Standing | None] = field(default_factory=dict)
    _listed: bool = False

    async def of(self, mark: Mark, *, fresh: bool) -> list[Standing]:
        """Ours for the case of `mark`; without `fresh`, those since the first listing are ours to `add`."""
        if fresh or not self._listed:
            for subtask_id in await self.jira.subtask_ids(self.site, self.issue_id):
                if subtask_id not in self._known:
                    self._known[subtask_id] = await self.jira.subtask(self.site, subtask_id)
            self._listed = True
        found = []
        for subtask_id, known in self._known.items():
            if known is not None and is_same_case(known.mark, mark):
                now = await self.jira.subtask(self.site, subtask_id)
                if now is not None:
                    found.append(now)
        return found

    def add(self, created: Standing) -> None:
        """Take note of one that we wrote."""
        self._known[created.id] = created


def is_same_case(one: Mark, other: Mark) -> bool:
    """Whether both marks are about the same case of the same story."""
    return (one.org_id, one.issue_id, one.case_id) == (other.org_id, other.issue_id, other.case_id)


@dataclass(frozen=True)
class SubtaskSlot:
    """The sub-task of one case."""

    jira: Jira
    site: Site
    siblings: Siblings
    type: SubtaskType
    project_key: str
    subtask: Subtask
    mark: Mark
    kind: TargetKind = "subtask"

    async def find(self, jira_id: str) -> Standing | None:
        """See `Slot`."""
        found = await self.jira.subtask(self.site, jira_id)
        return found if found is not None and is_same_case(found.mark, self.mark) else None

    async def search(self, *, fresh: bool) -> list[Standing]:
        """See `Slot`."""
        return await self.siblings.of(self.mark, fresh=fresh)

    async def create(self, fence: Fence) -> Standing:
        """See `Slot`."""
        fields = self.type.creation(
            self.subtask,
            project_key=self.project_key,
            parent_id=self.mark.issue_id,
            reporter=self.site.account_id,
        )
        created, key = await self.jira.create_subtask(self.site, fields, self.mark, fence)
        standing = Standing(id=created, mark=self.mark, key=key, title=self.subtask.summary)
        self.siblings.add(standing)
        return standing

    async def update(self, standing: Standing, fence: Fence) -> None:
        """See `Slot`."""
        fields = self.type.content(self.subtask)
        await self.jira.update_subtask(self.site, standing.id, fields, self.mark, fence)

    async def delete(self, standing: Standing, fence: Fence) -> None:
        """See `Slot`."""
        await self.jira.delete_subtask(self.site, standing.id, fence)


@dataclass(frozen=True)
class RetiredSlot:
    """The sub-task of a case that no longer exists: marked where it stands, never created."""

    jira: Jira
    site: Site
    mark: Mark
    kind: TargetKind = "subtask"

    async def find(self, jira_id: str) -> Standing | None:
        """See `Slot`."""
        found = await self.jira.subtask(self.site, jira_id)
        return found if found is not None and is_same_case(found.mark, self.mark) else None

    async def search(self, *, fresh: bool) -> list[Standing]:
        """Nothing: what a person removed needs no mark."""
        del fresh
        return []

    async def create(self, fence: Fence) -> Standing:
        """Never.

        Raises:
            NotThereError: Always.
        """
        del fence
        raise NotThereError("the sub-task of a retired case is gone")

    async def update(self, standing: Standing, fence: Fence) -> None:
        """See `Slot`."""
        fields = {"summary": retired_summary(standing.title)}
        await self.jira.update_subtask(self.site, standing.id, fields, self.mark, fence)

    async def delete(self, standing: Standing, fence: Fence) -> None:
        """See `Slot`."""
        await self.jira.delete_subtask(self.site, standing.id, fence)
