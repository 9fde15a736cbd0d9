"""What a decision makes of the cases that a story has."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CasesGeneratedV1,
    CasesReviewedV1,
    CaseStep,
    Coverage,
    Criterion,
    CriterionOrigin,
    EngineUsed,
    GenerationOutcome,
    ReviewDecision,
    Technique,
)
from casewright_generator.domain.change.deciding import after_decision

ORG = UUID(int=1)
AT = datetime(2026, 11, 1, tzinfo=UTC)
ISSUE: dict[str, Any] = {
    "org_id": ORG,
    "connection_id": ORG,
    "issue_id": "1",
    "issue_key": "SHOP-1",
    "project_id": ORG,
}
APPROVED, EDITED, REJECTED = ReviewDecision.APPROVED, ReviewDecision.EDITED, ReviewDecision.REJECTED


def criterion(number: int, text: str = "") -> Criterion:
    return Criterion(id=f"AC-{number}", text=text or f"Rule {number}.", origin=CriterionOrigin.LIST)


def case(name: str, *criteria: int, **fields: Any) -> CaseDraft:
    cited = tuple(f"AC-{number}" for number in criteria or (1,))
    draft = CaseDraft(
        case_id=uuid5(ORG, name),
        title=name,
        technique=Technique.USE_CASE,
        condition=name,
        criteria=cited,
        steps=(CaseStep(action="Pay with 20 EUR.", expected="A receipt is shown.", criteria=cited),),
    )
    return draft.model_copy(update=fields)


def generated(*cases: CaseDraft, **fields: Any) -> CasesGeneratedV1:
    event = CasesGeneratedV1(
        **ISSUE,
        event_id=UUID(int=9),
        occurred_at=AT,
        project_key="SHOP",
        revision=2,
        generation=4,
        request_id=UUID(int=10),
        outcome=GenerationOutcome.CASES,
        story_title="Pay",
        criteria=(criterion(1), criterion(2)),
        cases=cases,
        engine=EngineUsed(kind="model", model="openai/some", calls=2, input_tokens=9, cost_usd=0.5),
        coverage=Coverage(conditions=len(cases) + 1, covered=len(cases), criteria=2),
    )
    return event.model_copy(update=fields)


def reviewed(draft: CaseDraft, decision: ReviewDecision = APPROVED, **fields: Any) -> CasesReviewedV1:
    event = CasesReviewedV1(
        **ISSUE,
        event_id=uuid5(draft.case_id, f"{decision}:{fields.get('review', 1)}"),
        occurred_at=AT,
        revision=2,
        decision=decision,
        reviewed_by="somebody",
        case=draft,
        criteria=(criterion(1), criterion(2)),
    )
    return event.model_copy(update=fields)


def decide(latest: CasesGeneratedV1, review: CasesReviewedV1) -> CasesGeneratedV1:
    event = after_decision(latest, review, generation=latest.generation + 1)
    assert event is not None
    return event


def titles(event: CasesGeneratedV1) -> list[str]:
    return [one.title for one in event.cases]


def test_a_rejected_case_goes_with_its_condition_and_what_only_it_covered() -> None:
    event = decide(generated(case("a"), case("b", 2)), reviewed(case("b", 2), REJECTED))
    assert titles(event) == ["a"]
    assert event.retired_cases == ()
    assert (event.coverage.conditions, event.coverage.covered) == (2, 1)
    assert event.coverage.uncovered_criteria == ("AC-2",)


def test_an_edited_case_stands_in_its_place_as_it_was_written() -> None:
    latest = generated(case("a"), case("b"), case("c"))
    event = decide(latest, reviewed(case("b", title="Mine"), EDITED, review=3))
    assert titles(event) == ["a", "Mine", "c"]
    assert (event.cases[1].review, event.cases[1].reviews) == (EDITED, 3)
    assert event.coverage.covered == latest.coverage.covered


def test_it_costs_nothing_and_says_whose_cases_it_shows() -> None:
    event = decide(decide(generated(case("a"), case("b")), reviewed(case("a"))), reviewed(case("b")))
    assert event.engine == EngineUsed(kind="model", model="openai/some")
    assert (event.generation, event.decided_on, event.request_id) == (6, 4, None)


def test_a_proposal_that_is_accepted_takes_the_place_of_its_case() -> None:
    own = case("own", change=CaseChange.STALE, review=EDITED, reviews=1)
    proposal = case("better", proposal_for=own.case_id)
    event = decide(generated(own, proposal), reviewed(proposal))
    assert [(one.title, one.proposal_for) for one in event.cases] == [("better", None)]
    assert [(one.title, one.change) for one in event.retired_cases] == [("own", CaseChange.RETIRED)]


def test_a_proposal_that_is_dismissed_leaves_its_case_alone() -> None:
    own = case("own", change=CaseChange.STALE)
    proposal = case("better", proposal_for=own.case_id)
    event = decide(generated(own, proposal), reviewed(proposal, REJECTED))
    assert event.cases == (own,)


def test_a_proposal_beside_a_rejected_case_is_a_case_like_any_other() -> None:
    own = case("own", change=CaseChange.STALE)
    proposal = case("better", proposal_for=own.case_id)
    event = decide(generated(own, proposal), reviewed(own, REJECTED))
    assert [(one.title, one.proposal_for) for one in event.cases] == [("better", None)]


def test_a_case_that_is_restored_comes_back_beside_those_of_its_criterion() -> None:
    latest = generated(case("a"), case("b"), case("c", 2))
    gone = decide(latest, reviewed(case("a"), REJECTED))
    back = decide(gone, reviewed(case("a"), review=2))
    assert titles(back) == ["b", "a", "c"]
    assert back.coverage == latest.coverage


def test_a_decision_of_an_older_revision_holds_by_text_and_is_stale_where_that_changed() -> None:
    latest = generated(case("a", 2), criteria=(criterion(1, "New."), criterion(2, "Rule 1.")))
    mine = case("a", 1, title="Mine")
    event = decide(latest, reviewed(mine, EDITED, revision=1))
    assert (event.cases[0].criteria, event.cases[0].change) == (("AC-2",), CaseChange.KEPT)
    event = decide(latest, reviewed(case("a", 2), EDITED, revision=1))
    assert event.cases[0].change is CaseChange.STALE


def test_what_changes_nothing_is_not_told() -> None:
    def nothing(latest: CasesGeneratedV1, review: CasesReviewedV1) -> bool:
        return after_decision(latest, review, generation=9) is None

    assert nothing(generated(case("a", reviews=2)), reviewed(case("a"), review=2))
    assert nothing(generated(case("a")), reviewed(case("b"), REJECTED))
    assert nothing(generated(case("a"), retired_cases=(case("b"),)), reviewed(case("b")))
    assert nothing(generated(outcome=GenerationOutcome.RETIRED), reviewed(case("a")))
    assert nothing(generated(outcome=GenerationOutcome.NEEDS_DETAIL), reviewed(case("a")))


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([APPROVED, EDITED, REJECTED])), max_size=12)
)
def test_the_last_decision_on_each_case_is_what_is_shown(decisions: list[tuple[str, ReviewDecision]]) -> None:
    event, last = generated(*(case(name) for name in "abcd")), dict.fromkeys("abcd", APPROVED)
    made: Callable[[str], int] = [name for name, _ in decisions].count
    for number, (name, decision) in enumerate(decisions, 1):
        last[name] = decision
        told = after_decision(
            event, reviewed(case(name), decision, review=number), generation=event.generation + 1
        )
        event = told or event
    assert {one.title for one in event.cases} == {name for name in "abcd" if last[name] is not REJECTED}
    assert all(one.review is last[one.title] for one in event.cases if made(one.title))
    assert 0 <= event.coverage.covered <= event.coverage.conditions
