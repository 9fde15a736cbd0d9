"""Better no case than a wrong one: what must not become an expected result or an instruction."""

import pytest

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.designer import LONGEST_TITLE, design
from casewright_generator.domain.language import clauses
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.domain.reading.sense import is_doable


def a_story(title: str, *criteria: str, origin: CriterionOrigin = CriterionOrigin.LIST) -> Story:
    numbered = tuple(
        Criterion(id=f"AC-{number}", text=text, origin=origin) for number, text in enumerate(criteria, 1)
    )
    return Story(title=title, text="\n".join(criteria), criteria=numbered, issue_type="Story")


@pytest.mark.parametrize(
    ("act", "seen"),
    [
        ("check out with a saved address", "The checkout is completed."),
        ("sign in with a password", "The user is signed in."),
        ("set up a standing order", "The standing order is set up."),
        ("turn a user back on", "The user is turned back on."),
        ("fill in a report", "The report is filled in."),
        ("roll back a deployment", "The deployment is rolled back."),
    ],
)
def test_a_verb_of_two_words_keeps_both(act: str, seen: str) -> None:
    assert observing.result_of(clauses.parse(act)) == seen


@pytest.mark.parametrize(
    "title",
    [
        "A long shortname will be displayed over the main content",
        "The board appends ids to the address when adding a project, causes HTTP 413 error.",
        ": what the adapter will initialise. why the id changed",
        "! the video should be shown in the right-hand column !",
    ],
)
def test_a_fault_or_a_fragment_is_no_expected_result(title: str) -> None:
    story = a_story(title, title, origin=CriterionOrigin.SENTENCE)

    assert not plan(analyse(story), max_cases=20).conditions


@pytest.mark.parametrize(
    "action",
    [
        "Look at the possible outcome of what the service returned.",
        "Look at .",
        "Use whether the filters.",
        "Install the server using.",
        "Delete selected button is displayed.",
    ],
)
def test_half_a_sentence_is_no_instruction(action: str) -> None:
    assert not is_doable(action)


@pytest.mark.parametrize("action", ["Look at the file.", "Make saving fail.", "Send POST /orders."])
def test_a_plain_instruction_is_one(action: str) -> None:
    assert is_doable(action)


def test_a_title_is_never_cut_where_its_outcome_alone_fits() -> None:
    text = (
        "When the customer asks for a reset link with an address that nobody has registered at the shop, "
        'the message "If the address is known, a link is on its way." is shown and no e-mail is sent.'
    )
    story = a_story("Reset the password", text)

    (case,) = design(plan(analyse(story), max_cases=5), story, story_id="S-1")

    assert len(case.title) <= LONGEST_TITLE
    assert "…" not in case.title


def test_what_is_out_of_scope_is_not_tested() -> None:
    story = a_story("Vouchers", "The customer can redeem a voucher.", "Vouchers can be combined.")
    story = story.model_copy(update={"text": "Text.\n\nOut of scope:\n- Vouchers can be combined."})

    assert [one.criteria for one in plan(analyse(story), max_cases=5).conditions] == [("AC-1",)]
