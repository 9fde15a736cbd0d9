import pytest

from casewright_common.events import CaseStep
from casewright_jira_sync.domain.adf import size
from casewright_jira_sync.domain.subtask import (
    MAX_DESCRIPTION,
    RETIRED_PREFIX,
    Field,
    SubtaskType,
    render_subtask,
    retired_summary,
)
from casewright_jira_sync.testing import case, generated

SUMMARY = Field("summary", "Summary", required=True, has_default=False)
DESCRIPTION = Field("description", "Description", required=False, has_default=False)


def creation(*fields: Field) -> dict[str, object]:
    subtask = render_subtask(generated(), case())
    kind = SubtaskType("10003", fields)
    return kind.creation(subtask, project_key="SHOP", parent_id="10001", reporter="me")


def test_a_sub_task_names_project_type_parent_and_case() -> None:
    fields = creation(SUMMARY, DESCRIPTION)
    assert fields.pop("description")
    assert fields == {
        "project": {"key": "SHOP"},
        "issuetype": {"id": "10003"},
        "parent": {"id": "10001"},
        "summary": "Test: Reset with a password of 7 characters is refused",
    }


def test_a_form_without_description_gets_none() -> None:
    assert "description" not in creation(SUMMARY)


@pytest.mark.parametrize(
    ("required", "default", "sent"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_a_reporter_is_named_only_where_the_form_insists(
    *, required: bool, default: bool, sent: bool
) -> None:
    fields = creation(SUMMARY, Field("reporter", "Reporter", required=required, has_default=default))
    assert ("reporter" in fields) == sent


def test_required_fields_without_default_are_named() -> None:
    kind = SubtaskType(
        "1",
        (
            SUMMARY,
            Field("customfield_2", "Team", required=True, has_default=False),
            Field("customfield_1", "Area", required=True, has_default=False),
            Field("customfield_3", "Risk", required=True, has_default=True),
            Field("customfield_4", "Note", required=False, has_default=False),
        ),
    )
    assert kind.unfillable == ("Area (customfield_1)", "Team (customfield_2)")


def test_a_long_title_is_cut_in_the_summary_and_whole_in_the_description() -> None:
    title = "A password that " + "really " * 40 + "matters"
    subtask = render_subtask(generated(), case(title=title))
    assert len(subtask.summary) == 255
    assert subtask.summary.endswith("…")
    assert title in str(subtask.description)


def test_a_case_with_too_many_steps_says_that_it_is_shortened() -> None:
    steps = tuple(CaseStep(action=f"Step {n} " + "x" * 200, assumption=True) for n in range(300))
    subtask = render_subtask(generated(), case(steps=steps))
    assert size(subtask.description) <= MAX_DESCRIPTION
    assert "The case has 300 steps" in str(subtask.description)
    assert "Step 0 " in str(subtask.description)


def test_a_retired_summary_is_marked_once_and_stays_within_the_limit() -> None:
    assert retired_summary("Test: x") == f"{RETIRED_PREFIX}Test: x"
    assert retired_summary(retired_summary("Test: x")) == f"{RETIRED_PREFIX}Test: x"
    assert len(retired_summary("y" * 255)) == 255


def test_the_hash_follows_the_content() -> None:
    assert render_subtask(generated(), case(1)).hash == render_subtask(generated(), case(1)).hash
    assert render_subtask(generated(), case(1)).hash != render_subtask(generated(), case(2)).hash
