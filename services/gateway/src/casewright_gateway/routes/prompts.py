"""An organisation's own prompts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response, status

from casewright_gateway.routes.conventions import (
    PREFIX,
    IfMatch,
    OrganisationId,
    etag,
    problems,
    revision_in,
)
from casewright_gateway.routes.model_schemas import (
    ExperimentIn,
    PromptResultOut,
    PromptResultsOut,
    PromptsOut,
    PromptVersion,
    TemplateIn,
    TemplateOut,
)
from casewright_gateway.service.prompts import ManagePrompts, PromptResults

Version = Annotated[PromptVersion, Path()]


def build_router(manage: ManagePrompts, results: PromptResults) -> APIRouter:
    """`/organisations/{organisation_id}/prompts`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}/prompts", tags=["prompts"])

    @router.get("", operation_id="getPrompts", responses=problems(404))
    async def get(organisation_id: OrganisationId, response: Response) -> PromptsOut:
        """All versions, and which of them the stories are shared among."""
        found = await manage.get(organisation_id)
        response.headers["ETag"] = etag(found.revision)
        return PromptsOut.of(found, manage.ours)

    @router.post(
        "/versions",
        operation_id="addPromptVersion",
        status_code=status.HTTP_201_CREATED,
        responses=problems(400, 404, 409, 413),
    )
    async def add(organisation_id: OrganisationId, body: TemplateIn, response: Response) -> TemplateOut:
        """Add a version; it never changes, so that what it led to can be compared."""
        prompts, made = await manage.add(organisation_id, body.version, body.template)
        response.headers["ETag"] = etag(prompts.revision)
        response.headers["Location"] = (
            f"{PREFIX}/organisations/{organisation_id}/prompts/versions/{made.version}"
        )
        return TemplateOut.of(made)

    @router.get("/versions/{version}", operation_id="getPromptVersion", responses=problems(404))
    async def version(organisation_id: OrganisationId, version: Version) -> TemplateOut:
        """One version that the organisation wrote."""
        return TemplateOut.of(await manage.version(organisation_id, version))

    @router.delete(
        "/versions/{version}",
        operation_id="removePromptVersion",
        status_code=status.HTTP_204_NO_CONTENT,
        responses=problems(404, 409, 412),
    )
    async def remove(organisation_id: OrganisationId, version: Version, if_match: IfMatch = None) -> None:
        """Drop a version that no experiment uses and no case was written with."""
        await manage.remove(organisation_id, version, revision=revision_in(if_match, required=False))

    @router.put("/experiment", operation_id="putExperiment", responses=problems(400, 404, 412, 413, 428))
    async def experiment(
        organisation_id: OrganisationId, body: ExperimentIn, response: Response, if_match: IfMatch = None
    ) -> PromptsOut:
        """Share the stories out among versions by weight."""
        changed = await manage.experiment(
            organisation_id, body.name, body.values(), revision=revision_in(if_match, required=True)
        )
        response.headers["ETag"] = etag(changed.revision)
        return PromptsOut.of(changed, manage.ours)

    @router.get("/results", operation_id="listPromptResults", responses=problems(404))
    async def show_results(
        organisation_id: OrganisationId,
        project_id: Annotated[UUID | None, Query(description="Only those of one project.")] = None,
    ) -> PromptResultsOut:
        """What people made of the cases, by prompt version and model."""
        found = await results.results(organisation_id, project_id=project_id)
        return PromptResultsOut(items=[PromptResultOut.of(each) for each in found])

    return router
