import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_generator.domain.language.clauses import (
    Form,
    imperative,
    lower_first,
    parse,
    present,
    sentence,
)
from casewright_generator.domain.reading.sentences import conjuncts, scenario, sentences, split


@pytest.mark.parametrize(
    ("text", "form", "subject", "verb", "rest"),
    [
        ("the user clicks Save", Form.ACTIVE, "the user", "click", "Save"),
        (
            "All users can see the courses they are enrolled in",
            Form.ACTIVE,
            "All users",
            "see",
            "the courses they are enrolled in",
        ),
        (
            "A user who is logged in can edit their profile",
            Form.ACTIVE,
            "A user who is logged in",
            "edit",
            "their profile",
        ),
        ("X should be displayed", Form.PASSIVE, "X", "display", ""),
        ("Search results are shown", Form.PASSIVE, "Search results", "show", ""),
        ("Search for a product", Form.IMPERATIVE, "", "search", "for a product"),
        ("clicking on Reset", Form.GERUND, "", "click", "on Reset"),
        ("Clicking Reset clears both dates", Form.ACTIVE, "Clicking Reset", "clear", "both dates"),
        ("the cart is empty", Form.COPULA, "the cart", "be", "empty"),
        ("HDFS ItemWriter", Form.PHRASE, "", "", ""),
        ('"Save" is disabled', Form.PASSIVE, '"Save"', "disable", ""),
    ],
)
def test_a_clause_is_taken_apart(text: str, form: Form, subject: str, verb: str, rest: str) -> None:
    clause = parse(text)

    assert (clause.form, clause.subject, clause.verb, clause.rest) == (form, subject, verb, rest)


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("the user clicks Save", "Click Save"),
        ("I open my cart", "Open the cart"),
        ("the user does not enter a name", "Leave the name empty"),
        ("the user does not click Save", "Do not click Save"),
    ],
)
def test_what_a_person_does_becomes_an_instruction(text: str, instruction: str) -> None:
    assert imperative(parse(text)) == instruction


@pytest.mark.parametrize(
    ("text", "observed"),
    [
        ("An error should be shown", "An error is shown"),
        ("Errors must not be shown", "Errors are not shown"),
        ("The list should show names", "The list shows names"),
        ("It should provide a parameter and have a default", "It provides a parameter and has a default"),
        ("The order was cancelled", "The order is cancelled"),
    ],
)
def test_what_must_be_becomes_what_is(text: str, observed: str) -> None:
    assert present(parse(text)) == observed


@pytest.mark.parametrize(
    ("text", "condition", "main"),
    [
        ("When X is saved, Y is shown", "X is saved", "Y is shown"),
        ("If the user saves then Y is shown", "the user saves", "Y is shown"),
        ("Y is shown once X is saved", "X is saved", "Y is shown"),
        ("When the user saves the form the data is stored", "the user saves the form", "the data is stored"),
    ],
)
def test_a_sentence_is_cut_into_condition_and_consequence(text: str, condition: str, main: str) -> None:
    conditions, rest = split(text)

    assert [one.text for one in conditions] == [condition]
    assert rest == main


@pytest.mark.parametrize(
    "text", ["Check if it works", "The user can specify if the job is stateful", "What if"]
)
def test_a_question_inside_a_sentence_is_no_condition(text: str) -> None:
    assert split(text) == ((), text)


def test_clauses_joined_by_and_are_told_from_nouns_joined_by_and() -> None:
    assert conjuncts("the user enters a name and clicks Save") == ["the user enters a name", "clicks Save"]
    assert conjuncts("names and dates are shown") == ["names and dates are shown"]


def test_given_when_then_may_stand_on_lines_or_in_one() -> None:
    one = scenario("Given a cart with items, when the user removes the last, then it is empty")
    lines = scenario("Given a cart with items\nWhen the user removes the last\nThen it is empty")

    assert one == lines
    assert one is not None
    assert one.given == ("a cart with items",)


def test_abbreviations_do_not_end_a_sentence() -> None:
    assert sentences("Use a format, e.g. PDF. It is shown.") == ["Use a format, e.g. PDF.", "It is shown."]


def test_code_keeps_its_case() -> None:
    assert sentence("jobName is shown") == "jobName is shown."
    assert lower_first("PDF files") == "PDF files"
    assert lower_first("The cart") == "the cart"


@given(st.text(max_size=300))
def test_any_text_is_taken_apart_without_failing(text: str) -> None:
    clause = parse(text)
    split(text)
    scenario(text)
    conjuncts(text)
    present(clause)
    assert len(clause.subject) <= len(text)
