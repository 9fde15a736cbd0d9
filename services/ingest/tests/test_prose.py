"""Running text of stories: which sentences are criteria, in families of other words."""

import pytest

from casewright_common.events import CriterionOrigin
from casewright_ingest.domain.criteria import find_criteria
from casewright_ingest.domain.enumerations import numbered_parts, who_is_meant
from casewright_ingest.domain.exclusions import is_exclusion
from casewright_ingest.domain.wiki import read_wiki

RULES = [
    "A member lends a ladder for up to 5 days.",
    "Once the ladder is back, the deposit is released.",
    "Nobody has more than two ladders at a time.",
    "The caretaker sees all open loans.",
]
AMONG_RULES = " ".join(RULES)


def texts(description: str, title: str = "Lend ladders", issue_type: str = "Story") -> list[str]:
    found = find_criteria(title, read_wiki(description), issue_type=issue_type).criteria
    return [one.text for one in found]


def test_plain_statements_of_a_story_are_criteria_in_its_order() -> None:
    assert texts(AMONG_RULES) == RULES
    found = find_criteria("Lend ladders", read_wiki(AMONG_RULES), issue_type="Story").criteria
    assert {one.origin for one in found} == {CriterionOrigin.SENTENCE}


@pytest.mark.parametrize("issue_type", ["Bug", "Task", ""])
def test_they_are_none_of_an_issue_that_is_no_story(issue_type: str) -> None:
    assert RULES[-1] not in texts(f"{RULES[-1]} {RULES[1]}", issue_type=issue_type)


@pytest.mark.parametrize(
    "sentence",
    [
        "The loan ends after 14 days.",
        "If the ladder is late, the neighbour gets a text message.",
        "Only the owner can end a loan.",
        "A broken ladder moves from Available to In repair.",
        "Ladders are labelled with a number.",
        'Tapping the photo opens the page "Ladder".',
        "The hint disappears by itself.",
        "Reservations without an answer lapse at midnight.",
        "We keep 5% of each deposit as a fee.",
        "Lending isn't offered on Sundays, because the shed is closed.",
        "Choices are day, weekend and week.",
        "Should the owner be away, a deputy decides.",
        "What a member has booked they can cancel again.",
        "The day of return lies no more than 30 days in the past.",
        "Bookings dated in the future are not counted.",
        "The receipt is a text file in UTF-8.",
        "The report has to reach us by the fifth of the month at the latest.",
        "That's why every loan has to be confirmed by the owner.",
        "The shelf number is entered as SH-NNN.",
        "Serial numbers appear as yy.mm.number+letter.",
        "The label should be simple and without pictures.",
        "A ticket opens the shed until 21:00.",
        "The key must be handed in by Monday 10:00.",
        "Members who joined less than 7 days ago don't see the shed.",
        "Ladders bought by the club can't be sold.",
        "The caretaker marks a lost ladder as Gone.",
        "Ladders lost in a flood are replaced.",
        "The hook must be easy to open with gloves on.",
        "Owners reply with Accept, Decline or Ask me.",
        "The photos are kept in the order they were taken.",
    ],
)
def test_a_rule_in_whatever_shape_is_found_among_rules(sentence: str) -> None:
    assert texts(f"{AMONG_RULES} {sentence}") == [*RULES, sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Currently the ladders are booked on paper.",
        "Last spring three ladders were stolen.",
        "We tried a shared calendar two years ago.",
        "The caretaker told us that he is fed up.",
        "Members have been asking for it for years.",
        "I think the shed has a camera.",
        "Thanks to all who voted for this!",
        "Marta will find out whether the shed can be heated.",
        "The paint will be renewed in May, Janitorial Services knows.",
        "Paulo says the camera has a memory card, look there first.",
        "Members walk to the shed today when they need a ladder.",
        "Members used to lie in the past about broken steps.",
        "This should be easy with the new lock.",
        "In the future the shed is twice as big.",
        "Please talk to the caretaker before you start.",
        "The mock-ups are attached.",
        "See LAD-12 for the photos.",
        "That was the main complaint.",
        "Should ladders be insured?",
        "Whether members pay in advance is still open.",
        "The shed will be replaced in autumn by the facilities team.",
        "(One of the ladders is made of wood.)",
        "Note: the shed has no power.",
        "Scaffolds are out of scope.",
        "Step stools will follow in a later story.",
        "Insurance isn't part of this story.",
        "As a member I want to see ladders so that I can plan.",
        "HR is looking into the rules for staff.",
        "Die Leitern haben wir letztes Jahr gekauft.",
        "Actualmente las escaleras se apuntan en papel.",
        "Actuellement les échelles sont notées sur papier.",
    ],
)
def test_an_aside_among_rules_is_none(sentence: str) -> None:
    assert texts(f"{AMONG_RULES} {sentence}") == RULES


