import pytest

from casewright_generator.domain.requirements.exclusions import excludes


@pytest.mark.parametrize(
    "sentence",
    [
        "Reporting comes later.",
        "Reports will follow later.",
        "Badges are left for later.",
        "Badges are planned for phase 2.",
        "Badges come with the next release.",
        "We'll leave badges for later.",
        "We skip badges for now.",
        "We do without badges for the time being.",
        "Let's not do badges here.",
        "Forget badges for now.",
    ],
)
def test_what_is_left_for_later_is_excluded(sentence: str) -> None:
    assert excludes(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Badges are their own topic.",
        "Badges need a separate story.",
        "Badges are a follow-up.",
        "Badges are covered by GATE-17 and not here.",
        "For badges see GATE-17.",
        "Badges are somebody else's job.",
        "Everything about badges belongs to another team.",
        "Badges will be done in a separate ticket.",
    ],
)
def test_what_others_do_is_excluded(sentence: str) -> None:
    assert excludes(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Badges won't be touched.",
        "We don't touch badges.",
        "Badges stay out for now.",
        "Not touched: the badges of guests.",
        "Not included are badges and lanyards.",
        "Excluded are badges.",
        "No badges in this story.",
        "There won't be any badges in this version.",
        "Badges: not now.",
        "Badges can wait.",
        "Badges keep going out by post for the time being.",
        "Printing badges remains a manual job for now.",
        "Badges stay with the front desk for now.",
        "We are not redrawing badges here.",
        "Badges on paper are not needed yet.",
        "Badge printing: phase 2.",
        "The look of the badges is not in question here.",
        "Badges we leave for another time.",
        "No support for coloured badges yet.",
        "Badges come with GATE-17.",
        "Badge printing stays on paper for now.",
        "Handing out badges is still done by hand for the time being.",
        "Badges: see GATE-17, another crew.",
        "Badges are off the table.",
        "Badges are explicitly left out.",
        "This isn't about badges.",
        "Outside this story: badges.",
        "Badges aren't planned.",
        "Old badges aren't imported for now.",
        "Badges are out for the first version.",
        "We will look at badges in another story.",
    ],
)
def test_what_stays_out_is_excluded(sentence: str) -> None:
    assert excludes(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The parcel comes later than planned.",
        "The invoice follows later by mail.",
        "A photo can be added later.",
        "The visitor gets a second ticket.",
        "Every diver has their own card.",
        "Every diver gets their own ticket.",
        "The player starts with the next round.",
        "The reply can wait in the queue for 3 days.",
        "If the scan is skipped, the page is printed.",
        "Rows that are not touched stay grey.",
        "The other tabs are not affected.",
        "Deleted files are not part of the list.",
        "Fees are handled by the bank.",
        "Excluded items are hidden.",
        "The badge isn't printed in colour.",
        "The player is out in the first round.",
        "The clerk leaves the field empty.",
        "The rule is described in GATE-17.",
        "The board shows GATE-17 as closed.",
        "No more than two badges are printed.",
        "The badge stays on the desk for the night.",
        "The badge stays with the guard until the evening.",
        "The badge is not printed yet.",
        "Badges keep going out by post if no address is known.",
        "Badges: see the menu Badges.",
        "No changes to the badge are saved while it is printed.",
    ],
)
def test_what_the_product_does_is_not_excluded(sentence: str) -> None:
    assert not excludes(sentence)
