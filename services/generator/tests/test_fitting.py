from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import CaseDraft, CaseStep, Criterion, CriterionOrigin, OmittedKind, Technique
from casewright_generator.domain.fitting import (
    MOST_CONTEXT,
    MOST_CRITERIA,
    MOST_EXAMPLES,
    MOST_TEXT,
    Background,
    fit,
)


def criterion(number: int, size: int) -> Criterion:
    return Criterion(id=f"AC-{number}", text="x" * size, origin=CriterionOrigin.LIST)


def test_what_fits_is_taken_whole_and_nothing_is_said() -> None:
    fitted = fit("text", [criterion(1, 5)], background=[Background("document A", "rule")])
    assert (fitted.text, len(fitted.criteria), len(fitted.background)) == ("text", 1, 1)
    assert fitted.omitted == ()


def test_criteria_that_cases_are_wanted_for_go_before_the_others_and_keep_their_order() -> None:
    criteria = [criterion(number, MOST_CRITERIA // 4) for number in range(1, 7)]
    fitted = fit("", criteria, cited=["AC-6", "AC-2"])
    assert [one.id for one in fitted.criteria] == ["AC-1", "AC-2", "AC-3", "AC-6"]
    (omission,) = fitted.omitted
    assert (omission.kind, omission.count) == (OmittedKind.CRITERIA, 2)


def test_every_cut_is_listed_with_its_size_and_bound() -> None:
    case = CaseDraft(
        case_id=UUID(int=1),
        title="t",
        technique=Technique.USE_CASE,
        condition="c",
        steps=(CaseStep(action="a"),),
    )
    fitted = fit(
        "x" * (MOST_TEXT + 7),
        [],
        background=[Background("document A", "x" * MOST_CONTEXT), Background("document B", "x")],
        examples=[case] * (MOST_EXAMPLES + 2),
    )
    assert {one.kind: one.count for one in fitted.omitted} == {
        OmittedKind.TEXT: 7,
        OmittedKind.PASSAGES: 1,
        OmittedKind.EXAMPLES: 2,
    }
    assert (
        fitted.omitted[0].detail == "7 characters at the end of the story: the model gets the first 40,000."
    )


@given(st.lists(st.integers(min_value=1, max_value=MOST_CRITERIA // 3), max_size=12), st.data())
def test_kept_and_left_out_make_all(sizes: list[int], data: st.DataObject) -> None:
    criteria = [criterion(number, size) for number, size in enumerate(sizes, 1)]
    cited = data.draw(st.lists(st.sampled_from([one.id for one in criteria] or ["AC-1"])))
    fitted = fit("", criteria, cited=cited)
    left_out = sum(one.count for one in fitted.omitted)
    assert len(fitted.criteria) + left_out == len(criteria)
    assert sum(len(one.text) for one in fitted.criteria) <= MOST_CRITERIA
    assert [one for one in criteria if one in fitted.criteria] == list(fitted.criteria)
