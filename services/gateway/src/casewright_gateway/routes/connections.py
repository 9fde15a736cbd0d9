"""Connections to Jira sites."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response, status

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
    ConnectionCreatedOut,
    ConnectionIn,
    ConnectionOut,
    ConnectionPatch,
    PageOut,
)
from casewright_gateway.service.connections import ConnectionChange, ManageConnections, NewConnection

ConnectionId = Annotated[UUID, Path(description="Id of the connection.")]


def build_router(manage: ManageConnections, *, ingest_url: str) -> APIRouter:
    """`/organisations/{organisation_id}/connections`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}/connections", tags=["connections"])

    @router.post(
        "",
        operation_id="createConnection",
        status_code=status.HTTP_201_CREATED,
        responses=problems(400, 404, 409, 413, 502),
    )
    async def create(
        organisation_id: OrganisationId, body: ConnectionIn, response: Response
    ) -> ConnectionCreatedOut:
        """Connect a Jira site. Without `account_id` the site is asked whose credentials these are."""
        made, secret = await manage.create(
            organisation_id,
            NewConnection(
                site_url=body.site_url,
                account_email=body.account_email,
                api_token=body.api_token,
                account_id=body.account_id,
                webhook_secret=body.webhook_secret,
            ),
        )
        response.headers["ETag"] = etag(made.revision)
        response.headers["Location"] = f"{PREFIX}/organisations/{organisation_id}/connections/{made.id}"
        shown = None if secret is None else secret.get_secret_value()
        return ConnectionCreatedOut.of(made, ingest_url, webhook_secret=shown)

    @router.get("", operation_id="listConnections", responses=problems(404))
    async def list_all(
        organisation_id: OrganisationId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> PageOut[ConnectionOut]:
        """An organisation's connections, oldest first."""
        page = await manage.page(organisation_id, limit=limit, cursor=cursor)
        items = [ConnectionOut.of(item, ingest_url) for item in page.items]
        return PageOut(items=items, next_cursor=page.next_cursor)

    @router.get("/{connection_id}", operation_id="getConnection", responses=problems(404))
    async def get(
        organisation_id: OrganisationId, connection_id: ConnectionId, response: Response
    ) -> ConnectionOut:
        """One connection, without its secrets."""
        found = await manage.get(organisation_id, connection_id)
        response.headers["ETag"] = etag(found.revision)
        return ConnectionOut.of(found, ingest_url)

    @router.patch(
        "/{connection_id}",
        operation_id="changeConnection",
        responses=problems(400, 404, 409, 412, 413, 428, 502),
    )
    async def change(
        organisation_id: OrganisationId,
        connection_id: ConnectionId,
        body: ConnectionPatch,
        response: Response,
        if_match: IfMatch = None,
    ) -> ConnectionOut:
        """Change a connection or replace its secrets."""
        changed = await manage.change(
            organisation_id,
            connection_id,
            ConnectionChange(
                site_url=body.site_url,
                account_email=body.account_email,
                account_id=body.account_id,
                api_token=body.api_token,
                webhook_secret=body.webhook_secret,
            ),
            revision=revision_in(if_match, required=True),
        )
        response.headers["ETag"] = etag(changed.revision)
        return ConnectionOut.of(changed, ingest_url)

    @router.delete(
        "/{connection_id}",
        operation_id="removeConnection",
        status_code=status.HTTP_204_NO_CONTENT,
        responses=problems(404, 409, 412),
    )
    async def remove(
        organisation_id: OrganisationId, connection_id: ConnectionId, if_match: IfMatch = None
    ) -> None:
        """Disconnect a site; its projects must be gone first."""
        await manage.remove(organisation_id, connection_id, revision=revision_in(if_match, required=False))

    return router
