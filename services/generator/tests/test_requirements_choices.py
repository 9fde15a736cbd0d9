import pytest

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.requirements.model import ConstraintKind
from casewright_generator.domain.requirements.reading import read


def choices(text: str) -> list[str]:
    """Each choice as its values with slashes between."""
    criterion = Criterion(id="AC-1", text=text, origin=CriterionOrigin.SENTENCE)
    found = read(Story(title="A story", text=text, criteria=(criterion,), issue_type="Story"))
    return [" / ".join(one.values) for one in found.constraints if one.kind is ConstraintKind.ENUMERATION]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Its hue is teal, ochre or plum.", "teal / ochre / plum"),
        ("The slot is morning, noon or evening.", "morning / noon / evening"),
        ("Drinks are poured, bottled or canned.", "poured / bottled / canned"),
        ("A ballot is full, blank, void or “as you like”.", None),
        ("A meal is for an adult, a child or a senior.", "adult / child / senior"),
        ("A diver is rated as novice, advanced or expert.", "novice / advanced / expert"),
        ("Given a dive\nWhen the diver picks Shallow, Deep wreck or Night\nThen it is kept", None),
        ("Guests vote with Up, Down or Skip.", "Up / Down / Skip"),
        ("Each dive has a grade of A, B, C or D.", "A / B / C / D"),
        ("The gate opens either inwards or outwards.", "inwards / outwards"),
        ("The heater is either on or off, nothing else.", "on / off"),
        ("Delivery is by bike, van or pick-up.", "bike / van / pick-up"),
        ("For the room you can set Silent, Normal or Loud.", "Silent / Normal / Loud"),
        ("The keeper chooses Stay or Log in.", "Stay / Log in"),
    ],
)
def test_alternatives_that_stand_after_a_verb_are_a_choice(text: str, wanted: str | None) -> None:
    found = choices(text)

    assert len(found) == 1
    assert wanted is None or found == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The pilot sees a white, blue or amber light.", "white / blue / amber"),
        ("A ticket is for an early, a late or a night tour.", "early / late / night"),
        ("It carries a digital, printed or woven tag.", "digital / printed / woven"),
        ("You rent a canoe, a raft or a paddle boat.", None),
    ],
)
def test_a_noun_that_belongs_to_all_values_is_part_of_none(text: str, wanted: str | None) -> None:
    assert choices(text) == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    "text",
    [
        "The options are matt, gloss and satin.",
        "There is a choice of matt, gloss and satin.",
        "The finish is a dropdown with the entries matt, gloss and satin.",
        "A drop-down offers matt, gloss and satin.",
        "The drop-down “Finish” contains matt, gloss and satin.",
        "The dialog has the buttons matt, gloss and satin.",
        "The panel's buttons are matt, gloss and satin.",
        "Valid finishes are matt, gloss and satin.",
        "A wall gets one of the finishes matt, gloss and satin.",
        "The varnish takes the values matt, gloss or satin.",
        "Matt, gloss and satin are the only choices.",
        "Only matt, gloss and satin are on offer",
        "Varnish: matt / gloss / satin",
        "Varnish: matt / gloss / satin (radio buttons)",
        "Possible values: matt, gloss, satin",
        "Each wall has a category (matt, gloss, satin).",
        "The painter selects from matt, gloss and satin.",
    ],
)
def test_words_that_call_it_a_choice_make_any_list_one(text: str) -> None:
    (found,) = choices(text)

    assert found.lower() == "matt / gloss / satin"


def test_a_last_value_that_takes_all_the_rest_closes_a_list_in_brackets() -> None:
    assert choices("Each wall is filed under a finish (matt, gloss, other).") == ["matt / gloss / other"]


