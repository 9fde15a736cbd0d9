"""What decisions of people come to: over the twin in memory, and over PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from pydantic import SecretStr

from casewright_common.configuration import ConfigurationView
from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CasesGeneratedV1,
    CasesReviewedV1,
    CaseStep,
    Coverage,
    EngineUsed,
    GenerationOutcome,
    ReviewDecision,
    StoryChange,
    StoryIndexedV1,
    Technique,
)
from casewright_common.postgres import Database, migrate, prepare
from casewright_common.settings import PostgresSettings
from casewright_generator.adapters.generations_repository import GenerationsRepository
from casewright_generator.adapters.reviews_repository import ReviewsRepository
from casewright_generator.domain.change.deciding import after_decision
from casewright_generator.service import (
    Build,
    Cause,
    Claimed,
    GenerateCases,
    GenerationStore,
    LessonSource,
    Past,
    Result,
    ReviewStore,
)
from casewright_generator.testing import FixedContext, GenerationsInMemory, ScriptedModel, Tally

Indexed = Callable[..., StoryIndexedV1]
TITLES = ("one", "two")


@dataclass(frozen=True)
class Stores:
    generations: GenerationStore
    reviews: ReviewStore
    lessons: LessonSource
    org: UUID

    async def claim(self, cause: Cause) -> Claimed:
        opened = await self.generations.open(cause)
        assert isinstance(opened, Claimed)
        return opened

    async def generate(self, story: StoryIndexedV1, *cases: CaseDraft, shelf: tuple[str, ...] = ()) -> Past:
        """Store a generation, and say what is known then."""
        claim = await self.claim(story)
        ids = frozenset(uuid5(self.org, title) for title in shelf)
        await self.generations.complete(claim, result(claim, cases, ids))
        return await self.past(story)

    async def decide(self, event: CasesReviewedV1) -> CasesGeneratedV1 | None:
        return await self.reviews.record(event, after_decision)

    async def past(self, story: StoryIndexedV1) -> Past:
        asking = story.model_copy(update={"event_id": uuid4()})
        claim = await self.claim(asking)
        past = await self.generations.past(claim)
        await self.generations.release(claim)
        return past


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.connected)])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "memory":
        store = GenerationsInMemory()
        yield Stores(store, store, store, uuid4())
        return
    admin_url = request.getfixturevalue("postgres_database")
    await prepare(admin_url, {"generator": "of-generator"})
    await migrate(admin_url, "generator", "casewright_generator")
    url = SecretStr(f"postgresql://casewright_generator:of-generator@{admin_url.split('@', 1)[1]}")
    database = Database(PostgresSettings(url=url), service="generator")
    reviews = ReviewsRepository(database)
    yield Stores(GenerationsRepository(database, lease_s=5), reviews, reviews, uuid4())
    await database.close()


@pytest.fixture
def story(indexed: Indexed, stores: Stores) -> Callable[..., StoryIndexedV1]:
    def make(**fields: Any) -> StoryIndexedV1:
        return indexed(org_id=stores.org, **fields)

    return make


def draft(org: UUID, title: str, **fields: Any) -> CaseDraft:
    case = CaseDraft(
        case_id=uuid5(org, title),
        title=title,
        technique=Technique.USE_CASE,
        condition=title,
        criteria=("AC-1",),
        steps=(CaseStep(action="Do it.", criteria=("AC-1",)),),
    )
    return case.model_copy(update=fields)


def result(claim: Claimed, cases: tuple[CaseDraft, ...], shelf: frozenset[UUID]) -> Build:
    story = claim.story

    def build(generation: int, past: Past) -> Result:
        del past
        event = CasesGeneratedV1(
            event_id=CasesGeneratedV1.derive_id(claim.cause.event_id),
            caused_by=claim.cause.event_id,
            occurred_at=story.occurred_at,
            org_id=story.org_id,
            connection_id=story.connection_id,
            issue_id=story.issue_id,
            issue_key=story.issue_key,
            project_id=story.project_id,
            project_key=story.project_key,
            revision=story.revision,
            generation=generation,
            outcome=GenerationOutcome.CASES if cases else GenerationOutcome.RETIRED,
            story_title=story.story.title,
            criteria=story.story.criteria,
            cases=cases,
            engine=EngineUsed(kind="model", model="openai/some", calls=1),
            coverage=Coverage(conditions=1, covered=1, criteria=1),
        )
        return Result(event, shelf=shelf)

    return build


def review(
    story: StoryIndexedV1, case: CaseDraft, decision: str = "approved", **fields: Any
) -> CasesReviewedV1:
    number = fields.get("review", 1)
    event = {
        "event_id": uuid5(case.case_id, f"{number}:{decision}"),
        "occurred_at": story.occurred_at,
        "org_id": story.org_id,
        "connection_id": story.connection_id,
        "issue_id": story.issue_id,
        "issue_key": story.issue_key,
        "project_id": story.project_id,
        "revision": story.revision,
        "decision": decision,
        "reviewed_by": "somebody",
        "case": case,
        "criteria": story.story.criteria[:1],
    } | fields
    return CasesReviewedV1.model_validate(event)


async def test_a_generation_is_known_with_what_it_was_made_from(stores: Stores, story: Indexed) -> None:
    first = story()
    past = await stores.generate(first, draft(stores.org, "one"), draft(stores.org, "two"))
    assert [known.draft.title for known in past.cases] == ["one", "two"]
    assert past.criteria == first.story.criteria
    assert past.engine is not None
    assert past.engine.model == "openai/some"
    assert [known.basis for known in past.cases] == [first.story.criteria[:1]] * 2
    assert all(known.listed and known.decision is None for known in past.cases)


async def test_a_case_that_is_listed_no_more_is_forgotten_unless_it_is_on_the_shelf(
    stores: Stores, story: Indexed
) -> None:
    await stores.generate(story(), *(draft(stores.org, title) for title in ("one", "two", "three")))
    past = await stores.generate(story(revision=2), draft(stores.org, "three"), shelf=("one",))
    assert [(known.draft.title, known.listed) for known in past.cases] == [("three", True), ("one", False)]


async def test_a_stale_case_keeps_what_it_was_made_from(stores: Stores, story: Indexed) -> None:
    first = story()
    await stores.generate(first, draft(stores.org, "one"))
    past = await stores.generate(
        story(revision=2, criteria=("Another text.",)), draft(stores.org, "one", change=CaseChange.STALE)
    )
    assert past.cases[0].basis == first.story.criteria[:1]
    assert past.criteria[0].text == "Another text."


async def test_the_cases_of_a_story_that_is_gone_wait_on_the_shelf(stores: Stores, story: Indexed) -> None:
    await stores.generate(story(), draft(stores.org, "one"))
    past = await stores.generate(story(revision=2), shelf=("one",))
    assert [(known.draft.title, known.listed) for known in past.cases] == [("one", False)]
    assert past.criteria == ()
    assert past.engine is None


async def test_a_decision_is_known_with_the_case_as_it_then_stood(stores: Stores, story: Indexed) -> None:
    case = draft(stores.org, "one")
    await stores.generate(story(), case)
    edited = case.model_copy(update={"title": "One, better"})
    await stores.decide(review(story(), edited, "edited", reason="Clearer."))
    (known,) = (await stores.past(story())).cases
    assert known.decision is not None
    assert (known.decision.decision, known.decision.number) == (ReviewDecision.EDITED, 1)
    assert known.decision.reason == "Clearer."
    assert known.draft == case
    assert known.case.title == "One, better"
    assert (known.case.review, known.case.reviews) == (ReviewDecision.EDITED, 1)


async def test_decisions_in_any_order_and_twice_leave_the_last_one(stores: Stores, story: Indexed) -> None:
    case = draft(stores.org, "one")
    await stores.generate(story(), case)
    decisions = [
        review(story(), case, decision, review=number)
        for number, decision in enumerate(("approved", "rejected", "edited"), 1)
    ]
    for event in (decisions[2], decisions[0], decisions[1], decisions[2]):
        await stores.decide(event)
    (known,) = (await stores.past(story())).cases
    assert known.decision is not None
    assert (known.decision.number, known.decision.decision) == (3, ReviewDecision.EDITED)


async def test_a_decision_on_a_case_that_is_no_longer_kept_brings_it_back(
    stores: Stores, story: Indexed
) -> None:
    await stores.generate(story(), draft(stores.org, "one"))
    await stores.generate(story(revision=2), draft(stores.org, "two"))
    await stores.decide(review(story(), draft(stores.org, "one")))
    past = await stores.past(story(revision=2))
    assert {known.draft.title: known.is_human for known in past.cases} == {"two": False, "one": True}


async def test_a_decision_before_anything_is_known_of_the_story_is_kept(
    stores: Stores, story: Indexed
) -> None:
    await stores.decide(review(story(), draft(stores.org, "one")))
    past = await stores.past(story())
    assert [known.case.review for known in past.cases] == [ReviewDecision.APPROVED]


async def test_a_result_is_built_from_decisions_that_came_while_it_was_made(
    stores: Stores, story: Indexed
) -> None:
    case = draft(stores.org, "one")
    await stores.generate(story(), case)
    claim = await stores.claim(story(revision=2))
    await stores.decide(review(story(), case))
    seen: list[Past] = []

    def build(generation: int, past: Past) -> Result:
        seen.append(past)
        return result(claim, (case,), frozenset())(generation, past)

    await stores.generations.complete(claim, build)
    assert [known.is_human for known in seen[0].cases] == [True]


async def test_decisions_and_results_at_once_get_in_nobodys_way(stores: Stores, story: Indexed) -> None:
    cases = [draft(stores.org, f"case {number}") for number in range(5)]
    for revision in range(1, 6):
        claim = await stores.claim(story(revision=revision))
        await asyncio.gather(
            stores.generations.complete(claim, result(claim, tuple(cases), frozenset())),
            *(stores.decide(review(story(), case, review=revision)) for case in cases),
        )
    past = await stores.past(story(revision=5))
    assert [known.decision.number for known in past.cases if known.decision] == [5] * 5


async def test_lessons_come_from_other_stories_of_the_same_project(stores: Stores, story: Indexed) -> None:
    other = story(issue_id="2", issue_key="SHOP-2")
    elsewhere = story(issue_id="3", issue_key="CRM-1", project_id=uuid4())
    for place, title in ((story(), "own"), (other, "good"), (elsewhere, "of another project")):
        await stores.decide(review(place, draft(stores.org, title)))
    await stores.decide(review(other, draft(stores.org, "bad"), "rejected", reason="Nonsense."))
    lessons = await stores.lessons.lessons(story())
    assert [(one.case.title, one.issue_key, one.stands) for one in lessons.accepted] == [
        ("good", "SHOP-2", True)
    ]
    assert [(one.case.title, one.reason) for one in lessons.rejected] == [("bad", "Nonsense.")]
    assert lessons.accepted[0].criteria == lessons.rejected[0].criteria
    assert len(lessons.accepted[0].criteria) == 1


@pytest.mark.parametrize("how", ["stale", "unlisted", "removed"])
async def test_an_accepted_case_that_stands_no_longer_still_teaches_but_covers_nothing(
    stores: Stores, story: Indexed, how: str
) -> None:
    def other(**fields: Any) -> StoryIndexedV1:
        return story(issue_id="2", issue_key="SHOP-2", **fields)

    case = draft(stores.org, "good")
    await stores.generate(other(), case)
    await stores.decide(review(other(), case))
    if how == "stale":
        await stores.generate(other(revision=2), case.model_copy(update={"change": CaseChange.STALE}))
    elif how == "unlisted":
        await stores.generate(other(revision=2), draft(stores.org, "better"), shelf=("good",))
    else:
        await stores.generate(other(revision=2, change=StoryChange.REMOVED), shelf=("good",))
    (accepted,) = (await stores.lessons.lessons(story())).accepted
    assert not accepted.stands


async def test_another_organisation_learns_nothing(stores: Stores, story: Indexed, indexed: Indexed) -> None:
    await stores.decide(review(story(), draft(stores.org, "one")))
    lessons = await stores.lessons.lessons(indexed(org_id=uuid4(), issue_id="2"))
    assert lessons.accepted == ()


async def test_a_decision_turns_stale_with_its_criterion_and_fits_again_with_the_older_text(
    stores: Stores, story: Indexed, model_configuration: ConfigurationView
) -> None:
    model = ScriptedModel()
    generate = GenerateCases(
        store=stores.generations,
        context=FixedContext(),
        model=model,
        configuration=model_configuration,
        observer=Tally(),
        clock=lambda: datetime(2026, 11, 1, 12, tzinfo=UTC),
        lessons=stores.lessons,
    )
    old, new = "The code has at least 8 characters.", "The code has at least 12 characters."

    async def run(revision: int, *criteria: str) -> CasesGeneratedV1:
        (event,) = await generate(story(revision=revision, criteria=criteria))
        assert isinstance(event, CasesGeneratedV1)
        return event

    first = await run(1, old, "The link expires after 30 minutes.")
    case = first.cases[0].model_copy(update={"title": "My own title"})
    await stores.decide(review(story(), case, "edited", criteria=first.criteria))
    second = await run(2, new, "The link expires after 30 minutes.")
    (stale,) = (one for one in second.cases if one.change is CaseChange.STALE)
    assert (stale.case_id, stale.title, stale.reviews) == (case.case_id, "My own title", 1)
    assert [one.proposal_for for one in second.cases if one.proposal_for] == [case.case_id]
    third = await run(3, new, "The link expires after 30 minutes.", "The user gets a mail.")
    assert [one.case_id for one in third.cases][: len(second.cases)] == [one.case_id for one in second.cases]
    model.asked.clear()
    back = await run(4, old, "The link expires after 30 minutes.")
    assert model.asked == []
    assert {one.case_id for one in back.cases} == {one.case_id for one in first.cases}
    assert "My own title" in {one.title for one in back.cases}


async def test_a_store_that_is_down_says_so(story: Indexed, stores: Stores) -> None:
    if not isinstance(stores.reviews, GenerationsInMemory):
        pytest.skip("the twin's switch")
    stores.reviews.down = True
    with pytest.raises(UpstreamUnavailableError):
        await stores.decide(review(story(), draft(stores.org, "one")))


async def test_a_decision_tells_the_cases_anew_under_the_next_number(stores: Stores, story: Indexed) -> None:
    one, two = (draft(stores.org, title) for title in TITLES)
    await stores.generate(story(), one, two)
    decision = review(story(), two, "rejected")
    told = await stores.decide(decision)
    assert told is not None
    assert (told.generation, told.decided_on, told.caused_by) == (2, 1, decision.event_id)
    assert [case.title for case in told.cases] == ["one"]
    assert (told.engine.model, told.engine.calls, told.request_id) == ("openai/some", 0, None)


async def test_the_same_decision_is_told_once_however_often_it_comes(stores: Stores, story: Indexed) -> None:
    one, two = (draft(stores.org, title) for title in TITLES)
    await stores.generate(story(), one, two)
    first = await stores.decide(review(story(), one, "rejected"))
    second = await stores.decide(review(story(), two))
    assert first is not None
    assert second is not None
    assert await stores.decide(review(story(), one, "rejected")) == first
    assert await stores.decide(review(story(), two)) == second
    assert [first.generation, second.generation] == [2, 3]
    claim = await stores.claim(story(revision=2))
    after = await stores.generations.complete(claim, result(claim, (one,), frozenset()))
    assert isinstance(after.outcome, CasesGeneratedV1)
    assert after.outcome.generation == 4


async def test_decisions_add_up_and_a_rejected_case_comes_back_as_it_was_left(
    stores: Stores, story: Indexed
) -> None:
    one, two = (draft(stores.org, title) for title in TITLES)
    await stores.generate(story(), one, two)
    await stores.decide(review(story(), one, "rejected"))
    edited = two.model_copy(update={"title": "Two, better"})
    told = await stores.decide(review(story(), edited, "edited"))
    assert told is not None
    assert [case.title for case in told.cases] == ["Two, better"]
    told = await stores.decide(review(story(), one, review=2))
    assert told is not None
    assert [(case.title, case.review) for case in told.cases] == [
        ("Two, better", ReviewDecision.EDITED),
        ("one", ReviewDecision.APPROVED),
    ]
    assert (told.generation, told.decided_on) == (4, 1)


async def test_an_older_decision_and_one_on_a_story_without_cases_are_not_told(
    stores: Stores, story: Indexed
) -> None:
    one = draft(stores.org, "one")
    assert await stores.decide(review(story(), one)) is None
    await stores.generate(story(), one)
    assert await stores.decide(review(story(), one, review=3)) is not None
    assert await stores.decide(review(story(), one, "rejected", review=2)) is None
    await stores.generate(story(revision=2))
    assert await stores.decide(review(story(), one, "edited", review=4)) is None


async def test_decisions_at_once_each_get_a_number_and_the_last_one_knows_all(
    stores: Stores, story: Indexed
) -> None:
    cases = [draft(stores.org, f"case {number}") for number in range(6)]
    await stores.generate(story(), *cases)
    told = await asyncio.gather(*(stores.decide(review(story(), case, "rejected")) for case in cases))
    events = sorted((event for event in told if event is not None), key=lambda event: event.generation)
    assert [event.generation for event in events] == [2, 3, 4, 5, 6, 7]
    assert [len(event.cases) for event in events] == [5, 4, 3, 2, 1, 0]
