import pytest

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.requirements.model import Constraint, Requirements
from casewright_generator.domain.requirements.reading import read


def a_story(*criteria: str, title: str = "A story", text: str | None = None) -> Story:
    return Story(
        title=title,
        text="\n\n".join(criteria) if text is None else text,
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=one, origin=CriterionOrigin.SENTENCE)
            for number, one in enumerate(criteria, start=1)
        ),
        issue_type="Story",
    )


def a_row(text: str, table: str = "") -> Requirements:
    criterion = Criterion(id="AC-1", text=text, origin=CriterionOrigin.TABLE)
    return read(Story(title="A table", text=table, criteria=(criterion,), issue_type="Story"))


def shown(constraint: Constraint) -> str:
    """`count [1..5] files`: a bracket for a bound inside, a parenthesis for one outside."""
    if constraint.values:
        return f"{constraint.kind} {' / '.join(constraint.values)}"
    if constraint.to_state:
        return f"{constraint.kind} {constraint.from_state} > {constraint.to_state}".replace("  ", " ")
    low = "" if constraint.low is None else f"{'[' if constraint.low_in else '('}{constraint.low}"
    high = "" if constraint.high is None else f"{constraint.high}{']' if constraint.high_in else ')'}"
    return f"{constraint.kind} {low}..{high} {constraint.unit}".strip()


