"""Each check of the gate on a story of its own: what it finds, and what it leaves alone."""

from uuid import UUID

import pytest

from casewright_common.events import (
    CaseDraft,
    CaseStep,
    Criterion,
    CriterionOrigin,
    Priority,
    Story,
    Technique,
    TestData,
)
from casewright_generator.domain.gate.facts import Ground
from casewright_generator.domain.gate.verify import Gate, verify
from casewright_generator.domain.planning.conditions import Plan, TestCondition
from casewright_generator.domain.reading.statements import Kind, Statement

TEXTS = (
    "A curator lends an exhibit to another museum for 10 to 90 days.",
    "The insurance value of an exhibit must not exceed 50,000 EUR.",
    "When the exhibit comes back, its state changes from On loan to Stored.",
    'Without a signed contract the curator reads "Contract missing".',
    "The borrower gets a reminder by e-mail 7 days before the loan ends.",
)
EXCLUSIONS = ("Sculptures and permanent loans are not part of this.",)
STORY = Story(
    title="Lend exhibits to other museums",
    text="\n".join(("As a curator I want to lend exhibits.", *TEXTS, *EXCLUSIONS)),
    criteria=tuple(
        Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)
        for number, text in enumerate(TEXTS, start=1)
    ),
    issue_type="Story",
)


def a_condition(number: int, criterion: str, says: str, sees: str, **more: object) -> TestCondition:
    statement = Statement(criterion=criterion, text=says, kind=Kind.CASE, headline=says, outcomes=(sees,))
    fields: dict[str, object] = {"technique": Technique.USE_CASE, "priority": Priority.MEDIUM} | more
    return TestCondition(
        key=says,
        criteria=(criterion,),
        description=says,
        title=says,
        statement=statement,
        id=f"C-{number}",
        **fields,  # type: ignore[arg-type]  # each is of its field's type
    )


LONG = a_condition(
    1,
    "AC-1",
    "Loan: 91 days (above the maximum, not allowed)",
    "The loan is refused.",
    technique=Technique.BOUNDARY_VALUE,
    negative=True,
    values=(TestData(name="loan", value="91 days"),),
)
BACK = a_condition(2, "AC-3", "An exhibit comes back", "The exhibit is Stored.")
REMINDER = a_condition(3, "AC-5", "Reminder to the borrower", "The borrower gets a reminder.")
PLAN = Plan(criteria=STORY.criteria, conditions=(LONG, BACK, REMINDER))


def a_case(
    action: str,
    expected: str,
    *,
    of: TestCondition = BACK,
    title: str = "Lending",
    given: tuple[str, ...] = (),
    cites: tuple[str, ...] | None = None,
    sample: dict[str, str] | None = None,
    number: int = 1,
) -> CaseDraft:
    return CaseDraft(
        case_id=UUID(int=number),
        title=title,
        technique=of.technique,
        negative=of.negative,
        condition=of.description,
        criteria=of.criteria,
        preconditions=given,
        data=tuple(TestData(name=name, value=value, sample=True) for name, value in (sample or {}).items()),
        steps=(CaseStep(action=action, expected=expected, criteria=of.criteria if cites is None else cites),),
    )


def found(case: CaseDraft) -> set[str]:
    verdict = verify([case], PLAN, STORY, exclusions=EXCLUSIONS)
    (judged,) = (*verdict.accepted, *(one.case for one in verdict.rejected))
    return {one.check for one in judged.findings}


RETURN = ("As curator, take the exhibit back.", "Its state is Stored.")
TOO_LONG = ("Try to lend an exhibit for 91 days.", "The loan is refused.")


