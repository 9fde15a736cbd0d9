"""The one shape of every error answer: problem details as in RFC 9457."""

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

PROBLEM_JSON = "application/problem+json"
TYPE_BASE = "urn:casewright:problem:"


class FieldProblem(BaseModel):
    """What is wrong with one part of a request."""

    pointer: str = Field(
        description="JSON pointer into the body (`/site_url`; empty for the body as a whole), or `?name` "
        "of a query parameter, `{name}` of a path parameter, `name:` of a header.",
        examples=["/site_url"],
    )
    code: str = Field(description="Stable word for the kind of mistake.", examples=["missing"])
    detail: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="URI of the kind of problem.", examples=[f"{TYPE_BASE}not_found"])
    title: str = Field(description="The kind of problem in words.", examples=["Not found"])
    status: int = Field(description="The HTTP status code.", examples=[404])
    code: str = Field(description="Stable word for the kind of problem.", examples=["not_found"])
    detail: str = Field(description="This occurrence.", examples=["There is no such connection."])
    request_id: str | None = Field(default=None, description="To name when asking for help.")
    errors: list[FieldProblem] = Field(default_factory=list, description="Field by field, where it applies.")


class ProblemResponse(Response):
    """A problem as an answer."""

    media_type = PROBLEM_JSON

    def __init__(self, problem: Problem, headers: dict[str, str] | None = None) -> None:
        super().__init__(
            problem.model_dump_json(exclude_none=True),
            status_code=problem.status,
            headers={**(headers or {}), "Cache-Control": "no-store"},
        )
