"""Decisions on cases: stored, told with the whole case, and never lost to a generation."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from casewright_common.events import (
    CaseChange,
    CaseScores,
    CasesReviewedV1,
    Omission,
    OmittedKind,
    OpenQuestion,
    Provenance,
    QuestionKind,
    ReviewDecision,
    StoryChange,
)
from casewright_gateway.service.read_model import KeepReadModel
from casewright_gateway.testing import CRITERIA, KnownStory, draft

pytestmark = pytest.mark.connected

Known = Callable[..., Awaitable[tuple[str, KnownStory]]]
Sent = Callable[..., Awaitable[list[CasesReviewedV1]]]

EDIT = {"title": "Mine", "steps": [{"action": "Do that", "expected": "It shows"}]}


@pytest.fixture
async def story(client: httpx.AsyncClient, known: Known, keep: KeepReadModel) -> tuple[str, KnownStory]:
    """With two cases, the second written by a model."""
    base, story = await known(client)
    written = draft(2, provenance=Provenance.MODEL, model="openai/x", prompt_version="v1")
    await keep.cases_generated(story.generated(1, draft(1), written))
    return base, story


async def review(client: httpx.AsyncClient, base: str, number: int = 1, **body: Any) -> httpx.Response:
    headers = body.pop("headers", {})
    return await client.post(f"{base}/cases/{UUID(int=number)}/review", json=body, headers=headers)


async def case_of(client: httpx.AsyncClient, base: str, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"{base}/cases/{UUID(int=number)}")).json()
    return found


async def test_an_approval_is_shown_and_told_with_the_whole_case(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], sent: Sent
) -> None:
    base, about = story
    answer = await review(client, base, decision="approved", headers={"X-Casewright-User": "jo@example.com"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["decision"], made["review"], made["reviewed_by"]) == ("approved", 1, "jo@example.com")
    shown = await case_of(client, base)
    assert (shown["review"], shown["reviews"], shown["provenance"]) == ("approved", 1, "designer")
    [event] = await sent(CasesReviewedV1, f"{about.org_id}/SHOP-12")
    assert event.case == draft(1, review=ReviewDecision.APPROVED, reviews=1)
    assert (event.decision, event.review, event.revision, event.reviewed_by) == (
        ReviewDecision.APPROVED,
        1,
        1,
        "jo@example.com",
    )
    assert event.criteria == CRITERIA[:1]
    assert (event.connection_id, event.project_id) == (about.connection_id, about.project_id)


async def test_an_edited_case_is_a_persons_and_a_second_decision_counts(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], sent: Sent
) -> None:
    base, about = story
    content = EDIT | {
        "preconditions": ["Signed in\nas a clerk"],
        "data": [{"name": "amount", "value": "11"}],
        "steps": [
            {"action": "Do that", "expected": "It shows", "criteria": ["AC-2"]},
            {"action": "Guess", "assumption": True},
        ],
    }
    assert (await review(client, base, 2, decision="edited", case=content)).status_code == 201
    shown = await case_of(client, base, 2)
    assert (shown["title"], shown["provenance"], shown["criteria"]) == ("Mine", "human", ["AC-2"])
    assert (shown["prompt_version"], shown["scores"]) == ("v1", None)
    second = await review(client, base, 2, decision="rejected", reason="Wrong screen")
    assert second.json()["review"] == 2
    events = await sent(CasesReviewedV1, f"{about.org_id}/SHOP-12")
    assert [(event.review, event.reason) for event in events] == [(1, ""), (2, "Wrong screen")]
    assert events[1].case.title == "Mine"
    assert len({event.event_id for event in events}) == 2
    listed = (await client.get(f"{base}/cases/{UUID(int=2)}/reviews")).json()["items"]
    assert [each["decision"] for each in listed] == ["rejected", "edited"]


async def test_one_idempotency_key_decides_once(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], sent: Sent
) -> None:
    base, about = story
    key = {"Idempotency-Key": "k-1"}
    first = await review(client, base, decision="rejected", reason="No", headers=key)
    again = await review(client, base, decision="rejected", reason="No", headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(await sent(CasesReviewedV1, f"{about.org_id}/SHOP-12")) == 1
    other = await review(client, base, decision="approved", headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_what_has_changed_since_it_was_read_is_not_decided_on(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], keep: KeepReadModel
) -> None:
    base, about = story
    etag = (await client.get(f"{base}/cases/{UUID(int=1)}")).headers["ETag"]
    await keep.cases_generated(about.generated(2, draft(1, title="Another")))
    refused = await review(client, base, decision="approved", headers={"If-Match": etag})
    assert (refused.status_code, refused.json()["code"]) == (412, "revision_mismatch")
    etag = (await client.get(f"{base}/cases/{UUID(int=1)}")).headers["ETag"]
    assert (await review(client, base, decision="approved", headers={"If-Match": etag})).status_code == 201


async def test_a_generation_that_began_before_a_decision_does_not_undo_it(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], keep: KeepReadModel
) -> None:
    base, about = story
    await review(client, base, 1, decision="edited", case=EDIT)
    await review(client, base, 2, decision="approved")
    await keep.cases_generated(
        about.generated(2, draft(1, title="Again", change=CaseChange.UPDATED), draft(3))
    )
    mine, approved = await case_of(client, base, 1), await case_of(client, base, 2)
    assert (mine["title"], mine["review"], mine["change"]) == ("Mine", "edited", "stale")
    assert (approved["review"], approved["change"]) == ("approved", "stale")
    # The next one knows both.
    await keep.cases_generated(
        about.generated(
            3,
            draft(1, title="Mine", change=CaseChange.KEPT, review=ReviewDecision.EDITED, reviews=1),
            draft(2, title="New", change=CaseChange.UPDATED, reviews=1),
        )
    )
    mine, lapsed = await case_of(client, base, 1), await case_of(client, base, 2)
    assert (mine["change"], lapsed["title"], lapsed["review"]) == ("kept", "New", None)
    assert (await review(client, base, 2, decision="approved")).json()["review"] == 2


async def test_decisions_and_generations_at_once_lose_nothing(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], keep: KeepReadModel, sent: Sent
) -> None:
    base, about = story
    answers = await asyncio.gather(
        *(review(client, base, decision="approved") for _ in range(4)),
        *(keep.cases_generated(about.generated(number, draft(1))) for number in range(2, 6)),
    )
    assert [each.json()["review"] for each in answers[:4] if each is not None] != []
    events = await sent(CasesReviewedV1, f"{about.org_id}/SHOP-12")
    assert [event.review for event in events] == [1, 2, 3, 4]
    shown = await case_of(client, base)
    assert (shown["review"], shown["reviews"]) == ("approved", 4)


async def test_accepting_a_proposal_retires_the_case_beside_it(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], keep: KeepReadModel, sent: Sent
) -> None:
    base, about = story
    proposals = (draft(5, proposal_for=UUID(int=1)), draft(6, proposal_for=UUID(int=2)))
    stale = (draft(1, change=CaseChange.STALE), draft(2, change=CaseChange.STALE))
    await keep.cases_generated(about.generated(2, *stale, *proposals))
    await review(client, base, 5, decision="approved")
    await review(client, base, 6, decision="rejected")
    assert (await case_of(client, base, 1))["change"] == "retired"
    assert (await case_of(client, base, 2))["change"] == "stale"
    refused = await review(client, base, 1, decision="approved")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_applicable")
    accepted, dismissed = await sent(CasesReviewedV1, f"{about.org_id}/SHOP-12")
    assert (accepted.case.proposal_for, dismissed.decision) == (UUID(int=1), ReviewDecision.REJECTED)
    page = (await client.get(f"{base}/cases", params={"change": "retired"})).json()
    assert [each["id"] for each in page["items"]] == [str(UUID(int=1))]
    listed = (await client.get(f"{base}/cases")).json()["items"]
    assert [each["id"] for each in listed] == [str(UUID(int=number)) for number in (2, 5, 6)]


async def test_nothing_is_decided_on_what_is_gone(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], keep: KeepReadModel
) -> None:
    base, about = story
    missing = await client.post(f"{base}/cases/{uuid4()}/review", json={"decision": "approved"})
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert (await client.get(f"{base}/cases/{uuid4()}/reviews")).status_code == 404
    assert (await client.get(f"{base}/cases/{UUID(int=1)}/reviews")).json() == {"items": []}
    await keep.story_changed(about.changed(2, change=StoryChange.REMOVED))
    gone = await review(client, base, decision="approved")
    assert (gone.status_code, gone.json()["code"]) == (409, "not_applicable")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/decision"),
        ({"decision": "maybe"}, "/decision"),
        ({"decision": "edited"}, ""),
        ({"decision": "approved", "case": EDIT}, ""),
        ({"decision": "edited", "case": {"title": "x", "steps": []}}, "/case/steps"),
        ({"decision": "edited", "case": EDIT | {"title": " "}}, "/case/title"),
        ({"decision": "edited", "case": EDIT | {"id": 7}}, "/case/id"),
        ({"decision": "edited", "case": EDIT | {"steps": [{"action": " \n"}]}}, "/case/steps/0/action"),
        (
            {"decision": "edited", "case": EDIT | {"steps": [{"action": "x", "criteria": ["1"]}]}},
            "/case/steps/0/criteria/0",
        ),
        (
            {"decision": "edited", "case": EDIT | {"steps": [{"action": "x", "criteria": ["AC-9"]}]}},
            "/case/steps/0/criteria/0",
        ),
        ({"decision": "rejected", "reason": "\x00"}, "/reason"),
    ],
)
async def test_a_decision_that_cannot_be_is_named(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], body: dict[str, Any], pointer: str
) -> None:
    answer = await review(client, story[0], **body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await case_of(client, story[0]))["reviews"] == 0


async def test_cases_are_found_by_what_is_known_of_them(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], keep: KeepReadModel
) -> None:
    base, about = story
    scores = CaseScores(grounded=1, cited=1, verifiable=1, distinct=1, overall=0.8)
    await keep.cases_generated(
        about.generated(
            2,
            draft(1, tags=("checkout", "role:clerk"), scores=scores, gherkin="Scenario: one"),
            draft(2, change=CaseChange.UPDATED, prompt_version="v1", model="openai/x"),
            retired_cases=(draft(3),),
        )
    )
    await review(client, base, 2, decision="approved")

    async def found(**params: Any) -> list[int]:
        answer = await client.get(f"{base}/cases", params=params)
        assert answer.status_code == 200, answer.text
        return [UUID(each["id"]).int for each in answer.json()["items"]]

    assert await found() == [1, 2]
    assert await found(tag="role:clerk") == [1]
    assert await found(tag="role") == []
    assert await found(min_score=0.8) == [1]
    assert await found(min_score=0.9) == []
    assert await found(review="open") == [1]
    assert await found(review="approved") == [2]
    assert await found(change="updated") == [2]
    assert await found(change="retired") == [3]
    assert await found(prompt_version="v1") == [2]
    shown = await case_of(client, base)
    assert (shown["gherkin"], shown["scores"]["overall"]) == ("Scenario: one", 0.8)
    for wrong in ({"review": "maybe"}, {"min_score": 2}, {"tag": "\x00"}, {"change": "x"}):
        assert (await client.get(f"{base}/cases", params=wrong)).status_code == 422


async def test_a_story_shows_its_questions_and_what_was_left_out(
    client: httpx.AsyncClient, story: tuple[str, KnownStory], keep: KeepReadModel
) -> None:
    base, about = story
    question = OpenQuestion(
        question_id=uuid4(), kind=QuestionKind.VAGUE_WORD, text="How fast?", term="fast", criteria=("AC-1",)
    )
    omitted = Omission(kind=OmittedKind.CONDITIONS, count=3, detail="Three did not fit into 20 cases.")
    await keep.cases_generated(
        about.generated(
            2,
            draft(1),
            open_questions=(question,),
            questions=(question.text,),
            omitted=(omitted,),
            retired_cases=(draft(3),),
        )
    )
    shown = (await client.get(f"{base}/stories/{about.id}")).json()
    assert shown["open_questions"] == [question.model_dump(mode="json")]
    assert shown["omitted"] == [omitted.model_dump(mode="json")]
    assert shown["retired_cases"] == [{"id": str(UUID(int=3)), "title": "Case 3"}]
    asked = (await client.get(f"{base}/stories/{about.id}/questions")).json()
    assert (asked["items"], asked["revision"]) == (shown["open_questions"], 1)
    assert (await client.get(f"{base}/stories/{uuid4()}/questions")).status_code == 404
