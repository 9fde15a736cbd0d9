"""The pages for people: projects, issues, one issue with its test cases. Read only, no script."""

from datetime import datetime
from functools import cache
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from casewright_jira_simulator.domain.adf_html import adf_to_html
from casewright_jira_simulator.domain.cases import count_cases, is_marked
from casewright_jira_simulator.domain.model import LINK_TYPES, STATUSES, Comment, Issue, Project
from casewright_jira_simulator.routes.access import SimulatorDep
from casewright_jira_simulator.site import Site
from casewright_jira_simulator.views import as_adf, fields_of, issue_type_of

PAGE = 50
Json = dict[str, Any]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


_PAGES = Environment(
    loader=PackageLoader("casewright_jira_simulator"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["adf"] = lambda text: adf_to_html(as_adf(text))
_PAGES.filters["when"] = _when


@cache
def build_pages() -> APIRouter:
    """The three pages."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/")
    async def projects(simulator: SimulatorDep) -> HTMLResponse:
        """All projects."""
        site = simulator.site
        rows = [
            _project_row(site, project) for project in sorted(site.projects.values(), key=lambda one: one.key)
        ]
        return _page(
            "projects.html", 200, projects=rows, pending=len(site.pending), effects=len(site.effects)
        )

    @router.get("/projects/{key}")
    async def project(
        simulator: SimulatorDep, key: str, page: Annotated[int, Query(ge=1)] = 1, q: str = ""
    ) -> HTMLResponse:
        """The issues of a project, newest first."""
        site = simulator.site
        found = site.project(key)
        if found is None:
            return _missing(f"There is no project {key}.")
        subtasks = {kind.id for kind in found.issue_types if kind.subtask}
        needle = q.strip().lower()
        ids = [
            issue_id
            for issue_id in reversed(site.issues_of.get(found.id, {}))
            if site.issues[issue_id].issue_type_id not in subtasks
            and (
                not needle or needle in f"{site.issues[issue_id].key} {site.issues[issue_id].summary}".lower()
            )
        ]
        pages = max(1, ceil(len(ids) / PAGE))
        shown = ids[(page - 1) * PAGE : page * PAGE]
        rows = [_issue_row(site, site.issues[issue_id]) for issue_id in shown]
        return _page(
            "project.html", 200, project=found, issues=rows, page=page, pages=pages, total=len(ids), query=q
        )

    @router.get("/browse/{key}")
    async def issue(simulator: SimulatorDep, key: str) -> HTMLResponse:
        """One issue."""
        site = simulator.site
        found = site.issue(key)
        if found is None:
            return _missing(f"There is no issue {key}.")
        return _page("issue.html", 200, **_issue_page(site, found))

    return router


def _issue_page(site: Site, issue: Issue) -> Json:
    project = site.projects[issue.project_id]
    kind = issue_type_of(project, issue)
    comments = [_comment(site, comment) for comment in site.comments_on(issue.id)]
    custom = []
    for field in fields_of(project, kind):
        value = issue.custom.get(field.id)
        if value is not None:
            custom.append({"name": field.name, "value": value, "rich": field.type == "textarea"})
    parent = site.issues.get(issue.parent_id or "")
    return {
        "project": project,
        "issue": issue,
        "kind": kind.name,
        "status": STATUSES[issue.status_id],
        "reporter": _name(site, issue.reporter),
        "parent": parent,
        "custom": custom,
        "comments": comments,
        "cases": _cases(site, issue),
        "children": [
            {"issue": child, "status": STATUSES[child.status_id], "cases": _cases(site, child)}
            for child in site.children(issue.id)
        ],
        "links": [_link(site, issue, link.id) for link in site.links_on(issue.id)],
    }


def _link(site: Site, issue: Issue, link_id: str) -> Json:
    link = site.links[link_id]
    outgoing = link.inward_issue == issue.id
    kind = LINK_TYPES[link.type_id]
    other = site.issues[link.outward_issue if outgoing else link.inward_issue]
    return {"words": kind.outward if outgoing else kind.inward, "issue": other}


def _comment(site: Site, comment: Comment) -> Json:
    return {
        "comment": comment,
        "author": _name(site, comment.update_author),
        "cases": count_cases(comment),
        "properties": comment.properties,
    }


def _cases(site: Site, issue: Issue) -> int:
    """Cases in comments, and sub-tasks and linked tests that carry our mark: one case each."""
    written = sum(count_cases(comment) for comment in site.comments_on(issue.id))
    return written + sum(is_marked(child.properties) for child in site.children(issue.id))


def _issue_row(site: Site, issue: Issue) -> Json:
    project = site.projects[issue.project_id]
    return {
        "issue": issue,
        "kind": issue_type_of(project, issue).name,
        "status": STATUSES[issue.status_id],
        "cases": _cases(site, issue),
        "comments": len(site.comments_of.get(issue.id, ())),
    }


def _project_row(site: Site, project: Project) -> Json:
    subtasks = {kind.id for kind in project.issue_types if kind.subtask}
    issues = [issue for issue in site.issues_in(project.id) if issue.issue_type_id not in subtasks]
    cases = [_cases(site, issue) for issue in issues]
    return {
        "project": project,
        "issues": len(issues),
        "with_cases": sum(number > 0 for number in cases),
        "cases": sum(cases),
    }


def _name(site: Site, account_id: str) -> str:
    account = site.accounts.get(account_id)
    return account.display_name if account else "Former user"


def _missing(sentence: str) -> HTMLResponse:
    return _page("missing.html", 404, sentence=sentence)


def _page(template: str, code: int, /, **values: Any) -> HTMLResponse:
    return HTMLResponse(_PAGES.get_template(template).render(**values), code, headers=_HEADERS)
