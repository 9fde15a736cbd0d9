import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from casewright_common.events import CaseDraft, Criterion, CriterionOrigin, Story
from casewright_generator.domain.designer import design, shorten
from casewright_generator.domain.gate.verify import verify
from casewright_generator.domain.planning.coverage import uncovered
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions.detail import questions
from casewright_generator.domain.reading.analysis import analyse

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))


def a_story(title: str, *criteria: str, origin: CriterionOrigin = CriterionOrigin.LIST) -> Story:
    return Story(
        title=title,
        text="\n".join(f"- {one}" for one in criteria),
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=one, origin=origin)
            for number, one in enumerate(criteria, start=1)
        ),
        issue_type="Story",
    )


def cases_of(story: Story, *, limit: int = 40) -> tuple[CaseDraft, ...]:
    return design(plan(analyse(story), max_cases=limit), story, story_id="S-1")


def written(cases: tuple[CaseDraft, ...]) -> str:
    return "\n".join(line for case in cases for line in _lines(case))


def _lines(case: CaseDraft) -> Iterator[str]:
    yield case.title
    kind = f"{case.technique.value}, {case.priority.value}{', negative' if case.negative else ''}"
    yield f"  {kind}: {', '.join(case.criteria)}"
    yield from (f"  given: {one}" for one in case.preconditions)
    yield from (f"  data: {one.name} = {one.value}{' (sample)' if one.sample else ''}" for one in case.data)
    for number, step in enumerate(case.steps, start=1):
        expected = f" -> {step.expected}" if step.expected else ""
        yield f"  {number}. {step.action}{expected}{' (assumption)' if step.assumption else ''}"
    yield ""


def read_golden(path: Path) -> tuple[Story, str]:
    """A title, wishes and criteria, one a line (` / ` ends a line within one, `| ` opens a table's row)."""
    head, _, body = path.read_text("utf-8").partition("\n---\n")
    title, *lines = head.split("\n")
    wishes = [line for line in lines if line.startswith("As a")]
    texts = [line.replace(" / ", "\n") for line in lines if line not in wishes]
    criteria = tuple(
        Criterion(
            id=f"AC-{number}",
            text=text.removeprefix("| "),
            origin=CriterionOrigin.TABLE if text.startswith("| ") else CriterionOrigin.LIST,
        )
        for number, text in enumerate(texts, start=1)
    )
    return Story(title=title, text="\n".join([*wishes, *texts]), criteria=criteria, issue_type="Story"), body


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_sample_story_gets_exactly_these_cases(path: Path) -> None:
    story, expected = read_golden(path)

    assert written(cases_of(story)) == expected


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_the_designer_writes_of_a_sample_story_passes_verification_and_covers_its_plan(
    path: Path,
) -> None:
    story, _ = read_golden(path)
    made = plan(analyse(story), max_cases=40)

    verdict = verify(design(made, story, story_id="S-1"), made, story)

    assert not verdict.rejected
    assert verdict.coverage.covered == verdict.coverage.conditions == len(made.conditions)


def test_of_the_criteria_of_all_sample_stories_nearly_all_get_a_case_that_adds_something() -> None:
    criteria = missing = 0
    for path in GOLDEN:
        story, _ = read_golden(path)
        made = plan(analyse(story), max_cases=40)
        criteria += len(made.criteria)
        missing += len(uncovered(made.criteria, design(made, story, story_id="S-1")))

    assert missing <= criteria * 0.03


def test_each_case_comes_as_gherkin_with_tags_too() -> None:
    story = a_story("Cart", "Only managers can void a receipt.").model_copy(
        update={"labels": ("Till 2", "POS")}
    )

    cases = cases_of(story)

    assert cases[0].tags == ("role_permission", "manager", "till-2", "pos")
    assert cases[1].tags == ("role_permission", "negative", "till-2", "pos")
    assert "Scenario: Managers can void a receipt" in cases[0].gherkin
    assert "  When Void a receipt.\n" in cases[0].gherkin


def test_there_are_two_dozen_sample_stories() -> None:
    assert len(GOLDEN) >= 24


def test_a_case_keeps_its_id_when_criteria_change_places() -> None:
    one = cases_of(a_story("Cart", "A cart holds at most 10 items.", "Guests cannot pay."))
    two = cases_of(a_story("Cart", "Guests cannot pay.", "A cart holds at most 10 items."))

    assert {case.title: case.case_id for case in one} == {case.title: case.case_id for case in two}


