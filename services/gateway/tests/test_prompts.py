"""An organisation's own prompts: added, shared out, judged."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from casewright_common.events import PromptArm, PromptsConfiguredV1, PromptTemplate
from casewright_gateway.service.read_model import KeepReadModel
from casewright_gateway.testing import KnownStory, draft

pytestmark = pytest.mark.connected

Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Sent = Callable[..., Awaitable[list[PromptsConfiguredV1]]]
Known = Callable[..., Awaitable[tuple[str, KnownStory]]]

TEMPLATE = (
    "{% block system %}Between {{ fence }} stands data.{% endblock %}{% block user %}x{% endblock %}"
    "{% block repair %}x{% endblock %}"
)


async def add(client: httpx.AsyncClient, base: str, version: str = "mine", **more: Any) -> httpx.Response:
    body = {"version": version, "template": TEMPLATE} | more
    return await client.post(f"{base}/prompts/versions", json=body)


async def test_versions_and_an_experiment_are_told_whole(
    client: httpx.AsyncClient, organisation: Make, sent: Sent
) -> None:
    base = await organisation(client)
    empty = await client.get(f"{base}/prompts")
    assert (empty.headers["ETag"], empty.json()["ours"], empty.json()["own"]) == ('"0"', ["v1", "v2"], [])
    made = await add(client, base)
    assert made.status_code == 201, made.text
    assert (await client.get(made.headers["Location"])).json() == made.json()
    path = f"{base}/prompts/experiment"
    body = {"name": "first", "arms": [{"version": "mine", "weight": 3}, {"version": "v1"}]}
    assert (await client.put(path, json=body)).status_code == 428
    assert (await client.put(path, json=body, headers={"If-Match": '"0"'})).status_code == 412
    shared = await client.put(path, json=body, headers={"If-Match": '"1"'})
    assert (shared.status_code, shared.headers["ETag"]) == (200, '"2"')
    over = await client.put(path, json={"name": "first"}, headers={"If-Match": '"2"'})
    assert over.json()["arms"] == []
    events = await sent(PromptsConfiguredV1, base.rsplit("/", 1)[1])
    assert [event.revision for event in events] == [1, 2, 3]
    assert events[1].templates == (PromptTemplate(version="mine", template=TEMPLATE),)
    assert events[1].experiment == "first"
    assert events[1].arms == (PromptArm(version="mine", weight=3), PromptArm(version="v1"))


async def test_a_version_never_changes_and_ours_are_ours(
    client: httpx.AsyncClient, organisation: Make
) -> None:
    base = await organisation(client)
    await add(client, base)
    for version in ("mine", "v1"):
        again = await add(client, base, version)
        assert (again.status_code, again.json()["code"]) == (409, "already_exists")


async def test_what_cannot_be_is_named(client: httpx.AsyncClient, organisation: Make) -> None:
    base = await organisation(client)
    for more, pointer in (
        ({"version": "Mine!"}, "/version"),
        ({"template": "{{ range(3) }}"}, "/template"),
        ({"template": TEMPLATE.replace("x", "{{ title }}", 1)}, "/template"),
        ({"template": TEMPLATE + "\x00"}, "/template"),
        ({"template": "x" * 70_000}, "/template"),
        ({"surprise": 1}, "/surprise"),
    ):
        answer = await add(client, base, **more)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    await add(client, base)
    for arms, pointer in (
        ([{"version": "other"}], "/arms/0/version"),
        ([{"version": "mine"}, {"version": "mine"}], "/arms/1/version"),
        ([{"version": "mine", "weight": 0}], "/arms/0/weight"),
    ):
        answer = await client.put(
            f"{base}/prompts/experiment", json={"name": "x", "arms": arms}, headers={"If-Match": '"1"'}
        )
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await client.get(f"{base}/prompts/versions/other")).status_code == 404


async def test_only_a_version_that_nothing_names_is_dropped(
    client: httpx.AsyncClient, known: Known, keep: KeepReadModel
) -> None:
    base, story = await known(client)
    for version in ("unused", "shared", "used"):
        await add(client, base, version)
    await client.put(
        f"{base}/prompts/experiment",
        json={"name": "x", "arms": [{"version": "shared"}]},
        headers={"If-Match": '"3"'},
    )
    await keep.cases_generated(story.generated(1, draft(1, prompt_version="used", model="openai/x")))
    for version, status in (("unused", 204), ("shared", 409), ("used", 409), ("none", 404)):
        answer = await client.delete(f"{base}/prompts/versions/{version}")
        assert answer.status_code == status, version
    assert [each["version"] for each in (await client.get(f"{base}/prompts")).json()["own"]] == [
        "shared",
        "used",
    ]


async def test_results_say_what_people_made_of_each_version(
    client: httpx.AsyncClient, known: Known, keep: KeepReadModel
) -> None:
    base, story = await known(client)
    by_model = {"model": "openai/x", "prompt_version": "v1"}
    cases = [draft(number, **by_model) for number in range(1, 6)]
    other = draft(9, model="openai/y", prompt_version="mine")
    await keep.cases_generated(story.generated(1, *cases, other, draft(10)))
    edited = {"title": "Mine", "steps": [{"action": "Do"}]}
    for number, body in (
        (1, {"decision": "approved"}),
        (2, {"decision": "rejected"}),
        (2, {"decision": "edited", "case": edited}),
        (3, {"decision": "rejected"}),
        (10, {"decision": "approved"}),
    ):
        answer = await client.post(f"{base}/cases/{UUID(int=number)}/review", json=body)
        assert answer.status_code == 201, answer.text
    # A generation drops what was rejected; the decision still counts.
    await keep.cases_generated(
        story.generated(2, *(case for case in cases if case.case_id != UUID(int=3)), other, draft(10))
    )
    found = (await client.get(f"{base}/prompts/results")).json()["items"]
    mine = {"version": "mine", "model": "openai/y", "approved": 0, "edited": 0, "rejected": 0, "open": 1}
    ours = {"version": "v1", "model": "openai/x", "approved": 1, "edited": 1, "rejected": 1, "open": 2}
    assert found == [mine | {"acceptance": None}, ours | {"acceptance": pytest.approx(2 / 3)}]
    elsewhere = await client.get(f"{base}/prompts/results", params={"project_id": str(UUID(int=7))})
    assert elsewhere.json()["items"] == []
