"""How the site's data looks in Jira's JSON, for REST v3 (ADF), REST v2 and webhooks (wiki markup)."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, Literal

from casewright_jira_simulator.domain.adf_to_wiki import adf_to_wiki
from casewright_jira_simulator.domain.model import (
    LINK_TYPES,
    PRIORITIES,
    STATUSES,
    TRANSITIONS,
    Comment,
    CustomField,
    Issue,
    IssueType,
    LinkType,
    Project,
    RemoteLink,
    Text,
)
from casewright_jira_simulator.domain.wiki_to_adf import wiki_to_adf
from casewright_jira_simulator.site import Site

Json = dict[str, Any]
RichText = Literal["adf", "wiki"]

SYSTEM_FIELDS = {
    "summary": ("Summary", "string"),
    "description": ("Description", "string"),
    "issuetype": ("Issue Type", "issuetype"),
    "project": ("Project", "project"),
    "parent": ("Parent", "issuelink"),
    "labels": ("Labels", "array"),
    "priority": ("Priority", "priority"),
    "status": ("Status", "status"),
    "assignee": ("Assignee", "user"),
    "reporter": ("Reporter", "user"),
    "creator": ("Creator", "user"),
    "created": ("Created", "datetime"),
    "updated": ("Updated", "datetime"),
    "issuelinks": ("Linked Issues", "array"),
    "subtasks": ("Sub-tasks", "array"),
    "comment": ("Comment", "comments-page"),
}
_CUSTOM_TYPES = {
    "textarea": ("string", "com.atlassian.jira.plugin.system.customfieldtypes:textarea"),
    "textfield": ("string", "com.atlassian.jira.plugin.system.customfieldtypes:textfield"),
    "number": ("number", "com.atlassian.jira.plugin.system.customfieldtypes:float"),
    "select": ("option", "com.atlassian.jira.plugin.system.customfieldtypes:select"),
}


def jira_time(moment: datetime) -> str:
    """A time as Jira writes it: milliseconds, offset without a colon."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"


def as_adf(text: Text) -> Json | None:
    """Rich text for REST v3."""
    return wiki_to_adf(text) if isinstance(text, str) else text


def as_wiki(text: Text) -> str | None:
    """Rich text for REST v2 and webhooks."""
    return adf_to_wiki(text) if isinstance(text, dict) else text


