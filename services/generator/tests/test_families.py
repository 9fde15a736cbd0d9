"""Families of sentences: whatever their nouns are, each gets the cases that a tester would write."""

import pytest

from casewright_common.events import CaseDraft, Criterion, CriterionOrigin, Story, Technique
from casewright_generator.domain.designer import design
from casewright_generator.domain.gate.verify import verify
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions.detail import questions
from casewright_generator.domain.reading.analysis import analyse


def a_story(*criteria: str, title: str = "Orders") -> Story:
    return Story(
        title=title,
        text="\n".join(criteria),
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.HEADING)
            for number, text in enumerate(criteria, 1)
        ),
        issue_type="Story",
    )


def cases_of(*criteria: str) -> tuple[CaseDraft, ...]:
    story = a_story(*criteria)
    made = plan(analyse(story), max_cases=40)
    cases = design(made, story, story_id="S-1")
    assert not verify(cases, made, story).rejected
    return cases


def told(case: CaseDraft) -> tuple[tuple[str, ...], str, str]:
    return case.preconditions, case.steps[-1].action, case.steps[-1].expected


def test_each_limit_of_one_step_is_tried_while_the_others_are_kept() -> None:
    cases = cases_of(
        "Given a signed-in customer\nWhen the customer uploads between 1 and 5 files of at most 10 MB each\n"
        "Then the files are listed\nAnd the message “Done” is shown"
    )

    assert {case.steps[-1].action: case.negative for case in cases} == {
        "Upload 1 file of 10 MB.": False,
        "Upload 5 files of 10 MB each.": False,
        "Upload 6 files of 10 MB each.": True,
        "Upload 5 files of 10 MB plus 1 byte each.": True,
    }
    assert all(
        case.steps[-1].expected == "The files are listed. The message “Done” is shown."
        for case in cases
        if not case.negative
    )
    assert all(case.steps[-1].assumption for case in cases if case.negative)


def test_something_done_so_often_within_a_time_is_tried_once_fewer_too_slowly_and_until_it_ends() -> None:
    cases = cases_of(
        "Given a registered user, when he enters a wrong code 3 times within 5 minutes, "
        "then the card is blocked for 1 hour and a mail is sent"
    )

    assert [(case.steps[-1].action, case.steps[-1].expected) for case in cases] == [
        ("Enter a wrong code 2 times within 5 minutes.", "The card is not blocked. A mail is not sent."),
        ("Enter a wrong code 3 times within 5 minutes.", "The card is blocked for 1 hour. A mail is sent."),
        (
            "Enter a wrong code 3 times, the last one 5 minutes 1 second after the first.",
            "The card is not blocked. A mail is not sent.",
        ),
        ("Let 1 hour pass.", "The card is no longer blocked."),
    ]


@pytest.mark.parametrize(
    ("criterion", "possible", "refused"),
    [
        (
            "The delivery note cannot be edited after the parcel has been handed over.",
            "The parcel has not been handed over yet.",
            "The parcel has been handed over.",
        ),
        (
            "An invoice may only be sent once it has been approved.",
            "The invoice has been approved.",
            "The invoice has not been approved yet.",
        ),
        (
            "A refund cannot be paid before the return is confirmed.",
            "The return has been confirmed.",
            "The return has not been confirmed yet.",
        ),
        (
            "The training must be completed before the exam starts.",
            "The training has been completed.",
            "The training has not been completed yet.",
        ),
        (
            "Reviews must be approved before they are published.",
            "Reviews have been approved.",
            "Reviews have not been approved yet.",
        ),
        (
            "A coupon can't be used after it has expired.",
            "The coupon has not expired yet.",
            "The coupon has expired.",
        ),
        (
            "Users must accept the terms before they can register.",
            "The user has accepted the terms.",
            "The user has not accepted the terms yet.",
        ),
    ],
)
def test_what_has_its_time_is_done_in_it_and_refused_out_of_it(
    criterion: str, possible: str, refused: str
) -> None:
    done, tried = cases_of(criterion)

    assert done.preconditions == (possible,)
    assert not done.negative
    assert tried.preconditions == (refused,)
    assert tried.negative
    assert tried.steps[-1].action.startswith("Try to ")
    assert tried.steps[-1].expected.startswith("This is refused or not offered")


