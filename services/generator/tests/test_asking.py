import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright_common.events import Criterion, CriterionOrigin, OpenQuestion, QuestionKind, Story
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions import ask
from casewright_generator.domain.questions.detail import MOST_QUESTIONS
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.domain.requirements.reading import read


def asked(
    *criteria: str, title: str = "Baskets", text: str | None = None, story_id: str = "S-1"
) -> tuple[OpenQuestion, ...]:
    story = Story(
        title=title,
        text="\n\n".join(criteria) if text is None else text,
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=one, origin=CriterionOrigin.LIST)
            for number, one in enumerate(criteria, start=1)
        ),
        issue_type="Story",
    )
    analysis = analyse(story)
    return ask(story, read(story), analysis, plan(analysis, max_cases=50), story_id=story_id)


def terms(*criteria: str) -> list[str]:
    return [one.term for one in asked(*criteria) if one.kind is QuestionKind.VAGUE_WORD]


def contradictory(*criteria: str) -> list[tuple[str, ...]]:
    return [one.criteria for one in asked(*criteria) if one.kind is QuestionKind.CONTRADICTION]


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        ("The results must appear quickly.", "quickly"),
        ("The clerk is told in a timely manner.", "timely"),
        ("The dialog must be easy to find.", "easy"),
        ("A helpful message is shown.", "helpful"),
        ("The draw must be fair.", "fair"),
        ("Shops that are close to the customer are listed.", "close"),
        ("The parcels should lie close to each other.", "close"),
        ("An appropriate icon is shown.", "appropriate"),
        ("Photos, videos etc. can be sent.", "etc."),
        ("The list is refreshed as often as possible.", "as often as possible"),
        ("Die Seite muss übersichtlich sein.", "übersichtlich"),
        ("La búsqueda debe ser rápida.", "rápida"),
        ("La page doit rester lisible.", "lisible"),
        ("The labels must be large.", "large"),
        ("Keep the questionnaire short.", "short"),
        ("The grip has to feel good.", "good"),
        ("Waiting times must be kept low.", "low"),
        ("The wording is simple, nobody has time to read.", "simple"),
        ("The texts must not be too technical.", "too technical"),
        ("The page has to work well on phones.", "work well"),
        ("Garages near the driver are listed.", "near"),
        ("Only recent trips are listed.", "recent"),
        ("Guests are greeted politely.", "politely"),
        ("An inviting picture is shown.", "inviting"),
        ("Parents are told in due time.", "in due time"),
        ("It must be hard to press it by accident.", "hard"),
        ("Das Formular muss kurz sein.", "kurz"),
        ("Die Anleitung ist einfach.", "einfach"),
        ("De lijst moet duidelijk blijven.", "duidelijk"),
        ("Het menu is eenvoudig.", "eenvoudig"),
        ("El formulario debe ser sencillo.", "sencillo"),
        ("Le menu doit être simple.", "simple"),
    ],
)
def test_a_word_that_nothing_measures_is_asked_about(sentence: str, term: str) -> None:
    assert terms(sentence) == [term]


@pytest.mark.parametrize(
    "sentence",
    [
        "The results must appear quickly, within 2 seconds.",
        "The button “Quick and easy” is shown.",
        "The Fast Track lane is open to members.",
        "As soon as the door is open, a lamp lights up.",
        "The spring fair is listed.",
        "Somebody can close the window.",
        "Clear all removes every item.",
        "How often an item was opened is counted.",
        "None of this may slow the import.",
        "Inviting a friend costs nothing.",
        "The customer picks one of wool, easy iron or linen.",
        "Spanish, Dutch and Plain English are offered.",
        "The short name has at most 12 characters.",
        "A long press opens the menu.",
        "Priority is low, medium or high.",
        "The list is as long as the table.",
        "The second line is shorter than the first.",
        "If the plate isn't readable, the guard types the number.",
        "Given a ticket has no legible stamp",
        "The most recent entry is on top.",
        "It is clear that nobody may enter.",
        "Klicken Sie einfach auf den Knopf.",
    ],
)
def test_a_word_that_is_measured_or_means_something_else_is_not(sentence: str) -> None:
    assert terms(sentence) == []