def test_the_paragraph_that_says_why_holds_no_criteria() -> None:
    why = "Members keep ladders in the cellar. The cellar floods every other winter."
    assert texts(f"{why}\n\n{AMONG_RULES}") == RULES
    assert texts(f"{why}\n\nAs a member I want to lend ladders.\n\n{AMONG_RULES}") == RULES


def test_under_headings_each_sentence_counts_and_what_is_not_planned_does_not() -> None:
    description = (
        "h3. Lending\nA loan lasts 5 days. The owner confirms it.\n\nh3. Return\nThe scanner reads the tag. "
        "Late loans cost 2 EUR."
        "\n\nh3. Not planned\n* Scaffolds for groups\n\nh3. What we won't do\nBuy ladders."
    )
    assert texts(description) == [
        "A loan lasts 5 days.",
        "The owner confirms it.",
        "The scanner reads the tag.",
        "Late loans cost 2 EUR.",
    ]


@pytest.mark.parametrize(
    "prose",
    [
        [
            "Jeder Mieter bucht eine Leiter.",
            "Die Buchung endet nach 5 Tagen.",
            "Der Hausmeister sieht alle Leihen.",
        ],
        ["El vecino reserva la escalera.", "La reserva dura 5 días.", "El portero ve todas las reservas."],
        [
            "Le voisin réserve une échelle.",
            "La réservation dure 5 jours.",
            "Le gardien voit les réservations.",
        ],
    ],
)
def test_rules_in_other_languages_are_found(prose: list[str]) -> None:
    assert texts(" ".join(prose)) == prose


@pytest.mark.parametrize(
    "wish",
    [
        "Als Mieter möchte ich Leitern leihen.",
        "Como vecino quiero reservar.",
        "En tant que voisin, je veux prêter.",
    ],
)
def test_a_wish_in_another_language_is_whole_what_a_story_says_that_says_no_more(wish: str) -> None:
    assert texts(wish) == [wish]
    assert texts(f"{wish}\n\n{AMONG_RULES}") == RULES


@pytest.mark.parametrize(
    "marks", ["(1) {} (2) {}", "1) {} 2) {}", "(a) {} (b) {}", "a) {} b) {}", "(i) {} (ii) {}"]
)
def test_each_demand_that_a_sentence_numbers_is_one(marks: str) -> None:
    told = marks.format("the owner confirms the loan,", "the member gets a mail")
    assert texts(f"{AMONG_RULES} For each loan the following holds: {told}.") == [
        *RULES,
        "the owner confirms the loan",
        "the member gets a mail",
    ]


@pytest.mark.parametrize(
    "sentence", ["It costs 5 (or 6) EUR.", "Plan (b) is used.", "(2) is before (1).", ""]
)
def test_brackets_that_number_nothing_part_nothing(sentence: str) -> None:
    assert numbered_parts(sentence) is None


def test_parts_may_be_numbered_with_dots_and_beyond_nine() -> None:
    assert numbered_parts("A clerk can: (4.1) lend a ladder, (4.2) take it back, and (4.3) bill it.") == (
        "A clerk can:",
        ("lend a ladder", "take it back", "bill it"),
    )
    many = ", ".join(f"({number}) lend thing {number}" for number in range(1, 13))
    lead, parts = numbered_parts(f"A clerk can {many}.") or ("", ())
    assert (lead, len(parts), parts[11]) == ("A clerk can", 12, "lend thing 12")


def test_numbered_parts_name_whom_the_sentence_before_names() -> None:
    told = "The clerk should be able to run loans. Specifically, he can: (1) open a loan, and (2) close it."
    assert texts(f"{AMONG_RULES} {told}")[-2:] == ["The clerk can open a loan", "The clerk can close it"]
    assert who_is_meant("They can", "It rains.") == "They can"


