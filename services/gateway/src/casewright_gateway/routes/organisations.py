"""Organisations."""

from fastapi import APIRouter, Response, status

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
from casewright_gateway.routes.schemas import OrganisationIn, OrganisationOut, PageOut
from casewright_gateway.service.organisations import ManageOrganisations


def build_router(manage: ManageOrganisations) -> APIRouter:
    """`/organisations`."""
    router = APIRouter(prefix=PREFIX + "/organisations", tags=["organisations"])

    @router.post(
        "",
        operation_id="createOrganisation",
        status_code=status.HTTP_201_CREATED,
        responses=problems(400, 409, 413),
    )
    async def create(body: OrganisationIn, response: Response) -> OrganisationOut:
        """Create an organisation; its name must be free."""
        made = await manage.create(body.name)
        response.headers["ETag"] = etag(made.revision)
        response.headers["Location"] = f"{PREFIX}/organisations/{made.id}"
        return OrganisationOut.of(made)

    @router.get("", operation_id="listOrganisations", responses=problems())
    async def list_all(limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> PageOut[OrganisationOut]:
        """All organisations, oldest first."""
        page = await manage.page(limit=limit, cursor=cursor)
        return PageOut(items=[OrganisationOut.of(item) for item in page.items], next_cursor=page.next_cursor)

    @router.get("/{organisation_id}", operation_id="getOrganisation", responses=problems(404))
    async def get(organisation_id: OrganisationId, response: Response) -> OrganisationOut:
        """One organisation."""
        found = await manage.get(organisation_id)
        response.headers["ETag"] = etag(found.revision)
        return OrganisationOut.of(found)

    @router.patch(
        "/{organisation_id}",
        operation_id="renameOrganisation",
        responses=problems(400, 404, 409, 412, 413, 428),
    )
    async def rename(
        organisation_id: OrganisationId, body: OrganisationIn, response: Response, if_match: IfMatch = None
    ) -> OrganisationOut:
        """Give an organisation another name."""
        renamed = await manage.rename(
            organisation_id, body.name, revision=revision_in(if_match, required=True)
        )
        response.headers["ETag"] = etag(renamed.revision)
        return OrganisationOut.of(renamed)

    return router