def told(*criteria: str) -> list[str]:
    return [shown(one) for one in read(a_story(*criteria)).constraints]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The pass phrase must have at least 12 characters.", ["length [12.. characters"]),
        ("A nickname has a minimum of 3 and a maximum of 15 characters.", ["length [3..15] characters"]),
        ("Notes: max. 500 chars", ["length ..500] characters"]),
        ("Min. 8 characters, max. 64", ["length [8..64] characters"]),
        ("The reference is a 12-digit number.", ["length [12..12] digits"]),
        ("Names shorter than 2 letters are refused.", ["length [2.. letters"]),
        ("The summary may have up to three lines.", ["length ..3] lines"]),
        ("A reply of 20 words or fewer is enough.", ["length ..20] words"]),
    ],
)
def test_lengths_are_read(text: str, wanted: list[str]) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("No more than 2 bookings per person are possible.", ["count ..2] bookings"]),
        ("A band has 5 to 11 musicians.", ["count [5..11] musicians"]),
        ("A member can have 3 active devices.", ["count ..3] devices"]),
        ("Only two coupons can be combined.", ["count ..2] coupons"]),
        ("After three failed attempts the door is locked.", ["count ..3] attempts"]),
        ("Every vote can be changed twice.", ["count ..2] times"]),
        ("A ticket works once.", ["count ..1] times"]),
        ("The number of guests must be between 1 and 8.", ["count [1..8] guests"]),
        ("Up to 1.5 million rows can be loaded.", ["count ..1500000] rows"]),
        ("A maximum of 10k rows is loaded.", ["count ..10000] rows"]),
        ("At least twenty-five seats are free.", ["count [25.. seats"]),
        ("Every carton holds half a dozen eggs and one of the lids.", ["count [6..6] eggs"]),
    ],
)
def test_counts_are_read_with_the_noun_that_is_counted(text: str, wanted: list[str]) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Orders over 500 EUR are rejected.", ["money ..500] EUR"]),
        ("If the basket is above 50 EUR, shipping is free.", ["money (50.. EUR"]),
        ("A fee of $2.50 is charged.", ["money [2.50..2.50] USD"]),
        ("The deposit is £150.", ["money [150..150] GBP"]),
        ("The budget lies between 1,000 and 25,000 CHF.", ["money [1000..25000] CHF"]),
        ("Amounts from 1,000.00 EUR on are signed twice.", ["money [1000.00.. EUR", "count [2..2] times"]),
        ("A discount of 10 percent is given.", ["percent [10..10]"]),
        ("Below 20 % a warning appears.", ["percent ..20)"]),
        ("Uploads larger than 10 MB are refused.", ["size ..10] MB"]),
        ("Parcels heavier than 31.5 kg can't be sent.", ["weight ..31.5] kg"]),
        ("Users under 16 need the consent of a parent.", ["age ..16) years"]),
        ("You have to be 16 or older to register.", ["age [16.. years"]),
        ("Participants must be over 18.", ["age (18.. years"]),
        ("The freezer must stay below -18 °C.", ["number ..-18) °C"]),
        ("Unknown ids are answered with HTTP 404.", ["number [404..404]"]),
        ("The score is a number between 0 and 100.", ["number [0..100]"]),
    ],
)
def test_money_shares_sizes_weights_ages_and_numbers_are_read(text: str, wanted: list[str]) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The answer comes within 2 minutes.", "duration ..2] minutes"),
        ("A booking can be cancelled up to 24 hours before the start.", "duration [24.. hours"),
        ("Rooms can be booked at most 90 days in advance.", "duration ..90] days"),
        ("The list is refreshed every 30 seconds.", "duration [30..30] seconds"),
        ("The list is refreshed at least once an hour.", "duration ..1] hours"),
        ("Logs are stored for at least 10 years.", "duration [10.. years"),
        ("A message can be withdrawn for 15 minutes.", "duration ..15] minutes"),
        ("A new code can be requested only after 30 seconds.", "duration [30.. seconds"),
        ("Visits of the last 30 days are listed.", "duration ..30] days"),
        ("The lamp blinks for half a minute.", "duration [0.5..0.5] minutes"),
        ("The voucher expires after 24 hours.", "timeout ..24] hours"),
        ("Idle visitors are signed out after 20 minutes.", "timeout ..20] minutes"),
        ("A reminder is sent 3 days before the due date.", "timeout ..3] days"),
        ("The seat is released automatically after a quarter; 15 minutes later it is gone.", "timeout"),
        ("Orders that aren't paid within 14 days are cancelled.", "timeout ..14] days"),
        ("The account is locked for 30 minutes.", "timeout ..30] minutes"),
        ("The offer is valid for two weeks.", "timeout ..2] weeks"),
        ("If nobody answers for 10 minutes, the call ends.", "timeout ..10] minutes"),
    ],
)
def test_what_may_last_is_told_from_what_happens_by_itself(text: str, wanted: str) -> None:
    (found,) = told(text)

    assert found.startswith(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Deliveries are possible between 8 am and 8:30 pm.", ["time [08:00..20:30]"]),
        ("No calls after 22:00.", ["time ..22:00]"]),
        ("Reports must be handed in by 17:00.", ["time ..17:00]"]),
        ("The job runs at noon.", ["time [12:00..12:00]"]),
        ("The start must not be in the past.", ["date [today.."]),
        ("The arrival has to be in the future.", ["date (today.."]),
        ("The invoice date can't be after today.", ["date ..today]"]),
        ("Applications are accepted until 31 March 2027.", ["date ..2027-03-31]"]),
        ("The offer runs from 2026-06-01 to 2026-08-31.", ["date [2026-06-01..2026-08-31]"]),
        ("The end must be after the start.", []),
    ],
)
def test_dates_and_times_of_day_are_read(text: str, wanted: list[str]) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Payment is possible by card, voucher or invoice.", "enumeration card / voucher / invoice"),
        ("The tone is either low or high.", "enumeration low / high"),
        ("You can choose between tea and coffee.", "enumeration tea / coffee"),
        ("Allowed values are A, B and C.", "enumeration A / B / C"),
        ("The size is one of small, medium, large.", "enumeration small / medium / large"),
        ("The clerk selects “Yes”, “No” or “Later”.", "enumeration Yes / No / Later"),
        ("The head of sales accepts or rejects the offer.", "enumeration accepts / rejects"),
        ("The mail goes out daily, weekly or monthly.", "enumeration daily / weekly / monthly"),
        ("Accepted cards: Visa, Amex and Maestro", "enumeration Visa / Amex / Maestro"),
        ("Plans can be saved as PDF and PNG.", "format PDF / PNG"),
        ("Only .csv files are accepted.", "format .csv"),
        ("Somebody enters a valid e-mail address.", "format e-mail"),
        ("Dates are shown as DD.MM.YYYY.", "format DD.MM.YYYY"),
        ("Order numbers follow the pattern ORD-####.", "format ORD-####"),
        ("The name may contain only letters, digits and hyphens.", "format letters / digits / hyphens"),
        ("The loan moves from Requested to Granted.", "transition Requested > Granted"),
        ("A new order starts as New.", "transition > New"),
        ("Status: Draft -> Review", "transition Draft > Review"),
        ("The state changes from draft to published.", "transition draft > published"),
        (
            "Given a crate in state Packed\nWhen it is scanned\nThen it becomes Shipped",
            "transition Packed > Shipped",
        ),
    ],
)
def test_choices_formats_and_transitions_are_read(text: str, wanted: str) -> None:
    assert told(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "See XD-194 and version 4.1.3.",
        "The page shows name, price and stock.",
        "A cancelled order can't go back to Open.",
        "The visitor is taken to the Start page.",
        'The message "at most 10 items" is shown.',
        "If the file is missing or empty, nothing happens.",
        "Two tickets may carry the same number.",
        "Nothing is charged, because the first 3 months are free anyway.",
        "Both sides can read it, and one of them can answer.",
        "Somebody wrote to support@example.org on line 3.",
    ],
)
def test_what_limits_nothing_is_no_constraint(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Das Kennwort muss mindestens 12 Zeichen lang sein.", ["length [12.. characters"]),
        ("Der Beleg darf nicht größer als 1,5 MB sein.", ["size ..1.5] MB"]),
        ("Die Gebühr beträgt 1.200,50 Euro.", ["money [1200.50..1200.50] EUR"]),
        ("Der Zugang ist 24 Stunden gültig.", ["timeout ..24] hours"]),
        ("La clave debe tener al menos 8 caracteres.", ["length [8.. characters"]),
        ("Les fichiers de plus de 10 Mo sont refusés.", ["size ..10] MB"]),
        ("La sala può avere al massimo 20 persone.", ["count ..20] persone"]),
        ("Het wachtwoord van een klant heeft minstens 8 tekens.", ["length [8.. characters"]),
        ("パスワードは8文字以上でなければなりません。", []),
        ("كلمة المرور يجب أن تكون 8 أحرف على الأقل", []),
    ],
)
def test_other_languages_are_read_where_they_are_plain_and_left_alone_otherwise(
    text: str, wanted: list[str]
) -> None:
    assert told(text) == wanted