def test_a_deadline_before_an_event_is_tried_just_in_time_and_just_too_late() -> None:
    late, just = cases_of("A booking can be cancelled until 24 hours before departure.")

    assert just.steps[-1].action == "Cancel the booking 24 hours before departure."
    assert late.steps[-1].action == "Try to cancel the booking 23 hours 59 minutes before departure."
    assert late.negative


@pytest.mark.parametrize(
    ("criterion", "values"),
    [
        ("At least 8 characters are required for the password.", ["7 characters", "8 characters"]),
        ("A minimum of 2 approvers is required for a release.", ["1 approver", "2 approvers"]),
        ("Up to five files can be attached.", ["5 files", "6 files"]),
        ("No more than 3 attempts are allowed.", ["3 attempts", "4 attempts"]),
        ("Orders below 20 EUR are refused.", ["19.99 EUR", "20 EUR"]),
        ("Uploads larger than 10 MB are rejected.", ["10 MB", "10 MB plus 1 byte"]),
        ("Discounts over 30 % need the approval of a manager.", ["30%", "31%"]),
        ("Only orders of 50 EUR or more can be paid by invoice.", ["49.99 EUR", "50 EUR"]),
    ],
)
def test_a_limit_said_the_other_way_round_gets_its_boundary_values(criterion: str, values: list[str]) -> None:
    cases = cases_of(criterion)

    assert {case.technique for case in cases} == {Technique.BOUNDARY_VALUE}
    found = [case.data[0].value for case in cases]
    assert all(any(value in one for one in found) for value in values)
    assert len(found) == len(values)
    assert not any(case.steps[-1].action.startswith("Look at") for case in cases)


@pytest.mark.parametrize(
    ("criterion", "allowed", "refused"),
    [
        (
            "Only users with the role admin or editor can publish articles.",
            ["a user with the role admin", "a user with the role editor"],
            ["a user with none of the roles admin and editor"],
        ),
        ("Viewers cannot delete a report.", [], ["a viewer"]),
        (
            "The audit log is only available to managers.",
            ["a manager"],
            ["a user who is not a manager"],
        ),
        (
            "Admins and team leads can approve time sheets; employees cannot.",
            ["an admin", "a team lead"],
            ["an employee"],
        ),
        (
            "A project can only be archived by its owner.",
            ["the owner of the project"],
            ["a user who is not the owner of the project"],
        ),
    ],
)
def test_each_role_that_may_is_let_and_somebody_without_it_refused(
    criterion: str, allowed: list[str], refused: list[str]
) -> None:
    cases = cases_of(criterion)

    assert {case.technique for case in cases} == {Technique.ROLE_PERMISSION}
    for negative, people in ((False, allowed), (True, refused)):
        acting = [case.preconditions for case in cases if case.negative is negative]
        assert acting == [(f"Acting as {one}.",) for one in people]


def test_things_that_only_some_of_can_be_acted_upon_are_no_roles() -> None:
    cases = cases_of("Only orders of 50 EUR or more can be paid by invoice.")

    assert not any("Acting as" in one for case in cases for one in case.preconditions)


@pytest.mark.parametrize(
    ("criterion", "pairs"),
    [
        (
            "The status is one of open, closed, archived.",
            [
                (
                    "For status, look at the offered values.",
                    (
                        "Exactly these are offered: open, closed and archived; "
                        "nothing else can be chosen or entered."
                    ),
                ),
                (
                    "For status, choose archived, and save.",
                    "When it is opened again, archived is shown for status.",
                ),
            ],
        ),
        (
            "Dates are shown as YYYY-MM-DD.",
            [("Open a view that shows the date 5 March 1987.", "The date reads 1987-03-05.")],
        ),
        (
            "Times are displayed in 24-hour format (HH:mm).",
            [("Open a view that shows the time 7 minutes past 2 p.m.", "The time reads 14:07.")],
        ),
        (
            "Amounts are displayed with two decimals.",
            [
                ("Open a view that shows an amount of 7.", "The amount reads 7.00."),
                ("Open a view that shows an amount of 0.5.", "The amount reads 0.50."),
            ],
        ),
        (
            "The language can be switched between German and French.",
            [
                ("Switch the language to German.", "The language is German."),
                ("Switch the language to French.", "The language is French."),
            ],
        ),
        (
            "The export is available as CSV or PDF.",
            [
                (
                    "Get the export as CSV, and open the file.",
                    "The file opens as CSV and has the content of the export.",
                ),
                (
                    "Get the export as PDF, and open the file.",
                    "The file opens as PDF and has the content of the export.",
                ),
            ],
        ),
    ],
)
def test_a_closed_list_or_a_format_gets_an_example_of_each_value(
    criterion: str, pairs: list[tuple[str, str]]
) -> None:
    cases = cases_of(criterion)

    assert [(case.steps[-1].action, case.steps[-1].expected) for case in cases] == pairs
    assert {case.technique for case in cases} == {Technique.EQUIVALENCE_PARTITION}


