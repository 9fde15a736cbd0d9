"""What only the admin API can do: accounts, projects, webhook registrations, acting as somebody."""

from collections.abc import Sequence
from typing import Any

from casewright_jira_simulator.domain.model import (
    DEFAULT_ISSUE_TYPES,
    Account,
    CustomField,
    IssueType,
    Project,
    Webhook,
)
from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.recorder import Recorder

AUTHOR = Account(
    account_id="712020:product-owner", email="product.owner@example.com", display_name="Product owner"
)


class Administration:
    """Changes to the site itself."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._site = recorder.site

    def put_account(self, account: Account) -> None:
        """Create or replace an account."""
        draft = self._recorder.draft(account.account_id)
        draft.accounts.append(account)
        self._recorder.commit(draft)

    def author(self, account_id: str | None) -> str:
        """Account id of the person who writes stories, the standard one where none is named.

        Raises:
            JiraError: 404 for an unknown account; 409 for the integration's own, whose events are ignored.
        """
        if account_id is None or account_id == AUTHOR.account_id:
            if AUTHOR.account_id not in self._site.accounts:
                self.put_account(AUTHOR)
            return AUTHOR.account_id
        account = self._site.accounts.get(account_id)
        if account is None:
            raise JiraError(404, f"There is no account {account_id}.")
        if account.integration:
            raise JiraError(409, "Stories are written by people, not by the integration's account.")
        return account_id

    def put_project(
        self,
        *,
        key: str,
        name: str,
        description_format: str,
        issue_types: Sequence[str],
        custom_fields: Sequence[CustomField],
    ) -> tuple[Project, bool]:
        """Create a project, or change the one with this key; whether it is new.

        Standard types are known by name; any other name is a standard-level type of its own.
        """
        known = self._site.project(key)
        types = self._issue_types(issue_types)
        values: dict[str, Any] = {
            "id": known.id if known else self._site.next_id(),
            "key": key,
            "name": name,
            "lead": self.author(None),
            "issue_types": types,
            "custom_fields": tuple(custom_fields),
            "description_format": description_format,
        }
        if known is not None:
            used = {issue.issue_type_id for issue in self._site.issues_in(known.id)}
            if not used <= {kind.id for kind in types}:
                raise JiraError(409, "An issue type that is in use cannot be taken away.")
        project = Project(**values)
        if project == known:
            return project, False
        draft = self._recorder.draft(project.lead)
        draft.projects.append(project)
        self._recorder.commit(draft)
        return project, known is None

    def put_webhook(self, webhook: Webhook) -> Webhook:
        """Register an address."""
        draft = self._recorder.draft(AUTHOR.account_id)
        draft.webhooks.append(webhook)
        self._recorder.commit(draft)
        return webhook

    def new_webhook_id(self) -> str:
        """Id for a new registration."""
        return self._site.next_id()

    def delete_webhook(self, webhook_id: str) -> None:
        """Forget a registration.

        Raises:
            JiraError: 404.
        """
        if webhook_id not in self._site.webhooks:
            raise JiraError(404, f"There is no webhook {webhook_id}.")
        draft = self._recorder.draft(AUTHOR.account_id)
        draft.dropped_webhooks.append(webhook_id)
        self._recorder.commit(draft)

    def _issue_types(self, names: Sequence[str]) -> tuple[IssueType, ...]:
        known = {kind.name.lower(): kind for kind in DEFAULT_ISSUE_TYPES}
        for project in self._site.projects.values():
            known |= {kind.name.lower(): kind for kind in project.issue_types}
        if not names:
            return DEFAULT_ISSUE_TYPES
        types: list[IssueType] = []
        fresh = max(int(kind.id) for kind in known.values())
        for name in names:
            kind = known.get(name.lower())
            if kind is None:
                fresh += 1
                kind = IssueType(id=str(fresh), name=name)
            types.append(kind)
        return tuple(types)
