"""REST: search by JQL."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.routes.access import Caller, SimulatorDep
from casewright_jira_simulator.routes.bodies import Body, Json, listed
from casewright_jira_simulator.search import MAX_PAGE, MAX_PAGE_WITH_FIELDS
from casewright_jira_simulator.simulator import Simulator
from casewright_jira_simulator.views import RichText, Selection

_DEFAULT_PAGE = 50


def build(rich: RichText) -> APIRouter:
    """Routes of the search."""
    router = APIRouter()

    @router.get("/search/jql")
    async def search_by_query(
        simulator: SimulatorDep,
        _: Caller,
        jql: str = "",
        next_page_token: Annotated[str | None, Query(alias="nextPageToken")] = None,
        max_results: Annotated[int, Query(alias="maxResults")] = _DEFAULT_PAGE,
        fields: Annotated[list[str] | None, Query()] = None,
        properties: Annotated[list[str] | None, Query()] = None,
        reconcile: Annotated[list[str] | None, Query(alias="reconcileIssues")] = None,
    ) -> Json:
        """`SearchAndReconcileResults`; without `fields` just ids."""
        request = {
            "jql": jql,
            "nextPageToken": next_page_token,
            "maxResults": max_results,
            "fields": listed(fields),
            "properties": listed(properties),
            "reconcileIssues": listed(reconcile),
        }
        return _search(simulator, rich, request)

    @router.post("/search/jql")
    async def search_by_body(simulator: SimulatorDep, _: Caller, body: Body) -> Json:
        """The same with the request in the body."""
        return _search(simulator, rich, body)

    return router


def _search(simulator: Simulator, rich: RichText, request: Json) -> Json:
    jql = request.get("jql") or ""
    limit = request.get("maxResults") or _DEFAULT_PAGE
    if not isinstance(jql, str) or not isinstance(limit, int) or limit < 0:
        raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    wanted = Selection(_strings(request.get("fields")), default="id")
    properties = _strings(request.get("properties"))
    most = MAX_PAGE if wanted.only_id else MAX_PAGE_WITH_FIELDS
    reconcile = set(_strings(request.get("reconcileIssues")))
    token = request.get("nextPageToken")
    page = simulator.search.page(
        jql, token=None if token is None else str(token), limit=min(limit, most), reconcile=reconcile
    )
    views = simulator.views(rich)
    shown: Json = {
        "isLast": page.next_token is None,
        "issues": [views.issue(issue, wanted, properties=properties) for issue in page.issues],
    }
    return shown | ({"nextPageToken": page.next_token} if page.next_token else {})


def _strings(value: Any) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else []
