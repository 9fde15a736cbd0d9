"""REST: the caller, the site, projects, fields and what creating an issue needs."""

from typing import Annotated

from fastapi import APIRouter, Query

from casewright_jira_simulator.domain.model import LINK_TYPES, Project
from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.routes.access import Caller, SimulatorDep
from casewright_jira_simulator.routes.bodies import MAX_PAGE, Json, listed
from casewright_jira_simulator.simulator import Simulator
from casewright_jira_simulator.views import RichText, jira_time

_VERSION = (1001, 0, 0)


def build(rich: RichText) -> APIRouter:
    """Routes about the site."""
    router = APIRouter()

    @router.get("/myself")
    async def myself(simulator: SimulatorDep, caller: Caller) -> Json:
        """The caller as `User`."""
        user = simulator.views(rich).user(caller.account_id) or {}
        return user | {
            "locale": "en_US",
            "groups": {"size": 0, "items": []},
            "applicationRoles": {"size": 0, "items": []},
        }

    @router.get("/serverInfo")
    async def server_info(simulator: SimulatorDep) -> Json:
        """`ServerInformation`; open to everybody, as in Jira."""
        url = simulator.settings.site_url
        return {
            "baseUrl": url,
            "displayUrl": url,
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": list(_VERSION),
            "deploymentType": "Cloud",
            "buildNumber": 100_000,
            "buildDate": "2026-01-01T00:00:00.000+0000",
            "serverTime": jira_time(simulator.recorder.now()),
            "scmInfo": "simulator",
            "serverTitle": "Jira simulator",
            "serverTimeZone": "Etc/UTC",
        }

    @router.get("/project/search")
    async def search_projects(
        simulator: SimulatorDep,
        _: Caller,
        start_at: Annotated[int, Query(alias="startAt", ge=0)] = 0,
        max_results: Annotated[int, Query(alias="maxResults", ge=1)] = 50,
        keys: Annotated[list[str] | None, Query()] = None,
        query: str | None = None,
    ) -> Json:
        """`PageBeanProject`, by key."""
        wanted = {key.upper() for key in listed(keys)}
        text = (query or "").lower()
        found = sorted(
            (
                project
                for project in simulator.site.projects.values()
                if (not wanted or project.key in wanted)
                and (text in project.key.lower() or text in project.name.lower())
            ),
            key=lambda project: project.key,
        )
        size = min(max_results, MAX_PAGE)
        page = found[start_at : start_at + size]
        base = f"{simulator.settings.site_url}/rest/api/3/project/search"
        more = start_at + size < len(found)
        shown = {
            "self": f"{base}?maxResults={size}&startAt={start_at}",
            "maxResults": size,
            "startAt": start_at,
            "total": len(found),
            "isLast": not more,
            "values": [simulator.views(rich).project(project) for project in page],
        }
        return shown | ({"nextPage": f"{base}?maxResults={size}&startAt={start_at + size}"} if more else {})

    @router.get("/project/{id_or_key}")
    async def project(simulator: SimulatorDep, _: Caller, id_or_key: str) -> Json:
        """`Project` with its issue types."""
        return simulator.views(rich).project(_project(simulator, id_or_key), full=True)

    @router.get("/field")
    async def fields(simulator: SimulatorDep, _: Caller) -> list[Json]:
        """`FieldDetails` of every field."""
        return simulator.views(rich).all_fields()

    @router.get("/issueLinkType")
    async def link_types(simulator: SimulatorDep, _: Caller) -> Json:
        """`IssueLinkTypes`."""
        return {"issueLinkTypes": [simulator.views(rich).link_type(kind) for kind in LINK_TYPES.values()]}

    @router.get("/issue/createmeta/{id_or_key}/issuetypes")
    async def create_types(
        simulator: SimulatorDep,
        _: Caller,
        id_or_key: str,
        start_at: Annotated[int, Query(alias="startAt", ge=0)] = 0,
        max_results: Annotated[int, Query(alias="maxResults", ge=1, le=200)] = 50,
    ) -> Json:
        """`PageOfCreateMetaIssueTypes`."""
        kinds = _project(simulator, id_or_key).issue_types
        page = kinds[start_at : start_at + max_results]
        return {
            "maxResults": max_results,
            "startAt": start_at,
            "total": len(kinds),
            "issueTypes": [simulator.views(rich).issue_type(kind) for kind in page],
        }

    @router.get("/issue/createmeta/{id_or_key}/issuetypes/{type_id}")
    async def create_fields(
        simulator: SimulatorDep,
        _: Caller,
        id_or_key: str,
        type_id: str,
        start_at: Annotated[int, Query(alias="startAt", ge=0)] = 0,
        max_results: Annotated[int, Query(alias="maxResults", ge=1, le=200)] = 50,
    ) -> Json:
        """`PageOfCreateMetaIssueTypeWithField`."""
        found = _project(simulator, id_or_key)
        kind = next((known for known in found.issue_types if known.id == type_id), None)
        if kind is None:
            raise JiraError(400, "The issue type is not available in this project.")
        shown = simulator.views(rich).create_fields(found, kind)
        return {
            "maxResults": max_results,
            "startAt": start_at,
            "total": len(shown),
            "fields": shown[start_at : start_at + max_results],
        }

    return router


def _project(simulator: Simulator, id_or_key: str) -> Project:
    project = simulator.site.project(id_or_key)
    if project is None:
        raise JiraError(404, f"No project could be found with key '{id_or_key}'.")
    return project