@pytest.mark.parametrize(
    ("criterion", "good", "bad"),
    [
        (
            "The date of birth is entered in the format DD.MM.YYYY.",
            ["05.03.1987"],
            ["03/05/87", "31.02.1987"],
        ),
        (
            "The phone number must be in the format +49 123 4567890.",
            ["+49 123 4567890"],
            ["+49 123 456789x"],
        ),
        ("The email address must be valid.", ["jo@example.com"], ["jo.example.com", "jo@"]),
    ],
)
def test_what_is_entered_in_a_format_is_accepted_in_it_and_refused_in_another(
    criterion: str, good: list[str], bad: list[str]
) -> None:
    cases = cases_of(criterion)

    assert [case.data[0].value for case in cases if not case.negative] == good
    assert [case.data[0].value for case in cases if case.negative] == bad


def test_a_list_of_supported_formats_gets_a_file_of_each_and_one_of_another() -> None:
    cases = cases_of("Supported image formats: PNG, JPEG and GIF")

    assert [[datum.value for datum in case.data] for case in cases] == [["PNG; JPEG; GIF"], ["TXT"]]
    assert [len(case.steps) for case in cases] == [3, 1]
    assert [case.negative for case in cases] == [False, True]


@pytest.mark.parametrize(
    "title",
    [
        "MVC-aware HTTP source module supports Content-Type",
        "DataSourceFactory should be thread safe",
        "Logging infrastructure should not keep a reference to any classloaders",
        "Improve the portal after the upgrade",
        "Option to not build immediately after plan create",
    ],
)
def test_a_developers_note_becomes_a_question_instead_of_a_look_at_something(title: str) -> None:
    analysis = analyse(Story(title=title, text="", issue_type="Story"))

    assert not plan(analysis, max_cases=10).conditions
    assert questions(analysis).questions


@pytest.mark.parametrize(
    "sentence",
    [
        "The user can specify if the job is stateful.",
        "The domain is deploy when the file is updated.",
        "The property of the view, it saves the value, but not the current one.",
        "I'm assuming it is found by its id.",
    ],
)
def test_a_torn_sentence_gives_no_case(sentence: str) -> None:
    assert not plan(analyse(a_story(sentence)), max_cases=10).conditions


def test_what_is_shown_on_a_screen_is_looked_at_even_in_running_text() -> None:
    story = Story(
        title="The history page should show the newest order first",
        text="",
        issue_type="Story",
    )

    (condition,) = plan(analyse(story), max_cases=10).conditions

    assert condition.statement.actions == ("Open the history page.",)


@pytest.mark.parametrize(
    ("criterion", "action"),
    [
        ("An email is sent to me when the order is shipped.", "Ship the order."),
        ("A deleted order no longer appears in the list.", "Look at the list and look at the deleted order."),
        ("Orders are sorted by date, newest first.", "Look at orders."),
        ("The delivery date must be in the future.", "Enter a delivery date that is in the past."),
    ],
)
def test_a_plain_criterion_keeps_its_case(criterion: str, action: str) -> None:
    (case,) = cases_of(criterion)

    assert case.steps[-1].action == action


def test_a_dialog_that_cannot_show_something_is_opened_to_see_it() -> None:
    story = Story(title="The selection dialog can not show the sub nodes", text="", issue_type="Bug")

    (condition,) = plan(analyse(story), max_cases=10).conditions

    assert condition.statement.actions == ("Open the selection dialog.",)
    assert condition.statement.outcomes == ("The sub nodes are shown.",)