def test_an_abbreviation_ends_no_sentence_but_a_number_does() -> None:
    assert texts(
        f"{AMONG_RULES} Photos have max. 5 MB. The tag is read by version 4. Late loans cost 2 EUR."
    ) == [
        *RULES,
        "Photos have max. 5 MB.",
        "The tag is read by version 4.",
        "Late loans cost 2 EUR.",
    ]


def test_a_table_of_a_story_keeps_what_its_columns_say() -> None:
    table = "||Plan||Loans per month||Deposit||\n|Basic|max. 2|20 EUR|\n|Plus|max. 9|none|"
    assert texts(table) == [
        "Plan: Basic; Loans per month: max. 2; Deposit: 20 EUR",
        "Plan: Plus; Loans per month: max. 9; Deposit: none",
    ]
    assert texts("||Build||Seconds||\n|12|40|\n|13|41|") == []


def test_sub_items_that_are_bounds_are_told_with_what_they_bound() -> None:
    assert texts(
        "AC:\n* A free amount is possible\n** not below 1 EUR\n** at most 30 EUR\n* It is shown"
    ) == [
        "A free amount is possible: not below 1 EUR",
        "A free amount is possible: at most 30 EUR",
        "It is shown",
    ]


def test_beside_marked_criteria_a_story_adds_only_what_is_firm() -> None:
    marked = "Acceptance criteria:\n* The loan is shown"
    assert texts(f"{marked}\n\nThe bank charges a small fee, finance knows it.") == ["The loan is shown"]
    assert texts(f"{marked}\n\nOnly owners must be able to end a loan.") == [
        "The loan is shown",
        "Only owners must be able to end a loan.",
    ]


@pytest.mark.parametrize(
    "told", ["stays as it is", "is not part of this", "comes later", "bleibt unverändert"]
)
def test_what_a_story_leaves_out_is_known_as_such(told: str) -> None:
    assert is_exclusion(f"The shed {told}.")


def test_a_developers_note_is_read_as_strictly_as_before() -> None:
    note = (
        "The FooBarService calls getLoans() in the LoanRepository. The jar is built by Gradle. "
        "The constructor takes a DataSource. When the bean is created, the API client opens a socket."
    )
    assert texts(note) == texts(note, issue_type="")


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Tickets for the ferry", "If a guest leaves a number, the ticket comes as a message."),
        ("Print a course class list", "A class must have 8 to 20 places."),
        ("Sample labels", "A sample must be labelled within 2 hours."),
        ("Message the supplier", "The supplier sees a green or a red dot."),
    ],
)
def test_what_the_title_names_is_the_storys_subject_and_no_talk_among_the_team(
    title: str, sentence: str
) -> None:
    assert texts(f"{AMONG_RULES} {sentence}", title=title) == [*RULES, sentence]


def test_what_many_sentences_speak_of_is_the_subject_as_well() -> None:
    spoken = [
        "Each ticket has a number.",
        "The board shows the ticket that is called.",
        "If nobody comes, the ticket is put aside.",
        "A ticket is valid for one day.",
    ]

    assert texts(" ".join(spoken)) == spoken


def test_elsewhere_words_of_the_trade_remain_talk_among_the_team() -> None:
    assert texts(f"{AMONG_RULES} The ticket is in review.") == RULES


def test_items_of_a_list_speak_of_the_subject_too() -> None:
    items = ["The ticket must be shown at the gate.", "The ticket must be kept for 2 days."]

    assert texts("\n".join(f"* {one}" for one in items), title="Tickets") == items


@pytest.mark.parametrize(
    "sentence",
    [
        "The drawings must be done by Monday.",
        "Three weeks ago the club changed its shed.",
        "The club lost the key and is sad.",
        "We agreed that ladders are heavy.",
        "Neighbours bought a ladder of their own.",
    ],
)
def test_what_happened_and_what_the_team_owes_is_none(sentence: str) -> None:
    assert texts(f"{AMONG_RULES} {sentence}") == RULES


def test_prose_behind_a_table_is_no_reason_for_the_story() -> None:
    table = "||From||To||Rule||\n|New|Lent|The deposit is at least 20 EUR|\n|Lent|Back|The ladder is whole|"
    behind = "If a rule is not met, the loan is not changed. Every change is shown in the history."
    wish = "As a caretaker I want to see what is lent so that nothing is lost."
    assert texts(f"{wish}\n\n{table}\n\n{behind}")[2:] == [
        "If a rule is not met, the loan is not changed.",
        "Every change is shown in the history.",
    ]