def test_several_words_of_one_sentence_are_asked_about_each() -> None:
    assert terms("The texts must be short, clear and friendly.") == ["short", "clear", "friendly"]
    assert terms("The tone is warm and polite.") == ["warm", "polite"]


def test_what_the_next_sentence_measures_is_not_asked_about() -> None:
    assert terms("Answers come quickly. That means within 3 hours.") == []
    assert terms("Answers come quickly. Drivers see them within 3 hours.") == ["quickly"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "A comment can be deleted for 10 minutes after sending it.",
            "Deleting is possible for 2 hours after sending.",
        ),
        ("A crew has 12 members at most.", "In crews of 13 to 20 members, messages are sorted."),
        ("The file name is mandatory.", "The file name is optional."),
        ("Visitors can rate recipes.", "Visitors cannot rate recipes."),
        (
            "A lesson can be moved free of charge until 6 hours before the lesson.",
            "Moving a lesson within the last 12 hours before the lesson is charged.",
        ),
        (
            "Loans above 900 EUR also need the approval of a second clerk.",
            "Clerks grant loans of any amount on their own.",
        ),
        ("A parcel may weigh 20 kg at most.", "Parcels of up to 30 kg are accepted."),
        ("The code is valid for 10 minutes.", "A code expires after 15 minutes."),
        ("Log entries are kept for 90 days.", "Log entries are deleted after 30 days."),
        ("The desk opens at 8:00.", "Opening time of the desk is 9:00."),
        ("The deposit is 50 EUR.", "A deposit of 80 EUR is charged."),
        ("A nickname has 3 to 20 characters.", "The nickname has between 5 and 15 characters."),
        ("Every trip holds 8 people at most.", "On trips with 9 or more people a second guide comes along."),
        (
            "If the tutor cancels less than 24 hours before the lesson, the pupil gets the money back.",
            "If the tutor cancels less than 48 hours before the lesson, the pupil gets the money back.",
        ),
        (
            "Tutors get paid if they confirm at least two days before the lesson.",
            "Tutors who confirm get paid up to 12 hours before the lesson.",
        ),
        (
            "A Paused order returns to Active after 7 days.",
            "Orders are on hold, the order stays Paused for 14 days.",
        ),
        ("Only the owner can delete a playlist.", "Guests can delete playlists."),
        ("A playlist can only be deleted by its owner.", "Editors can delete a playlist."),
        ("Invoices are never deleted.", "Invoices are deleted after 10 years."),
        (
            "A bid can't be withdrawn once the auction has started.",
            "Bids can be withdrawn after the auction has started.",
        ),
        ("The list is sorted with the newest first.", "The list shows the oldest first."),
        ("The sound is on by default.", "By default the sound is off."),
        ("A new ticket starts as Open.", "New tickets are created as Draft."),
        ("Fares are paid by card only.", "Fares can also be paid in cash."),
        (
            "The receipt is always on paper, nothing else is offered.",
            "If a guest leaves an address, the receipt comes by mail instead of on paper.",
        ),
    ],
)
def test_two_statements_that_can_not_both_hold_are_put_side_by_side(one: str, two: str) -> None:
    found = [question for question in asked(one, two) if question.kind is QuestionKind.CONTRADICTION]

    assert [question.criteria for question in found] == [("AC-1", "AC-2")]
    assert "“" in found[0].text
    assert found == list(asked(one, two)[:1])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Members can save 5 drafts.", "Premium members can save 20 drafts."),
        (
            "A trip can be cancelled until 4 hours before the start.",
            "A trip can be moved until 24 hours before the start.",
        ),
        ("A crew has 12 members at most.", "A crew needs at least 3 members."),
        ("Guests under 6 pay nothing.", "Guests of 65 or older pay half."),
        ("Shipping costs 4.90 EUR.", "Shipping abroad costs 9.90 EUR."),
        ("The owner can delete a recipe.", "The owner can't delete a recipe once it is rated."),
        ("A single photo is no larger than 5 MB.", "All photos of a trip together are no larger than 50 MB."),
        ("The remark is optional.", "If the order is rejected, a remark is required."),
        ("Visitors can rate recipes.", "Members can't rate their own recipes."),
        ("Orders up to 50 EUR ship for 4.90 EUR.", "Orders above 50 EUR ship free."),
        ("The first reminder is sent after 3 days.", "The second reminder is sent after 7 days."),
        ("Invoices are never deleted.", "Draft invoices are deleted after 10 years."),
        ("Nobody can edit a signed contract.", "Contracts can be edited by their authors."),
        ("Orders can be cancelled until dispatch.", "Orders can't be cancelled after dispatch."),
        ("Members under 18 pay 5 EUR.", "Members over 65 pay 7 EUR."),
        ("The left column shows names.", "The right column shows names."),
        ("Only the owner can delete a playlist.", "Guests can share playlists."),
        ("Only the owner can delete a playlist.", "The owner can delete a playlist at any time."),
        ("The name is mandatory.", "The second name is optional."),
        ("On weekdays the desk opens at 8:00.", "On Sundays the desk opens at 10:00."),
        ("A published post is visible.", "A draft post is hidden."),
        ("The button is enabled when all is filled in.", "The button is disabled while data is loading."),
        ("Members can book 2 courts a day.", "Members can book 5 courts a week."),
        (
            "A claim is paid within 2 days if it is signed.",
            "A claim is paid within 9 days if it isn't signed.",
        ),
        ("Loans run for 28 days.", "Loans of films run for 7 days."),
        ("Up to 3 attempts are allowed.", "After 3 attempts the account is locked."),
        ("Codes are sent by e-mail only.", "Codes also carry a letter."),
    ],
)
def test_a_rule_and_its_exception_are_no_contradiction(one: str, two: str) -> None:
    assert contradictory(one, two) == []