@pytest.mark.parametrize(
    ("criterion", "values"),
    [
        ("Das neue Passwort muss mindestens 12 und höchstens 64 Zeichen lang sein", [11, 12, 64, 65]),
        ("Der Name muss zwischen 2 und 50 Zeichen lang sein.", [1, 2, 50, 51]),
        ("Der Titel muss mindestens 3 und darf höchstens 80 Zeichen haben.", [2, 3, 80, 81]),
        ("Der Benutzername darf 3 bis 20 Zeichen lang sein.", [2, 3, 20, 21]),
    ],
)
def test_both_ends_of_a_german_range_are_tried_in_its_unit(criterion: str, values: list[int]) -> None:
    cases = cases_of(criterion)

    assert [case.data[0].value for case in cases] == [f"{value} Zeichen" for value in values]
    assert [case.negative for case in cases] == [True, False, False, True]


@pytest.mark.parametrize(
    ("criterion", "given"),
    [
        (
            (
                "Given two-factor login is turned on And the user has entered the right password "
                "When the user enters a wrong code Then the message “Wrong code” is shown"
            ),
            ("Two-factor login is turned on.", "The user has entered the right password."),
        ),
        (
            (
                "Given a logged in user And a cart with 2 items When the user removes one item "
                "Then the cart has 1 item"
            ),
            ("There is a logged in user.", "There is a cart with 2 items."),
        ),
        (
            "Given Terms And Conditions are accepted When the user pays Then the order is created",
            ("Terms And Conditions are accepted.",),
        ),
    ],
)
def test_each_clause_of_a_scenario_is_a_precondition_of_its_own(
    criterion: str, given: tuple[str, ...]
) -> None:
    (case,) = cases_of(criterion)

    assert case.preconditions == given


@pytest.mark.parametrize(
    ("criterion", "action", "expected"),
    [
        (
            "A refund is paid within 5 business days",
            "Request a refund, and note the time.",
            "A refund is paid within 5 business days, and not later.",
        ),
        (
            "The customer receives an e-mail within 2 minutes after the order is placed.",
            "Place the order, and note the time.",
            "The customer receives an e-mail within 2 minutes, and not later.",
        ),
        (
            "The system sends a confirmation within 5 minutes of registration.",
            "Register, and note the time.",
            "The system sends a confirmation within 5 minutes, and not later.",
        ),
    ],
)
def test_a_deadline_of_the_system_is_waited_for_after_what_starts_it(
    criterion: str, action: str, expected: str
) -> None:
    (case,) = cases_of(criterion)

    assert told(case) == ((), action, expected)
    assert case.technique is Technique.BOUNDARY_VALUE


@pytest.mark.parametrize(
    "criterion",
    [
        "Tickets are answered within 24 hours.",
        "An invoice must be paid within 14 days.",
        "Changes take effect immediately.",
        "Order cancellation.",
        "Do everything.",
        "Everything is done.",
        "Given an order When Order cancellation Then the stock is increased",
        "The email field is validated.",
        "The list supports sorting.",
    ],
)
def test_what_does_not_say_what_to_do_is_asked_about_instead_of_looked_at(criterion: str) -> None:
    analysis = analyse(a_story(criterion, title="Tickets"))

    assert not plan(analysis, max_cases=10).conditions
    assert questions(analysis).questions


@pytest.mark.parametrize(
    ("criterion", "role"),
    [
        ("An author may not approve their own document.", "author"),
        ("Authors cannot approve their own documents.", "author"),
        ("The author cannot approve it themselves.", "author"),
        ("A document must not be approved by its author.", "author"),
    ],
)
def test_nobody_may_decide_on_their_own_work(criterion: str, role: str) -> None:
    story = a_story(criterion, title="Documents")
    made = plan(analyse(story), max_cases=10)

    (case,) = design(made, story, story_id="S-1")

    assert case.preconditions == (f"Acting as an {role}.", f"There is a document of this {role}.")
    assert case.steps[-1].action == "Try to approve this document."
    assert case.steps[-1].expected.endswith("the document is not approved.")


