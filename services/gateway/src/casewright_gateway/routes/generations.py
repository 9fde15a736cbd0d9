"""Asking for cases."""

from fastapi import APIRouter, Response, status

from casewright_gateway.routes.conventions import PREFIX, Caller, IdempotencyKey, OrganisationId, problems
from casewright_gateway.routes.read_schemas import GenerationIn, RunOut
from casewright_gateway.service.generations import RequestGeneration


def build_router(generate: RequestGeneration) -> APIRouter:
    """`/organisations/{organisation_id}/generations`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}/generations", tags=["runs"])

    @router.post(
        "",
        operation_id="requestGeneration",
        status_code=status.HTTP_202_ACCEPTED,
        responses=problems(400, 404, 409, 413),
    )
    async def request_generation(
        organisation_id: OrganisationId,
        body: GenerationIn,
        caller: Caller,
        response: Response,
        idempotency_key: IdempotencyKey = None,
    ) -> RunOut:
        """Ask for a story's cases to be written anew; look at the run to see what came of it."""
        run = await generate(
            organisation_id,
            story_id=body.story_id,
            issue_key=body.issue_key,
            requested_by=caller,
            idempotency_key=idempotency_key,
        )
        response.headers["Location"] = f"{PREFIX}/organisations/{organisation_id}/runs/{run.id}"
        return RunOut.of(run)

    return router
