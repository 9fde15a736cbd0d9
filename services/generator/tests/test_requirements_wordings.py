"""Families of wordings of a limit, each with what only looks like it."""

import pytest

from casewright_generator.domain.requirements.blanking import for_numbers
from casewright_generator.domain.requirements.limits import limits


def told(text: str) -> str:
    """The limits of a text: kind, interval and unit of each."""
    return "; ".join(
        f"{one.kind.value} {'[' if one.low_in else '('}{'' if one.low is None else one.low}.."
        f"{'' if one.high is None else one.high}{']' if one.high_in else ')'} {one.unit}".strip()
        for one in limits(for_numbers(text), "en")
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The crate tops out at 40 bottles.", "count [..40] bottles"),
        ("The folder maxes out at 200 slides.", "count [..200] slides"),
        ("A hamper bottoms out at 3 jars.", "count [3..] jars"),
        ("A nickname is 20 characters long at the outside.", "length [..20] characters"),
        ("The scan is a sheet, with 5 MB as the upper limit.", "size [..5] MB"),
        ("Six letters are the minimum.", "length [6..] letters"),
        ("A bench takes five substitutes, no more.", "count [..5] substitutes"),
        ("A rental lasts one hour as a minimum and ten at the longest.", "duration [1..10] hours"),
        ("The tray holds five cups as a minimum and fifty at the most.", "count [5..50] cups"),
        ("Only the top 5 scores are listed.", "count [..5] scores"),
        ("A swimmer's first four lengths are free.", "count [..4] lengths"),
        ("The list always shows the last six calls.", "count [6..6] calls"),
        ("The chart may lag by a minute at most.", "duration [..1] minutes"),
        ("Every pilot may log 3 flights a day.", "count [..3] flights"),
        ("A plaque can be 160 characters long.", "length [..160] characters"),
        ("Goggles need at least 12 letters, one digit.", "length [12..] letters; length [1..] digits"),
        ("The harbour has 40 berths.", "count [40..40] berths"),
        ("Reviewers can see three tabs.", "count [3..3] tabs"),
        ("The last one ends early.", ""),
        ("The jetty has two keys, nothing more is known.", "count [2..2] keys"),
        ("It was raised from 3 to 5 berths.", "count [5..5] berths"),
    ],
)
def test_a_bound_is_read_wherever_its_words_stand(text: str, wanted: str) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A tree nests down to the sixth branch and not deeper.", "count [..6] branches"),
        ("Remarks can be nested to the third level.", "count [..3] levels"),
        ("It is given up after the fifth attempt.", "count [..5] attempts"),
        ("On the fourth failed try the vault is locked.", "count [..4] tries"),
        ("No second mooring is possible on the same day.", "count [..1] moorings"),
        ("A third kayak can't be added.", "count [..2] kayaks"),
        ("The fourth login within an hour is refused.", "count [..3] logins; duration [..1] hours"),
        ("The eleventh rower is turned away.", "count [..10] rowers"),
        ("There is no third reminder.", "count [..2] reminders"),
        ("From the third sibling on, the fee is waived.", "count [3..] siblings"),
        ("At most 5 kayaks are lent; a sixth kayak is refused.", "count [..5] kayaks"),
        ("Every second Monday the list is checked.", ""),
        ("The second floor is closed.", ""),
        ("On the third day the sauna opens.", ""),
        ("A third party supplies the towels.", ""),
        ("The first rower gets a towel.", ""),
        ("The fourth column shows the tide.", ""),
    ],
)
def test_a_place_in_a_row_bounds_how_many_there_are(text: str, wanted: str) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("No ferry may leave before 06:00 or return after 22:30.", "time [06:00..22:30]"),
        ("No ferry leaves before 7 am or returns after 9 pm.", "time [07:00..21:00]"),
        ("The earliest dive starts at 8:15 and the last one ends at 19:45.", "time [08:15..19:45]"),
        ("Courts open at 7 am and close at 10 pm.", "time [07:00..22:00]"),
        ("Calls are only answered from 9 to 17 o'clock.", "time [09:00..17:00]"),
        ("Between 1 and 4 am the kiln is off.", "time [01:00..04:00]"),
        ("The kiln burns from 9 to 5 pm.", "time [09:00..17:00]"),
        ("The counter starts over at midnight.", "time [00:00..00:00]"),
        ("Nobody under 12 may ride.", "age [12..] years"),
        ("The kiln opens at 14:00.", "time [14:00..14:00]"),
        ("A tide comes at 7:00 and one comes at 19:00.", "time [07:00..07:00]; time [19:00..19:00]"),
        ("Doors close at 22:30 sharp.", "time [22:30..22:30]"),
        ("Divers ride free after 18:00.", "time (18:00..]"),
        ("The gate shuts by 11 p.m.", "time [..23:00]"),
    ],
)
def test_two_ends_of_a_day_are_one_range(text: str, wanted: str) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Stickers are at least 512 x 512 pixels.", "number [512..] pixels"),
        ("The icon is at most 64 x 64 px.", "number [..64] px"),
        ("A tile is 200 × 80 mm.", "number [200..200] mm; number [80..80] mm"),  # noqa: RUF001, people write it
        ("Posters are 20x30 cm.", "number [20..20] cm; number [30..30] cm"),
        ("Depth is entered in cm, from 0 to 40.", "number [0..40] cm"),
        ("Loads are given in kg, from 1 to 30.", "weight [1..30] kg"),
        ("Crates are counted from 0 to 30.", "count [0..30] crates"),
        ("The guest chooses how many nights, from 1 to 14.", "count [1..14] nights"),
        ("Weekend hours count as two.", "count [2..2] hours"),
        ("A gate code is five or six digits long.", "length [5..6] digits"),
        ("It is called two more times.", "count [2..2] times"),
        ("The sale lasts a quarter of an hour.", "duration [0.25..0.25] hours"),
        ("Every sailor gets 250 towels per term.", "count [250..250] towels"),
        ("Prices are rounded to 2 decimal places.", "number [2..2] decimal places"),
        ("The screen is 1920x1080.", ""),
        ("A gate code is five or eight digits long.", "length [5..5] digits; length [8..8] digits"),
        ("The harbour gets 404 back.", "number [404..404]"),
        ("Anything below 5 shows the lamp.", "number [..5)"),
        ("No more than 3 swaps a month.", "count [..3] swaps"),
        ("More than 3 towels are wet.", "count (3..] towels"),
    ],
)
def test_a_number_has_the_unit_that_stands_elsewhere(text: str, wanted: str) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Crates heavier than 12 kg stay behind.", "weight [..12] kg"),
        ("Slides bigger than 10 MB are left out.", "size [..10] MB"),
        ("Uploads past 2 GB fail.", "size [..2] GB"),
        ("More than 6 rowers don't fit.", "count [..6] rowers"),
        ("A motto of fewer than 3 or more than 70 letters is refused.", "length [3..70] letters"),
        ("Readings dated in the future are refused.", "date [..today]"),
        ("Dates lying in the past aren't accepted.", "date [today..]"),
        ("Skippers must be 16 or older and must not be banned.", "age [16..] years"),
        ("The cox has to be 25 or older and can't be a trainer.", "age [25..] years"),
        ("Crates heavier than 12 kg stay in the cellar.", "weight (12..] kg"),
        ("Crates over 12 kg are weighed and aren't insured.", "weight [..12] kg"),
        ("Readings below 2 or above 6 bar sound a horn.", "number [..2) bar; number (6..] bar"),
        ("A dive planned in the future is listed.", "date (today..]"),
        ("More than 6 rowers get a second boat.", "count (6..] rowers"),
        ("Rowers must have turned 21.", "age [21..] years"),
        ("Two towels can't be combined.", ""),
    ],
)
def test_what_is_refused_tells_what_is_allowed(text: str, wanted: str) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tides are cached for 20 minutes, then fetched again.", "timeout [..20] minutes"),
        ("A dive that hasn't been opened in 60 days is erased by the clean-up.", "timeout [..60] days"),
        ("If the skipper doesn't answer for 48 hours, the loan is granted.", "timeout [..48] hours"),
        ("The tank is emptied if nothing happens for 45 minutes.", "timeout [..45] minutes"),
        ("Berths unsold 2 hours before the regatta go on sale by themselves.", "timeout [..2] hours"),
        ("Whoever doesn't check in during the first 10 minutes loses the berth.", "timeout [..10] minutes"),
        ("Tides older than 90 days are deleted automatically.", "timeout [..90] days"),
        ("The pump waits 5 seconds before it tries again.", "timeout [..5] seconds"),
        ("Wrong keys block the gate for 60 seconds.", "timeout [..60] seconds"),
        ("The link keeps the tides for 15 days.", "duration [..15] days"),
        ("Regattas stay open for 20 days.", "duration [..20] days"),
        ("In the last 3 hours before the tide no changes are possible.", "duration [3..] hours"),
        (
            "Leaving later than 6 hours before the tide costs 10 EUR.",
            "duration [..6) hours; money [10..10] EUR",
        ),
        ("Leaving earlier than 2 days before the tide is free.", "duration (2..] days"),
        ("After 14 days no return is possible.", "duration [..14] days"),
        ("Dives are only possible if 30 minutes lie between them.", "duration [30..] minutes"),
        ("A rower must wait 5 hours before rowing again.", "duration [5..] hours"),
        ("If the skipper doesn't answer within 2 hours, the cox can decide.", "duration [..2] hours"),
        ("A horn sounds for 5 seconds.", "duration [5..5] seconds"),
        ("After 30 days a new berth can be asked for.", "duration [30..] days"),
        ("Rowers can change berths up to 24 hours before the tide.", "duration [24..] hours"),
    ],
)
def test_a_time_span_ends_by_itself_or_bounds_what_may_be_done(text: str, wanted: str) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Any attachment bigger than 3 GB fails with a 413.", "size [..3] GB; number [413..413]"),
        ("Pictures larger than 4 MB cause an error.", "size [..4] MB"),
        ("A batch of more than 20 rows returns HTTP 400.", "count [..20] rows; number [400..400]"),
        ("Batch is larger than 64 KB | 413 | Too large", "size [..64] KB"),
        ("A list with fewer than two names doesn't go to the vote.", "count [2..] names"),
        ("With a turnout short of 30 % the poll counts as void.", "percent [30..]"),
        ("Samples that differ by more than 0.2 % fail the inspection.", "percent [..0.2]"),
        ("Whoever joined less than 9 days ago doesn't get a badge.", "duration [9..] days"),
        ("As long as it is louder than 80 dB, nothing is recorded.", "number [..80] dB"),
        ("Three wrong codes in a row lock the safe.", "count [..3] codes"),
    ],
)
def test_what_is_refused_bounds_what_is_allowed(text: str, wanted: str) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The ticket works a single time.", "count [..1] times"),
        ("The number of tags is bounded by 12.", "count [..12] tags"),
        ("A motto fits into 60 characters.", "length [..60] characters"),
        ("There is room for a note of 80 characters.", "length [..80] characters"),
        ("Ten lamps per room is all the app will manage.", "count [..10] lamps"),
        ("Loans may be spread over 12 months at the longest.", "duration [..12] months"),
        ("A visit can be planned a year ahead at the outside.", "duration [..1] years"),
        ("The calendar reaches ninety days into the future.", "duration [..90] days"),
        ("A lawn may cover 900 square metres and no more than that.", "number [..900] square metres"),
        ("Each crew gets a minimum of 10 rooms a day, the maximum being 16.", "count [10..16] rooms"),
        ("It is paid in instalments: as few as two, as many as eight.", "count [2..8] instalments"),
        ("The stock holds templates, five being the limit.", "count [..5] templates"),
        ("One can order posters, and at most six of them are sent.", "count [..6] posters"),
        ("The word count lies in the range 30,000-140,000.", "length [30000..140000] words"),
        ("The kiln runs from 40 up to, but not including, 300 °C.", "number [40..300) °C"),
        ("Marks from 1 to 6 are given, stars from 1 to 5.", "number [1..6]; number [1..5] stars"),
        ("Nobody can have more than five requests running.", "count [..5] requests"),
        ("10 <= age <= 65", "age [10..65] years"),
        ("The score s: 1 <= s < 7", "number [1..7)"),
        ("Max. attempts = 3", "count [..3] attempts"),
        ("A basket holds fifty articles.", "count [..50] articles"),
        ("The mailbox holds 2 GB.", "size [..2] GB"),
        ("Deposits start at 20 EUR.", "money [20..] EUR"),
        ("You need to be 18 to sign up.", "age [18..] years"),
        ("Neither fewer than 3 nor more than 9 cards are drawn.", "count [3..] cards; count [..9] cards"),
        ("The third failure locks the account.", "count [..3] failures"),
        ("The list is cut after 100 entries.", "count [..100] entries"),
        ("Uploads exceeding 25 MB show an error.", "size [..25] MB"),
        ("Between two orders 5 minutes must pass.", "duration [5..5] minutes"),
        ("A link is good for 24 hours.", "timeout [..24] hours"),
        ("The same guest may not be invited a fifth time.", "count [..4] times"),
        ("Nothing is delivered that is due before 08:30.", "time [08:30..]"),
        ("The last run is over by 06:15.", "time [..06:15]"),
        ("A date before today is rejected.", "date [today..]"),
        ("Whoever is younger than six pays nothing.", "age [..6) years"),
        ("Anybody up to and including 17 counts as a junior.", "age [..17] years"),
        ("A diver who is not yet 18 needs a note.", "age [..18) years"),
    ],
)
def test_a_bound_in_other_words_is_the_same_bound(text: str, wanted: str) -> None:
    assert told(text) == wanted
