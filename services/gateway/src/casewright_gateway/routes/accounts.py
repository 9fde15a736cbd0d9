"""How an organisation, or one of its users, asks models."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response, status

from casewright_gateway.routes.conventions import (
    PREFIX,
    IfMatch,
    OrganisationId,
    etag,
    problems,
    revision_in,
)
from casewright_gateway.routes.model_schemas import AccountIn, AccountOut, KeyIn, KeyOut, NewKeyIn
from casewright_gateway.routes.schemas import UserId
from casewright_gateway.service.accounts import Basis, ManageAccounts

KeyId = Annotated[UUID, Path(description="Id of the key.")]


def _user(user_id: Annotated[UserId, Path()]) -> None:
    """Declares the user in the path; `_owner` reads it, for both kinds of path."""


def _owner(request: Request) -> str | None:
    user_id: str | None = request.path_params.get("user_id")
    return user_id


Owner = Annotated[str | None, Depends(_owner)]


def build_router(manage: ManageAccounts, *, of_user: bool) -> APIRouter:
    """`…/model-account` of the organisation, or of its users."""
    place = "/organisations/{organisation_id}" + ("/users/{user_id}" if of_user else "") + "/model-account"
    router = APIRouter(
        prefix=PREFIX + place, tags=["models"], dependencies=[Depends(_user)] if of_user else []
    )
    whose = "UserModelAccount" if of_user else "ModelAccount"

    @router.get("", operation_id=f"get{whose}", responses=problems(404))
    async def get(organisation_id: OrganisationId, owner: Owner, response: Response) -> AccountOut:
        """Default and fallback model, their settings, the budget, and the keys without the keys."""
        found = await manage.get(organisation_id, owner)
        response.headers["ETag"] = etag(found.revision)
        return AccountOut.of(found)

    @router.put("", operation_id=f"put{whose}", responses=problems(400, 404, 412, 413, 428))
    async def put(
        organisation_id: OrganisationId,
        owner: Owner,
        body: AccountIn,
        response: Response,
        if_match: IfMatch = None,
    ) -> AccountOut:
        """Set everything but the keys, which stay. A change needs `If-Match`, the first one none."""
        basis = Basis(given=if_match is not None, revision=revision_in(if_match, required=False))
        account, _ = await manage.put(organisation_id, owner, body.settings(), basis)
        response.headers["ETag"] = etag(account.revision)
        return AccountOut.of(account)

    @router.delete(
        "",
        operation_id=f"remove{whose}",
        status_code=status.HTTP_204_NO_CONTENT,
        responses=problems(404, 412),
    )
    async def remove(organisation_id: OrganisationId, owner: Owner, if_match: IfMatch = None) -> None:
        """Forget the account and its keys."""
        await manage.remove(organisation_id, owner, revision=revision_in(if_match, required=False))

    @router.post(
        "/keys",
        operation_id=f"addKeyTo{whose}",
        status_code=status.HTTP_201_CREATED,
        responses=problems(400, 404, 409, 413),
    )
    async def add_key(
        organisation_id: OrganisationId, owner: Owner, body: NewKeyIn, response: Response
    ) -> KeyOut:
        """Add a key; it is never shown again. Makes the account where there is none."""
        account, key = await manage.add_key(organisation_id, owner, body.entry(replaces=False))
        response.headers["ETag"] = etag(account.revision)
        return KeyOut.of(key)

    @router.put("/keys/{key_id}", operation_id=f"replaceKeyOf{whose}", responses=problems(400, 404, 412, 413))
    async def replace_key(
        organisation_id: OrganisationId,
        owner: Owner,
        key_id: KeyId,
        body: KeyIn,
        response: Response,
        if_match: IfMatch = None,
    ) -> KeyOut:
        """Rotate a key, or change where it is sent or how often."""
        account, key = await manage.replace_key(
            organisation_id,
            owner,
            key_id,
            body.entry(replaces=True),
            revision=revision_in(if_match, required=False),
        )
        response.headers["ETag"] = etag(account.revision)
        return KeyOut.of(key)

    @router.delete(
        "/keys/{key_id}",
        operation_id=f"removeKeyOf{whose}",
        status_code=status.HTTP_204_NO_CONTENT,
        responses=problems(404, 412),
    )
    async def remove_key(
        organisation_id: OrganisationId, owner: Owner, key_id: KeyId, if_match: IfMatch = None
    ) -> None:
        """Forget a key."""
        await manage.remove_key(
            organisation_id, owner, key_id, revision=revision_in(if_match, required=False)
        )

    return router