@pytest.mark.parametrize(
    "case",
    [
        a_case(*RETURN),
        a_case(
            "Bring the exhibit back to the museum.",
            "The exhibit changes to Stored.",
            given=("An exhibit is On loan.",),
        ),
        a_case(*TOO_LONG, of=LONG),
        a_case("Lend the exhibit for 13 weeks.", "An error says that this is too long.", of=LONG),
        a_case(
            "Wait until the loan ends in 7 days.",
            "The borrower receives an e-mail with a reminder.",
            of=REMINDER,
        ),
        a_case("Wait until it is one week before the end.", "The borrower receives a reminder.", of=REMINDER),
        a_case(
            "Send the reminder to kim@example.com.",
            "The borrower gets a reminder.",
            of=REMINDER,
            sample={"e-mail": "kim@example.com"},
        ),
    ],
)
def test_a_good_case_in_its_own_words_has_no_finding(case: CaseDraft) -> None:
    assert found(case) == set()


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("invented_name", a_case("Press the Appraise button and take the exhibit back.", RETURN[1])),
        ("invented_name", a_case("Enter the storage temperature and take the exhibit back.", RETURN[1])),
        ("invented_name", a_case("Open Climate Control and take the exhibit back.", RETURN[1])),
        ("invented_name", a_case("Take the exhibit back with its RFID.", RETURN[1])),
        (
            "invented_behaviour",
            a_case(RETURN[0], "Its state is Stored. Insurance premiums are raised."),
        ),
        ("invented_behaviour", a_case("Pass the fingerprint turnstile, then take it back.", RETURN[1])),
        ("invented_role", a_case("As security guard, take the exhibit back.", RETURN[1])),
        ("invented_role", a_case(*RETURN, given=("Signed in as a head of conservation.",))),
        ("invented_number", a_case(RETURN[0], "Its state is Stored after 45 minutes.")),
        ("invented_number", a_case(RETURN[0], "Its state is Stored after eleven minutes.")),
        ("invented_quote", a_case(RETURN[0], "“Welcome home” is shown and its state is Stored.")),
        ("invented_link", a_case(RETURN[0], "Its state is Stored, see https://museum.test/x.")),
        ("invented_link", a_case(RETURN[0], "Its state is Stored, see h\u200bttps://museum.test/x.")),
        ("invented_link", a_case(RETURN[0], "Its state is Stored; kim@lenders.org is told.")),
        *(
            ("invented_link", a_case(RETURN[0], f"Its state is Stored, see {link} for more."))
            for link in (
                "bit.ly/3xY",
                "www.intranet",
                "museum[.]zone/x",
                "museum(dot)com",
                "<a href=login.php>",
                "\\\\vault\\loans",
                "https:\\\\museum.zone",
            )
        ),
        (
            "invented_link",
            a_case("Take it back.", "Stored [here](javascript:x).", sample={"a": "javascript:x"}),
        ),
        ("invented_mention", a_case(RETURN[0], "Its state is Stored, cc @registrar.")),
        ("invented_mention", a_case(RETURN[0], "Its state is Stored [~accountid:1].")),
        ("wrong_boundary", a_case(TOO_LONG[0], "The loan is accepted and shown.", of=LONG)),
        ("wrong_boundary", a_case("Try to lend an exhibit for a long time.", TOO_LONG[1], of=LONG)),
        ("wrong_citation", a_case(*RETURN, cites=("AC-2",))),
        ("out_of_scope", a_case("Take the sculpture back.", "The sculpture is Stored.")),
        ("out_of_scope", a_case("Offer a permanent loan.", "The permanent loan is Stored.")),
        ("unverified_step", a_case(RETURN[0], "N/A")),
        ("ambiguous_test", a_case(RETURN[0], "The exhibit behaves appropriately.")),
        ("conditional_test", a_case("If it was lent, take the exhibit back.", RETURN[1])),
        ("conditional_test", a_case(RETURN[0], "Its state is Stored, otherwise On loan.")),
        ("misplaced_verification", a_case("Make sure that the exhibit is Stored.", RETURN[1])),
        ("misplaced_verification", a_case(f"{RETURN[0][:-1]} and check that it is Stored.", RETURN[1])),
        ("misplaced_action", a_case(RETURN[0], "Open the exhibit and look at its state.")),
        ("misplaced_precondition", a_case("The exhibit is On loan.", RETURN[1])),
        ("eager_step", a_case("Sign in, open the exhibit, take it back, save and sign out.", RETURN[1])),
        ("tacit_knowledge", a_case("Take the exhibit back in the usual way.", RETURN[1])),
    ],
)
def test_a_fault_is_found(code: str, case: CaseDraft) -> None:
    assert code in found(case)


def test_the_words_of_any_test_are_no_behaviour() -> None:
    said = "Its state is Stored. The request reaches whoever has to answer it; a hint appears shortly."
    assert "invented_behaviour" not in found(a_case(RETURN[0], said))


def test_an_assumption_may_say_what_the_story_does_not() -> None:
    step = CaseStep(
        action="Pass the fingerprint turnstile.", expected="The turnstile opens.", assumption=True
    )
    case = a_case(*RETURN)
    assert "invented_behaviour" not in found(case.model_copy(update={"steps": (step, *case.steps)}))


