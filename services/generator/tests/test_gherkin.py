from typing import Any, cast

import pytest
from gherkin.parser import Parser
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import CaseDraft, CaseStep, Technique, TestData
from casewright_generator.domain.gherkin import scenario

words = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))


def parsed(text: str) -> Any:
    feature = cast("Any", Parser().parse(f"Feature: any\n\n{text}\n"))["feature"]
    (child,) = feature["children"]
    return child["scenario"]


def a_case(**changes: Any) -> CaseDraft:
    return CaseDraft(
        **{
            "case_id": "00000000-0000-0000-0000-000000000001",
            "title": "Refuse a parcel of 31 kg",
            "technique": Technique.BOUNDARY_VALUE,
            "condition": "C-1",
            "criteria": ("AC-1",),
            "preconditions": ("Acting as a clerk.", "The counter is open."),
            "data": (TestData(name="weight", value="31 kg"),),
            "steps": (
                CaseStep(action="Open the form.", criteria=("AC-1",)),
                CaseStep(action="Enter the weight.", expected="It is refused.", criteria=("AC-1",)),
                CaseStep(action="Reload.", expected="Nothing is stored.", criteria=("AC-1",)),
            ),
            "tags": ("boundary_value", "negative"),
            **changes,
        }
    )


def test_a_case_becomes_given_with_its_data_when_and_then() -> None:
    assert scenario(a_case()).splitlines() == [
        "@boundary_value @negative",
        "Scenario: Refuse a parcel of 31 kg",
        "  Given Acting as a clerk.",
        "  And The counter is open.",
        "  And these values:",
        "    | name | value |",
        "    | weight | 31 kg |",
        "  When Open the form.",
        "  And Enter the weight.",
        "  Then It is refused.",
        "  When Reload.",
        "  Then Nothing is stored.",
    ]


def test_gherkins_own_parser_reads_what_is_written() -> None:
    found = parsed(scenario(a_case()))

    assert found["name"] == "Refuse a parcel of 31 kg"
    assert [tag["name"] for tag in found["tags"]] == ["@boundary_value", "@negative"]
    assert [step["keyword"].strip() for step in found["steps"]] == [
        "Given",
        "And",
        "And",
        "When",
        "And",
        "Then",
        "When",
        "Then",
    ]
    rows = found["steps"][2]["dataTable"]["rows"]
    assert [[cell["value"] for cell in row["cells"]] for row in rows] == [
        ["name", "value"],
        ["weight", "31 kg"],
    ]


def test_bars_and_line_breaks_stay_inside_their_cell_and_step() -> None:
    odd = a_case(
        data=(TestData(name="a|b", value="c\\d\n|e"),),
        steps=(CaseStep(action="Enter\n| x |", expected="Then\nthis", criteria=("AC-1",)),),
    )

    found = parsed(scenario(odd))

    assert [cell["value"] for cell in found["steps"][2]["dataTable"]["rows"][1]["cells"]] == [
        "a|b",
        "c\\d |e",
    ]
    assert [step["text"] for step in found["steps"][3:]] == ["Enter | x |", "Then this"]


@pytest.mark.parametrize("tags", [(), ("use_case",)])
@given(title=words, given_=words, action=words, expected=words, name=words, value=words)
def test_whatever_a_case_says_the_parser_can_read_it(
    tags: tuple[str, ...], title: str, given_: str, action: str, expected: str, name: str, value: str
) -> None:
    case = a_case(
        title=title,
        preconditions=(given_,),
        data=(TestData(name=name, value=value),),
        steps=(CaseStep(action=action, expected=expected, criteria=("AC-1",)),),
        tags=tags,
    )

    assert len(parsed(scenario(case))["steps"]) == 4
