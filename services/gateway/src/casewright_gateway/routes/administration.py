"""What only an operator does."""

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from casewright_gateway.routes.conventions import PREFIX, problems
from casewright_gateway.service.republishing import RepublishConfiguration


class RepublishedOut(BaseModel):
    """How many events wait to be published."""

    connections: int = Field(examples=[1])
    projects: int = Field(examples=[3])
    accounts: int = Field(examples=[1])
    prompts: int = Field(examples=[1])


def build_router(republish: RepublishConfiguration) -> APIRouter:
    """`/admin`."""
    router = APIRouter(prefix=PREFIX + "/admin", tags=["administration"])

    @router.post(
        "/configuration/republish",
        operation_id="republishConfiguration",
        status_code=status.HTTP_202_ACCEPTED,
        responses=problems(),
    )
    async def republish_configuration() -> RepublishedOut:
        """Send all configuration again, for topics that were lost or made anew."""
        sent = await republish()
        return RepublishedOut(
            connections=sent.connections, projects=sent.projects, accounts=sent.accounts, prompts=sent.prompts
        )

    return router
