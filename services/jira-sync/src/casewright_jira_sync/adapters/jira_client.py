"""Jira Cloud REST v3, as far as we use it."""

import time
from collections.abc import Callable
from typing import Any

from casewright_common.errors import UpstreamRejectedError
from casewright_jira_sync.adapters.answers import (
    CommentAnswer,
    CommentPage,
    CreatedComment,
    CreatedIssue,
    FieldAnswer,
    FieldPage,
    IssueAnswer,
    IssueTypeAnswer,
    IssueTypePage,
    Property,
)
from casewright_jira_sync.adapters.jira_http import JiraHttp, Request
from casewright_jira_sync.domain.adf import Node
from casewright_jira_sync.domain.ownership import PROPERTY_KEY, Mark, Standing
from casewright_jira_sync.domain.subtask import Field, SubtaskType
from casewright_jira_sync.errors import NotThereError
from casewright_jira_sync.placing import Fence
from casewright_jira_sync.slots import Site

_PAGE = 100
_TYPE_AGE_S = 300.0
_TYPES = 1000


class JiraClient:
    """Comments and sub-tasks; implements `Jira`."""

    def __init__(self, http: JiraHttp, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._http = http
        self._clock = clock
        self._types: dict[tuple[str, str, str], tuple[float, SubtaskType]] = {}

    async def comments(self, site: Site, issue_id: str) -> list[Standing]:
        """See `Jira.comments`."""
        found: list[Standing] = []
        start = 0
        while True:
            page = await self._http.ask(
                site,
                Request(
                    "list_comments",
                    "GET",
                    f"issue/{issue_id}/comment",
                    {"startAt": start, "maxResults": _PAGE, "orderBy": "created", "expand": "properties"},
                ),
                CommentPage,
            )
            for comment in page.comments:
                standing = await self._standing(site, comment)
                if standing is not None:
                    found.append(standing)
            start += len(page.comments)
            if not page.comments or start >= page.total:
                return found

    async def comment(self, site: Site, issue_id: str, comment_id: str) -> Standing | None:
        """See `Jira.comment`."""
        request = Request(
            "get_comment", "GET", f"issue/{issue_id}/comment/{comment_id}", {"expand": "properties"}
        )
        try:
            return await self._standing(site, await self._http.ask(site, request, CommentAnswer))
        except NotThereError:
            return None

    async def _standing(self, site: Site, comment: CommentAnswer) -> Standing | None:
        if comment.author.account_id != site.account_id:
            return None
        properties = comment.properties
        if properties is None:  # not every site expands them
            request = Request(
                "get_comment_property", "GET", f"comment/{comment.id}/properties/{PROPERTY_KEY}"
            )
            try:
                properties = (await self._http.ask(site, request, Property),)
            except NotThereError:
                return None
        for one in properties:
            mark = Mark.read(one.value) if one.key == PROPERTY_KEY else None
            if mark is not None:
                return Standing(id=comment.id, mark=mark)
        return None

    async def create_comment(self, site: Site, issue_id: str, body: Node, mark: Mark, fence: Fence) -> str:
        """See `Jira.create_comment`."""
        request = Request(
            "create_comment",
            "POST",
            f"issue/{issue_id}/comment",
            body={"body": body, "properties": _properties(mark)},
            issue_id=issue_id,
            fence=fence,
        )
        return (await self._http.ask(site, request, CreatedComment)).id

    async def update_comment(
        self, site: Site, issue_id: str, comment_id: str, body: Node, mark: Mark, fence: Fence
    ) -> None:
        """See `Jira.update_comment`."""
        request = Request(
            "update_comment",
            "PUT",
            f"issue/{issue_id}/comment/{comment_id}",
            body={"body": body, "properties": _properties(mark)},
            issue_id=issue_id,
            fence=fence,
        )
        await self._http.send(site, request)

    async def delete_comment(self, site: Site, issue_id: str, comment_id: str, fence: Fence) -> None:
        """See `Jira.delete_comment`."""
        path = f"issue/{issue_id}/comment/{comment_id}"
        await self._http.send(site, Request("delete_comment", "DELETE", path, issue_id=issue_id, fence=fence))

    async def subtask_ids(self, site: Site, issue_id: str) -> list[str]:
        """See `Jira.subtask_ids`; from the parent itself, because search lags behind."""
        request = Request("list_subtasks", "GET", f"issue/{issue_id}", {"fields": "subtasks"})
        return [one.id for one in (await self._http.ask(site, request, IssueAnswer)).fields.subtasks]

    async def subtask(self, site: Site, subtask_id: str) -> Standing | None:
        """See `Jira.subtask`."""
        request = Request(
            "get_subtask",
            "GET",
            f"issue/{subtask_id}",
            {"fields": "summary,creator", "properties": PROPERTY_KEY},
        )
        try:
            issue = await self._http.ask(site, request, IssueAnswer)
        except NotThereError:
            return None
        creator = issue.fields.creator
        mark = Mark.read(issue.properties.get(PROPERTY_KEY))
        if mark is None or creator is None or creator.account_id != site.account_id:
            return None
        return Standing(id=issue.id, mark=mark, key=issue.key, title=issue.fields.summary)

    async def subtask_type(self, site: Site, project_key: str, name: str) -> SubtaskType:
        """See `Jira.subtask_type`.

        Raises:
            UpstreamRejectedError: The project has no such type, or its form wants what we can't know.
        """
        key = (site.site_url, project_key, name)
        age, known = self._types.get(key, (float("-inf"), None))
        if known is None or self._clock() - age > _TYPE_AGE_S:
            try:
                known = await self._read_type(site, project_key, name)
            except NotThereError as error:
                raise UpstreamRejectedError("jira", f"no project {project_key}: {error}") from error
            if len(self._types) >= _TYPES:
                self._types.clear()
            self._types[key] = (self._clock(), known)
        return known

    async def _read_type(self, site: Site, project_key: str, name: str) -> SubtaskType:
        types = [one for one in await self._issue_types(site, project_key) if one.subtask]
        chosen = next((one for one in types if _folded(one.name) == _folded(name)), None)
        if chosen is None:
            offered = ", ".join(sorted(one.name for one in types)) or "none"
            raise UpstreamRejectedError(
                "jira", f"project {project_key} has no sub-task type {name!r}; it has: {offered}"
            )
        fields = tuple(
            Field(one.field_id, one.name, required=one.required, has_default=one.has_default)
            for one in await self._form(site, project_key, chosen.id)
        )
        found = SubtaskType(chosen.id, fields)
        if found.unfillable:
            raise UpstreamRejectedError(
                "jira",
                f"{chosen.name} in project {project_key} requires fields that Casewright can't fill:"
                f" {', '.join(found.unfillable)}; make them optional or give them a default",
            )
        return found

    async def _issue_types(self, site: Site, project_key: str) -> list[IssueTypeAnswer]:
        found: list[IssueTypeAnswer] = []
        while True:
            page = await self._http.ask(
                site,
                Request(
                    "list_issue_types",
                    "GET",
                    f"issue/createmeta/{project_key}/issuetypes",
                    {"startAt": len(found), "maxResults": _PAGE},
                ),
                IssueTypePage,
            )
            found += page.issue_types
            if not page.issue_types or len(found) >= page.total:
                return found

    async def _form(self, site: Site, project_key: str, type_id: str) -> list[FieldAnswer]:
        found: list[FieldAnswer] = []
        while True:
            page = await self._http.ask(
                site,
                Request(
                    "get_creation_form",
                    "GET",
                    f"issue/createmeta/{project_key}/issuetypes/{type_id}",
                    {"startAt": len(found), "maxResults": _PAGE},
                ),
                FieldPage,
            )
            found += page.fields
            if not page.fields or len(found) >= page.total:
                return found

    async def create_subtask(
        self, site: Site, fields: dict[str, Any], mark: Mark, fence: Fence
    ) -> tuple[str, str]:
        """See `Jira.create_subtask`."""
        request = Request(
            "create_subtask",
            "POST",
            "issue",
            body={"fields": fields, "properties": _properties(mark)},
            fence=fence,
        )
        try:
            created = await self._http.ask(site, request, CreatedIssue)
        except UpstreamRejectedError:
            self._types.clear()  # the form may have changed since we read it
            raise
        return created.id, created.key

    async def update_subtask(
        self, site: Site, subtask_id: str, fields: dict[str, Any], mark: Mark, fence: Fence
    ) -> None:
        """See `Jira.update_subtask`."""
        request = Request(
            "update_subtask",
            "PUT",
            f"issue/{subtask_id}",
            body={"fields": fields, "properties": _properties(mark)},
            issue_id=subtask_id,
            fence=fence,
        )
        await self._http.send(site, request)

    async def delete_subtask(self, site: Site, subtask_id: str, fence: Fence) -> None:
        """See `Jira.delete_subtask`."""
        await self._http.send(
            site,
            Request("delete_subtask", "DELETE", f"issue/{subtask_id}", issue_id=subtask_id, fence=fence),
        )


def _properties(mark: Mark) -> list[dict[str, object]]:
    return [{"key": PROPERTY_KEY, "value": mark.model_dump(mode="json")}]


def _folded(name: str) -> str:
    """Team-managed projects say `Subtask`, others `Sub-task`."""
    return name.casefold().replace("-", "").replace(" ", "")
