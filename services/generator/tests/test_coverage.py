import pytest

from casewright_common.events import CaseDraft, CaseStep, Criterion, CriterionOrigin, Technique, TestData
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.coverage import adds, coverage, uncovered


def a_criterion(text: str, number: int = 1) -> Criterion:
    return Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)


def a_case(
    action: str, expected: str, *, data: tuple[str, ...] = (), negative: bool = False, cites: str = "AC-1"
) -> CaseDraft:
    return CaseDraft(
        case_id="00000000-0000-0000-0000-000000000001",
        title=expected or action,
        technique=Technique.USE_CASE,
        condition="C-1",
        criteria=(cites,),
        negative=negative,
        data=tuple(TestData(name="value", value=one) for one in data),
        steps=(CaseStep(action=action, expected=expected, criteria=(cites,)),),
    )


@pytest.mark.parametrize(
    ("criterion", "action", "expected"),
    [
        ("The drawer opens after the sale.", "Verify that the drawer opens after the sale.", "It works."),
        (
            "The drawer opens after the sale.",
            "Verify that the drawer opens after the sale.",
            "The drawer opens after the sale.",
        ),
        ("The drawer opens after the sale.", "Make a sale.", "The drawer works as expected."),
        ("The drawer opens after the sale.", "Make a sale.", "The criterion is fulfilled correctly."),
        ("The drawer opens after the sale.", "Make a sale.", ""),
        ("The receipt shows the tax.", "Look at the receipt.", "The receipt shows the tax."),
        ("The clerk can void a receipt.", "Void a receipt.", "The receipt is voided."),
        ("Guests cannot pay.", "Check that guests cannot pay.", "Guests cannot pay."),
    ],
)
def test_what_only_repeats_or_praises_a_criterion_does_not_cover_it(
    criterion: str, action: str, expected: str
) -> None:
    assert not adds(a_case(action, expected), a_criterion(criterion))


@pytest.mark.parametrize(
    ("criterion", "case"),
    [
        (
            "A nickname has at most 12 characters.",
            a_case("Enter a nickname of 13 characters.", "The nickname is not accepted.", data=("13",)),
        ),
        (
            "The clerk can void a receipt.",
            a_case("Void a receipt.", "The receipt is voided. The day's total is lower by its amount."),
        ),
        ("When the lid is shut, the fan stops.", a_case("Shut the lid.", "The fan stops.")),
        ("Guests cannot pay.", a_case("Try to pay as a guest.", "Guests cannot pay.")),
        (
            "No alarm sounds if the door is shut.",
            a_case("Open the door.", "An alarm sounds.", negative=True),
        ),
        (
            "A ticket is for adults, children or dogs, and is valid on all buses of the line.",
            a_case(
                "Check the ticket.", "A ticket for dogs is valid on all buses of the line.", data=("dogs",)
            ).model_copy(update={"technique": Technique.EQUIVALENCE_PARTITION}),
        ),
    ],
)
def test_a_datum_a_result_or_an_action_that_leads_to_the_expected_part_covers_a_criterion(
    criterion: str, case: CaseDraft
) -> None:
    assert adds(case, a_criterion(criterion))


def test_a_case_covers_only_the_criteria_that_its_steps_cite() -> None:
    criteria = (a_criterion("When the lid is shut, the fan stops."), a_criterion("The fan is white.", 2))

    assert uncovered(criteria, [a_case("Shut the lid.", "The fan stops.")]) == ("AC-2",)


def test_a_criterion_that_is_only_cited_is_uncovered() -> None:
    made = Plan(criteria=(a_criterion("The fan stops."),))

    assert coverage(made, [a_case("Verify the fan.", "The fan stops.")]).uncovered_criteria == ("AC-1",)
