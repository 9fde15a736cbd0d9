"""REST: comments and their properties."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.routes.access import Caller, SimulatorDep
from casewright_jira_simulator.routes.bodies import MAX_COMMENT_PAGE, AnyBody, Body, Json, expands
from casewright_jira_simulator.views import RichText

_LIST_LIMIT = 1_000


def build(rich: RichText) -> APIRouter:  # noqa: C901 - one function per route, none of them complex
    """Routes of comments."""
    router = APIRouter()

    @router.get("/issue/{id_or_key}/comment")
    async def comments(
        simulator: SimulatorDep,
        _: Caller,
        id_or_key: str,
        start_at: Annotated[int, Query(alias="startAt", ge=0)] = 0,
        max_results: Annotated[int, Query(alias="maxResults", ge=0)] = 100,
        order_by: Annotated[str, Query(alias="orderBy")] = "created",
        expand: str | None = None,
    ) -> Json:
        """`PageOfComments`."""
        if order_by.lstrip("+-") != "created":
            raise JiraError(400, "orderBy must be created.")
        found = simulator.comments.on(id_or_key)
        if order_by.startswith("-"):
            found.reverse()
        size = min(max_results, MAX_COMMENT_PAGE)
        views, properties = simulator.views(rich), expands(expand, "properties")
        page = found[start_at : start_at + size]
        return {
            "startAt": start_at,
            "maxResults": size,
            "total": len(found),
            "comments": [views.comment(comment, properties=properties) for comment in page],
        }

    @router.post("/issue/{id_or_key}/comment", status_code=201)
    async def create(
        simulator: SimulatorDep, caller: Caller, id_or_key: str, body: Body, expand: str | None = None
    ) -> Json:
        """`Comment`."""
        comment = simulator.comments.create(caller.account_id, id_or_key, body, rich)
        return simulator.views(rich).comment(comment, properties=expands(expand, "properties"))

    @router.get("/issue/{id_or_key}/comment/{comment_id}")
    async def get(
        simulator: SimulatorDep, _: Caller, id_or_key: str, comment_id: str, expand: str | None = None
    ) -> Json:
        """`Comment`."""
        comment = simulator.comments.get(id_or_key, comment_id)
        return simulator.views(rich).comment(comment, properties=expands(expand, "properties"))

    @router.put("/issue/{id_or_key}/comment/{comment_id}")
    async def update(
        simulator: SimulatorDep,
        caller: Caller,
        id_or_key: str,
        comment_id: str,
        body: Body,
        expand: str | None = None,
    ) -> Json:
        """`Comment` after the change."""
        comment = simulator.comments.update(caller.account_id, id_or_key, comment_id, body, rich)
        return simulator.views(rich).comment(comment, properties=expands(expand, "properties"))

    @router.delete("/issue/{id_or_key}/comment/{comment_id}", status_code=204)
    async def delete(simulator: SimulatorDep, caller: Caller, id_or_key: str, comment_id: str) -> None:
        """Delete a comment."""
        simulator.comments.delete(caller.account_id, id_or_key, comment_id)

    @router.post("/comment/list")
    async def by_ids(simulator: SimulatorDep, _: Caller, body: Body, expand: str | None = None) -> Json:
        """`PageBeanComment` of the ids that exist."""
        ids = body.get("ids")
        if not isinstance(ids, list) or not 1 <= len(ids) <= _LIST_LIMIT:
            raise JiraError(400, f"ids must be 1 to {_LIST_LIMIT} comment ids.")
        known = (simulator.site.comments.get(str(comment_id)) for comment_id in ids)
        views, properties = simulator.views(rich), expands(expand, "properties")
        values = [views.comment(comment, properties=properties) for comment in known if comment is not None]
        return {
            "startAt": 0,
            "maxResults": _LIST_LIMIT,
            "total": len(values),
            "isLast": True,
            "values": values,
        }

    @router.get("/comment/{comment_id}/properties")
    async def property_keys(simulator: SimulatorDep, _: Caller, comment_id: str) -> Json:
        """`PropertyKeys`."""
        comment = simulator.comments.get(None, comment_id)
        return simulator.views(rich).property_keys(f"comment/{comment_id}", comment.properties)

    @router.get("/comment/{comment_id}/properties/{key}")
    async def get_property(simulator: SimulatorDep, _: Caller, comment_id: str, key: str) -> Json:
        """`EntityProperty`."""
        properties = simulator.comments.get(None, comment_id).properties
        if key not in properties:
            raise JiraError(404, f"The property with key '{key}' does not exist.")
        return {"key": key, "value": properties[key]}

    @router.put("/comment/{comment_id}/properties/{key}")
    async def set_property(
        simulator: SimulatorDep, caller: Caller, comment_id: str, key: str, value: AnyBody, response: Response
    ) -> None:
        """201 for a new property, 200 for a changed one."""
        new = simulator.comments.set_property(caller.account_id, comment_id, key, value)
        response.status_code = 201 if new else 200

    @router.delete("/comment/{comment_id}/properties/{key}", status_code=204)
    async def delete_property(simulator: SimulatorDep, caller: Caller, comment_id: str, key: str) -> None:
        """Delete a property."""
        simulator.comments.delete_property(caller.account_id, comment_id, key)

    return router