def test_a_case_gets_another_id_when_its_limit_changes() -> None:
    ten = {case.case_id for case in cases_of(a_story("Cart", "A cart holds at most 10 items."))}
    twenty = {case.case_id for case in cases_of(a_story("Cart", "A cart holds at most 20 items."))}

    assert not ten & twenty


@pytest.mark.parametrize(
    ("title", "action", "expected"),
    [
        (
            "Saving a metric with an existing name should throw an exception",
            "Save a metric with an existing name.",
            "An exception is thrown.",
        ),
        (
            "Navigating away from an upload in progress causes the upload to fail.",
            "Navigate away from an upload in progress.",
            "The upload does not fail.",
        ),
        ("NPE while opening analyzed elements", "Open analyzed elements.", "No NPE occurs."),
        (
            "Make it possible for users to rename spaces",
            "Rename a space.",
            "The space is listed under the new name",
        ),
    ],
)
def test_a_title_alone_can_be_enough(title: str, action: str, expected: str) -> None:
    (case,) = cases_of(Story(title=title, text="", issue_type="Bug"))

    assert case.steps[-1].action == action
    assert case.steps[-1].expected.startswith(expected)


def test_steps_to_reproduce_become_a_regression_case_with_the_expected_result() -> None:
    bug = Story(
        title="Search box loses its text",
        text=(
            "Steps to reproduce:\n- The user opens the catalogue\n- Press the back button\n\n"
            "Actual result: the box is empty\nExpected result: The text stays in the search box."
        ),
        criteria=(
            Criterion(id="AC-1", text="The text stays in the search box.", origin=CriterionOrigin.SENTENCE),
        ),
        issue_type="Bug",
    )

    (case,) = cases_of(bug)

    assert [step.action for step in case.steps] == ["Open the catalogue.", "Press the back button."]
    assert case.steps[-1].expected == "The text stays in the search box."


@pytest.mark.parametrize(
    "title",
    [
        "HDFS ItemWriter",
        "Upgrade Lettuce to 2.3.2",
        "Refactor the session store",
        "Spike: concurrent chains running",
        "Documentation for starting the servers",
        "Add unit tests for the parser",
        "Release 1.0 M1",
    ],
)
def test_work_that_no_test_can_show_gets_no_case(title: str) -> None:
    assert cases_of(Story(title=title, text="", issue_type="Story")) == ()


@pytest.mark.parametrize(
    "criterion",
    [
        "Der Benutzer kann sich mit seinem Passwort anmelden.",
        "El usuario puede iniciar sesión con su correo electrónico.",
        "ユーザーはパスワードを変更できること。",
        "يجب أن يتمكن المستخدم من تسجيل الدخول.",
        "Пользователь должен видеть сообщение.",
    ],
)
def test_a_criterion_in_a_language_that_is_not_read_becomes_a_question_and_no_case(criterion: str) -> None:
    analysis = analyse(a_story("Warenkorb", criterion))

    assert not plan(analysis, max_cases=40).conditions
    assert any(criterion.rstrip(".") in question for question in questions(analysis).questions)


def test_a_criterion_in_another_language_is_what_must_be_seen_where_an_english_title_says_what_to_do() -> (
    None
):
    (case,) = cases_of(a_story("Reset the password", "ユーザーはパスワードを変更できること。"))

    assert case.steps[-1].action == "Reset the password."
    assert case.steps[-1].expected == "ユーザーはパスワードを変更できること。"


@pytest.mark.parametrize(
    ("criterion", "values"),
    [
        ("Der Warenkorb darf höchstens 10 Artikel enthalten.", {"10 Artikel": True, "11 Artikel": False}),
        ("Das Passwort muss mindestens 8 Zeichen lang sein.", {"7 Zeichen": False, "8 Zeichen": True}),
        (
            "Der Name muss zwischen 3 und 20 Zeichen lang sein.",
            {"2 Zeichen": False, "3 Zeichen": True, "20 Zeichen": True, "21 Zeichen": False},
        ),
    ],
)
def test_a_plain_limit_in_german_gets_its_boundary_values(criterion: str, values: dict[str, bool]) -> None:
    cases = cases_of(a_story("Warenkorb", criterion))

    assert {case.data[0].value: not case.negative for case in cases} == values


def test_no_case_says_works_as_expected_or_repeats_its_action_as_result() -> None:
    for path in GOLDEN:
        for case in cases_of(read_golden(path)[0]):
            text = written((case,))
            assert not re.search(r"as expected|verify that|works correctly", text, re.IGNORECASE)
            assert all(step.action != step.expected for step in case.steps)


def test_a_long_title_is_cut_at_a_word() -> None:
    assert shorten("one two three", 9) == "one two…"
    assert shorten("one two", 9) == "one two"
