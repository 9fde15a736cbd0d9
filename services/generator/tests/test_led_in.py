import pytest

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.designer import design
from casewright_generator.domain.language.led_in import joined
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading.analysis import analyse


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("A clerk can run the desk: lend a ladder", "A clerk can lend a ladder"),
        (
            "The clerk must register a member and enter: a name",
            "The clerk must register a member and enter a name",
        ),
        ("Members may pay in several ways: by card", "Members may pay by card"),
        (
            "The coach should be able to plan: quickly move a game",
            "The coach should be able to quickly move a game",
        ),
        ("The clerk can see the page: 5 rows", "The clerk can see the page: 5 rows"),
        ("Note: the clerk can lend a ladder", "Note: the clerk can lend a ladder"),
        ("The clerk can lend a ladder.", "The clerk can lend a ladder."),
    ],
)
def test_an_item_is_said_with_whom_its_lead_in_names(text: str, plain: str) -> None:
    assert joined(text) == plain


def cases_of(text: str) -> int:
    criterion = Criterion(id="AC-1", text=text, origin=CriterionOrigin.SENTENCE)
    story = Story(title="Lend ladders", text=text, criteria=(criterion,), issue_type="Story")
    return len(design(plan(analyse(story), max_cases=20), story, story_id="s"))


@pytest.mark.parametrize(
    "text",
    [
        "The student can mute the microphone of the teacher.",
        "All users are required to accept the terms during registration.",
        "Every customer should be able to cancel the order.",
    ],
)
def test_what_somebody_can_or_has_to_do_is_a_demand_wherever_it_stands(text: str) -> None:
    assert cases_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "A developer can handle options via pure property management.",
        "The user can call FooBar.init() to get the bean.",
        "The user can maybe cancel the order.",
    ],
)
def test_a_wish_in_passing_and_developers_talk_are_none(text: str) -> None:
    assert not cases_of(text)
