"""REST: properties of issues, links between them, and links to the outside."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.routes.access import Caller, SimulatorDep
from casewright_jira_simulator.routes.bodies import AnyBody, Body, Json
from casewright_jira_simulator.views import RichText


def build(rich: RichText) -> APIRouter:  # noqa: C901 - one function per route, none of them complex
    """Routes of what hangs on an issue."""
    router = APIRouter()

    @router.get("/issue/{id_or_key}/properties")
    async def property_keys(simulator: SimulatorDep, _: Caller, id_or_key: str) -> Json:
        """`PropertyKeys`."""
        issue = simulator.issues.get(id_or_key)
        return simulator.views(rich).property_keys(f"issue/{issue.key}", issue.properties)

    @router.get("/issue/{id_or_key}/properties/{key}")
    async def get_property(simulator: SimulatorDep, _: Caller, id_or_key: str, key: str) -> Json:
        """`EntityProperty`."""
        properties = simulator.issues.get(id_or_key).properties
        if key not in properties:
            raise JiraError(404, f"The property with key '{key}' does not exist.")
        return {"key": key, "value": properties[key]}

    @router.put("/issue/{id_or_key}/properties/{key}")
    async def set_property(
        simulator: SimulatorDep, caller: Caller, id_or_key: str, key: str, value: AnyBody, response: Response
    ) -> None:
        """201 for a new property, 200 for a changed one."""
        new = simulator.issues.set_property(caller.account_id, id_or_key, key, value)
        response.status_code = 201 if new else 200

    @router.delete("/issue/{id_or_key}/properties/{key}", status_code=204)
    async def delete_property(simulator: SimulatorDep, caller: Caller, id_or_key: str, key: str) -> None:
        """Delete a property."""
        simulator.issues.delete_property(caller.account_id, id_or_key, key)

    @router.post("/issueLink", status_code=201)
    async def link(simulator: SimulatorDep, caller: Caller, body: Body) -> Response:
        """Link two issues; no body, also for a link that was there already."""
        simulator.issues.link(caller.account_id, body)
        return Response(status_code=201)

    @router.get("/issue/{id_or_key}/remotelink")
    async def remote_links(
        simulator: SimulatorDep,
        _: Caller,
        id_or_key: str,
        global_id: Annotated[str | None, Query(alias="globalId")] = None,
    ) -> Any:
        """All remote links, or the one with this `globalId`."""
        issue = simulator.issues.get(id_or_key)
        views = simulator.views(rich)
        if global_id is None:
            return [views.remote_link(issue, one) for one in issue.remote_links]
        for one in issue.remote_links:
            if one.global_id == global_id:
                return views.remote_link(issue, one)
        raise JiraError(404, "No link was found with the given global ID.")

    @router.post("/issue/{id_or_key}/remotelink", status_code=201)
    async def put_remote_link(
        simulator: SimulatorDep, caller: Caller, id_or_key: str, body: Body, response: Response
    ) -> Json:
        """`RemoteIssueLinkIdentifies`: 201 for a new one, 200 for a replaced one."""
        made, new = simulator.issues.put_remote_link(caller.account_id, id_or_key, body)
        response.status_code = 201 if new else 200
        issue = simulator.issues.get(id_or_key)
        return {"id": int(made.id), "self": simulator.views(rich).remote_link(issue, made)["self"]}

    return router
