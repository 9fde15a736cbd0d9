"""Use cases on issues: create, edit, move through the workflow, link, delete, properties."""

from collections.abc import Mapping
from typing import Any

from casewright_jira_simulator.comments import Comments
from casewright_jira_simulator.domain.model import (
    LINK_TYPES,
    TRANSITIONS,
    Issue,
    IssueLink,
    LinkType,
    RemoteLink,
)
from casewright_jira_simulator.errors import JiraError, issue_missing
from casewright_jira_simulator.issue_input import (
    IssueInput,
    checked_key,
    checked_property,
    find_issue_type,
    find_parent,
    find_project,
    read_properties,
)
from casewright_jira_simulator.limits import RateLimits
from casewright_jira_simulator.recorder import Draft, Flow, Recorder
from casewright_jira_simulator.rich_text import InputForm
from casewright_jira_simulator.views import issue_type_of

Json = dict[str, Any]

_CONTENT = ("summary", "description", "labels", "priority_id", "status_id", "assignee", "reporter", "custom")


class Issues:
    """What accounts do to issues. Every method is one change: all of it happens, or nothing."""

    def __init__(self, recorder: Recorder, limits: RateLimits, comments: Comments) -> None:
        self._recorder = recorder
        self._site = recorder.site
        self._limits = limits
        self._comments = comments

    def get(self, id_or_key: str) -> Issue:
        """The issue.

        Raises:
            JiraError: 404 when it is not there.
        """
        issue = self._site.issue(id_or_key)
        if issue is None:
            raise issue_missing()
        return issue

    def create(self, actor: str, body: Json, rich: InputForm, *, flow: Flow = "Primary") -> Issue:
        """Create an issue or sub-task from `{fields, properties, update}`.

        Raises:
            JiraError: 400 with Jira's messages per field.
        """
        fields = _fields(body)
        project = find_project(self._site, fields.get("project"))
        kind = find_issue_type(project, fields.get("issuetype"))
        parent = find_parent(self._site, project, kind, fields.get("parent"))
        given = IssueInput(self._site, project, kind, rich)
        given.read(fields, creating=True)
        draft = self._recorder.draft(actor, flow=flow)
        issue = Issue(
            id=self._site.next_id(),
            key=f"{project.key}-{self._site.next_number(project.id)}",
            project_id=project.id,
            issue_type_id=kind.id,
            creator=actor,
            parent_id=parent.id if parent else None,
            created=draft.at,
            updated=draft.at,
            properties=read_properties(body.get("properties")),
            custom={name: value for name, value in given.custom.items() if value is not None},
            **({"reporter": actor} | given.values),
        )
        if parent is not None:
            self._limits.write(parent.id)
        self._record_creation(draft, issue)
        for number, add in enumerate(_operations(body, "issuelinks", "add"), start=1):
            self._add_ride_along_link(draft, issue, add, number)
        self._recorder.commit(draft)
        return issue

    def edit(self, actor: str, id_or_key: str, body: Json, rich: InputForm) -> Issue:
        """Change fields by `fields` or `update`; a change to the same values is none.

        Raises:
            JiraError: 404, 400, or 429 when the issue is written too often.
        """
        before = self.get(id_or_key)
        self._limits.write(before.id)
        fields = dict(_fields(body))
        fields |= dict(_set_operations(body, before))
        project = self._site.projects[before.project_id]
        given = IssueInput(self._site, project, issue_type_of(project, before), rich)
        given.read(fields, creating=False)
        custom = {name: value for name, value in (before.custom | given.custom).items() if value is not None}
        properties = before.properties | read_properties(body.get("properties"))
        comments = [add.get("body") for add in _operations(body, "comment", "add")]
        edited = self._store_edit(actor, before, given.values | {"custom": custom, "properties": properties})
        for text in comments:
            self._comments.create(actor, edited.id, {"body": text}, rich)
        return edited

    def transition(self, actor: str, id_or_key: str, body: Json) -> Issue:
        """Move an issue by `{transition: {id}}`.

        Raises:
            JiraError: 404; 400 for an unknown transition; 429.
        """
        before = self.get(id_or_key)
        self._limits.write(before.id)
        wanted = body.get("transition")
        transition_id = str(wanted.get("id")) if isinstance(wanted, Mapping) else ""
        if transition_id not in TRANSITIONS:
            raise JiraError(400, "It seems that you have tried to perform an invalid workflow operation.")
        return self._store_edit(actor, before, {"status_id": TRANSITIONS[transition_id]})

    def delete(self, actor: str, id_or_key: str, *, with_subtasks: bool) -> None:
        """Delete an issue with its comments and links.

        Raises:
            JiraError: 404; 400 when it has sub-tasks and `with_subtasks` is off.
        """
        issue = self.get(id_or_key)
        self._limits.write(issue.id)
        children = [child for child in self._site.children(issue.id) if self._is_subtask(child)]
        if children and not with_subtasks:
            raise JiraError(
                400,
                f"The issue '{issue.key}' has subtasks.  You must specify the 'deleteSubtasks' parameter "
                "to delete this issue and all its subtasks.",
            )
        draft = self._recorder.draft(actor)
        for doomed in (*children, issue):
            self._recorder.effect(
                draft, "issue.deleted", doomed, doomed.id, _content(doomed), properties=doomed.properties
            )
            self._recorder.issue_event(draft, "jira:issue_deleted", doomed)
            draft.dropped_comments.extend(comment.id for comment in self._site.comments_on(doomed.id))
            links = (link.id for link in self._site.links_on(doomed.id))
            draft.dropped_links.extend(link for link in links if link not in draft.dropped_links)
            draft.dropped_issues.append(doomed.id)
        orphans = [child for child in self._site.children(issue.id) if child not in children]
        draft.issues.extend(orphan.model_copy(update={"parent_id": None}) for orphan in orphans)
        self._recorder.commit(draft)

    def set_property(self, actor: str, id_or_key: str, key: str, value: Any) -> bool:
        """Set a property; whether it is new.

        Raises:
            JiraError: 404, 400, 429.
        """
        issue = self.get(id_or_key)
        self._limits.write(issue.id)
        properties = issue.properties | {checked_key(key): checked_property(value)}
        self._store_properties(actor, issue, properties, "issue_property.set", key, value)
        return key not in issue.properties

    def delete_property(self, actor: str, id_or_key: str, key: str) -> None:
        """Delete a property.

        Raises:
            JiraError: 404, 429.
        """
        issue = self.get(id_or_key)
        if key not in issue.properties:
            raise JiraError(404, f"The property with key '{key}' does not exist.")
        self._limits.write(issue.id)
        properties = {name: value for name, value in issue.properties.items() if name != key}
        self._store_properties(actor, issue, properties, "issue_property.deleted", key, issue.properties[key])

    def link(self, actor: str, body: Json) -> None:
        """Link two issues; the same link again reports success and changes nothing.

        Raises:
            JiraError: 404 for an unknown issue or type, 429.
        """
        kind = _link_type(body.get("type"))
        inward = self.get(_reference(body.get("inwardIssue")))
        outward = self.get(_reference(body.get("outwardIssue")))
        self._limits.write(inward.id)
        self._limits.write(outward.id)
        draft = self._recorder.draft(actor)
        if not self._linked(kind, inward.id, outward.id):
            self._add_link(draft, kind, inward, outward, self._site.next_id())
            self._recorder.commit(draft)
        comment = body.get("comment")
        if isinstance(comment, Mapping):
            self._comments.create(actor, outward.id, dict(comment), "adf")

    def put_remote_link(self, actor: str, id_or_key: str, body: Json) -> tuple[RemoteLink, bool]:
        """Create a remote link, or replace the one with the same `globalId`; whether it is new.

        Raises:
            JiraError: 404; 400 without an object that has url and title; 429.
        """
        issue = self.get(id_or_key)
        self._limits.write(issue.id)
        target = body.get("object")
        if not isinstance(target, Mapping) or not target.get("url") or not target.get("title"):
            raise JiraError(400, errors={"object": "'url' and 'title' are required."})
        global_id = body.get("globalId")
        known = [link for link in issue.remote_links if global_id is not None and link.global_id == global_id]
        link = RemoteLink(
            id=known[0].id if known else self._site.next_id(),
            global_id=global_id,
            relationship=body.get("relationship"),
            application=body.get("application") or {},
            object=dict(target),
        )
        others = tuple(other for other in issue.remote_links if other.id != link.id)
        draft = self._recorder.draft(actor)
        draft.issues.append(issue.model_copy(update={"remote_links": (*others, link)}))
        kind = "remote_link.updated" if known else "remote_link.created"
        self._recorder.effect(draft, kind, issue, link.id, link.model_dump())
        self._recorder.commit(draft)
        return link, not known

    def _record_creation(self, draft: Draft, issue: Issue) -> None:
        draft.issues.append(issue)
        self._recorder.effect(
            draft, "issue.created", issue, issue.id, _content(issue), properties=issue.properties
        )
        self._recorder.issue_event(draft, "jira:issue_created", issue)

    def _store_edit(self, actor: str, before: Issue, values: Json) -> Issue:
        after = before.model_copy(update=values)
        changed = [
            name for name in (*_CONTENT, "properties") if getattr(before, name) != getattr(after, name)
        ]
        if not changed:
            return before
        draft = self._recorder.draft(actor)
        after = after.model_copy(update={"updated": draft.at})
        draft.issues.append(after)
        self._recorder.effect(
            draft,
            "issue.updated",
            after,
            after.id,
            _content(after),
            properties=after.properties,
            fields=changed,
        )
        if changed != ["properties"]:
            self._recorder.issue_event(draft, "jira:issue_updated", after, before=before)
        self._recorder.commit(draft)
        return after

    def _store_properties(
        self, actor: str, issue: Issue, properties: Json, kind: str, key: str, value: Any
    ) -> None:
        draft = self._recorder.draft(actor)
        # A property is no field: it does not touch `updated`.
        after = issue.model_copy(update={"properties": properties})
        draft.issues.append(after)
        self._recorder.effect(draft, kind, after, key, value, properties=properties)
        event = "issue_property_set" if kind.endswith("set") else "issue_property_deleted"
        self._recorder.plain_event(
            draft, event, after, {"property": {"key": key, "value": value}, "issue": {"id": issue.id}}
        )
        self._recorder.commit(draft)

    def _add_ride_along_link(self, draft: Draft, issue: Issue, add: Json, number: int) -> None:
        kind = _link_type(add.get("type"))
        if "outwardIssue" in add:
            ends = (issue, self.get(_reference(add["outwardIssue"])))
        else:
            ends = (self.get(_reference(add.get("inwardIssue"))), issue)
        self._add_link(draft, kind, *ends, self._site.next_id(number))

    def _add_link(self, draft: Draft, kind: LinkType, inward: Issue, outward: Issue, link_id: str) -> None:
        link = IssueLink(id=link_id, type_id=kind.id, inward_issue=inward.id, outward_issue=outward.id)
        draft.links.append(link)
        self._recorder.effect(draft, "link.created", inward, link.id, [kind.name, inward.key, outward.key])
        shown = {
            "id": int(link.id),
            "sourceIssueId": int(inward.id),
            "destinationIssueId": int(outward.id),
            "issueLinkType": {
                "id": int(kind.id),
                "name": kind.name,
                "outwardName": kind.outward,
                "inwardName": kind.inward,
            },
        }
        self._recorder.plain_event(draft, "issuelink_created", inward, {"issueLink": shown})

    def _linked(self, kind: LinkType, inward: str, outward: str) -> bool:
        return any(
            (link.type_id, link.inward_issue, link.outward_issue) == (kind.id, inward, outward)
            for link in self._site.links_on(inward)
        )

    def _is_subtask(self, issue: Issue) -> bool:
        return issue_type_of(self._site.projects[issue.project_id], issue).subtask