@pytest.mark.parametrize("text", ["photo.jpg/png", "report.csv/report.pdf", "9.5/10", "C:\\temp\\x"])
def test_a_file_a_share_of_ten_and_a_drive_are_no_links(text: str) -> None:
    assert "invented_link" not in found(a_case(RETURN[0], f"Its state is Stored in {text} too."))


def test_a_check_in_the_middle_of_a_step_lowers_and_a_step_of_nothing_else_blocks() -> None:
    lowered = a_case(f"{RETURN[0][:-1]} and check that it is Stored.", RETURN[1])
    blocked = a_case("Make sure that the exhibit is Stored.", RETURN[1])

    assert verify([lowered], PLAN, STORY).accepted
    assert verify([blocked], PLAN, STORY).rejected[0].reasons == ("misplaced_verification",)


def test_what_the_story_demands_to_verify_is_a_task_and_no_smell() -> None:
    text = "The curator verifies the contract before the loan."
    story = STORY.model_copy(update={"text": f"{STORY.text}\n{text}"})
    case = a_case("Verify the contract, then take the exhibit back.", RETURN[1])

    assert verify([case], PLAN, story).accepted[0].findings == ()


def test_a_story_in_another_language_is_not_judged_by_english_words() -> None:
    text = "Der Kurator leiht ein Exponat für 10 bis 90 Tage an ein anderes Museum und erhält eine Nachricht."
    story = Story(
        title="Exponate verleihen",
        text=text,
        criteria=(Criterion(id="AC-1", text=text, origin=CriterionOrigin.LIST),),
        issue_type="Story",
    )
    case = a_case(
        "Als Kurator das Exponat für 90 Tage verleihen.", "Die Leihe ist eingetragen.", cites=("AC-1",)
    )
    case = case.model_copy(update={"criteria": ("AC-1",)})

    assert verify([case], Plan(), story).accepted[0].findings == ()


@pytest.mark.parametrize(
    ("action", "expected", "repeats"),
    [
        ("Return the exhibit as curator.", "The state is Stored.", True),
        ("Take back the exhibit (as curator).", "Its state changes to Stored.", True),
        (
            "As curator, take the exhibit back without a signed contract.",
            '"Contract missing" is shown.',
            False,
        ),
        ("As curator, take the exhibit back.", "Its state is not Stored.", False),
    ],
)
def test_a_case_is_repeated_by_its_content_not_its_words(action: str, expected: str, repeats: bool) -> None:  # noqa: FBT001  # a parameter of the test
    first, second = a_case(*RETURN), a_case(action, expected, number=2)

    within = verify([first, second], PLAN, STORY)
    standing = verify([second], PLAN, STORY, approved=[first])

    assert bool(within.duplicates) == repeats
    assert bool(standing.duplicates) == repeats


def test_the_neighbours_of_a_boundary_are_cases_of_their_own() -> None:
    free = a_condition(9, "AC-1", "Any loan", "The loan is shown.")
    cases = [
        a_case(f"Lend the exhibit for {days} days.", "The loan is shown.", of=free, number=days)
        for days in (10, 90)
    ]

    assert len(verify(cases, PLAN, STORY).accepted) == 2


def test_ten_thousand_cases_are_compared_with_few_others_each() -> None:
    gate = Gate(Ground.of(STORY, PLAN, (), ()))
    memory = gate.repeats()
    things = ("vase", "coin", "map", "clock", "mask", "sword", "crown", "flag", "ring", "book")

    def another(number: int) -> CaseDraft:
        digits = [things[int(one)] for one in f"{number:05}"]
        return a_case(f"Lend the {' and the '.join(digits)}.", "The loan is shown.", number=number)

    for number in range(10_000):
        profile = gate.profile(another(number + 1).model_copy(update={"condition": f"loan {number}"}))
        memory.closest(profile)
        memory.add(profile)

    assert memory.compared <= 48 * 10_000


def test_the_same_case_ten_thousand_times_is_found_without_comparing() -> None:
    gate = Gate(Ground.of(STORY, PLAN, (), ()))
    memory = gate.repeats()
    memory.add(gate.profile(a_case(*RETURN)))

    found_again = [memory.closest(gate.profile(a_case(*RETURN, number=n)))[1] for n in range(2, 10_002)]

    assert all(found_again)
    assert memory.compared == 0
