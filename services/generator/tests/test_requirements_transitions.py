import pytest

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.requirements.model import ConstraintKind, Requirements
from casewright_generator.domain.requirements.reading import read


def a_reading(*criteria: str) -> Requirements:
    return read(
        Story(
            title="A story",
            text="\n\n".join(criteria),
            criteria=tuple(
                Criterion(id=f"AC-{number}", text=one, origin=CriterionOrigin.SENTENCE)
                for number, one in enumerate(criteria, start=1)
            ),
            issue_type="Story",
        )
    )


def changes(*criteria: str) -> list[str]:
    """Each transition as `from > to`."""
    return [
        f"{one.from_state} > {one.to_state}".strip()
        for one in a_reading(*criteria).constraints
        if one.kind is ConstraintKind.TRANSITION
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A crate that was weighed moves from Unweighed to Weighed.", ["Unweighed > Weighed"]),
        ("After 6 days a plea moves automatically from Filed to Stale.", ["Filed > Stale"]),
        ("Its state flips from Idle to Busy.", ["Idle > Busy"]),
        ("Ticking the box takes the job from Queued straight to Printing.", ["Queued > Printing"]),
        ("Undoing brings the loan from Granted back to Requested.", ["Granted > Requested"]),
        ("The move from Waiting to Served is logged.", ["Waiting > Served"]),
        ("Paying turns a Tentative stay into a Firm one.", ["Tentative > Firm"]),
        ("The signature turns Awaiting signature into Signed.", ["Awaiting signature > Signed"]),
        ("The scan makes the Booked pallet Loaded.", ["Booked > Loaded"]),
        ("A Booked bay falls back to Free if nobody comes.", ["Booked > Free"]),
        ("While it boils, its state is Working, and when it has cooled the state goes back to Idle.", None),
        ("A sold lot is set to Available from Withdrawn.", ["Withdrawn > Available"]),
        ("Draft → In review → Released", ["Draft > In review", "In review > Released"]),
    ],
)
def test_a_change_is_read_with_the_state_it_began_in(text: str, wanted: list[str] | None) -> None:
    assert changes(text) == (wanted or ["Working > Idle"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The parcel then counts as Delivered.", "Delivered"),
        ("The lamp is flagged as Broken.", "Broken"),
        ("The lamp is then marked Broken.", "Broken"),
        ("The probe marks the batch as Contaminated.", "Contaminated"),
        ("The board shows the flat as Vacant.", "Vacant"),
        ("It then shows as Unavailable until it is cleaned.", "Unavailable"),
        ("A plea that is too old is treated as Lapsed.", "Lapsed"),
        ("The pump is considered Faulty from then on.", "Faulty"),
        ("The motion is shown as Adopted.", "Adopted"),
        ("The request is closed as Declined.", "Declined"),
        ("The proof-reader can send the text back to Draft.", "Draft"),
        ("The alarm turns Critical.", "Critical"),
        ("The crane goes Offline after five calls.", "Offline"),
        ("The lot is back to Available.", "Available"),
        ("The lot is put on Hold.", "Hold"),
        ("It enters the Archived state.", "Archived"),
        ("It automatically transitions to the “Archived” state.", "Archived"),
        ("The probe changes its state to Offline.", "Offline"),
        ("Every new lot has the status Fresh.", "Fresh"),
        ("The initial status is Fresh.", "Fresh"),
        ("Its status becomes expired.", "expired"),
        ("Given a bag\nWhen it is scanned\nThen the bag has status “Loaded”", "Loaded"),
        ("Given a bag\nWhen it is scanned\nThen the bag should be Loaded", "Loaded"),
        ("A plea that nobody answers becomes Overdue.", "Overdue"),
        ("Lots not called for by noon are set to Forfeited.", "Forfeited"),
    ],
)
def test_a_change_is_read_by_its_target_alone(text: str, wanted: str) -> None:
    assert changes(text) == [f"> {wanted}"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("An Open tour can go to Delayed or Cancelled.", ["Open > Delayed", "Open > Cancelled"]),
        ("From Planned a tour moves to Delayed or Cancelled.", ["Planned > Delayed", "Planned > Cancelled"]),
        ("A tour changes to Delayed or to Cancelled.", ["> Delayed", "> Cancelled"]),
        ("It changes from Planned to Running, then to Done.", ["Planned > Running", "Running > Done"]),
        ("A paid plea becomes Settled and one in dispute becomes Contested.", ["> Settled", "> Contested"]),
        (
            "A plea is first Filed, then Under review, and finally Granted or Denied.",
            ["> Filed", "Filed > Under review", "Under review > Granted", "Under review > Denied"],
        ),
        (
            "A tour changes from Planned to Running at noon and to Ended in the evening.",
            ["Planned > Running", "Running > Ended"],
        ),
        ("A plea ends in Denied after a year, otherwise in Granted.", ["> Denied", "> Granted"]),
        ("An Under review plea can be sent back to Filed.", ["Under review > Filed"]),
        ("After the deadline, Offered berths become Vacant again.", ["Offered > Vacant"]),
        ("Pending berth pleas turn Lapsed after a week.", ["Pending > Lapsed"]),
        ("A plea that was Granted can be Revoked by the mayor.", ["Granted > Revoked"]),
        ("Given the tour is Planned\nWhen it starts\nThen it shows Started", ["Planned > Started"]),
        ("When the last berth is taken, the tour shows as Booked out.", ["> Booked out"]),
    ],
)
def test_each_of_several_targets_is_a_change_of_its_own(text: str, wanted: list[str]) -> None:
    assert changes(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "The visitor goes to Settings.",
        "The report is sent to Finance.",
        "The mail goes to Accounting.",
        "A Closed tour never becomes Open.",
        "If a tour becomes Late, the planner gets a mail.",
        "A tour can't be moved to Closed without a reason.",
        "The button is labelled Save.",
        "The column shows Revenue as Total.",
        "The train goes from London to Paris.",
        "Open tours are listed first.",
        "Given a start page\nWhen it is opened\nThen the heading is Welcome",
        "A Declined plea stays Declined.",
        "The field is marked as required.",
        "The button changes to Saved once the tour is stored.",
        "The title of the tour changes to Closed tours.",
        "The word “Late” on the badge becomes “Delayed”.",
        "The rider moves on to Closed A.",
        "The wagon is transferred from Lower Town to Harbour.",
        "The answer travels from Karin to Bodo.",
        "Data moves from FTP to SMB.",
        "A gate can be open or shut.",
        "A tour may be Delayed or Late.",
        "Denied -> Filed is not allowed.",
    ],
)
def test_what_only_sounds_like_a_change_is_none(text: str) -> None:
    assert changes(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A Closed tour never becomes Open.", {"Closed", "Open"}),
        ("If a tour becomes Late, the planner gets a mail.", {"Late"}),
        ("A tour can't be moved to Closed without a reason.", {"Closed"}),
        ("A tour has one of the states New, Running, Done.", {"New", "Running", "Done"}),
        ("Granted back to the owner, it is Returned again.", {"Returned"}),
        ("The tour stays in Held until the guide answers.", {"Held"}),
        ("Status (Open, Paused, Closed)", {"Open", "Paused", "Closed"}),
        ("The start page shows the logo of the town.", set()),
        ("Only the Owner can open the Settings.", set()),
    ],
)
def test_states_are_named_also_where_nothing_changes(text: str, wanted: set[str]) -> None:
    assert set(a_reading(text).states) == wanted


def test_a_capital_at_the_beginning_is_a_state_where_the_story_knows_it() -> None:
    assert changes("A new plea is put on Held.", "Held pleas that nobody reads are moved to Forfeited.") == [
        "> Held",
        "Held > Forfeited",
    ]


def test_modes_are_states_where_the_story_changes_between_them() -> None:
    found = a_reading(
        "The pump has three modes: Eco, Boost, Night.", "Pulling the lever ends Boost and starts Eco."
    )

    assert [(one.from_state, one.to_state) for one in found.constraints if one.to_state] == [("Boost", "Eco")]
    assert set(found.states) == {"Eco", "Boost", "Night"}


def test_modes_that_nothing_changes_are_values_only() -> None:
    assert a_reading("The pump has three modes: Eco, Boost, Night.").states == ()
