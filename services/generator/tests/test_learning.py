"""What people decided on earlier cases, and what follows for the next ones."""

from uuid import UUID, uuid5

from casewright_common.events import (
    CaseDraft,
    CaseStep,
    Criterion,
    CriterionOrigin,
    Priority,
    Story,
    Technique,
)
from casewright_generator.domain.designer import write
from casewright_generator.domain.learning.accepted import Accepted, covered_elsewhere, examples
from casewright_generator.domain.learning.likeness import likeness, marks
from casewright_generator.domain.learning.rejected import Rejected, is_turned_down, most_like, preferred
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading.analysis import analyse

TEXTS = (
    "The password must have between 8 and 64 characters.",
    "The reset link expires after 30 minutes.",
    "A locked user must not be able to reset the password.",
)
STORY = Story(
    title="Reset the password",
    text="As a customer I want to reset my password by mail.",
    criteria=tuple(
        Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)
        for number, text in enumerate(TEXTS, 1)
    ),
    issue_type="Story",
)


def planned(most: int = 20) -> Plan:
    return plan(analyse(STORY), max_cases=most)


def case(
    title: str, condition: str = "", *, expected: str = "It is done.", negative: bool = False
) -> CaseDraft:
    return CaseDraft(
        case_id=uuid5(UUID(int=1), title),
        title=title,
        technique=Technique.USE_CASE,
        negative=negative,
        condition=condition or title,
        criteria=("AC-1",),
        steps=(CaseStep(action=f"{title}.", expected=expected, criteria=("AC-1",)),),
    )


def test_likeness_is_about_words_not_about_endings_numbers_or_little_ones() -> None:
    assert likeness(marks("The user resets passwords"), marks("A user can reset the password")) > 0.6
    assert likeness(marks("at least 8 characters"), marks("at least 12 characters")) == 1
    assert likeness(marks("pay an invoice"), marks("lock a user")) == 0
    assert likeness(marks(""), marks("")) == 0


def test_examples_are_the_most_alike_and_no_more_than_the_cap() -> None:
    accepted = [
        Accepted(case(title), "SHOP-2")
        for title in ("Ship the parcel", "Reset the password by mail", "Reset the password twice", "Pay it")
    ]
    chosen = examples(accepted, STORY, planned(), most=2)
    assert {one.title for one in chosen} == {"Reset the password by mail", "Reset the password twice"}
    assert examples(accepted, STORY, planned(), most=0) == ()


def test_what_a_search_found_goes_before_what_is_only_alike() -> None:
    accepted = [Accepted(case(title), "SHOP-2") for title in ("Reset the password", "Ship the parcel")]
    chosen = examples(accepted, STORY, planned(), nearest=[("SHOP-2", "Ship the parcel")])
    assert [one.title for one in chosen] == ["Ship the parcel", "Reset the password"]


def test_one_example_of_a_condition_is_enough() -> None:
    accepted = [Accepted(case(f"Reset the password {place}", "Reset it"), "SHOP-2") for place in "ab"]
    assert len(examples(accepted, STORY, planned())) == 1


def test_the_same_words_and_numbers_cover_and_another_number_does_not() -> None:
    designed = [write(condition, story_id="one") for condition in planned().conditions]
    first = designed[0]
    again = Accepted(first.model_copy(update={"case_id": UUID(int=5), "title": "Elsewhere"}), "SHOP-2")
    assert covered_elsewhere(designed, [again]) == {first.condition: again}
    step = first.steps[-1].model_copy(update={"expected": f"{first.steps[-1].expected} 99"})
    other = first.model_copy(update={"steps": (*first.steps[:-1], step)})
    assert covered_elsewhere(designed, [Accepted(other, "SHOP-2")]) == {}
    assert covered_elsewhere(designed, [Accepted(first, "SHOP-2", stands=False)]) == {}
    contrary = first.model_copy(update={"negative": not first.negative})
    assert covered_elsewhere(designed, [Accepted(contrary, "SHOP-2")]) == {}


def test_a_condition_is_turned_down_only_word_for_word_and_with_its_criterion() -> None:
    condition = planned().conditions[0]
    refused = write(condition, story_id="another")
    texts = tuple(one.text for one in STORY.criteria if one.id in condition.criteria)
    rejected = [Rejected(refused, "No.", texts)]
    assert is_turned_down(condition, STORY.criteria, rejected)
    assert is_turned_down(refused, STORY.criteria, rejected)
    assert not is_turned_down(planned().conditions[1], STORY.criteria, rejected)
    edited = [one.model_copy(update={"text": f"{one.text} Always."}) for one in STORY.criteria]
    assert not is_turned_down(condition, edited, rejected)


def test_a_rejection_that_nobody_tied_to_a_criterion_holds_for_the_condition() -> None:
    condition = planned().conditions[0]
    assert is_turned_down(condition, STORY.criteria, [Rejected(write(condition, story_id="x"))])


def test_what_resembles_something_turned_down_comes_later() -> None:
    before = planned()
    told = Rejected(write(before.conditions[0], story_id="x"))
    after = preferred(before, [told])
    ranks = {one.description: one.priority for one in before.conditions}
    lowered = [one for one in after.conditions if one.priority is not ranks[one.description]]
    assert before.conditions[0].description in {one.description for one in lowered}
    assert len(lowered) < len(after.conditions)
    assert preferred(before, []) == before


def test_under_a_cap_it_gives_way_but_leaves_no_criterion_without_a_condition() -> None:
    capped = planned(4)
    told = [Rejected(write(one, story_id="x")) for one in capped.conditions if one.criteria == ("AC-1",)]
    after = preferred(capped, told)
    assert len(after.conditions) == len(capped.conditions)
    assert {id_ for one in after.conditions for id_ in one.criteria} >= {
        id_ for one in capped.conditions for id_ in one.criteria
    }
    both = {one.description for one in (*capped.conditions, *capped.left_out)}
    assert {one.description for one in (*after.conditions, *after.left_out)} == both


def test_the_lowest_priority_stays_the_lowest() -> None:
    low = planned()
    told = [Rejected(write(one, story_id="x")) for one in low.conditions]
    thrice = preferred(preferred(preferred(low, told), told), told)
    assert {one.priority for one in thrice.conditions} == {Priority.LOW}


def test_reasons_are_told_first_and_nothing_that_has_nothing_to_do_with_the_plan() -> None:
    condition = planned().conditions[0].description
    rejected = [
        Rejected(case("silent", condition)),
        Rejected(case("reasoned", condition), "Too long."),
        Rejected(case("Ship the parcel abroad")),
        *(Rejected(case(f"more {place}", condition), "Why.") for place in range(9)),
    ]
    told = most_like(planned(), rejected)
    assert len(told) == 5
    assert all(one.reason for one in told)
    assert [one.case.title for one in most_like(planned(), rejected[:3])] == ["reasoned", "silent"]