def test_nothing_is_cut_and_the_most_useful_comes_first() -> None:
    names = ("orders", "papers", "tickets", "rooms", "boats", "lamps", "doors", "tables")
    found = asked(
        *(f"Open {name} must be shown quickly." for name in names),
        "A table is optional.",
        "A table is mandatory.",
    )
    kinds = [question.kind for question in found]

    assert len(found) > MOST_QUESTIONS
    assert kinds[0] is QuestionKind.CONTRADICTION
    assert sum(kind is QuestionKind.VAGUE_WORD for kind in kinds) == len(names)


def test_a_question_keeps_its_id_when_criteria_move_and_has_another_in_another_story() -> None:
    first = asked("The list must load quickly.")
    moved = asked("A basket holds at most 5 eggs.", "The list must load quickly.")
    other = asked("The list must load quickly.", story_id="S-2")

    id_ = next(one.question_id for one in first if one.kind is QuestionKind.VAGUE_WORD)
    assert id_ in {one.question_id for one in moved}
    assert id_ not in {one.question_id for one in other}


def test_what_the_story_excludes_is_not_asked_about() -> None:
    found = asked("A basket holds at most 5 eggs.", "A fast export is out of scope.")

    assert all("AC-2" not in question.criteria for question in found)


def test_a_story_that_says_too_little_is_asked_about_as_a_whole() -> None:
    (first, *_) = asked(title="Create a counter service")

    assert first.kind is QuestionKind.UNCLEAR_STORY
    assert not first.criteria


@settings(max_examples=80, deadline=None)
@given(
    texts=st.lists(st.text(min_size=1, max_size=120).filter(str.strip), max_size=4),
    title=st.text(max_size=60),
)
def test_any_story_can_be_asked_about_and_each_question_once(texts: list[str], title: str) -> None:
    found = asked(*texts, title=title)

    assert len({question.question_id for question in found}) == len(found)
    assert found == asked(*texts, title=title)
