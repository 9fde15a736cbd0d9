"""Reads what a request says about an issue into values of it, collecting Jira's errors."""

from collections.abc import Iterable, Mapping
from json import dumps
from typing import Any

from casewright_jira_simulator.domain.model import PRIORITIES, CustomField, Issue, IssueType, Project
from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.rich_text import InputForm, RichTextError, read_rich_text
from casewright_jira_simulator.site import Site
from casewright_jira_simulator.views import fields_of

Json = dict[str, Any]

PROPERTY_LIMIT = 32_768
SUMMARY_LIMIT = 255
_NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
_IDENTITY = frozenset({"project", "issuetype", "parent"})


class IssueInput:
    """The values of one request for one issue, ready for `Issue(**values)` or a copy with them.

    Raises:
        JiraError: 400 with one message per wrong field.
    """

    def __init__(self, site: Site, project: Project, kind: IssueType, rich: InputForm) -> None:
        self._site = site
        self._project = project
        self._kind = kind
        self._rich = rich
        self._errors: dict[str, str] = {}
        self.values: Json = {}
        self.custom: Json = {}

    def read(self, fields: Mapping[str, Any], *, creating: bool) -> None:
        """Read all of `fields`; with `creating`, required ones must be there."""
        custom = {field.id: field for field in fields_of(self._project, self._kind)}
        for name, value in fields.items():
            if name in _IDENTITY:
                continue
            if name in custom:
                self._read_custom(custom[name], value)
            else:
                self._read_system(name, value)
        if creating:
            self._require(fields, custom.values())
        if self._errors:
            raise JiraError(400, errors=self._errors)

    def _require(self, fields: Mapping[str, Any], custom: Iterable[CustomField]) -> None:
        if "summary" not in fields:
            self._errors["summary"] = "You must specify a summary of the issue."
        for field in custom:
            if field.required and fields.get(field.id) is None:
                self._errors.setdefault(field.id, f"{field.name} is required.")

    def _read_system(self, name: str, value: Any) -> None:
        match name:
            case "summary":
                self._read_summary(value)
            case "description":
                self._read_text(name, value, self.values)
            case "labels":
                self._read_labels(value)
            case "priority":
                self._read_priority(value)
            case "assignee" | "reporter":
                self._read_user(name, value)
            case _:
                self._errors[name] = _NOT_ON_SCREEN.format(name)

    def _read_summary(self, value: Any) -> None:
        if not isinstance(value, str) or not value.strip():
            self._errors["summary"] = "You must specify a summary of the issue."
        elif "\n" in value or "\r" in value:
            self._errors["summary"] = "The summary is invalid because it contains newline characters."
        elif len(value) > SUMMARY_LIMIT:
            self._errors["summary"] = f"Summary can't exceed {SUMMARY_LIMIT} characters."
        else:
            self.values["summary"] = value.strip()

    def _read_text(self, name: str, value: Any, into: Json) -> None:
        try:
            into[name] = read_rich_text(value, self._rich)
        except RichTextError as error:
            self._errors[name] = str(error)

    def _read_labels(self, value: Any) -> None:
        if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
            self._errors["labels"] = "Specify the labels as an array of strings"
        elif any(not label or " " in label for label in value):
            self._errors["labels"] = "The label contains spaces which is invalid."
        else:
            self.values["labels"] = tuple(dict.fromkeys(value))

    def _read_priority(self, value: Any) -> None:
        wanted = value if isinstance(value, Mapping) else {}
        for priority_id, name in PRIORITIES.items():
            if wanted.get("id") == priority_id or str(wanted.get("name", "")).lower() == name.lower():
                self.values["priority_id"] = priority_id
                return
        self._errors["priority"] = "Specify the Priority (id or name) in the string format"

    def _read_user(self, name: str, value: Any) -> None:
        if value is None and name == "assignee":
            self.values[name] = None
            return
        account_id = (value.get("accountId") or value.get("id")) if isinstance(value, Mapping) else None
        if account_id in self._site.accounts:
            self.values[name] = account_id
        else:
            self._errors[name] = "Specify a valid value for " + name

    def _read_custom(self, field: CustomField, value: Any) -> None:
        if value is None:
            self.custom[field.id] = None
            return
        match field.type:
            case "textarea":
                self._read_text(field.id, value, self.custom)
            case "textfield" if isinstance(value, str) and len(value) <= SUMMARY_LIMIT and "\n" not in value:
                self.custom[field.id] = value
            case "number" if isinstance(value, int | float) and not isinstance(value, bool):
                self.custom[field.id] = value
            case "select" if isinstance(value, Mapping) and value.get("value") in field.options:
                self.custom[field.id] = value["value"]
            case _:
                self._errors[field.id] = f"Operation value must be a {field.type}"


def read_properties(entries: Any) -> Json:
    """The `properties` array of a creation.

    Raises:
        JiraError: 400 for anything that is not a list of `{key, value}`, or a value over 32,768 characters.
    """
    if entries is None:
        return {}
    if not isinstance(entries, list):
        raise JiraError(400, "properties must be an array")
    found: Json = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("key"), str) or "value" not in entry:
            raise JiraError(400, "Each property needs a key and a value.")
        found[checked_key(entry["key"])] = checked_property(entry["value"])
    return found


def checked_key(key: str) -> str:
    """A property key of 1 to 255 characters."""
    if not key or len(key) > SUMMARY_LIMIT:
        raise JiraError(400, "The property key must be 1 to 255 characters long.")
    return key


def checked_property(value: Any) -> Any:
    """A property value that is short enough."""
    if len(dumps(value, ensure_ascii=False)) > PROPERTY_LIMIT:
        raise JiraError(400, f"The property value must be at most {PROPERTY_LIMIT} characters long.")
    return value


def find_project(site: Site, value: Any) -> Project:
    """The project of a creation, by `{id}` or `{key}`."""
    wanted = value if isinstance(value, Mapping) else {}
    project = site.project(str(wanted.get("id") or wanted.get("key") or ""))
    if project is None:
        raise JiraError(400, errors={"project": "Specify a valid project ID or key"})
    return project


def find_issue_type(project: Project, value: Any) -> IssueType:
    """The issue type of a creation, by `{id}` or `{name}`."""
    wanted = value if isinstance(value, Mapping) else {}
    for kind in project.issue_types:
        if wanted.get("id") == kind.id or str(wanted.get("name", "")).lower() == kind.name.lower():
            return kind
    raise JiraError(400, errors={"issuetype": "Specify a valid issue type"})


def find_parent(site: Site, project: Project, kind: IssueType, value: Any) -> Issue | None:
    """The parent: needed by sub-tasks, from the same project; else only an epic may be one."""
    if value is None:
        if kind.subtask:
            raise JiraError(
                400, errors={"parentId": "Issue type is a sub-task but parent issue key or id not specified."}
            )
        return None
    wanted = value if isinstance(value, Mapping) else {}
    parent = site.issue(str(wanted.get("id") or wanted.get("key") or ""))
    if parent is None:
        raise JiraError(400, errors={"parentId": "Could not find valid parent issue by key or id."})
    if kind.subtask and parent.project_id != project.id:
        raise JiraError(
            400, errors={"project": "Sub-tasks must be created in the same project as the parent."}
        )
    types = {known.id: known for known in site.projects[parent.project_id].issue_types}
    if types[parent.issue_type_id].hierarchy_level != kind.hierarchy_level + 1:
        raise JiraError(
            400, errors={"parentId": "Given parent issue does not belong to appropriate hierarchy."}
        )
    return parent
