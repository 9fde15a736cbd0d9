import pytest

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.questions.detail import MOST_QUESTIONS, questions
from casewright_generator.domain.reading.analysis import analyse


def asked(title: str, *criteria: str, text: str = "") -> tuple[str, ...]:
    return questions(analyse(a_story(title, *criteria, text=text))).questions


def a_story(title: str, *criteria: str, text: str = "") -> Story:
    return Story(
        title=title,
        text=text,
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=one, origin=CriterionOrigin.LIST)
            for number, one in enumerate(criteria, start=1)
        ),
        issue_type="Story",
    )


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("HDFS ItemWriter", ["able to do with HDFS ItemWriter"]),
        ("Upgrade Lettuce to 2.3.2", ["Upgrade Lettuce to 2.3.2", "inside the team"]),
        ("Create a counter service", ["Create a counter service", "the counter service"]),
        ("", ["What must a user be able to do"]),
        ("支払い", ["支払い"]),
    ],
)
def test_a_title_without_behaviour_needs_detail_and_is_asked_about_in_its_own_words(
    title: str, words: list[str]
) -> None:
    detail = questions(analyse(a_story(title)))

    assert not detail.enough
    assert all(word in " ".join(detail.questions) for word in words)


@pytest.mark.parametrize(
    "text",
    [
        "The search should be better and faster.",
        "It must be easy to use. The page must be as fast as possible.",
    ],
)
def test_qualities_without_a_measure_are_not_enough(text: str) -> None:
    sentence = Criterion(id="AC-1", text=text.partition(". ")[0], origin=CriterionOrigin.SENTENCE)
    for criteria in ((), (sentence,)):
        story = Story(title="Make the search better", text=text, criteria=criteria, issue_type="Story")
        assert not questions(analyse(story)).enough


def test_a_story_with_behaviour_is_enough() -> None:
    assert questions(analyse(a_story("Cart", "A cart holds at most 10 items."))).enough


def test_the_reaction_to_a_broken_limit_is_asked_for_unless_the_story_says_it() -> None:
    silent = asked("Password", "The password must have at least 8 characters.")
    told = asked(
        "Password",
        "The password must have at least 8 characters.",
        'If the password is too short, "Too short" is shown.',
    )

    assert "What does the user see when the password is refused (AC-1)?" in silent
    assert not told


def test_what_holds_on_the_other_side_of_a_threshold_is_asked_for() -> None:
    (question,) = asked("Shipping", "If the order total is over $50, shipping is free.")

    assert question == "Is it right that shipping is not free if the order total is 50 USD (AC-1)?"


def test_a_vague_word_is_asked_to_be_measured() -> None:
    assert any(
        question.startswith("AC-1 says “quickly”: within how many seconds")
        for question in asked("Search", "The results should appear quickly.")
    )


def test_what_a_forbidden_attempt_shows_is_asked_for() -> None:
    assert "What is shown when guests try to pay (AC-1)?" in asked("Cart", "Guests cannot pay.")


def test_a_criterion_that_is_work_of_the_team_is_asked_about() -> None:
    assert any(
        "AC-1" in one and "inside the team" in one for one in asked("Cart", "Refactor the price calculation.")
    )


def test_there_are_never_too_many_questions() -> None:
    many = asked(
        "Cart", *(f"The {name} must be at least {n}." for n, name in enumerate("abcdefghij", start=3))
    )

    assert len(many) == MOST_QUESTIONS