def test_a_table_takes_units_from_its_header_whoever_wrote_the_row() -> None:
    table = (
        "Plan | Calls per minute | Signed out after\nSmall | max. 60 | 8 hours\nLarge | max. 600 | 2 hours"
    )

    rewritten = a_row("Plan: Small; Calls per minute: max. 60; Signed out after: 8 hours")
    bare = a_row("Large | max. 600 | 2 hours", table)

    assert [shown(one) for one in rewritten.constraints] == ["count ..60] calls", "timeout ..8] hours"]
    assert [shown(one) for one in bare.constraints] == ["count ..600] calls", "timeout ..2] hours"]
    assert rewritten.constraints[0].text == "max. 60"


def test_a_table_of_fields_or_of_states_is_read_by_its_headers() -> None:
    field = a_row("Field: Name; Required: yes; Max. length: 60")
    change = a_row("From: Open; To: In progress; Condition: somebody is assigned")

    assert [shown(one) for one in field.constraints] == ["length ..60] characters"]
    assert [shown(one) for one in change.constraints] == ["transition Open > In progress"]
    assert change.states == ("Open", "In progress")


def test_what_is_refused_in_the_sentence_before_is_refused_in_the_same_case() -> None:
    assert told("Files over 5 MB are rejected.", "Same goes for pictures wider than 400 pixels.") == [
        "size ..5] MB",
        "number ..400] pixels",
    ]


def test_a_criterion_and_its_constraints_have_their_place_in_the_story() -> None:
    text = "Background.\n\nA basket holds at most 5 eggs. It costs 3 EUR."
    story = a_story("A basket holds at most 5 eggs.", "Basket: it costs 3 EUR", text=text)

    found = read(story)

    first, second = (one.source for one in found.criteria)
    assert first is not None
    assert second is not None
    assert text[first.start : first.end] == "A basket holds at most 5 eggs."
    assert "costs 3 EUR" in text[second.start : second.end]
    place = found.constraints[0].source
    assert place is not None
    assert text[place.start : place.end] == "at most 5 eggs"


@pytest.mark.parametrize(
    "sentence",
    [
        "Refunds are not part of this story.",
        "This story doesn't cover refunds.",
        "Gift cards are out of scope.",
        "The old app won't be touched here.",
        "Vans will follow in a later story.",
        "Not in this story: dark mode.",
        "Rückerstattungen sind nicht Teil dieser Story.",
        "Los reembolsos quedan fuera de esta historia.",
        "Les remboursements feront l'objet d'une autre story.",
    ],
)
def test_what_a_sentence_excludes_is_found_and_its_criterion_dropped(sentence: str) -> None:
    found = read(a_story("A cart holds at most 5 items.", sentence))

    assert found.exclusions == (sentence,)
    assert [criterion.id for criterion in found.criteria] == ["AC-1"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Out-of-stock items are not included in the total.",
        "The app shows that the damage is not covered by the policy.",
        "Customers outside the EU pay no tax.",
        "A later booking replaces an earlier one.",
        "Items that are excluded from the discount carry a label.",
        'The text reads "Out of scope".',
    ],
)
def test_a_requirement_is_never_taken_for_an_exclusion(sentence: str) -> None:
    assert read(a_story(sentence)).exclusions == ()


def test_a_section_that_excludes_ends_with_its_list() -> None:
    text = "Out of scope\n\n- Vans\n- Bikes\n\nA car has 4 wheels."

    found = read(a_story("A car has 4 wheels.", "Vans", text=text))

    assert found.exclusions == ("Vans", "Bikes")
    assert [criterion.text for criterion in found.criteria] == ["A car has 4 wheels."]


def test_roles_and_states_are_named_once() -> None:
    found = read(
        a_story(
            "The shift leader approves the report.",
            "A report moves from Draft to Sent.",
            "While a report is Sent, shift leaders can't edit it.",
            text="As a night nurse, I want reports.",
        )
    )

    assert found.roles == ("night nurse", "shift leader")
    assert found.states == ("Draft", "Sent")