def bulk_error(error: JiraError, number: int) -> Json:
    """`BulkOperationErrorResult` of the element at `number`, counted from 0."""
    return {"status": error.status, "elementErrors": error.body, "failedElementNumber": number}


def _fields(body: Json) -> Json:
    fields = body.get("fields", {})
    if not isinstance(fields, dict):
        raise JiraError(400, "fields must be an object")
    return fields


def _operations(body: Json, field: str, verb: str) -> list[Json]:
    update = body.get("update") or {}
    found = update.get(field, []) if isinstance(update, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(operation, Mapping) for operation in found):
        raise JiraError(400, errors={field: "data was not an array of operations"})
    return [operation[verb] for operation in found if isinstance(operation.get(verb), dict)]


def _set_operations(body: Json, before: Issue) -> list[tuple[str, Any]]:
    """`update` as plain values: `set` of any field, `add` and `remove` of labels."""
    update = body.get("update") or {}
    if not isinstance(update, Mapping):
        raise JiraError(400, "update must be an object")
    found: list[tuple[str, Any]] = []
    labels = list(before.labels)
    for name, operations in update.items():
        if not isinstance(operations, list) or not all(isinstance(one, Mapping) for one in operations):
            raise JiraError(400, errors={name: "data was not an array of operations"})
        for operation in operations:
            if "set" in operation:
                found.append((name, operation["set"]))
            elif name == "labels":
                labels = [label for label in labels if label != operation.get("remove")]
                labels += [operation["add"]] if "add" in operation else []
                found.append((name, labels))
    return found


def _reference(value: Any) -> str:
    if not isinstance(value, Mapping):
        raise JiraError(400, "Both inwardIssue and outwardIssue are needed.")
    return str(value.get("id") or value.get("key") or "")


def _link_type(value: Any) -> LinkType:
    wanted = value if isinstance(value, Mapping) else {}
    for kind in LINK_TYPES.values():
        if wanted.get("id") == kind.id or str(wanted.get("name", "")).lower() == kind.name.lower():
            return kind
    raise JiraError(404, f"No issue link type with name '{wanted.get('name')}' found.")


def _content(issue: Issue) -> Json:
    return issue.model_dump(mode="json", include=set(_CONTENT))