@pytest.mark.parametrize(
    "text",
    [
        "If the tank is cracked, dented or rusty, it is refused.",
        "Divers without a licence, insurance or doctor's note are refused.",
        "The list shows the name, the date and the depth.",
        "No dive, boat or tank may be booked twice.",
        "The dive's name, place or guide can be changed.",
        "Any boat, tank or suit can be rented.",
        "The guide opens the log, adds a note and saves it.",
        "Two or more divers share a boat.",
        "When a boat is late, full or broken, the diver is told.",
        "It is quick, easy and safe.",
        "The log shows the address (street, town, postcode).",
        "A label “new”, and pressing it opens the log.",
        "The log must not contain drawings, photos or maps.",
        "More or less air is fine.",
    ],
)
def test_what_lists_no_choice_is_none(text: str) -> None:
    assert choices(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The depth takes the value shallow, middle or deep.", "shallow / middle / deep"),
        ("Every log is headed Dive, Course or Rescue.", "Dive / Course / Rescue"),
        ("The diver can choose between bottles of 8 l, 10 l and 12 l.", "8 l / 10 l / 12 l"),
        ("Guides can filter the dives by the category Wreck, Reef or Cave.", "Wreck / Reef / Cave"),
        ("A dive has the level easy, normal or hard.", "easy / normal / hard"),
        ("Each dive is of type Wreck or Reef.", "Wreck / Reef"),
        ("It is one of Level 1, Level 2, Level 3.", "Level 1 / Level 2 / Level 3"),
        ("The lamp has a light or dark mode, picked by either light or dark mode.", None),
        ("The diver can choose between metric and imperial units.", "metric / imperial"),
        ("What one wins is a Bronze, a Silver or a Gold shell.", "Bronze / Silver / Gold"),
        ("Divers are told by e-mail, SMS or push message.", "e-mail / SMS / push message"),
        ("The diver chooses Stay, Leave or Call me.", "Stay / Leave / Call me"),
        ("The diver can switch between list view and map view.", "list view / map view"),
        ("A course lasts 5, 10 or 20 hours.", "5 / 10 / 20"),
        ("Dives are shore, boat or night dives.", "shore / boat / night"),
        ("The diver picks a left, middle or right berth.", "left / middle / right"),
    ],
)
def test_what_all_values_are_is_part_of_none(text: str, wanted: str | None) -> None:
    found = choices(text)

    assert found[-1] == (wanted or "light / dark")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("For each dive the guide opts for Wreck, Reef or Cave", "Wreck / Reef / Cave"),
        ("When a diver adds air\nThen she is asked for air, nitrox or trimix", "air / nitrox / trimix"),
        ("Given a dive\nWhen it ends\nThen Good, Fair and Poor are offered", "Good / Fair / Poor"),
        ("Guides rate each diver novice, skilled or expert.", "novice / skilled / expert"),
        ("There are short, long and night dives.", "short / long / night"),
        ("We know wreck, reef and cave, and nothing else.", "wreck / reef / cave"),
        ("The guide says where it is (wreck, reef or cave, nothing else is insured).", "wreck / reef / cave"),
        ("Payment is possible by card, voucher and transfer.", "card / voucher / transfer"),
        ("Dive types are wreck, reef and cave.", "wreck / reef / cave"),
        ("Logs may be private or shared.", "private / shared"),
        ("The gas field knows air, nitrox and trimix.", "air / nitrox / trimix"),
        ("The pop-up offers Dive, Wait and Leave.", "Dive / Wait / Leave"),
        ("Allowed suits: S/M/L.", "S / M / L"),
        ("Choose a dive of type “Wreck” or “Reef”.", "Wreck / Reef"),
        ("The suit field offers wet, semi-dry and dry.", "wet / semi-dry / dry"),
        ("Divers go in either side by side or one after the other.", "side by side / one after the other"),
        ("Zur Auswahl stehen Riff, Wrack und Höhle.", "Riff / Wrack / Höhle"),
        ("Als Ziel stehen Riff, Wrack und Höhle zur Wahl.", "Riff / Wrack / Höhle"),
    ],
)
def test_a_choice_is_told_by_who_decides_or_by_what_there_is(text: str, wanted: str) -> None:
    assert choices(text) == [wanted]


def test_in_dutch_a_small_word_means_or() -> None:
    text = "De duiker kiest één van de doelen: rif, wrak of grot. Dat kan niet worden gewijzigd."

    assert choices(text) == ["rif / wrak / grot"]


@pytest.mark.parametrize(
    "text",
    [
        "A note must be on the desk, power or not.",
        "There are masks, fins and bottles.",
        "There are three new and two old boats.",
        "The page lists name, depth and guide, and nothing else is loaded.",
        "If the dive is Planned or Running, it can't be moved.",
        "The values are saved, checked and sent.",
        "Answers are short, clear and polite.",
        "The guide decides on a date and a place.",
        "The page has a size limit or a warning.",
        "He goes for a walk or a run.",
        "The reply is calm and friendly.",
        "The button is green and round.",
        "The log has two pages: dives and bottles.",
        "The sheet contains the following columns: depth, guide and gas.",
        "The set of dives and counting them takes time.",
        "The list has 10 items without pages or frames.",
        "The guide picks a dive or drags the map.",
        "The guide answers with OK or adds to the log.",
        "Divers carry gear (mask, fins, lamp etc.).",
        "It stores all logs (e.g. dives, courses, rescues).",
        "Send 10 dives and raise or lower the boat.",
    ],
)
def test_what_happens_one_way_or_another_is_no_choice(text: str) -> None:
    assert choices(text) == []
