"""REST: issues and their way through the workflow."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.issues import bulk_error
from casewright_jira_simulator.routes.access import Caller, SimulatorDep
from casewright_jira_simulator.routes.bodies import Body, Json, checked_object, listed
from casewright_jira_simulator.views import ALL_FIELDS, RichText, Selection

BULK_LIMIT = 50


def build(rich: RichText) -> APIRouter:  # noqa: C901 - one function per route, none of them complex
    """Routes of issues."""
    router = APIRouter()

    @router.post("/issue", status_code=201)
    async def create(simulator: SimulatorDep, caller: Caller, body: Body) -> Json:
        """`CreatedIssue`."""
        return simulator.views(rich).created(simulator.issues.create(caller.account_id, body, rich))

    @router.post("/issue/bulk", status_code=201)
    async def create_many(simulator: SimulatorDep, caller: Caller, body: Body, response: Response) -> Json:
        """`CreatedIssues`: 201 when any could be created, 400 when none."""
        elements = body.get("issueUpdates")
        if not isinstance(elements, list) or not elements:
            raise JiraError(400, "issueUpdates must be a non-empty array.")
        if len(elements) > BULK_LIMIT:
            raise JiraError(400, f"You can create at most {BULK_LIMIT} issues at once.")
        created: list[Json] = []
        errors: list[Json] = []
        for number, element in enumerate(elements):
            try:
                issue = simulator.issues.create(
                    caller.account_id, checked_object(element), rich, flow="Secondary"
                )
                created.append(simulator.views(rich).created(issue))
            except JiraError as error:
                errors.append(bulk_error(error, number))
        response.status_code = 201 if created else 400
        return {"issues": created, "errors": errors}

    @router.get("/issue/{id_or_key}")
    async def get(
        simulator: SimulatorDep,
        _: Caller,
        id_or_key: str,
        fields: Annotated[list[str] | None, Query()] = None,
        properties: Annotated[list[str] | None, Query()] = None,
    ) -> Json:
        """`IssueBean`, all fields unless `fields` names some."""
        wanted = Selection(listed(fields), default="*all")
        issue = simulator.issues.get(id_or_key)
        shown = simulator.views(rich).issue(issue, wanted, properties=listed(properties))
        # Unlike search, reading an issue always names it.
        return shown | {"key": issue.key, "self": simulator.views(rich).created(issue)["self"]}

    @router.put("/issue/{id_or_key}", status_code=204, response_model=None)
    async def edit(
        simulator: SimulatorDep,
        caller: Caller,
        id_or_key: str,
        body: Body,
        return_issue: Annotated[bool, Query(alias="returnIssue")] = False,  # noqa: FBT002 - a query parameter
    ) -> Response:
        """Nothing, or the issue with `returnIssue`."""
        issue = simulator.issues.edit(caller.account_id, id_or_key, body, rich)
        if return_issue:
            return JSONResponse(simulator.views(rich).issue(issue, ALL_FIELDS))
        return Response(status_code=204)

    @router.delete("/issue/{id_or_key}", status_code=204)
    async def delete(
        simulator: SimulatorDep,
        caller: Caller,
        id_or_key: str,
        with_subtasks: Annotated[bool, Query(alias="deleteSubtasks")] = False,  # noqa: FBT002 - as above
    ) -> None:
        """Delete an issue."""
        simulator.issues.delete(caller.account_id, id_or_key, with_subtasks=with_subtasks)

    @router.get("/issue/{id_or_key}/transitions")
    async def transitions(simulator: SimulatorDep, _: Caller, id_or_key: str) -> Json:
        """`Transitions`."""
        simulator.issues.get(id_or_key)
        return simulator.views(rich).transitions()

    @router.post("/issue/{id_or_key}/transitions", status_code=204)
    async def transition(simulator: SimulatorDep, caller: Caller, id_or_key: str, body: Body) -> None:
        """Move an issue to another status."""
        simulator.issues.transition(caller.account_id, id_or_key, body)

    return router