@pytest.mark.parametrize(
    "criterion",
    [
        "A document goes through the states Draft → In review → Approved/Rejected",
        "Document states: Draft -> In review -> Approved or Rejected",
    ],
)
def test_each_step_of_a_chain_of_states_is_taken_and_a_leap_or_a_way_back_refused(criterion: str) -> None:
    cases = cases_of(criterion)

    assert {case.technique for case in cases} == {Technique.STATE_TRANSITION}
    assert [case.title for case in cases if not case.negative] == [
        "The document changes from Draft to In review",
        "The document changes from In review to Approved",
        "The document changes from In review to Rejected",
    ]
    assert [case.title for case in cases if case.negative] == [
        "The document cannot change from Draft to Approved",
        "The document cannot change from Approved to Draft",
        "The document cannot change from Rejected to Draft",
    ]
    assert all(case.steps[-1].assumption for case in cases if case.negative)


def test_a_path_through_a_menu_is_no_chain_of_states() -> None:
    analysis = analyse(a_story("The state is saved with Click File -> Save -> As draft"))

    assert not any(
        one.technique is Technique.STATE_TRANSITION for one in plan(analysis, max_cases=9).conditions
    )


@pytest.mark.parametrize(
    ("criterion", "action", "expected"),
    [
        (
            "Transfers to blocked accounts are refused",
            "Try to make a transfer to a blocked account.",
            "The transfer to the blocked account is refused.",
        ),
        (
            "Orders without a delivery address are rejected.",
            "Try to place an order without a delivery address.",
            "The order without the delivery address is rejected.",
        ),
        (
            "Expired vouchers are rejected.",
            "Try to use an expired voucher.",
            "The expired voucher is rejected.",
        ),
        (
            "Disabled accounts cannot sign in.",
            "Try to sign in with a disabled account.",
            "The sign-in with the disabled account is refused.",
        ),
        (
            "Discounts are not applied to gift cards",
            "Try to apply a discount to a gift card.",
            "The discount is not applied to the gift card.",
        ),
    ],
)
def test_what_is_barred_is_tried_with_just_that(criterion: str, action: str, expected: str) -> None:
    (case,) = cases_of(criterion)

    assert told(case) == ((), action, expected)
    assert case.negative


def test_what_is_refused_in_a_state_is_tried_in_it() -> None:
    story = a_story("If the order has been shipped, cancellation is refused.", title="Cancel orders")

    (case,) = design(plan(analyse(story), max_cases=10), story, story_id="S-1")

    assert case.preconditions == ("The order has been shipped.",)
    assert case.steps[-1].action == "Try to cancel orders."


@pytest.mark.parametrize(
    "criterion",
    [
        "At most 3 transfers per day are allowed",
        "A customer can make at most 3 transfers per day.",
        "Transfers are limited to 3 per day.",
    ],
)
def test_the_last_one_of_a_day_is_accepted_and_the_next_one_refused(criterion: str) -> None:
    third, fourth = cases_of(criterion)

    assert (third.negative, fourth.negative) == (False, True)
    assert third.steps[-1].expected == "All 3 transfers are made."
    assert [step.action for step in fourth.steps] == [
        "Make 3 transfers on one day.",
        "Try to make a fourth transfer on the same day.",
    ]
    assert fourth.steps[-1].expected == "The fourth transfer is refused."


@pytest.mark.parametrize(
    ("criterion", "refused"),
    [
        ("You must be 18 to register", "A user who is 17 years old is not accepted."),
        ("You must be 18 to register; otherwise “Too young” is shown", "“Too young” is shown."),
        ("Users under 18 cannot register.", "A user who is 17 years old is not accepted."),
        ("Only users aged 18 or over can register", "A user who is 17 years old is not accepted."),
    ],
)
def test_a_least_age_is_tried_with_somebody_of_it_and_a_year_younger(criterion: str, refused: str) -> None:
    younger, older = cases_of(criterion)

    assert told(younger) == (("Acting as a user who is 17 years old.",), "Try to register.", refused)
    assert (older.preconditions, older.steps[-1].action) == (
        ("Acting as a user who is 18 years old.",),
        "Register.",
    )
    assert not questions(analyse(a_story(criterion))).questions


