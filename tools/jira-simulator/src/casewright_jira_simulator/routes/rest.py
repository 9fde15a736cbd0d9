"""The REST API of Jira Cloud as far as it is modelled, once as v3 (ADF) and once as v2 (wiki markup)."""

from functools import cache

from fastapi import APIRouter

from casewright_jira_simulator.routes import (
    rest_comments,
    rest_issue_extras,
    rest_issues,
    rest_search,
    rest_site,
)
from casewright_jira_simulator.views import RichText


@cache  # the routes know no application: they find the simulator through the request
def build_rest(rich: RichText) -> APIRouter:
    """All REST routes with rich text in this form."""
    router = APIRouter(prefix=f"/rest/api/{3 if rich == 'adf' else 2}", tags=[f"Jira REST ({rich})"])
    for module in (rest_site, rest_search, rest_issues, rest_issue_extras, rest_comments):
        router.include_router(module.build(rich))
    return router
