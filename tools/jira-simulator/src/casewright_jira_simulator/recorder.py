"""Carries a change through: ledger entries, webhook deliveries, one journal line, then the site in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from json import dumps
from typing import Any, Literal
from uuid import uuid4

from casewright_jira_simulator.adapters.journal import Journal
from casewright_jira_simulator.domain.changes import changelog_items, content_hash
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
from casewright_jira_simulator.site import Site
from casewright_jira_simulator.views import ALL_FIELDS, Selection, Views, as_wiki, issue_type_of

Json = dict[str, Any]
Flow = Literal["Primary", "Secondary"]

_COMMENT_EVENT_FIELDS = Selection(
    ("summary", "issuetype", "project", "assignee", "priority", "status"), default="summary"
)


@dataclass
class Draft:
    """A change in the making, by one actor at one moment."""

    actor: str
    at: datetime
    flow: Flow = "Primary"
    accounts: list[Account] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    links: list[IssueLink] = field(default_factory=list)
    webhooks: list[Webhook] = field(default_factory=list)
    dropped_issues: list[str] = field(default_factory=list)
    dropped_comments: list[str] = field(default_factory=list)
    dropped_links: list[str] = field(default_factory=list)
    dropped_webhooks: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)


class Recorder:
    """The one way by which the site changes.

    A change is built from the site as it is, written to the journal, and only then applied: what a
    client saw confirmed is never lost by a kill.
    """

    def __init__(
        self,
        site: Site,
        journal: Journal,
        *,
        site_url: str,
        comment_also_updates_issue: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.site = site
        self.site_url = site_url
        self.announce: Callable[[Sequence[Delivery]], None] = lambda _: None
        self._journal = journal
        self._comment_also_updates_issue = comment_also_updates_issue
        self._clock = clock

    def now(self) -> datetime:
        """The site's time, in UTC, to the millisecond as Jira keeps it."""
        moment = self._clock()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def draft(self, actor: str, *, flow: Flow = "Primary") -> Draft:
        """Start a change."""
        return Draft(actor=actor, at=self.now(), flow=flow)

    def commit(self, draft: Draft) -> None:
        """Make the change true."""
        change = Change(
            **{name: tuple(value) for name, value in vars(draft).items() if isinstance(value, list)}
        )
        self._journal.append(change)
        self.site.apply(change)
        self.announce(change.deliveries)

    def settle(self, delivery_id: str) -> None:
        """A delivery is done with, one way or the other."""
        change = Change(settled=(delivery_id,))
        self._journal.append(change)
        self.site.apply(change)

    def effect(
        self,
        draft: Draft,
        kind: str,
        issue: Issue,
        entity_id: str,
        content: object,
        *,
        properties: Json | None = None,
        fields: Sequence[str] = (),
    ) -> None:
        """Add a line to the ledger."""
        project = self.site.projects[issue.project_id]
        parent = self.site.issues.get(issue.parent_id or "")
        draft.effects.append(
            Effect(
                seq=len(self.site.effects) + len(draft.effects) + 1,
                at=draft.at,
                actor=draft.actor,
                kind=kind,
                id=entity_id,
                issue_id=issue.id,
                issue_key=issue.key,
                project_key=project.key,
                parent_key=parent.key if parent else None,
                issue_type=issue_type_of(project, issue).name,
                content_hash=content_hash(content),
                fields=tuple(fields),
                properties=properties or {},
            )
        )

    def issue_event(self, draft: Draft, event: str, issue: Issue, *, before: Issue | None = None) -> None:
        """Tell the webhooks about an issue; with `before`, say what changed."""
        names = {"jira:issue_created": "issue_created", "jira:issue_deleted": "issue_deleted"}
        payload: Json = {"issue_event_type_name": names.get(event, "issue_generic")}
        payload["user"] = self._views(issue).user(draft.actor)
        if before is not None:
            project = self.site.projects[issue.project_id]
            items = changelog_items(
                before,
                issue,
                as_text=as_wiki,
                names={account.account_id: account.display_name for account in self.site.accounts.values()},
                custom_names={custom.id: custom.name for custom in project.custom_fields},
            )
            payload["changelog"] = {"id": self.site.next_id(len(draft.deliveries) + 1), "items": items}
        self._publish(draft, event, issue, lambda: payload | {"issue": self._issue(issue)})

    def comment_event(self, draft: Draft, event: str, issue: Issue, comment: Comment) -> None:
        """Tell the webhooks about a comment, with the few fields of its issue that Jira sends along."""
        views = self._views(issue)

        def payload() -> Json:
            return {
                "comment": views.comment(comment),
                "issue": self._issue(issue, _COMMENT_EVENT_FIELDS),
                "eventType": "primaryAction",
            }

        self._publish(draft, event, issue, payload)
        if self._comment_also_updates_issue and event != "comment_deleted":
            name = "issue_commented" if event == "comment_created" else "issue_comment_edited"
            user = views.user(draft.actor)
            also = {"issue_event_type_name": name, "user": user, "comment": views.comment(comment)}
            self._publish(draft, "jira:issue_updated", issue, lambda: also | {"issue": self._issue(issue)})

    def plain_event(self, draft: Draft, event: str, issue: Issue, payload: Json) -> None:
        """Tell the webhooks about something else that concerns `issue`, such as a link or a property."""
        self._publish(draft, event, issue, lambda: payload)

    def _views(self, issue: Issue) -> Views:
        project = self.site.projects[issue.project_id]
        return Views(self.site, self.site_url, rich=project.description_format)

    def _issue(self, issue: Issue, wanted: Selection = ALL_FIELDS) -> Json:
        return {
            "id": issue.id,
            "self": f"{self.site_url}/rest/api/2/{issue.id}",
            "key": issue.key,
            "fields": self._views(issue).fields(issue, wanted, comments=False),
        }

    def _publish(self, draft: Draft, event: str, issue: Issue, payload: Callable[[], Json]) -> None:
        project = self.site.projects[issue.project_id]
        wanted = [hook for hook in self.site.webhooks.values() if _wants(hook, event, project.key)]
        if not wanted:
            return
        stamp = {"timestamp": int(draft.at.timestamp() * 1000), "webhookEvent": event}
        body = dumps(stamp | payload(), ensure_ascii=False)
        for hook in wanted:
            draft.deliveries.append(
                Delivery(
                    id=str(uuid4()),
                    webhook_id=hook.id,
                    event=event,
                    issue_id=issue.id,
                    issue_key=issue.key,
                    flow=draft.flow,
                    body=body,
                    created=draft.at,
                )
            )


def _wants(hook: Webhook, event: str, project_key: str) -> bool:
    return (
        hook.enabled
        and (not hook.events or event in hook.events)
        and (not hook.projects or project_key in hook.projects)
    )