class Views:
    """Jira's JSON for one site; `api` is the version in `self` links, `rich` the form of rich text."""

    def __init__(self, site: Site, site_url: str, *, rich: RichText) -> None:
        self._site = site
        self._url = site_url
        self._rich = rich
        self._api = f"{site_url}/rest/api/{3 if rich == 'adf' else 2}"

    def text(self, text: Text) -> Json | str | None:
        """Rich text in this view's form."""
        return as_adf(text) if self._rich == "adf" else as_wiki(text)

    def user(self, account_id: str | None) -> Json | None:
        """`User`, or nothing for nobody."""
        if account_id is None:
            return None
        account = self._site.accounts.get(account_id)
        name = account.display_name if account else "Former user"
        shown = {
            "self": f"{self._api}/user?accountId={account_id}",
            "accountId": account_id,
            "accountType": "atlassian",
            "displayName": name,
            "active": account is not None,
            "timeZone": "Etc/UTC",
        }
        return shown | ({"emailAddress": account.email} if account else {})

    def issue_type(self, kind: IssueType) -> Json:
        """`IssueTypeDetails`."""
        return {
            "self": f"{self._api}/issuetype/{kind.id}",
            "id": kind.id,
            "name": kind.name,
            "description": "",
            "iconUrl": f"{self._url}/images/icons/issuetypes/{kind.id}.svg",
            "subtask": kind.subtask,
            "hierarchyLevel": kind.hierarchy_level,
        }

    def project(self, project: Project, *, full: bool = False) -> Json:
        """`Project`; `full` adds the issue types and the lead."""
        shown: Json = {
            "self": f"{self._api}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
            "simplified": False,
            "style": "classic",
            "isPrivate": False,
        }
        if full:
            shown["description"] = ""
            shown["lead"] = self.user(project.lead)
            shown["issueTypes"] = [self.issue_type(kind) for kind in project.issue_types]
        return shown

    def status(self, status_id: str) -> Json:
        """`StatusDetails`."""
        status = STATUSES[status_id]
        return {
            "self": f"{self._api}/status/{status.id}",
            "id": status.id,
            "name": status.name,
            "description": "",
            "iconUrl": f"{self._url}/images/icons/statuses/{status.id}.svg",
            "statusCategory": {
                "self": f"{self._api}/statuscategory/{status.category_id}",
                "id": status.category_id,
                "key": status.category_key,
                "name": status.category_name,
                "colorName": status.color,
            },
        }

    def transitions(self) -> Json:
        """`Transitions`: from every status to every status."""
        return {
            "expand": "transitions",
            "transitions": [
                {
                    "id": transition_id,
                    "name": STATUSES[status_id].name,
                    "to": self.status(status_id),
                    "hasScreen": False,
                    "isGlobal": True,
                    "isInitial": False,
                    "isAvailable": True,
                    "isConditional": False,
                    "looped": False,
                }
                for transition_id, status_id in TRANSITIONS.items()
            ],
        }

    def reference(self, issue: Issue) -> Json:
        """An issue inside another one's `parent`, `subtasks` or `issuelinks`."""
        project = self._site.projects[issue.project_id]
        return {
            "id": issue.id,
            "key": issue.key,
            "self": f"{self._api}/issue/{issue.id}",
            "fields": {
                "summary": issue.summary,
                "status": self.status(issue.status_id),
                "priority": self.priority(issue.priority_id),
                "issuetype": self.issue_type(issue_type_of(project, issue)),
            },
        }

    def priority(self, priority_id: str) -> Json:
        """`Priority`."""
        return {
            "self": f"{self._api}/priority/{priority_id}",
            "id": priority_id,
            "name": PRIORITIES[priority_id],
            "iconUrl": f"{self._url}/images/icons/priorities/{priority_id}.svg",
        }

    def comment(self, comment: Comment, *, properties: bool = False) -> Json:
        """`Comment`; `properties` only where the caller expanded them."""
        shown: Json = {
            "self": f"{self._api}/issue/{comment.issue_id}/comment/{comment.id}",
            "id": comment.id,
            "author": self.user(comment.author),
            "body": self.text(comment.body),
            "updateAuthor": self.user(comment.update_author),
            "created": jira_time(comment.created),
            "updated": jira_time(comment.updated),
            "jsdPublic": True,
        }
        if comment.visibility is not None:
            shown["visibility"] = comment.visibility
        if properties:
            shown["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
        return shown

    def comments(self, issue_id: str) -> Json:
        """The `comment` field of an issue: all of them in one page."""
        comments = [self.comment(comment) for comment in self._site.comments_on(issue_id)]
        return {
            "comments": comments,
            "self": f"{self._api}/issue/{issue_id}/comment",
            "maxResults": len(comments),
            "total": len(comments),
            "startAt": 0,
        }

    def links(self, issue_id: str) -> list[Json]:
        """The `issuelinks` field: each with the issue at the other end."""
        shown = []
        for link in self._site.links_on(issue_id):
            # As Jira has it: the issue that is the link's inward end sees the other one as outward.
            inward_here = link.inward_issue == issue_id
            other = self._site.issues[link.outward_issue if inward_here else link.inward_issue]
            shown.append(
                {
                    "id": link.id,
                    "self": f"{self._api}/issueLink/{link.id}",
                    "type": self.link_type(LINK_TYPES[link.type_id]),
                    "outwardIssue" if inward_here else "inwardIssue": self.reference(other),
                }
            )
        return shown

    def link_type(self, kind: LinkType) -> Json:
        """`IssueLinkType`."""
        return kind.model_dump() | {"self": f"{self._api}/issueLinkType/{kind.id}"}

    def remote_link(self, issue: Issue, link: RemoteLink) -> Json:
        """`RemoteIssueLink`."""
        shown = {
            "id": int(link.id),
            "self": f"{self._api}/issue/{issue.key}/remotelink/{link.id}",
            "globalId": link.global_id,
            "relationship": link.relationship,
            "application": link.application,
            "object": link.object,
        }
        return {name: value for name, value in shown.items() if value is not None}

    def fields(self, issue: Issue, wanted: "Selection", *, comments: bool = True) -> Json:
        """The `fields` object of an issue, cut to `wanted`."""
        project = self._site.projects[issue.project_id]
        kind = issue_type_of(project, issue)
        makers: dict[str, Callable[[], Any]] = {
            "summary": lambda: issue.summary,
            "description": lambda: self.text(issue.description),
            "issuetype": lambda: self.issue_type(kind),
            "project": lambda: self.project(project),
            "status": lambda: self.status(issue.status_id),
            "priority": lambda: self.priority(issue.priority_id),
            "labels": lambda: list(issue.labels),
            "creator": lambda: self.user(issue.creator),
            "reporter": lambda: self.user(issue.reporter),
            "assignee": lambda: self.user(issue.assignee),
            "created": lambda: jira_time(issue.created),
            "updated": lambda: jira_time(issue.updated),
            "subtasks": lambda: [self.reference(child) for child in self._site.children(issue.id)],
            "issuelinks": lambda: self.links(issue.id),
        }
        if issue.parent_id is not None:
            parent = self._site.issues[issue.parent_id]
            makers["parent"] = lambda: self.reference(parent)
        if comments:
            makers["comment"] = lambda: self.comments(issue.id)
        shown = {name: make() for name, make in makers.items() if wanted.has(name)}
        for field in fields_of(project, kind):
            if wanted.has(field.id):
                shown[field.id] = self.custom_value(field, issue.custom.get(field.id))
        return shown

    def custom_value(self, field: CustomField, value: Any) -> Any:
        """A custom field's value in this view's form."""
        if field.type == "textarea":
            return self.text(value)
        if field.type == "select" and value is not None:
            return {"value": value, "id": str(field.options.index(value) + 1)}
        return value

    def issue(self, issue: Issue, wanted: "Selection", *, properties: Collection[str] = ()) -> Json:
        """`IssueBean`; without `fields` when only the id is wanted."""
        if wanted.only_id:
            return {"id": issue.id} | self._properties(issue, properties)
        shown = {
            "expand": "renderedFields,names,schema,operations,editmeta,changelog",
            "id": issue.id,
            "self": f"{self._api}/issue/{issue.id}",
            "key": issue.key,
            "fields": self.fields(issue, wanted),
        }
        return shown | self._properties(issue, properties)

    def created(self, issue: Issue) -> Json:
        """`CreatedIssue`."""
        return {"id": issue.id, "key": issue.key, "self": f"{self._api}/issue/{issue.id}"}

    def property_keys(self, base: str, keys: Iterable[str]) -> Json:
        """`PropertyKeys` of the entity whose API path is `base`."""
        return {"keys": [{"self": f"{self._api}/{base}/properties/{key}", "key": key} for key in keys]}

    def all_fields(self) -> list[Json]:
        """`FieldDetails` of every field of the site."""
        shown: list[Json] = [
            {
                "id": field_id,
                "key": field_id,
                "name": name,
                "custom": False,
                "orderable": True,
                "navigable": True,
                "searchable": True,
                "clauseNames": [field_id],
                "schema": _system_schema(field_id, kind),
            }
            for field_id, (name, kind) in SYSTEM_FIELDS.items()
        ]
        seen: dict[str, CustomField] = {}
        for project in self._site.projects.values():
            for field in project.custom_fields:
                seen.setdefault(field.id, field)
        shown.extend(
            {
                "id": field.id,
                "key": field.id,
                "name": field.name,
                "custom": True,
                "orderable": True,
                "navigable": True,
                "searchable": True,
                "clauseNames": [f"cf[{field.id.rpartition('_')[2]}]", field.name],
                "schema": _custom_schema(field),
            }
            for field in seen.values()
        )
        return shown

    def create_fields(self, project: Project, kind: IssueType) -> list[Json]:
        """`FieldCreateMetadata` of every field that an issue of this type takes."""
        shown = [
            _create_field(field_id, required=required)
            for field_id, required in (
                ("summary", True),
                ("issuetype", True),
                ("project", True),
                ("description", False),
                ("labels", False),
                ("priority", False),
                ("assignee", False),
                ("reporter", False),
                ("issuelinks", False),
            )
        ]
        if kind.subtask or kind.hierarchy_level == 0:
            shown.append(_create_field("parent", required=kind.subtask))
        for field in fields_of(project, kind):
            entry: Json = {
                "fieldId": field.id,
                "key": field.id,
                "name": field.name,
                "required": field.required,
                "hasDefaultValue": False,
                "operations": ["set"],
                "schema": _custom_schema(field),
            }
            if field.type == "select":
                entry["allowedValues"] = [
                    {"id": str(number), "value": value} for number, value in enumerate(field.options, start=1)
                ]
            shown.append(entry)
        return shown

    @staticmethod
    def _properties(issue: Issue, wanted: Collection[str]) -> Json:
        if not wanted:
            return {}
        every = "*all" in wanted
        return {
            "properties": {key: value for key, value in issue.properties.items() if every or key in wanted}
        }


class Selection:
    """A `fields` parameter: names, `*all`, `*navigable`, and `-name` to leave one out."""

    def __init__(self, names: Iterable[str], *, default: str) -> None:
        stripped = [name.strip() for name in names if name.strip()]
        chosen = stripped or [default]
        self._without = {name[1:] for name in chosen if name.startswith("-")}
        self._with = {name for name in chosen if not name.startswith("-")}
        if self._without and not self._with:
            self._with = {default}
        self._all = bool(self._with & {"*all", "*navigable"})
        self._navigable = "*navigable" in self._with and "*all" not in self._with

    @property
    def only_id(self) -> bool:
        """Whether nothing but the id was asked for."""
        return self._with <= {"id"}

    def has(self, name: str) -> bool:
        """Whether the field belongs to the answer."""
        if name in self._without:
            return False
        if name in self._with:
            return True
        return self._all and not (self._navigable and name == "comment")


ALL_FIELDS = Selection((), default="*all")


def issue_type_of(project: Project, issue: Issue) -> IssueType:
    """The issue's type as its project defines it."""
    return next(kind for kind in project.issue_types if kind.id == issue.issue_type_id)


def fields_of(project: Project, kind: IssueType) -> list[CustomField]:
    """The custom fields that issues of this type have."""
    return [
        field for field in project.custom_fields if not field.issue_types or kind.name in field.issue_types
    ]


def _system_schema(field_id: str, kind: str) -> Json:
    schema: Json = {"type": kind, "system": field_id}
    if kind == "array":
        schema["items"] = "string" if field_id == "labels" else "issuelinks"
    return schema


def _custom_schema(field: CustomField) -> Json:
    kind, custom = _CUSTOM_TYPES[field.type]
    return {"type": kind, "custom": custom, "customId": int(field.id.rpartition("_")[2])}


def _create_field(field_id: str, *, required: bool) -> Json:
    name, kind = SYSTEM_FIELDS[field_id]
    return {
        "fieldId": field_id,
        "key": field_id,
        "name": name,
        "required": required,
        "hasDefaultValue": False,
        "operations": ["set"],
        "schema": _system_schema(field_id, kind),
    }
