"""What a new revision, a request and a person's decision do to the cases of a story."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    BudgetExhaustedV1,
    CaseChange,
    CaseDraft,
    CasesGeneratedV1,
    CasesReviewedV1,
    GenerationFailedV1,
    GenerationOutcome,
    GenerationRequestedV1,
    OmittedKind,
    Provenance,
    ReviewDecision,
    StoryChange,
    StoryIndexedV1,
)
from casewright_generator.service import Assignment, Cause, GenerateCases, Notes, RecordReview, Timing
from casewright_generator.testing import FixedContext, GenerationsInMemory, ScriptedModel, Tally

Indexed = Callable[..., StoryIndexedV1]
Requested = Callable[..., GenerationRequestedV1]

LENGTH = "The password must have between 8 and 64 characters."
LONGER = "The password must have between 12 and 64 characters."
EXPIRY = "The reset link expires after 30 minutes."
LOCKED = "A locked user must not be able to reset the password."


class Bench:
    def __init__(self, configuration: ConfigurationView) -> None:
        self.store = GenerationsInMemory()
        self.model = ScriptedModel()
        self.generate = GenerateCases(
            store=self.store,
            context=FixedContext(),
            model=self.model,
            configuration=configuration,
            observer=Tally(),
            clock=lambda: datetime(2026, 11, 1, 12, tzinfo=UTC),
            lessons=self.store,
            timing=Timing(poll_s=0.01, unknown_story_s=0.05),
        )

    async def cases(self, cause: Cause) -> CasesGeneratedV1:
        *_, event = await self.generate(cause)
        assert isinstance(event, CasesGeneratedV1)
        return event

    async def decide(
        self,
        event: CasesGeneratedV1,
        case: CaseDraft,
        decision: ReviewDecision = ReviewDecision.APPROVED,
        *,
        number: int = 1,
        reason: str = "",
    ) -> None:
        await RecordReview(self.store)(reviewed(event, case, decision, number=number, reason=reason))

    @property
    def conditions_asked(self) -> list[str]:
        return [one.description for asked in self.model.asked for one in asked.missing.conditions]


def reviewed(
    event: CasesGeneratedV1,
    case: CaseDraft,
    decision: ReviewDecision = ReviewDecision.APPROVED,
    *,
    number: int = 1,
    reason: str = "",
) -> CasesReviewedV1:
    return CasesReviewedV1(
        event_id=uuid5(case.case_id, f"{decision}:{number}"),
        occurred_at=event.occurred_at,
        org_id=event.org_id,
        connection_id=event.connection_id,
        issue_id=event.issue_id,
        issue_key=event.issue_key,
        project_id=event.project_id,
        revision=event.revision,
        decision=decision,
        reviewed_by="somebody",
        case=case,
        review=number,
        reason=reason,
        criteria=tuple(one for one in event.criteria if one.id in case.criteria),
    )


def about(event: CasesGeneratedV1, criterion: str) -> list[CaseDraft]:
    return [case for case in event.cases if criterion in case.criteria]


def by_change(event: CasesGeneratedV1, change: CaseChange) -> list[CaseDraft]:
    return [case for case in event.cases if case.change is change]


def same(one: CaseDraft, other: CaseDraft) -> bool:
    """Byte for byte, but for what is said of the case itself."""
    said = {"change", "review", "reviews"}
    return one.model_dump_json(exclude=said) == other.model_dump_json(exclude=said)


@pytest.fixture
def bench(model_configuration: ConfigurationView) -> Bench:
    return Bench(model_configuration)


async def test_only_what_an_edited_criterion_asks_for_is_written_again(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    bench.model.asked.clear()
    second = await bench.cases(indexed(revision=2, criteria=(LONGER, EXPIRY, LOCKED)))
    kept = by_change(second, CaseChange.KEPT)
    before = {case.case_id: case for case in first.cases}
    assert {case.case_id for case in kept} == {
        case.case_id for case in first.cases if "AC-1" not in case.criteria
    }
    assert all(same(case, before[case.case_id]) for case in kept)
    assert {
        id_ for asked in bench.model.asked for one in asked.missing.conditions for id_ in one.criteria
    } == {"AC-1"}
    assert {case.change for case in about(second, "AC-1")} <= {CaseChange.UPDATED, CaseChange.NEW}
    assert any("12" in str(case.data) for case in about(second, "AC-1"))
    assert second.coverage.covered == second.coverage.conditions


async def test_background_text_alone_costs_no_call_and_changes_no_case(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    bench.model.asked.clear()
    second = await bench.cases(indexed(revision=2, text="As a customer I forget things."))
    assert bench.model.asked == []
    assert second.engine.calls == 0
    assert (second.engine.kind, second.engine.model) == (first.engine.kind, first.engine.model)
    assert {case.change for case in second.cases} == {CaseChange.KEPT}
    assert all(same(one, other) for one, other in zip(first.cases, second.cases, strict=True))


async def test_another_model_alone_writes_nothing_again(
    bench: Bench, indexed: Indexed, configuration: ConfigurationView
) -> None:
    first = await bench.cases(indexed())
    other = Bench(configuration)  # the designer's
    other.store = bench.store
    other.generate = GenerateCases(**{**vars(other.generate), "store": bench.store, "lessons": bench.store})
    second = await other.cases(indexed(revision=2))
    assert all(same(one, two) for one, two in zip(first.cases, second.cases, strict=True))
    assert {case.provenance for case in second.cases} == {Provenance.MODEL}


async def test_an_older_text_brings_its_cases_back_without_a_call(bench: Bench, indexed: Indexed) -> None:
    first = await bench.cases(indexed())
    await bench.cases(indexed(revision=2, criteria=(LONGER, EXPIRY, LOCKED)))
    bench.model.asked.clear()
    third = await bench.cases(indexed(revision=3))
    assert bench.model.asked == []
    assert {case.case_id for case in third.cases} == {case.case_id for case in first.cases}
    before = {case.case_id: case for case in first.cases}
    assert all(same(case, before[case.case_id]) for case in third.cases)


async def test_a_removed_criterion_retires_its_cases_and_a_new_one_gets_its_own(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    bench.model.asked.clear()
    second = await bench.cases(indexed(revision=2, criteria=(LENGTH, EXPIRY)))
    assert bench.model.asked == []
    assert {case.case_id for case in second.retired_cases} == {case.case_id for case in about(first, "AC-3")}
    assert {case.change for case in second.retired_cases} == {CaseChange.RETIRED}
    assert not about(second, "AC-3")
    third = await bench.cases(indexed(revision=3, criteria=(LENGTH, EXPIRY, "The customer gets a mail.")))
    assert third.retired_cases == ()
    assert {case.change for case in about(third, "AC-3")} == {CaseChange.NEW}


async def test_a_criterion_under_another_number_keeps_its_cases(bench: Bench, indexed: Indexed) -> None:
    first = await bench.cases(indexed())
    bench.model.asked.clear()
    second = await bench.cases(indexed(revision=2, criteria=(EXPIRY, LOCKED, LENGTH)))
    assert bench.model.asked == []
    assert {case.case_id for case in about(first, "AC-1")} == {case.case_id for case in about(second, "AC-3")}


async def test_a_case_that_a_person_made_theirs_turns_stale_and_gets_a_proposal_beside_it(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    mine = about(first, "AC-1")[0]
    edited = mine.model_copy(update={"title": "My own title", "provenance": Provenance.HUMAN})
    await bench.decide(first, edited, ReviewDecision.EDITED)
    second = await bench.cases(indexed(revision=2, criteria=(LONGER, EXPIRY, LOCKED)))
    (stale,) = by_change(second, CaseChange.STALE)
    assert same(stale, edited)
    assert (stale.review, stale.reviews) == (ReviewDecision.EDITED, 1)
    (proposal,) = [case for case in second.cases if case.proposal_for == mine.case_id]
    assert proposal.case_id != mine.case_id
    assert [case.case_id for case in second.cases].index(proposal.case_id) == (
        [case.case_id for case in second.cases].index(stale.case_id) + 1
    )
    # It stays so while nothing else changes, and settles once a person has looked at it.
    third = await bench.cases(indexed(revision=3, criteria=(LONGER, EXPIRY, LOCKED), text="Other words."))
    assert [case.case_id for case in third.cases] == [case.case_id for case in second.cases]
    await bench.decide(third, edited, ReviewDecision.APPROVED, number=2)
    fourth = await bench.cases(indexed(revision=4, criteria=(LONGER, EXPIRY, LOCKED), text="Again."))
    assert not by_change(fourth, CaseChange.STALE)
    assert not [case for case in fourth.cases if case.proposal_for]
    assert edited.case_id in {case.case_id for case in fourth.cases}


async def test_an_accepted_proposal_takes_the_place_of_the_stale_case(bench: Bench, indexed: Indexed) -> None:
    first = await bench.cases(indexed())
    mine = about(first, "AC-1")[0]
    await bench.decide(first, mine)
    second = await bench.cases(indexed(revision=2, criteria=(LONGER, EXPIRY, LOCKED)))
    (proposal,) = [case for case in second.cases if case.proposal_for == mine.case_id]
    await bench.decide(second, proposal)
    third = await bench.cases(indexed(revision=3, criteria=(LONGER, EXPIRY, LOCKED), text="Other words."))
    assert mine.case_id in {case.case_id for case in third.retired_cases}
    (accepted,) = [case for case in third.cases if case.case_id == proposal.case_id]
    assert (accepted.proposal_for, accepted.review) == (None, ReviewDecision.APPROVED)
    back = await bench.cases(indexed(revision=4))
    assert mine.case_id in {case.case_id for case in back.cases}


async def test_a_persons_case_whose_criterion_is_gone_is_retired_and_comes_back_with_it(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    mine = about(first, "AC-3")[0].model_copy(update={"title": "My own title"})
    await bench.decide(first, mine, ReviewDecision.EDITED)
    second = await bench.cases(indexed(revision=2, criteria=(LENGTH, EXPIRY)))
    assert [case for case in second.retired_cases if same(case, mine)]
    third = await bench.cases(indexed(revision=3))
    assert [case for case in third.cases if same(case, mine)]


async def test_a_request_writes_all_anew_that_no_person_made_theirs(
    bench: Bench, indexed: Indexed, requested: Requested
) -> None:
    first = await bench.cases(indexed())
    mine = first.cases[0].model_copy(update={"title": "My own title"})
    await bench.decide(first, mine, ReviewDecision.EDITED)
    bench.model.asked.clear()
    second = await bench.cases(requested())
    assert mine.condition not in bench.conditions_asked
    assert len(bench.conditions_asked) == len(first.cases) - 1
    assert [case for case in second.cases if same(case, mine)]
    assert second.retired_cases == ()
    assert {case.case_id for case in second.cases} == {case.case_id for case in first.cases}
    assert bench.model.asked[0].requested_by == "somebody"


async def test_a_rejected_case_is_not_written_again_unless_its_criterion_changes(
    bench: Bench, indexed: Indexed, requested: Requested
) -> None:
    first = await bench.cases(indexed())
    (refused,) = about(first, "AC-3")
    await bench.decide(first, refused, ReviewDecision.REJECTED, reason="Nobody is ever locked.")
    second = await bench.cases(requested())
    assert refused.condition not in {case.condition for case in second.cases}
    assert second.coverage.covered == second.coverage.conditions
    assert any(one.kind is OmittedKind.CONDITIONS and refused.title in one.detail for one in second.omitted)
    third = await bench.cases(
        indexed(
            revision=2, criteria=(LENGTH, EXPIRY, "A locked admin must not be able to reset the password.")
        )
    )
    assert about(third, "AC-3")


async def test_a_case_written_anew_for_a_changed_criterion_says_that_its_rejection_was_known(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    (refused,) = about(first, "AC-3")
    await bench.decide(first, refused, ReviewDecision.REJECTED, number=2)
    punctuated = LOCKED.replace("must not", "MUST NOT")  # the same condition, and so the same id
    past = bench.store
    past.reviews = {
        key: one.model_copy(update={"criteria": (one.criteria[0].model_copy(update={"text": "Other."}),)})
        for key, one in past.reviews.items()
    }
    second = await bench.cases(indexed(revision=2, criteria=(LENGTH, EXPIRY, punctuated)))
    (again,) = about(second, "AC-3")
    assert again.case_id == refused.case_id
    assert (again.review, again.reviews) == (None, 2)


async def test_the_reasons_of_rejections_are_told_to_who_writes_next(
    bench: Bench, indexed: Indexed, requested: Requested
) -> None:
    first = await bench.cases(indexed())
    await bench.decide(first, about(first, "AC-1")[0], ReviewDecision.REJECTED, reason="Too much detail.")
    bench.model.asked.clear()
    await bench.cases(requested())
    assert [one.reason for one in bench.model.asked[0].rejections] == ["Too much detail."]


async def test_when_everything_was_turned_down_the_failure_says_what_to_do(
    bench: Bench, indexed: Indexed, requested: Requested
) -> None:
    first = await bench.cases(indexed(criteria=(LOCKED,), text=""))
    for case in first.cases:
        await bench.decide(first, case, ReviewDecision.REJECTED)
    (event,) = await bench.generate(requested())
    assert isinstance(event, GenerationFailedV1)
    assert event.code == "all_cases_rejected"


class Interrupted(ScriptedModel):
    """Somebody decides while it writes."""

    def __init__(self, decide: Callable[[], Any]) -> None:
        super().__init__()
        self.decide = decide

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        await self.decide()
        return await super().write(assignment)


@pytest.mark.parametrize("decision", list(ReviewDecision))
async def test_a_decision_that_comes_while_a_generation_runs_wins(
    bench: Bench, indexed: Indexed, requested: Requested, decision: ReviewDecision
) -> None:
    first = await bench.cases(indexed())
    mine = first.cases[0].model_copy(update={"title": "My own title"})

    async def decide() -> None:
        await bench.decide(first, mine, decision)

    object.__setattr__(bench.generate, "model", Interrupted(decide))
    second = await bench.cases(requested())
    found = [case for case in second.cases if case.condition == mine.condition]
    if decision is ReviewDecision.REJECTED:
        assert found == []
    else:
        assert [same(case, mine) for case in found] == [True]


async def test_a_late_approval_of_a_case_that_was_replaced_meanwhile_is_not_lost(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    mine = about(first, "AC-1")[0]
    await bench.cases(indexed(revision=2, criteria=(LONGER, EXPIRY, LOCKED)))
    await bench.decide(first, mine)
    third = await bench.cases(indexed(revision=3, criteria=(LONGER, EXPIRY, LOCKED), text="Other words."))
    assert [case.case_id for case in by_change(third, CaseChange.STALE)] == [mine.case_id]


async def test_the_removal_of_a_story_retires_its_cases_and_its_return_brings_them_back(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    await bench.decide(first, first.cases[0])
    gone = await bench.cases(indexed(revision=2, change=StoryChange.REMOVED))
    assert {case.case_id for case in gone.retired_cases} == {case.case_id for case in first.cases}
    bench.model.asked.clear()
    back = await bench.cases(indexed(revision=3))
    assert bench.model.asked == []
    assert {case.case_id for case in back.cases} == {case.case_id for case in first.cases}


async def test_cases_of_changed_criteria_find_room_under_the_cap(
    model_configuration: ConfigurationView, indexed: Indexed
) -> None:
    project = model_configuration.project_by_id(UUID(int=3))
    assert project is not None
    bench = Bench(ConfigurationView(project.model_copy(update={"max_cases": 4})))
    await bench.cases(indexed(criteria=(LENGTH,)))
    second = await bench.cases(indexed(revision=2, criteria=(LENGTH, EXPIRY, LOCKED)))
    assert len(second.cases) <= 4
    assert about(second, "AC-2")
    assert about(second, "AC-3")
    assert second.omitted


async def test_what_people_accepted_elsewhere_is_shown_as_covered_and_not_paid_for(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    (mine,) = about(first, "AC-3")
    await bench.decide(first, mine)
    bench.model.asked.clear()
    other = await bench.cases(indexed(issue_id="10002", issue_key="SHOP-2"))
    assert mine.condition not in bench.conditions_asked
    assert other.coverage.approved == 1
    assert other.coverage.covered == other.coverage.conditions
    assert "AC-3" not in other.coverage.uncovered_criteria
    assert any("SHOP-1" in one.detail for one in other.omitted)
    assert [case.case_id for case in bench.model.asked[0].examples] == [mine.case_id]


async def test_what_people_accepted_in_a_story_that_is_gone_covers_nothing(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    await bench.decide(first, about(first, "AC-3")[0])
    await bench.cases(indexed(revision=2, change=StoryChange.REMOVED))
    other = await bench.cases(indexed(issue_id="10002", issue_key="SHOP-2"))
    assert other.coverage.approved == 0


async def test_what_was_turned_down_in_another_story_is_not_proposed_in_the_same_words(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    (refused,) = about(first, "AC-3")
    await bench.decide(first, refused, ReviewDecision.REJECTED)
    other = await bench.cases(indexed(issue_id="10002", issue_key="SHOP-2"))
    assert refused.condition not in {case.condition for case in other.cases}


async def test_approved_cases_of_the_story_count_as_covered_by_people(bench: Bench, indexed: Indexed) -> None:
    first = await bench.cases(indexed())
    await bench.decide(first, first.cases[0])
    second = await bench.cases(indexed(revision=2, text="Other words."))
    assert second.coverage.approved == 1


async def test_what_a_writer_announces_is_published_first_and_again_with_every_redelivery(
    bench: Bench, indexed: Indexed
) -> None:
    story = indexed()
    spent = BudgetExhaustedV1(
        event_id=UUID(int=77),
        occurred_at=story.occurred_at,
        org_id=story.org_id,
        connection_id=story.connection_id,
        issue_id=story.issue_id,
        issue_key=story.issue_key,
        project_id=story.project_id,
        scope="project",
        limit_usd=1,
        spent_usd=1.2,
        resets_at=story.occurred_at,
    )
    bench.model.said = Notes(announced=(spent,))
    events = await bench.generate(story)
    assert events[0] == spent
    assert isinstance(events[1], CasesGeneratedV1)
    bench.model.said = Notes()
    assert await bench.generate(story) == events


async def test_what_a_writer_left_out_is_listed(bench: Bench, indexed: Indexed) -> None:
    story = indexed()
    story = story.model_copy(update={"story": story.story.model_copy(update={"criteria_left_out": 7})})
    event = await bench.cases(story)
    assert [(one.kind, one.count) for one in event.omitted] == [(OmittedKind.CRITERIA, 7)]


async def test_a_story_that_says_nothing_any_more_keeps_what_people_made_theirs(
    bench: Bench, indexed: Indexed
) -> None:
    first = await bench.cases(indexed())
    await bench.decide(first, about(first, "AC-1")[0])
    second = await bench.cases(indexed(revision=2, title="Misc", text="", criteria=("It must be good.",)))
    assert about(first, "AC-1")[0].case_id in {case.case_id for case in second.cases}
    assert {case.change for case in second.cases} == {CaseChange.STALE}
    third = await bench.cases(indexed(revision=3, title="Misc", text="", criteria=()))
    assert third.outcome is GenerationOutcome.NEEDS_DETAIL or third.cases
