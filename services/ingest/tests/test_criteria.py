"""Criteria of issues as people write them."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright_common.events import CriterionOrigin
from casewright_ingest.domain.adf import read_adf
from casewright_ingest.domain.blocks import plain_text
from casewright_ingest.domain.criteria import MAX_CRITERIA, MAX_CRITERION_CHARACTERS, find_criteria
from casewright_ingest.domain.wiki import read_wiki

HEADING, LIST, CHECKLIST = CriterionOrigin.HEADING, CriterionOrigin.LIST, CriterionOrigin.CHECKLIST
TABLE, SCENARIO, SENTENCE = CriterionOrigin.TABLE, CriterionOrigin.GIVEN_WHEN_THEN, CriterionOrigin.SENTENCE


def texts(description: str, title: str = "", field: str = "") -> list[str]:
    fields = [read_wiki(field)] if field else []
    return [one.text for one in find_criteria(title, read_wiki(description), fields).criteria]


def origins(description: str, title: str = "", field: str = "") -> set[CriterionOrigin]:
    fields = [read_wiki(field)] if field else []
    return {one.origin for one in find_criteria(title, read_wiki(description), fields).criteria}


@pytest.mark.parametrize(
    "heading",
    [
        "h2. Acceptance criteria", "h3. *Acceptance Criteria:*", "*AC*", "AC:", "*COS:*", "COS:",
        "Conditions of satisfaction:", "Acceptance criteria", "h1. 3. Requirements", "Expected behaviour:",
        "h2. Acceptance criteria (draft)", "Akzeptanzkriterien:", "h2. Critères d'acceptation",
        "h2. Criterios de aceptación", "h2. Critérios de aceitação", "h2. 验收标准",
        "{panel:title=Acceptance criteria}",
    ],
)  # fmt: skip
def test_a_list_under_a_heading_is_criteria(heading: str) -> None:
    description = f"The page may well be slow.\n\n{heading}\n* Ranks are shown\n* Sorted by name\n"
    assert texts(description) == ["Ranks are shown", "Sorted by name"]
    assert origins(description) == {HEADING}


def test_other_sections_are_no_criteria() -> None:
    description = (
        "h2. Background\nUsers must phone us today.\nh2. Acceptance criteria\n* The form opens\n\n"
        "h2. Out of scope\n* The form must print\nh3. Later\n* It must sing\nh2. Dev notes\n"
        "* We should use React\n"
        "h2. Steps to reproduce\n# Open the page\n# It should open"
    )
    assert texts(description) == ["The form opens"]


@pytest.mark.parametrize(
    "rule",
    [
        'Error: "No such coupon" is shown for an expired one',
        "Warning: at most 5 retries",
        "Info: the total contains the postage",
        "Note: seats are kept for ten minutes",
        "System: mark the parcel as lost",
        "Hinweis: Gutscheine gelten drei Jahre",
    ],
)
def test_among_criteria_a_rule_may_stand_behind_what_it_is_about(rule: str) -> None:
    assert texts(f"h3. Acceptance criteria\n* The form opens\n* {rule}\n") == ["The form opens", rule]


@pytest.mark.parametrize(
    "line",
    [
        "Error: java.lang.IllegalStateException at com.shop.Cart.add(Cart.java:12)",
        "Note: see the mockup",
        "Warning: tbd",
        "Note: refactor the importer",
    ],
)
def test_such_a_word_makes_no_rule_of_what_is_none(line: str) -> None:
    assert texts(f"h3. Acceptance criteria\n* The form opens\n* {line}\n") == ["The form opens"]


def test_deeper_headings_belong_to_the_criteria() -> None:
    description = (
        "h2. Acceptance criteria\nh3. Admin\n* Can delete\nh3. Guest\n* Cannot delete\nh2. Links\n* x y z"
    )
    assert texts(description) == ["Can delete", "Cannot delete"]


def test_a_heading_in_bold_ends_where_the_next_one_begins() -> None:
    description = "*Acceptance criteria*\n* The form opens\n\n*Mockups*\n* The blue one should win\n"
    assert texts(description) == ["The form opens"]


def test_prose_under_a_heading_is_one_criterion_per_sentence() -> None:
    description = (
        "h2. Expected result\nThe page opens. It shows the name, e.g. Ann.\n\n"
        "h2. Actual result\nIt must be bad."
    )
    assert texts(description) == ["The page opens.", "It shows the name, e.g. Ann."]


def test_labels_within_running_text_hold_to_the_end_of_their_paragraph() -> None:
    description = "Expected: the list is sorted.\nActual: it should not be random.\n\nThanks all."
    assert texts(description) == ["the list is sorted."]


def test_a_custom_field_goes_before_all_else() -> None:
    description = "h2. Acceptance criteria\n* Not this"
    assert texts(description, field="First thing\n* Second thing\n\nOut of scope:\n* Third thing") == [
        "First thing",
        "Second thing",
    ]
    assert origins(description, field="One thing") == {CriterionOrigin.CUSTOM_FIELD}
    assert texts(description, field="tbd") == ["Not this"]


def test_numbers_and_check_words_before_a_criterion_are_dropped() -> None:
    assert texts(
        "AC:\n* AC-1: Verify that the page opens\n* AC2 - Ensure the page closes\n* 3 users can log in"
    ) == [
        "The page opens",
        "The page closes",
        "3 users can log in",
    ]


def test_a_checklist_without_a_heading_is_criteria_where_it_says_something() -> None:
    description = "* [ ] The form must open\n* [x] Write unit tests\n* [ ] The form closes when saved"
    assert texts(description) == ["The form must open", "The form closes when saved"]
    assert origins(description) == {CHECKLIST}


def test_fragments_under_an_item_belong_to_it_and_statements_stand_alone() -> None:
    description = (
        "AC:\n* The user can filter\n** by name\n** by date\n* The user can sort\n** The order must be kept\n"
    )
    assert texts(description) == [
        "The user can filter: by name; by date",
        "The user can sort",
        "The order must be kept",
    ]


def test_what_leads_a_list_in_is_said_with_each_item() -> None:
    assert texts("The service must:\n* log in\n* log out") == [
        "The service must log in",
        "The service must log out",
    ]


def test_an_item_that_only_names_a_thing_is_said_with_what_hangs_under_it() -> None:
    description = (
        "AC:\n* Release dialog\n** Name the version\n** Pick a date\n* Limits\n** Silver: 5 EUR\n* It closes"
    )
    assert texts(description) == [
        "Release dialog: Name the version",
        "Release dialog: Pick a date",
        "Limits: Silver: 5 EUR",
        "It closes",
    ]
    assert texts("AC:\n* The list shows all open tasks of the team\n** newest first\n** It must scroll") == [
        "The list shows all open tasks of the team",
        "The list shows all open tasks of the team: newest first",
        "It must scroll",
    ]


def test_what_happens_when_is_a_condition_and_other_questions_are_dropped() -> None:
    description = (
        "AC:\n* What happens when two are dragged?\n** Refuse the drop\n* Which one?\n** Show the first"
    )
    assert texts(description) == ["When two are dragged, refuse the drop", "Show the first"]


def test_struck_and_empty_entries_are_no_criteria() -> None:
    assert texts(
        "AC:\n* -gone with the wind-\n* TBD\n* n/a\n* https://example.net\n* Works offline\n* Really?"
    ) == ["Works offline"]


def test_rows_of_a_criteria_table_are_criteria() -> None:
    header = "||#||Action||Expected result||Status||"
    description = f"{header}\n|1|Click save|The page closes|done|\n|2|Click x|Nothing|open|"
    assert texts(description) == [
        "Action: Click save; Expected result: The page closes",
        "Action: Click x; Expected result: Nothing",
    ]
    assert origins(description) == {TABLE}
    assert texts("||Name||Size||\n|a|1|\n|b|2|") == []


def test_a_table_of_given_when_then_is_one_scenario_per_row() -> None:
    assert texts("||Given||When||Then||\n|a cart|I pay|it is empty|\n|none| |it opens|") == [
        "Given a cart\nWhen I pay\nThen it is empty",
        "Given none\nThen it opens",
    ]


def test_scenarios_keep_their_lines() -> None:
    description = (
        "Feature: Cart\n\nBackground:\nGiven a shop\n\nScenario: Pay\nGiven a cart\nAnd a card\nWhen I pay\n"
        "Then it is empty\nBut it stays\n\n"
        "Scenario: Leave\nWhen I leave\nThen it is kept\n\nThe end must come."
    )
    assert texts(description) == [
        "Scenario: Pay\nGiven a shop\nGiven a cart\nAnd a card\nWhen I pay\nThen it is empty\nBut it stays",
        "Scenario: Leave\nGiven a shop\nWhen I leave\nThen it is kept",
        "The end must come.",
    ]
    assert origins(description) == {SCENARIO, SENTENCE}


@pytest.mark.parametrize(
    "description",
    [
        "*Given* a cart\n*When* I pay\n*Then* it is empty",
        "* Given a cart\n* When I pay\n* Then it is empty",
        "{code:gherkin}\nGiven a cart\nWhen I pay\nThen it is empty\n{code}",
        "{noformat}Given a cart  When I pay  Then it is empty{noformat}",
        "Given a cart, when I pay, then it is empty",
        "AC: Given a cart When I pay Then it is empty",
        "* Given a cart When I pay Then it is empty",
    ],
)
def test_scenarios_are_found_wherever_they_stand(description: str) -> None:
    (criterion,) = texts(description)
    assert criterion.lower() == "given a cart\nwhen i pay\nthen it is empty"
    assert origins(description) == {SCENARIO}


@pytest.mark.parametrize(
    "examples",
    [
        "Examples:\n|n|sum|\n|1|2|\n|2|4|",
        "Examples:\n\n||n||sum||\n|1|2|\n|2|4|",
        "*Examples*\n||n||sum||\n|1|2|\nExamples: more\n||n||sum||\n|2|4|",
    ],
)
def test_each_row_of_examples_makes_a_scenario_of_an_outline(examples: str) -> None:
    outline = "Scenario Outline: Pay\nGiven <n> items\nWhen I pay\nThen I owe <Sum>"
    in_code = f"{{code}}\n{outline}\nExamples:\n  | n | sum |\n  | 1 | 2 |\n  | 2 | 4 |\n{{code}}"
    expected = [
        "Scenario: Pay (n 1, sum 2)\nGiven 1 items\nWhen I pay\nThen I owe 2",
        "Scenario: Pay (n 2, sum 4)\nGiven 2 items\nWhen I pay\nThen I owe 4",
    ]
    assert texts(f"{outline}\n\n{examples}") == expected
    assert texts(in_code) == expected


def test_placeholders_in_the_title_of_an_outline_tell_its_rows_apart() -> None:
    outline = "Scenario Outline: Pay <n>\nGiven <n> items\nWhen I pay\nThen I owe <x>\nExamples:\n|n|\n|1|"
    assert texts(outline) == ["Scenario: Pay 1\nGiven 1 items\nWhen I pay\nThen I owe <x>"]


def test_an_outline_without_a_row_for_its_placeholders_is_kept_as_it_is() -> None:
    (criterion,) = texts(
        "Scenario Outline: Pay\nGiven <n> items\nWhen I pay\nThen I owe\nExamples:\n|a|\n|1|"
    )
    assert "Given <n> items" in criterion


def test_several_when_and_then_in_one_scenario_share_the_given() -> None:
    steps = (
        "Given a user\nAnd a form\nWhen I save\nAnd confirm\nThen it is kept\nWhen I leave\nThen it is gone"
    )
    assert texts(steps) == [
        "Given a user\nAnd a form\nWhen I save\nAnd confirm\nThen it is kept",
        "Given a user\nAnd a form\nWhen I leave\nThen it is gone",
    ]


def test_an_action_that_goes_on_from_the_one_before_keeps_it() -> None:
    steps = "Scenario: Cart\nGiven 2 items\nWhen I remove one\nThen 1 is left\n"
    steps += "When I remove the other\nThen none is"
    assert texts(steps) == [
        "Scenario: Cart (1)\nGiven 2 items\nWhen I remove one\nThen 1 is left",
        "Scenario: Cart (2)\nGiven 2 items\nWhen I remove one\nWhen I remove the other\nThen none is",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Given a user / And a cart / When I pay / Then it is empty / And a mail is sent",
        "Given a user And a cart, When I pay, Then it is empty And a mail is sent",
        "Given a user, And a cart\nWhen I pay Then it is empty, And a mail is sent",
    ],
)
def test_each_clause_after_and_is_a_step_of_its_own(line: str) -> None:
    assert texts(line) == ["Given a user\nAnd a cart\nWhen I pay\nThen it is empty\nAnd a mail is sent"]


@pytest.mark.parametrize(
    "prose",
    [
        "Given the nature of this, we waited.",
        "When it rains it pours.",
        "Then we left. And went home.",
        "Examples are rare.",
        "When I save, it hangs. Then I wait.\nThen it works.",
        "when I save\nthen it fails",
    ],
)
def test_prose_that_begins_like_a_step_is_no_scenario(prose: str) -> None:
    assert SCENARIO not in origins(prose)


@pytest.mark.parametrize(
    "sentence",
    [
        "The API must return 404 for an unknown id.",
        "Users can export the report as CSV.",
        "When the name is empty, the form shows a hint.",
        "The field should not accept more than 255 characters.",
        "Der Benutzer muss sich anmelden.",
        "El usuario debe iniciar sesión antes de pagar.",
        "Display the number of votes on each card.",
    ],
)
def test_testable_sentences_are_criteria_where_nothing_is_explicit(sentence: str) -> None:
    assert texts(f"Some words about it.\n\n{sentence}") == [sentence]
    assert origins(sentence) == {SENTENCE}


@pytest.mark.parametrize(
    "sentence",
    [
        "Currently the list is random.",
        "Should we sort the list?",
        "I think this was a mistake.",
        "See the attached screenshot.",
        "    at com.example.Foo.must(Foo.java:12)",
        "2015-01-12 20:21:48,935 INFO must be started",
        "This should be discussed with the team.",
        "java.lang.IllegalStateException: must not be null",
        "Refactor the parser.",
        "We noticed it last week.",
        "https://must.example.net/should",
    ],
)
def test_other_sentences_are_not(sentence: str) -> None:
    assert texts(sentence) == []


def test_a_fault_told_in_the_present_tense_is_no_criterion() -> None:
    description = "When I save the form, the page shows nothing. The name should be kept."
    assert texts(description, title="Saving the form fails") == ["The name should be kept."]


def test_steps_to_reproduce_are_no_criteria() -> None:
    description = "# Open the page\n# Click the save button\n# It can not be saved"
    assert texts(description, title="Page can not be saved") == []


@pytest.mark.parametrize(
    ("title", "criterion"),
    [
        (
            "Saving a metric with an existing name should throw an exception",
            "Saving a metric with an existing name should throw an exception",
        ),
        ("As a user, I want to sort the list so that I find things", "A user can sort the list"),
        ("As Patrick, I want the list to reflect the filter", "The list should reflect the filter"),
        ("As an admin I must not be able to delete myself", "An admin must not be able to delete myself"),
        ("As a user, I'd like to have tap support", "A user has tap support"),
        ("As a developer, I'd like to create a new generator", "Create a new generator"),
        ("Add --date option to the trigger module", "Add --date option to the trigger module"),
        ("Agile menu: Allow boards to be reordered", "Agile menu: Allow boards to be reordered"),
        ("UI - Do not show the server address", "UI - Do not show the server address"),
        ("Login page to support single sign-on", "Login page should support single sign-on"),
    ],
)
def test_the_title_may_be_all_there_is(title: str, criterion: str) -> None:
    assert texts("", title=title) == [criterion]


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Login",
        "Upgrade to Boot 2",
        "Login fails on Firefox",
        "Write docs",
        "Spike: sorting",
        "???",
        "tbd",
    ],
)
def test_a_story_without_a_word_of_substance_has_no_criteria(title: str) -> None:
    assert texts("", title=title) == []
    assert texts("tbd", title=title) == []


def test_criteria_are_numbered_once_each_and_bounded() -> None:
    many = "AC:\n" + "\n".join(f"* Thing {number // 2} works" for number in range(4 * MAX_CRITERIA))
    found = find_criteria("", read_wiki(many)).criteria
    assert len(found) == MAX_CRITERIA
    assert [one.id for one in found] == [f"AC-{number}" for number in range(1, MAX_CRITERIA + 1)]
    (long,) = texts("AC:\n* " + "word " * 1000)
    assert len(long) <= MAX_CRITERION_CHARACTERS
    assert re.search(r"word… \(\d{4} more characters\)$", long)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "AC:",
                "Given a",
                "When b",
                "Then c",
                "Examples:",
                "* x must y",
                "# Click",
                "h2. Acceptance criteria",
                "h3. Notes",
                "",
                "",
                "a",
                "",
                "then",
                "",
                "",
                "",
                "1",
                "2",
                "",
                "{code}",
                "It should work.",
                "As a user, I want",
                "so that",
                "tbd",
                "{noformat}",
                "Scenario: x",
                "Background:",
                "\n",
                "  ",
                "*Expected*",
                "- [ ] do",
                "Why?",
                "AC-1",
                "ßİ中",
            ]
        )
        | st.text(max_size=10),
        max_size=30,
    ).map("\n".join),
)
def test_any_issue_has_well_formed_criteria(title: str, description: str) -> None:
    blocks = read_wiki(description)
    found = find_criteria(title, blocks, [blocks[:3]]).criteria
    assert len(found) <= MAX_CRITERIA
    assert len({one.text.casefold() for one in found}) == len(found)
    for number, one in enumerate(found, start=1):
        assert one.id == f"AC-{number}"
        assert one.text.strip() == one.text
        assert 0 < len(one.text) <= MAX_CRITERION_CHARACTERS
        one.text.encode()


def issues(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.DictReader(file)


@pytest.mark.parametrize(
    ("project", "most_without"),
    [
        ("bamboo", 0.55), ("duracloud", 0.35), ("jirasoftware", 0.2), ("moodle", 0.45), ("mule", 0.5),
        ("springxd", 0.45), ("talenddataquality", 0.55),
    ],
)  # fmt: skip
def test_real_issues_are_read_and_most_yield_criteria(
    project: str, most_without: float, shared_data: Callable[[str], Path]
) -> None:
    csv.field_size_limit(10**8)
    without = total = 0
    for issue in issues(shared_data(f"issues/{project}.csv")):
        blocks = read_wiki(issue["description"])
        plain_text(blocks).encode()
        found = find_criteria(issue["title"], blocks).criteria
        assert all(one.text.strip() for one in found)
        total += 1
        without += not found
    assert total > 300
    assert without / total < most_without


def test_a_table_of_inputs_and_outputs_keeps_header_and_cells() -> None:
    assert texts("h3. AC\n||Failed attempts||Lock time||\n|3|1 minute|\n|5|15 minutes|\n| | |") == [
        "Failed attempts: 3; Lock time: 1 minute",
        "Failed attempts: 5; Lock time: 15 minutes",
    ]
    assert texts("h3. AC\n|Parcel|Shipping costs|\n|small|4.90 EUR|\n|large|7.90 EUR|") == [
        "Parcel: small; Shipping costs: 4.90 EUR",
        "Parcel: large; Shipping costs: 7.90 EUR",
    ]
    assert texts("h3. AC\n||Payment||Status||\n|arrived|Paid|") == ["Payment: arrived; Status: Paid"]


def test_a_matrix_of_rights_names_its_columns() -> None:
    assert texts("h3. AC\n|| ||View||Edit||\n||Guest|yes|no|") == ["Guest; View: yes; Edit: no"]


def test_a_table_that_a_demand_announces_is_criteria() -> None:
    table = "||Amount||Fee||\n|up to 100|1 EUR|"
    assert texts(f"The fee must follow this table.\n{table}") == ["Amount: up to 100; Fee: 1 EUR"]
    assert texts(f"Fees of last year.\n\n{table}") == []


@pytest.mark.parametrize(
    "description",
    [
        "*AC1:* The page opens\n*AC2:* The page closes",
        "AC1: The page opens\nAC 2 - The page closes",
        "*AC1*\nThe page opens\n\n*AC2*\nThe page closes",
        "h3. AC1: The page opens\nh3. AC2: Second\n* The page closes",
        "COS - The page opens - The page closes",
    ],
)
def test_numbered_criteria_are_explicit_wherever_they_stand(description: str) -> None:
    assert texts(f"Guests can look.\n\n{description}" if "\n" in description else description) == [
        "The page opens",
        "The page closes",
    ]


def test_a_line_that_only_announces_a_list_says_nothing() -> None:
    assert texts("", field="The following must hold\n* Amounts have 2 decimals") == [
        "Amounts have 2 decimals"
    ]


def test_lists_that_lost_their_line_ends_are_lists() -> None:
    assert texts("Lists can be made * Users can sort * Users can filter") == [
        "Lists can be made",
        "Users can sort",
        "Users can filter",
    ]
    assert texts("Choices: 1. Users can sort 2. Users can filter") == ["Users can sort", "Users can filter"]


@pytest.mark.parametrize(
    "sentence",
    [
        "We need to improve it.",
        "We should get some agreement.",
        "Needs to investigate.",
        "We have to decide whether it can be saved.",
        ": what the wizard will initialize.",
        "It can be used for analysis of the bottleneck.",
        "This will be only the listener.",
        "If so, the original file will need to be renamed.",
        "The work involved will be in both layers.",
        "The key can be set by a form such as",
        "The form can be sent twice because the button is slow.",
        "The report can't be opened.",
        "Legal will check the text.",
        "Export the translations into trunk of SVN.",
        "Improve the search.",
    ],
)
def test_background_team_talk_and_torn_text_are_no_criteria(sentence: str) -> None:
    assert texts(sentence) == []


@pytest.mark.parametrize(
    "title",
    [
        "Clean theme / menu: a long shortname will be displayed over the content",
        "Admins cannot delete users",
        "When saving twice, the dialog opens again",
        "Make the search better",
        "Improve the details view",
    ],
)
def test_a_title_that_tells_the_defect_or_no_outcome_is_no_criterion(title: str) -> None:
    assert texts("It is bad at the moment.", title=title) == []


def test_the_title_of_a_bug_is_no_criterion_unless_it_demands() -> None:
    assert find_criteria("Reports can be opened twice", (), issue_type="Bug").criteria == ()
    (demanded,) = find_criteria("Guests should not see the menu", (), issue_type="Bug").criteria
    assert demanded.text == "Guests should not see the menu"
    told = read_wiki("When I save, the page shows nothing. The name should be kept.")
    assert [one.text for one in find_criteria("Saving", told, issue_type="Bug").criteria] == [
        "The name should be kept."
    ]


def test_what_a_mending_issue_tells_in_the_present_tense_is_what_must_end() -> None:
    told = "When the server starts, the message is displayed twice."
    assert texts(told, title="Remove the second message") == ["Remove the second message"]


@pytest.mark.parametrize(
    "criterion",
    [
        "Submit is disabled until the form is valid",
        "Document title is mandatory",
        "Release date must be shown",
        "Max. 10 MB (10,485,760 bytes)",
        "Select a country from the list (optional)",
        "Continue button is greyed out",
    ],
)
def test_explicit_criteria_that_look_like_work_or_code_are_kept(criterion: str) -> None:
    assert texts(f"h3. Acceptance criteria\n* {criterion}") == [criterion]


def test_an_expected_result_that_nobody_can_tell_is_no_criterion() -> None:
    assert texts("Expected result: The result should be correct.") == []
    assert texts("Expected result: Everything worked well") == []
    assert texts("Expected result: The analysis runs without error.") == ["The analysis runs without error."]


def test_expected_and_actual_result_on_one_line_are_told_apart() -> None:
    assert texts("Expected result: both are deleted. Actual result: only one should go") == [
        "both are deleted."
    ]


def test_work_within_criteria_is_left_out() -> None:
    assert texts(
        "AC:\n* The page opens\n* Create jiras for the rest\n* Timebox this\n* Integration testing:\n** x y"
    ) == ["The page opens"]


def test_a_rule_and_inner_dashes_that_lost_their_line_ends_are_read() -> None:
    assert texts("AC: - The page opens -- It must show the name ---- We can talk about it") == [
        "The page opens",
        "It must show the name",
    ]


@pytest.mark.parametrize(
    ("sentence", "criterion"),
    [
        ("As a customer I want to see the shipping costs", "A customer can see the shipping costs"),
        ("As a manager I want to review leave requests", "A manager can review leave requests"),
    ],
)
def test_what_would_be_work_for_the_team_is_use_by_a_user(sentence: str, criterion: str) -> None:
    assert texts(sentence) == [criterion]


@pytest.mark.parametrize(
    "sentence",
    [
        "As a developer, I want to review the parser",
        "As a user, I want to read docs",
        "As a QA, I want to add tests",
    ],
)
def test_work_that_a_role_sentence_asks_for_is_no_criterion(sentence: str) -> None:
    assert texts(sentence) == []


@pytest.mark.parametrize("mark", ["*{}*", "h3. {}"])
def test_headings_that_follow_the_heading_for_criteria_at_once_are_its_parts(mark: str) -> None:
    parts = [
        ("Acceptance criteria", ""),
        ("Upload", "* PDF"),
        ("Delete", "* Own files"),
        ("Assumptions", "* It must scan"),
    ]
    description = "\n\n".join(f"{mark.format(heading)}\n\n{items}" for heading, items in parts)
    assert texts(f"Guests can look.\n\n{description}") == ["PDF", "Own files"]


def test_a_bare_name_among_statements_is_no_criterion() -> None:
    assert texts("* Users can sort the list\n* Task categories\n* Admins can sort the plans") == [
        "Users can sort the list",
        "Admins can sort the plans",
    ]


@pytest.mark.parametrize("marker", ["*", "#", "-"])
def test_every_scenario_of_a_list_is_a_criterion_wherever_it_stands_in_it(marker: str) -> None:
    items = [
        "User can enter a name",
        "Given a user is logged in, when he clicks Log out, then he sees the login page",
        "Given a guest when he opens the cart then it is empty",
        "The name is shown",
    ]
    assert texts("h3. AC\n" + "\n".join(f"{marker} {item}" for item in items)) == [
        "User can enter a name",
        "Given a user is logged in\nwhen he clicks Log out\nthen he sees the login page",
        "Given a guest\nwhen he opens the cart\nthen it is empty",
        "The name is shown",
    ]


@settings(max_examples=50)
@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_no_scenario_among_other_items_is_lost(kinds: list[bool]) -> None:
    items = [
        f"Given cart {number}, when I pay, then it is empty" if scenario else f"Field {number} accepts digits"
        for number, scenario in enumerate(kinds)
    ]
    found = find_criteria("Pay", read_wiki("h3. AC\n" + "\n".join(f"* {item}" for item in items))).criteria
    assert sum(one.origin is CriterionOrigin.GIVEN_WHEN_THEN for one in found) == sum(kinds)
    assert len(found) == len(items)


def test_a_single_item_with_a_statement_is_a_criterion() -> None:
    assert texts("* The field accepts 1 to 10 items") == ["The field accepts 1 to 10 items"]


def test_a_cell_that_begins_with_a_letter_keeps_it() -> None:
    assert texts("||Given||When||Then||\n|a guest|he opens|y is shown|") == [
        "Given a guest\nWhen he opens\nThen y is shown"
    ]


def test_marks_that_turn_the_direction_of_text_are_left_out() -> None:
    assert texts("h3. AC\n* The field \u202eaccepts 1 to \u206610 items") == [
        "The field accepts 1 to 10 items"
    ]


def test_repetitions_take_no_room_from_what_follows() -> None:
    lines = [f"* The page shows row {number % 10}" for number in range(500)]
    lines += [f"* The page hides row {number}" for number in range(MAX_CRITERIA)]
    found = texts("h2. Acceptance criteria\n" + "\n".join(lines))
    assert found == [f"The page shows row {n}" for n in range(10)] + [
        f"The page hides row {n}" for n in range(MAX_CRITERIA - 10)
    ]


MARKED = "h3. Acceptance criteria\n* The form is saved"
BESIDE = ["The form is saved"]


def adf_table(*rows: str) -> dict[str, Any]:
    def cell(text: str, kind: str) -> dict[str, Any]:
        return {
            "type": kind,
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}],
        }

    kinds = ["tableHeader", *["tableCell"] * len(rows)]
    cells = [[cell(text, kind) for text in row.split("|")] for row, kind in zip(rows, kinds, strict=False)]
    return {"type": "table", "content": [{"type": "tableRow", "content": row} for row in cells]}


def test_a_table_of_fields_and_rules_beside_other_criteria_is_read_too() -> None:
    table = "|| Field || Rule ||\n| Name | max 50 characters |\n| Age | 0 to 130 |\n"
    table += "| Country | one of DE, AT, CH |"
    rules = ["Name has at most 50 characters", "Age is between 0 and 130", "Country is one of DE, AT, CH"]
    assert texts(f"As a clerk I want a form.\n\n{table}\n\n* The form is saved\n* A name is shown") == [
        *rules,
        "The form is saved",
        "A name is shown",
    ]
    assert texts(f"{MARKED}\n\nh3. Fields\n{table}") == BESIDE + rules
    assert origins(table) == {TABLE}
    document = {
        "type": "doc",
        "content": [
            adf_table("Field|Rule", "Name|max 50 characters", "Age|0 to 130", "Country|one of DE, AT, CH")
        ],
    }
    assert [one.text for one in find_criteria("Form", read_adf(document)).criteria] == rules


@pytest.mark.parametrize(
    ("row", "criterion"),
    [
        ("|Name|at most 50 chars|", "Name has at most 50 characters"),
        ("|Name|required, max. 50 characters|", "Name is required and has at most 50 characters"),
        ("|Price|min 1.50 EUR|", "Price is at least 1.50 EUR"),
        ("|Age|18-99|", "Age is between 18 and 99"),
        ("|Share|up to 100 %|", "Share is at most 100%"),
        ("|Code|exactly 6 digits|", "Code has exactly 6 digits"),
        ("|Country|DE, AT or CH|", "Country is one of DE, AT or CH"),
        ("|Mail|Must be a valid address|", "Mail must be a valid address"),
        ("|Mail|not empty|", "Mail must not be empty"),
        ("|Role|default: Guest|", "Role is Guest by default"),
        ("|Phone|digits and +|", "Phone: digits and +"),
    ],
)
def test_a_rule_of_a_table_is_told_as_a_sentence(row: str, criterion: str) -> None:
    assert texts(f"||Field||Rule||\n{row}") == [criterion]


def test_columns_of_a_table_of_rules_say_what_is_mandatory_bounded_and_default() -> None:
    table = "||Field||Type||Required||Max length||Default||\n|Name|text|yes|50|-|\n|News|box|no| |off|"
    assert texts(table) == [
        "Name is mandatory and has at most 50 characters; Type: text",
        "News is optional and is off by default; Type: box",
    ]


def test_rules_without_a_header_are_known_by_their_cells() -> None:
    assert texts("|Name|max 50 characters|\n|Age|optional, 18-99|") == [
        "Name has at most 50 characters",
        "Age is optional and is between 18 and 99",
    ]


def test_tables_of_answers_and_of_ranges_are_criteria() -> None:
    assert texts(f"||Status||When||\n|200|it is found|\n|404|it is unknown|\n\n{MARKED}") == [
        "Status: 200; When: it is found",
        "Status: 404; When: it is unknown",
        *BESIDE,
    ]
    assert texts(f"||Role||View||Edit||\n|Guest|yes|no|\n\n{MARKED}") == [
        "Role: Guest; View: yes; Edit: no",
        *BESIDE,
    ]
    assert texts("||Order||Discount||\n|up to 50 EUR|0 %|\n|over 50 EUR|5 %|") == [
        "Order: up to 50 EUR; Discount: 0 %",
        "Order: over 50 EUR; Discount: 5 %",
    ]


@pytest.mark.parametrize(
    "table", ["||Name||Size||\n|a|1|\n|b|2|", "||Build||Seconds||\n|12|40|", "|one|two|\n|three|four|"]
)
def test_other_tables_beside_criteria_are_none(table: str) -> None:
    assert texts(f"{table}\n\n{MARKED}") == BESIDE


@pytest.mark.parametrize(
    "sentence",
    [
        "A CV may be PDF or DOCX.",
        "The old CV is kept for 30 days.",
        "Only applicants can see their own CV.",
        "Admins must not delete themselves.",
        "The list has at most 20 entries.",
        'The error "Name is taken" is shown.',
        "After 3 failed attempts the account is locked for 15 minutes.",
        "Allowed are PDF, PNG and JPG.",
        "A booking is possible up to 24 hours before the start.",
        "Without a token 401 is returned.",
        "Die Buchung ist bis 24 Stunden vorher möglich.",
    ],
)
def test_a_requirement_in_prose_beside_marked_criteria_is_one_and_says_where_it_stood(sentence: str) -> None:
    asides = "As a user I want a form. Currently people phone us. Customers complained that mails get lost."
    assert texts(f"{asides} {sentence}\n\n{MARKED}") == [sentence, *BESIDE]
    assert texts(f"{MARKED}\n\nh3. Details\n{sentence}") == [*BESIDE, sentence]
    found = find_criteria("Form", read_wiki(f"{sentence}\n\n{MARKED}")).criteria
    assert [one.origin for one in found] == [SENTENCE, HEADING]
    assert texts(f"{MARKED}\n\nh3. Out of scope\n{sentence}") == BESIDE


@pytest.mark.parametrize(
    "sentence",
    [
        "As a user I want to save 5 forms.",
        "Currently the form is kept for 30 days.",
        "Customers complained that the form takes 30 seconds.",
        "This takes about 5 minutes on my machine.",
        "The FormWriter returns 5 items because of the cache.",
        "We had 20 calls per day last month.",
        "It can be useful for analysis.",
        "Saving took 3 minutes in the last release.",
        "Will it be kept for 30 days?",
    ],
)
def test_background_beside_marked_criteria_stays_background(sentence: str) -> None:
    assert texts(f"{sentence}\n\n{MARKED}") == BESIDE


def test_statements_about_an_api_need_no_mark() -> None:
    told = [
        "The API returns 429 after 100 requests per minute.",
        "The header Retry-After tells the seconds.",
        "Without a token 401 is returned.",
        "Premium customers have 1000 requests per minute.",
    ]
    assert texts(" ".join(told)) == told
    assert texts("\n\n".join(told[::2])) == told[::2]
    assert texts(" ".join(told), title="The API fails with too many requests") == []
    assert texts(" ".join(told), title="The API is slow") == []


def test_it_is_called_by_the_name_that_the_sentence_before_gives_it() -> None:
    assert texts(f"The link expires after 30 minutes. It can be used only once.\n\n{MARKED}") == [
        "The link expires after 30 minutes.",
        "The link can be used only once.",
        *BESIDE,
    ]


@pytest.mark.parametrize("label", ["Definition of done:", "DoD", "h3. Definition of Done"])
def test_a_definition_of_done_is_criteria_without_the_work_of_the_team(label: str) -> None:
    items = ["CSV with header", "UTF-8 names", "No console errors", "Max 10,000 rows"]
    work = ["Code reviewed", "Unit tests written", "Documentation updated", "Merged to main"]
    work += ["Product owner has accepted", "Deployed to staging", "All tests pass"]
    assert texts(f"{label}\n" + "\n".join(f"* [ ] {item}" for item in [*items, *work])) == items


@pytest.mark.parametrize(
    "setting",
    ["Mail: daily, weekly or never; default weekly", "Push: on or off, default on", "SMS: off by default"],
)
def test_settings_with_their_default_are_criteria_beside_marked_ones(setting: str) -> None:
    assert texts(f"h3. Settings\n* {setting}\n\n{MARKED}") == [setting, *BESIDE]
    assert texts(f"* {setting}") == [setting]


def test_beside_too_many_marked_criteria_what_stands_elsewhere_gives_way() -> None:
    marked = "h3. Acceptance criteria\n" + "\n".join(f"* The page shows row {n}" for n in range(MAX_CRITERIA))
    found = find_criteria("Rows", read_wiki(f"A row is kept for 30 days.\n\n{marked}"))
    assert {one.origin for one in found.criteria} == {HEADING}
    assert len(found.criteria) == MAX_CRITERIA
    assert found.left_out == 1
