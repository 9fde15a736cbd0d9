import pytest

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.requirements.reading import read


def roles(text: str) -> tuple[str, ...]:
    criterion = Criterion(id="AC-1", text=text, origin=CriterionOrigin.SENTENCE)
    return read(Story(title="A story", text=text, criteria=(criterion,), issue_type="Story")).roles


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The sponsor sees the tour.", "sponsor"),
        ("Each registrar types the code in.", "registrar"),
        ("A night porter files the report.", "night porter"),
        ("The power user skips the tour.", "power user"),
        ("Every insured person gets a card.", "insured person"),
        ("Wheelchair users ride free.", "wheelchair user"),
        ("An online reviewer is thanked.", "reviewer"),
        ("Two goats and twelve climbers go up.", "climber"),
        ("The auditor views the log.", "auditor"),
        ("As seats come free, the lodger is told.", "lodger"),
    ],
)
def test_who_acts_is_named_by_their_part(text: str, wanted: str) -> None:
    assert roles(text) == (wanted,)


@pytest.mark.parametrize(
    "text",
    [
        "The tour needs a surgeon's note.",
        "The form holds title and author.",
        "The kind can be Viewer, Editor or Builder.",
        "Build numbers appear as major.minor.patch.",
        "New users see a tour.",
        "The app user sees a tour.",
        "As seats come free, the board is updated.",
        "The customer accounts are listed.",
    ],
)
def test_what_only_holds_the_word_is_no_role(text: str) -> None:
    assert roles(text) == ()
