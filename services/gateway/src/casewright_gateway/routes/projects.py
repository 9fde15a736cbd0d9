"""Projects and their settings."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response, status

from casewright_gateway.routes.conventions import (
    DEFAULT_LIMIT,
    PREFIX,
    Cursor,
    IfMatch,
    Limit,
    OrganisationId,
    etag,
    problems,
    revision_in,
)
from casewright_gateway.routes.schemas import (
    EmbeddingIn,
    EngineIn,
    PageOut,
    ProjectIn,
    ProjectOut,
    ProjectPatch,
)
from casewright_gateway.service.projects import KEEP, KeyChange, ManageProjects, NewProject, ProjectChange

ProjectId = Annotated[UUID, Path(description="Id of the project.")]


def build_router(manage: ManageProjects) -> APIRouter:
    """`/organisations/{organisation_id}/projects`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}/projects", tags=["projects"])

    @router.post(
        "",
        operation_id="createProject",
        status_code=status.HTTP_201_CREATED,
        responses=problems(400, 404, 409, 413),
    )
    async def create(organisation_id: OrganisationId, body: ProjectIn, response: Response) -> ProjectOut:
        """Configure a Jira project: from now on its stories get cases."""
        made = await manage.create(
            organisation_id,
            NewProject(
                connection_id=body.connection_id,
                project_key=body.project_key,
                settings=body.settings(),
                engine_key=body.engine.provider_key,
                embedding_key=body.embedding.provider_key,
            ),
        )
        response.headers["ETag"] = etag(made.revision)
        response.headers["Location"] = f"{PREFIX}/organisations/{organisation_id}/projects/{made.id}"
        return ProjectOut.of(made)

    @router.get("", operation_id="listProjects", responses=problems(404))
    async def list_all(
        organisation_id: OrganisationId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        connection_id: Annotated[UUID | None, Query(description="Only those of one connection.")] = None,
    ) -> PageOut[ProjectOut]:
        """An organisation's projects, oldest first."""
        page = await manage.page(organisation_id, limit=limit, cursor=cursor, connection_id=connection_id)
        return PageOut(items=[ProjectOut.of(item) for item in page.items], next_cursor=page.next_cursor)

    @router.get("/{project_id}", operation_id="getProject", responses=problems(404))
    async def get(organisation_id: OrganisationId, project_id: ProjectId, response: Response) -> ProjectOut:
        """One project."""
        found = await manage.get(organisation_id, project_id)
        response.headers["ETag"] = etag(found.revision)
        return ProjectOut.of(found)

    @router.patch("/{project_id}", operation_id="changeProject", responses=problems(400, 404, 412, 413, 428))
    async def change(
        organisation_id: OrganisationId,
        project_id: ProjectId,
        body: ProjectPatch,
        response: Response,
        if_match: IfMatch = None,
    ) -> ProjectOut:
        """Change a project's settings."""
        changed = await manage.change(
            organisation_id,
            project_id,
            ProjectChange(
                fields=body.plain_fields(),
                engine=None if body.engine is None else body.engine.settings(),
                engine_key=_key_of(body.engine),
                embedding=None if body.embedding is None else body.embedding.settings(),
                embedding_key=_key_of(body.embedding),
            ),
            revision=revision_in(if_match, required=True),
        )
        response.headers["ETag"] = etag(changed.revision)
        return ProjectOut.of(changed)

    @router.delete(
        "/{project_id}",
        operation_id="removeProject",
        status_code=status.HTTP_204_NO_CONTENT,
        responses=problems(404, 412),
    )
    async def remove(
        organisation_id: OrganisationId, project_id: ProjectId, if_match: IfMatch = None
    ) -> None:
        """Leave a project's stories alone from now on."""
        await manage.remove(organisation_id, project_id, revision=revision_in(if_match, required=False))

    return router


def _key_of(part: EngineIn | EmbeddingIn | None) -> KeyChange:
    if part is None or "provider_key" not in part.model_fields_set:
        return KEEP
    return part.provider_key