@pytest.mark.parametrize(
    ("criterion", "action"),
    [
        ("The weight limit is 1000 kg.", "Try to use a load of 1000.1 kg."),
        ("The maximum load is 1000 kg.", "Try to use a load of 1000.1 kg."),
        ("The upload limit is 10 MB.", "Try to use a file of 10 MB plus 1 byte."),
        ("The transfer limit is 1000 EUR.", "Try to use a transfer of 1000.01 EUR."),
    ],
)
def test_what_a_limit_bounds_is_tried_and_not_the_limit_set(criterion: str, action: str) -> None:
    _, beyond = cases_of(criterion)

    assert beyond.steps[-1].action == action


def test_seeing_a_message_is_no_step() -> None:
    story = a_story('The user sees "Room not available" when the room is already booked', title="Book a room")

    (case,) = design(plan(analyse(story), max_cases=10), story, story_id="S-1")

    assert told(case) == (
        ("The room is already booked.",),
        "Book a room.",
        '"Room not available" is shown.',
    )


@pytest.mark.parametrize(
    ("criterion", "good", "bad"),
    [
        ("The amount field accepts only digits", "4711", "47a1"),
        ("The name may only contain letters.", "abcd", "ab4d"),
        ("Only numbers can be entered in the quantity field.", "4711", "47a1"),
    ],
)
def test_a_field_for_one_kind_of_characters_gets_it_and_another(criterion: str, good: str, bad: str) -> None:
    accepted, refused = cases_of(criterion)

    assert accepted.steps[-1].action.startswith(f"Enter “{good}” ")
    assert refused.steps[-1].action.startswith(f"Enter “{bad}” ")
    assert (accepted.negative, refused.negative) == (False, True)


def test_what_a_role_may_and_may_not_is_done_in_that_role() -> None:
    may, may_not = cases_of("User roles: Readers can view pages but cannot edit them")

    assert may.preconditions == may_not.preconditions == ("Acting as a reader.",)
    assert may_not.steps[-1].action == "Try to edit a page."
    assert may_not.negative


def test_the_steps_of_a_report_with_what_is_expected_stay_the_case() -> None:
    story = Story(
        title="Video preview is cut off",
        text=(
            "Steps to reproduce:\n1. Ensure the site theme is Boxie.\n2. As a teacher, open the editor.\n"
            "3. Click “Insert media”.\n4. The video will be cut off.\n\n"
            "Expected result: The full width of the video is viewable in the preview window."
        ),
        criteria=(
            Criterion(
                id="AC-1",
                text="The full width of the video is viewable in the preview window.",
                origin=CriterionOrigin.HEADING,
            ),
        ),
        issue_type="Bug",
    )

    (case,) = design(plan(analyse(story), max_cases=10), story, story_id="S-1")

    assert [step.action for step in case.steps] == [
        "Ensure the site theme is Boxie.",
        "As a teacher, open the editor.",
        "Click “Insert media”.",
    ]
    assert case.steps[-1].expected == "The full width of the video is viewable in the preview window."


def test_saving_what_exists_already_throws_in_a_title_alone() -> None:
    story = Story(
        title="Saving a metric with an existing name should throw an exception", text="", issue_type="Story"
    )

    (case,) = design(plan(analyse(story), max_cases=10), story, story_id="S-1")

    assert told(case) == ((), "Save a metric with an existing name.", "An exception is thrown.")


def test_beyond_a_limit_what_cannot_be_done_is_tried_and_at_the_limit_it_succeeds() -> None:
    cases = cases_of("Orders older than 30 days can't be refunded.")

    assert {case.steps[-1].action: (case.negative, case.steps[-1].expected) for case in cases} == {
        "Refund an order that is 30 days old.": (False, "An order that is 30 days old is refunded."),
        "Try to refund an order that is 31 days old.": (
            True,
            "An order that is 31 days old is not refunded.",
        ),
    }


def test_beyond_an_amount_with_thousands_more_is_needed_and_nothing_is_refused() -> None:
    cases = cases_of("Transfers above 1,000.00 EUR need a second approval.")

    assert [told(case)[1:] for case in cases] == [
        ("Make a transfer of 1000.00 EUR.", "A transfer of 1000.00 EUR does not need a second approval."),
        ("Make a transfer of 1000.01 EUR.", "A transfer of 1000.01 EUR needs a second approval."),
    ]


def test_one_of_a_role_is_told_from_the_others_in_it() -> None:
    cases = cases_of("Only the customer who placed the order can request a refund.")

    assert told(cases[-1])[0] == ("Acting as a customer other than the customer who placed the order.",)
