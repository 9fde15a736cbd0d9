"""Everything the site holds, in memory, with an index for each way it is looked up."""

from collections import defaultdict
from collections.abc import Iterator

from casewright_jira_simulator.domain.model import (
    Account,
    Change,
    Comment,
    Delivery,
    Effect,
    Issue,
    IssueLink,
    Project,
    Webhook,
)

FIRST_ID = 10_000


class Site:
    """The data of one Jira site. `apply` is the only way to change it, live and at replay alike."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.accounts_by_email: dict[str, Account] = {}
        self.projects: dict[str, Project] = {}
        self.project_ids: dict[str, str] = {}
        self.issues: dict[str, Issue] = {}
        self.issue_ids: dict[str, str] = {}
        self.issues_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.children_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.comments: dict[str, Comment] = {}
        self.comments_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.links: dict[str, IssueLink] = {}
        self.links_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.webhooks: dict[str, Webhook] = {}
        self.effects: list[Effect] = []
        self.pending: dict[str, Delivery] = {}
        self._last_number: dict[str, int] = {}
        self._last_id = FIRST_ID - 1

    def next_id(self, offset: int = 0) -> str:
        """An id that nothing had before; `offset` for several in one change."""
        return str(self._last_id + 1 + offset)

    def next_number(self, project_id: str) -> int:
        """Number of the project's next issue; never given twice."""
        return self._last_number.get(project_id, 0) + 1

    def apply(self, change: Change) -> None:
        """Take over a change that is safe in the journal."""
        for account in change.accounts:
            self.accounts[account.account_id] = account
            self.accounts_by_email[account.email.lower()] = account
        for project in change.projects:
            self.projects[project.id] = project
            self.project_ids[project.key.upper()] = project.id
            self._saw(project.id)
        for webhook in change.webhooks:
            self.webhooks[webhook.id] = webhook
            self._saw(webhook.id)
        self._drop(change)
        for issue in change.issues:
            self._put_issue(issue)
        for comment in change.comments:
            self.comments[comment.id] = comment
            self.comments_of[comment.issue_id][comment.id] = None
            self._saw(comment.id)
        for link in change.links:
            self._put_link(link)
        self.effects.extend(change.effects)
        for delivery in change.deliveries:
            self.pending[delivery.id] = delivery
        for delivery_id in change.settled:
            self.pending.pop(delivery_id, None)

    def project(self, id_or_key: str) -> Project | None:
        """A project by id or key."""
        return self.projects.get(self.project_ids.get(id_or_key.upper(), id_or_key))

    def issue(self, id_or_key: str) -> Issue | None:
        """An issue by id or key."""
        return self.issues.get(self.issue_ids.get(id_or_key.upper(), id_or_key))

    def issues_in(self, project_id: str) -> Iterator[Issue]:
        """The project's issues, oldest first."""
        return (self.issues[issue_id] for issue_id in self.issues_of.get(project_id, ()))

    def comments_on(self, issue_id: str) -> list[Comment]:
        """The issue's comments, oldest first."""
        return [self.comments[comment_id] for comment_id in self.comments_of.get(issue_id, ())]

    def children(self, issue_id: str) -> list[Issue]:
        """Sub-tasks (or an epic's issues), oldest first."""
        return [self.issues[child] for child in self.children_of.get(issue_id, ())]

    def links_on(self, issue_id: str) -> list[IssueLink]:
        """The issue's links in both directions, oldest first."""
        return [self.links[link_id] for link_id in self.links_of.get(issue_id, ())]

    def _saw(self, entity_id: str) -> None:
        self._last_id = max(self._last_id, int(entity_id))

    def _put_issue(self, issue: Issue) -> None:
        self.issues[issue.id] = issue
        self.issue_ids[issue.key] = issue.id
        self.issues_of[issue.project_id][issue.id] = None
        if issue.parent_id is not None:
            self.children_of[issue.parent_id][issue.id] = None
        number = int(issue.key.rpartition("-")[2])
        self._last_number[issue.project_id] = max(self._last_number.get(issue.project_id, 0), number)
        self._saw(issue.id)
        for remote in issue.remote_links:
            self._saw(remote.id)

    def _put_link(self, link: IssueLink) -> None:
        self.links[link.id] = link
        self.links_of[link.inward_issue][link.id] = None
        self.links_of[link.outward_issue][link.id] = None
        self._saw(link.id)

    def _drop(self, change: Change) -> None:
        for link_id in change.dropped_links:
            link = self.links.pop(link_id)
            self.links_of[link.inward_issue].pop(link_id, None)
            self.links_of[link.outward_issue].pop(link_id, None)
        for comment_id in change.dropped_comments:
            comment = self.comments.pop(comment_id)
            self.comments_of[comment.issue_id].pop(comment_id, None)
        for issue_id in change.dropped_issues:
            issue = self.issues.pop(issue_id)
            self.issue_ids.pop(issue.key, None)
            self.issues_of[issue.project_id].pop(issue_id, None)
            if issue.parent_id is not None:
                self.children_of[issue.parent_id].pop(issue_id, None)
        for webhook_id in change.dropped_webhooks:
            self.webhooks.pop(webhook_id, None)
