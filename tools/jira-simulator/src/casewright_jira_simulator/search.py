"""`/search/jql`: pages of issues that match, each page found anew after the last issue of the one before."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cmp_to_key
from hashlib import sha256
from json import JSONDecodeError, dumps, loads
from typing import Any

from casewright_jira_simulator.domain.jql import JqlError, Query, parse
from casewright_jira_simulator.domain.model import STATUSES, Issue
from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.site import Site
from casewright_jira_simulator.views import issue_type_of

MAX_PAGE = 5_000
MAX_PAGE_WITH_FIELDS = 100
BAD_TOKEN = "The provided next page token is invalid or expired."  # noqa: S105 - a message
SortKey = list[Any]


@dataclass(frozen=True)
class SearchPage:
    """One page; without a token it is the last."""

    issues: Sequence[Issue]
    next_token: str | None


class IssueRow:
    """An issue as a query sees it."""

    def __init__(self, site: Site, issue: Issue) -> None:
        self._site = site
        self.issue = issue
        self.updated = issue.updated
        self.created = issue.created

    @property
    def number(self) -> tuple[str, int]:
        """Project key and number."""
        key, _, number = self.issue.key.rpartition("-")
        return key, int(number)

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Lower-case values by field."""
        issue, site = self.issue, self._site
        project = site.projects[issue.project_id]
        kind = issue_type_of(project, issue)
        parent = site.issues.get(issue.parent_id or "")
        return {
            "project": (project.key.lower(), project.id, project.name.lower()),
            "key": (issue.key.lower(), issue.id),
            "issuetype": (kind.name.lower(), kind.id),
            "status": (STATUSES[issue.status_id].name.lower(), issue.status_id),
            "parent": (parent.key.lower(), parent.id) if parent else (),
            "summary": (issue.summary.lower(),),
            "labels": tuple(label.lower() for label in issue.labels),
        }


class Search:
    """Finds issues by JQL. New ones may lag behind, as Jira's index does."""

    def __init__(self, site: Site, now: Callable[[], datetime], *, lag_s: float = 0.0) -> None:
        self._site = site
        self._now = now
        self._lag = timedelta(seconds=lag_s)

    def page(self, jql: str, *, token: str | None, limit: int, reconcile: Collection[str] = ()) -> SearchPage:
        """The next `limit` matches after `token`.

        Raises:
            JiraError: 400 for a refused query or a token of another one.
        """
        try:
            query = parse(jql, now=self._now())
        except JqlError as error:
            raise JiraError(400, str(error)) from error
        self._refuse_unknown(query)
        order = query.order or (("created", True),)
        compare = cmp_to_key(_comparison(order))
        indexed_before = self._now() - self._lag
        found = [
            (self._sort_key(row, order), row.issue)
            for row in self._candidates(query)
            if (row.created <= indexed_before or row.issue.id in reconcile) and query.matches(row)
        ]
        found.sort(key=lambda pair: compare(pair[0]))
        digest = sha256(jql.encode()).hexdigest()[:16]
        if token is not None:
            last = _read_token(token, digest)
            try:
                found = [pair for pair in found if compare(pair[0]) > compare(last)]
            except (TypeError, ValueError) as error:
                raise JiraError(400, BAD_TOKEN) from error
        page = found[:limit]
        more = len(found) > limit
        return SearchPage(
            issues=[issue for _, issue in page],
            next_token=_token(digest, page[-1][0]) if more and page else None,
        )

    def _refuse_unknown(self, query: Query) -> None:
        for key in sorted(query.keys or ()):
            if self._site.issue(key) is None:
                raise JiraError(400, f"An issue with key '{key.upper()}' does not exist for field 'key'.")
        names = {project.name.lower() for project in self._site.projects.values()}
        for value in sorted(query.projects or ()):
            if value not in names and self._site.project(value) is None:
                raise JiraError(400, f"The value '{value}' does not exist for the field 'project'.")

    def _candidates(self, query: Query) -> Iterable[IssueRow]:
        site = self._site
        issues: Iterable[Issue]
        if query.keys is not None:
            found = (site.issue(key) for key in query.keys)
            issues = {issue.id: issue for issue in found if issue is not None}.values()
        elif query.parents is not None:
            parents = (site.issue(key) for key in query.parents)
            issues = [child for parent in parents if parent for child in site.children(parent.id)]
        elif query.projects is not None:
            wanted = {
                project.id
                for project in site.projects.values()
                if not query.projects.isdisjoint((project.key.lower(), project.id, project.name.lower()))
            }
            issues = (issue for project_id in wanted for issue in site.issues_in(project_id))
        else:
            issues = site.issues.values()
        return (IssueRow(site, issue) for issue in issues)

    @staticmethod
    def _sort_key(row: IssueRow, order: Sequence[tuple[str, bool]]) -> SortKey:
        key: SortKey = []
        for field, _ in order:
            match field:
                case "updated" | "created":
                    key.append(getattr(row, field).timestamp())
                case "key":
                    key.append(list(row.number))
                case _:
                    key.append(row.values[field][0])
        return [*key, int(row.issue.id)]


def _comparison(order: Sequence[tuple[str, bool]]) -> Callable[[SortKey, SortKey], int]:
    # Ties go by id in the direction of the first field, as the newest-first default suggests.
    directions = [descending for _, descending in order]
    directions.append(directions[0])

    def compare(left: SortKey, right: SortKey) -> int:
        for one, other, descending in zip(left, right, directions, strict=True):
            if one != other:
                return -1 if (one < other) is not descending else 1
        return 0

    return compare


def _token(digest: str, last: SortKey) -> str:
    return urlsafe_b64encode(dumps([digest, last]).encode()).decode()


def _read_token(token: str, digest: str) -> SortKey:
    try:
        found, last = loads(urlsafe_b64decode(token.encode()))
    except (Base64Error, JSONDecodeError, UnicodeError, ValueError, TypeError) as error:
        raise JiraError(400, BAD_TOKEN) from error
    if found != digest or not isinstance(last, list):
        raise JiraError(400, BAD_TOKEN)
    return last
