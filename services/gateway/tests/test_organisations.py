from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.connected

PATH = "/api/v1/organisations"


async def test_an_organisation_is_created_and_found(client: httpx.AsyncClient) -> None:
    made = await client.post(PATH, json={"name": "  Globex  "})
    assert made.status_code == 201
    assert made.headers["ETag"] == '"1"'
    found = await client.get(made.headers["Location"])
    assert found.status_code == 200
    assert found.json() == made.json()
    assert found.json()["name"] == "Globex"


async def test_a_name_is_taken_whatever_its_case(client: httpx.AsyncClient) -> None:
    assert (await client.post(PATH, json={"name": "Initech"})).status_code == 201
    again = await client.post(PATH, json={"name": "INITECH"})
    assert again.status_code == 409
    assert again.json()["code"] == "already_exists"


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\ufeff\u2060 ", "\u00ad", "two\nlines"])
async def test_a_name_is_one_line_with_something_to_see(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post(PATH, json={"name": name})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_name_may_have_joiners_inside(client: httpx.AsyncClient) -> None:
    name = f"👩\u200d🔬 {uuid4()}"
    made = await client.post(PATH, json={"name": name})
    assert (made.status_code, made.json()["name"]) == (201, name)


async def test_renaming_needs_the_current_etag(
    client: httpx.AsyncClient, organisation: Callable[[httpx.AsyncClient], Awaitable[str]]
) -> None:
    path = await organisation(client)
    name = f"Renamed {uuid4()}"
    without = await client.patch(path, json={"name": name})
    assert (without.status_code, without.json()["code"]) == (428, "revision_required")
    renamed = await client.patch(path, json={"name": name}, headers={"If-Match": '"1"'})
    assert (renamed.status_code, renamed.json()["name"], renamed.headers["ETag"]) == (200, name, '"2"')
    stale = await client.patch(path, json={"name": "Other"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "revision_mismatch")
    garbled = await client.patch(path, json={"name": "Other"}, headers={"If-Match": "W/x"})
    assert garbled.status_code == 412
    anyway = await client.patch(path, json={"name": name}, headers={"If-Match": "*"})
    assert (anyway.status_code, anyway.headers["ETag"]) == (200, '"2"')


async def test_renaming_to_a_taken_name_is_a_conflict(
    client: httpx.AsyncClient, organisation: Callable[[httpx.AsyncClient], Awaitable[str]]
) -> None:
    first, second = await organisation(client), await organisation(client)
    taken = (await client.get(first)).json()["name"]
    answer = await client.patch(second, json={"name": taken}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")


async def test_an_unknown_organisation_is_not_found(client: httpx.AsyncClient) -> None:
    path = f"{PATH}/{uuid4()}"
    for answer in (
        await client.get(path),
        await client.patch(path, json={"name": "X"}, headers={"If-Match": '"1"'}),
        await client.get(f"{path}/connections"),
        await client.get(f"{path}/projects"),
        await client.get(f"{path}/stories"),
        await client.get(f"{path}/cases"),
        await client.get(f"{path}/runs"),
        await client.post(f"{path}/generations", json={"issue_key": "SHOP-1"}),
        await client.post(
            f"{path}/connections",
            json={
                "site_url": "https://x.example.com",
                "account_email": "a@b.c",
                "account_id": "x",
                "api_token": "t",
            },
        ),
    ):
        assert answer.status_code == 404, answer.request.url
        assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b", "line\nbreak", None, 7])
async def test_what_is_no_name_is_refused_with_a_pointer(client: httpx.AsyncClient, name: object) -> None:
    answer = await client.post(PATH, json={"name": name})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/name"]


async def test_pages_show_every_organisation_once_while_others_are_added(
    client: httpx.AsyncClient, organisation: Callable[[httpx.AsyncClient], Awaitable[str]]
) -> None:
    made = {(await organisation(client)).rsplit("/", 1)[1] for _ in range(5)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await client.get(PATH, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        assert page.status_code == 200
        assert len(page.json()["items"]) <= 2
        seen += [item["id"] for item in page.json()["items"]]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
        if len(seen) == 2:
            made.add((await organisation(client)).rsplit("/", 1)[1])
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 201}, {"limit": "x"}, {"cursor": "bm9uc2Vuc2U"}, {"cursor": "%%%"}]
)
async def test_a_page_that_cannot_be_is_refused(client: httpx.AsyncClient, params: dict[str, str]) -> None:
    answer = await client.get(PATH, params=params)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"?{next(iter(params))}"
