"""Documents of a project: uploaded as a form or bare, told whole, refused with a reason."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.errors import CasewrightError
from casewright_common.events import DocumentChange, DocumentChangedV1
from casewright_gateway.domain.document_text import MOST_BYTES, media_type_of, text_of
from casewright_gateway.domain.errors import InvalidFieldError, UnsupportedTypeError

Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Configure = Callable[..., Awaitable[dict[str, Any]]]
Sent = Callable[..., Awaitable[list[DocumentChangedV1]]]

MARKDOWN = {"Content-Type": "text/markdown"}


@pytest.fixture
async def path(client: httpx.AsyncClient, organisation: Make, project: Configure) -> str:
    base = await organisation(client)
    made = await project(client, base)
    return f"{base}/projects/{made['id']}/documents"


@pytest.mark.connected
async def test_a_bare_text_is_stored_and_told(client: httpx.AsyncClient, path: str, sent: Sent) -> None:
    text = "\ufeff# Glossary\r\n\r\nA basket is …\r"
    made = await client.post(
        path, content=text.encode(), params={"title": "Glossary"}, headers={"Content-Type": "text/markdown"}
    )
    assert made.status_code == 201, made.text
    found = await client.get(made.headers["Location"])
    assert found.json() == made.json() | {"text": "# Glossary\n\nA basket is …\n"}
    assert (found.headers["ETag"], found.json()["media_type"]) == ('"1"', "text/markdown")
    [event] = await sent(DocumentChangedV1, made.json()["id"])
    assert (event.change, event.title, event.text, event.revision) == (
        DocumentChange.UPSERTED,
        "Glossary",
        "# Glossary\n\nA basket is …\n",
        1,
    )
    assert (await client.get(path)).json()["items"] == [made.json()]


@pytest.mark.connected
async def test_a_form_with_a_file_names_its_title_or_is_called_as_the_file(
    client: httpx.AsyncClient, path: str
) -> None:
    for kind in ("text/markdown; charset=utf-8", "application/octet-stream"):
        made = await client.post(path, files={"file": ("Terms of use.md", b"# Terms", kind)})
        assert made.status_code == 201, made.text
        assert (made.json()["title"], made.json()["media_type"]) == ("Terms of use", "text/markdown")
    named = await client.post(path, files={"file": ("a.txt", b"x", "text/plain")}, data={"title": "Another"})
    assert (named.json()["title"], named.json()["size_bytes"]) == ("Another", 1)


@pytest.mark.connected
async def test_a_document_is_replaced_and_removed_by_revision(
    client: httpx.AsyncClient, path: str, sent: Sent
) -> None:
    made = await client.post(path, content=b"One", params={"title": "T"}, headers=MARKDOWN)
    here = made.headers["Location"]
    assert (await client.put(here, content=b"Two", headers=MARKDOWN)).status_code == 428
    stale = await client.put(here, content=b"Two", headers=MARKDOWN | {"If-Match": '"9"'})
    assert stale.status_code == 412
    same = await client.put(here, content=b"One", headers=MARKDOWN | {"If-Match": '"1"'})
    assert same.json() == made.json()
    changed = await client.put(here, content=b"Two", headers=MARKDOWN | {"If-Match": '"1"'})
    assert (changed.json()["revision"], changed.json()["title"]) == (2, "T")
    form = {"file": ("other.txt", b"Three", "text/plain")}
    again = await client.put(here, files=form, headers={"If-Match": '"2"'})
    assert (again.json()["media_type"], again.json()["title"]) == ("text/plain", "T")
    assert (await client.delete(here, headers={"If-Match": '"1"'})).status_code == 412
    assert (await client.delete(here)).status_code == 204
    assert (await client.get(here)).status_code == 404
    events = await sent(DocumentChangedV1, made.json()["id"])
    assert [(event.revision, event.text) for event in events] == [
        (1, "One"),
        (2, "Two"),
        (3, "Three"),
        (4, ""),
    ]
    assert events[-1].change is DocumentChange.REMOVED


@pytest.mark.connected
async def test_a_document_of_another_project_is_not_found(
    client: httpx.AsyncClient, path: str, organisation: Make, project: Configure
) -> None:
    made = await client.post(path, content=b"One", params={"title": "T"}, headers=MARKDOWN)
    base = await organisation(client)
    other = f"{base}/projects/{(await project(client, base))['id']}/documents"
    assert (await client.get(f"{other}/{made.json()['id']}")).status_code == 404
    unknown = f"{base}/projects/{uuid4()}/documents"
    assert (await client.get(unknown)).status_code == 404
    refused = await client.post(unknown, content=b"One", params={"title": "T"}, headers=MARKDOWN)
    assert refused.status_code == 404


@pytest.mark.connected
async def test_the_documents_of_a_removed_project_go_with_it(
    client: httpx.AsyncClient, path: str, sent: Sent
) -> None:
    made = [
        (await client.post(path, content=b"One", params={"title": "T"}, headers=MARKDOWN)).json()["id"]
        for _ in range(2)
    ]
    assert (await client.delete(path.removesuffix("/documents"))).status_code == 204
    for one in made:
        assert (await client.get(f"{path}/{one}")).status_code == 404
        last = (await sent(DocumentChangedV1, one))[-1]
        assert (last.change, last.revision) == (DocumentChange.REMOVED, 2)


@pytest.mark.connected
async def test_a_whole_mebibyte_is_taken_and_a_byte_more_is_not(client: httpx.AsyncClient, path: str) -> None:
    for size, status in ((MOST_BYTES, 201), (MOST_BYTES + 1, 413), (MOST_BYTES + 200_000, 413)):
        bare = await client.post(path, content=b"x" * size, params={"title": "T"}, headers=MARKDOWN)
        form = await client.post(path, files={"file": ("a.md", b"x" * size, "text/markdown")})
        assert (bare.status_code, form.status_code) == (status, status)
        if status == 413:
            assert bare.json()["code"] == form.json()["code"] == "body_too_large"


@pytest.mark.connected
async def test_what_is_no_document_is_refused_with_the_reason(client: httpx.AsyncClient, path: str) -> None:
    async def bare(content: bytes, kind: str, title: str | None = "T") -> tuple[int, str]:
        params = {} if title is None else {"title": title}
        answer = await client.post(path, content=content, params=params, headers={"Content-Type": kind})
        return answer.status_code, answer.json()["code"]

    assert await bare(b"%PDF", "application/pdf") == (415, "unsupported_media_type")
    assert await bare(b"{}", "application/json") == (415, "unsupported_media_type")
    assert await bare(b"x", "text/plain; charset=latin-1") == (415, "unsupported_media_type")
    assert await bare(b"\xff\xfe", "text/plain") == (422, "invalid_request")
    assert await bare(b"a\x00b", "text/plain") == (422, "invalid_request")
    assert await bare(b" \n ", "text/plain") == (422, "invalid_request")
    assert await bare(b"x", "text/plain", None) == (422, "invalid_request")
    assert await bare(b"x", "text/plain", "a\nb") == (422, "invalid_request")
    for form, pointer in (
        ({"files": {"other": ("a.md", b"x", "text/markdown")}}, "/file"),
        ({"files": {"file": ("a.md", b"x"), "two": ("b.md", b"x")}}, ""),
        ({"files": {"file": ("a.md", b"x")}, "data": {"title": "x" * 201}}, "/title"),
    ):
        answer = await client.post(path, **form)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    broken = await client.post(path, content=b"nonsense", headers={"Content-Type": "multipart/form-data"})
    assert broken.status_code == 422
    assert (await client.get(path)).json()["items"] == []


@given(st.binary(max_size=200))
def test_any_bytes_become_text_or_a_reason(content: bytes) -> None:
    try:
        text = text_of(content)
    except InvalidFieldError:
        return
    assert text.strip()
    assert "\r" not in text
    assert "\x00" not in text


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_kind_is_known_or_refused(kind: str, name: str) -> None:
    try:
        assert media_type_of(kind, name) in {"text/markdown", "text/plain"}
    except CasewrightError as error:
        assert isinstance(error, UnsupportedTypeError)  # noqa: PT017  # a refusal is as good as an answer
