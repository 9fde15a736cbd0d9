"""Documents of a project: sent as a form with a file, or as the bare text."""

import re
from datetime import datetime
from pathlib import PurePath
from typing import Annotated, Any, Final, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response, status
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from casewright_gateway.domain.document_text import MARKDOWN, MOST_BYTES, PLAIN, media_type_of, text_of
from casewright_gateway.domain.errors import InvalidFieldError
from casewright_gateway.domain.records import Document
from casewright_gateway.routes import patterns
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
from casewright_gateway.routes.projects import ProjectId
from casewright_gateway.routes.schemas import PageOut
from casewright_gateway.service.documents import ManageDocuments, Upload

PATHS: Final = re.compile(rf"^{PREFIX}/organisations/[^/]+/projects/[^/]+/documents(/[^/]+)?$")
MOST_BODY_BYTES: Final = MOST_BYTES + 64 * 1024
"""A document and the form around it."""
MOST_TITLE: Final = 200
_FORM = "multipart/form-data"
_LINE = re.compile(patterns.LINE)

DocumentId = Annotated[UUID, Path(description="Id of the document.")]
Title = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=MOST_TITLE,
        pattern=patterns.LINE,
        description="Title of a document that is sent as bare text; a form has a field for it.",
        examples=["Glossary"],
    ),
]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                        "title": {"type": "string", "minLength": 1, "maxLength": MOST_TITLE},
                    },
                }
            },
            MARKDOWN: {"schema": {"type": "string", "minLength": 1}},
            PLAIN: {"schema": {"type": "string", "minLength": 1}},
        },
    }
}


class DocumentOut(BaseModel):
    """A document without its text."""

    id: UUID
    project_id: UUID
    title: str = Field(examples=["Glossary"])
    media_type: str = Field(examples=[MARKDOWN])
    size_bytes: int
    revision: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, document: Document) -> Self:
        """As it is shown."""
        return cls.model_validate(document, from_attributes=True)


class DocumentTextOut(DocumentOut):
    """A document with its text."""

    text: str


def build_router(manage: ManageDocuments) -> APIRouter:
    """`/organisations/{organisation_id}/projects/{project_id}/documents`."""
    router = APIRouter(
        prefix=PREFIX + "/organisations/{organisation_id}/projects/{project_id}/documents", tags=["documents"]
    )

    @router.post(
        "",
        operation_id="addDocument",
        status_code=status.HTTP_201_CREATED,
        responses=problems(400, 404, 409, 413, 415),
        openapi_extra=_BODY,
    )
    async def add(
        organisation_id: OrganisationId,
        project_id: ProjectId,
        request: Request,
        response: Response,
        title: Title = None,
    ) -> DocumentOut:
        """Add a document: a form with `file` and `title`, or the bare text with `?title=`; 1 MiB at most."""
        made = await manage.add(organisation_id, project_id, await _upload(request, title, titled=True))
        response.headers["ETag"] = etag(made.revision)
        response.headers["Location"] = f"{request.url.path}/{made.id}"
        return DocumentOut.of(made)

    @router.get("", operation_id="listDocuments", responses=problems(404))
    async def list_all(
        organisation_id: OrganisationId,
        project_id: ProjectId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> PageOut[DocumentOut]:
        """A project's documents, oldest first."""
        page = await manage.page(organisation_id, project_id, limit=limit, cursor=cursor)
        return PageOut(items=[DocumentOut.of(item) for item in page.items], next_cursor=page.next_cursor)

    @router.get("/{document_id}", operation_id="getDocument", responses=problems(404))
    async def get(
        organisation_id: OrganisationId, project_id: ProjectId, document_id: DocumentId, response: Response
    ) -> DocumentTextOut:
        """One document with its text."""
        found, text = await manage.get(organisation_id, project_id, document_id)
        response.headers["ETag"] = etag(found.revision)
        return DocumentTextOut(**DocumentOut.of(found).model_dump(), text=text)

    @router.put(
        "/{document_id}",
        operation_id="replaceDocument",
        responses=problems(400, 404, 412, 413, 415, 428),
        openapi_extra=_BODY,
    )
    async def put(
        organisation_id: OrganisationId,
        project_id: ProjectId,
        document_id: DocumentId,
        request: Request,
        response: Response,
        title: Title = None,
        if_match: IfMatch = None,
    ) -> DocumentOut:
        """Replace a document's text; without a title it keeps its own."""
        revision = revision_in(if_match, required=True)
        upload = await _upload(request, title, titled=False)
        changed = await manage.replace(organisation_id, project_id, document_id, upload, revision=revision)
        response.headers["ETag"] = etag(changed.revision)
        return DocumentOut.of(changed)

    @router.delete(
        "/{document_id}",
        operation_id="removeDocument",
        status_code=status.HTTP_204_NO_CONTENT,
        responses=problems(404, 412),
    )
    async def remove(
        organisation_id: OrganisationId,
        project_id: ProjectId,
        document_id: DocumentId,
        if_match: IfMatch = None,
    ) -> None:
        """Forget a document."""
        await manage.remove(
            organisation_id, project_id, document_id, revision=revision_in(if_match, required=False)
        )

    return router


async def _upload(request: Request, title: str | None, *, titled: bool) -> Upload:
    """The document in a request.

    Raises:
        UnsupportedTypeError, DocumentTooLargeError, InvalidFieldError: See `document_text`; or the form has
            no file, or there is no title though one is needed.
    """
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() == _FORM:
        content, content_type, name, title = await _from_form(request, title)
    else:
        media_type_of(content_type)  # before a body of some other kind is read
        content, name = await request.body(), ""
    kind = media_type_of(content_type, name)
    title = title or (PurePath(name).stem[:MOST_TITLE] if titled else "")
    if (title or titled) and not (_LINE.match(title) and len(title) <= MOST_TITLE):
        raise InvalidFieldError(
            "/title", f"A title of one line and at most {MOST_TITLE} characters is needed."
        )
    return Upload(title=title.strip(), media_type=kind, text=text_of(content))


async def _from_form(request: Request, title: str | None) -> tuple[bytes, str, str, str | None]:
    try:
        async with request.form(max_files=1, max_fields=1, max_part_size=4 * MOST_TITLE) as form:
            file, given = form.get("file"), form.get("title")
            if not isinstance(file, UploadFile):
                raise InvalidFieldError("/file", "The form has no file of that name.")
            name = title if given is None else str(given)
            return await file.read(), file.content_type or "", file.filename or "", name
    except (MultiPartException, HTTPException) as error:
        if isinstance(error, HTTPException) and error.status_code != status.HTTP_400_BAD_REQUEST:
            raise
        reason = "The form can't be read: it has one `file`, and perhaps a `title`."
        raise InvalidFieldError("", reason) from error
