from hypothesis import given, settings
from hypothesis import strategies as st

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.designer import design
from casewright_generator.domain.gate.verify import verify
from casewright_generator.domain.planning.coverage import coverage
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions.detail import MOST_QUESTIONS, questions
from casewright_generator.domain.reading.analysis import analyse

_WORDS = st.sampled_from(
    [
        "the",
        "a",
        "user",
        "users",
        "admin",
        "cart",
        "order",
        "file",
        "password",
        "quantity",
        "must",
        "should",
        "can",
        "cannot",
        "not",
        "be",
        "is",
        "are",
        "when",
        "if",
        "then",
        "and",
        "or",
        "only",
        "given",
        "at",
        "least",
        "most",
        "between",
        "more",
        "than",
        "up",
        "to",
        "10",
        "0",
        "1.5",
        "$5",
        "MB",
        "characters",
        "days",
        "%",
        "save",
        "saves",
        "saved",
        "delete",
        "shown",
        "show",
        '"Done"',
        "upload",
        "uploaded",
        "either",
        ",",
        ".",
        ":",
        ";",
        "(",
        ")",
        "-",
        "otherwise",
        "unless",
        "until",
        "after",
        "before",
        "it",
        "they",
        "from",
        "to",
        "in",
        "of",
        "with",
        "without",
        "Saving",
        "clicking",
        "fails",
        "valid",
        "empty",
        "PNG",
        "JPG",
        "für",
        "日本",
        "é",
        "\n",
        "\t",
    ]
)
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=25).map(" ".join)
_TEXTS = st.one_of(_SENTENCES, st.text(max_size=200))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    texts = draw(st.lists(_TEXTS.filter(bool), max_size=6))
    origins = st.sampled_from(list(CriterionOrigin))
    return Story(
        title=draw(_TEXTS),
        text=draw(_TEXTS),
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=text, origin=draw(origins))
            for number, text in enumerate(texts, start=1)
        ),
        issue_type="Story",
    )


@settings(max_examples=200, deadline=None)
@given(story=stories(), limit=st.integers(min_value=1, max_value=12))
def test_any_story_gets_sound_cases_or_questions(story: Story, limit: int) -> None:
    analysis = analyse(story)
    made = plan(analysis, max_cases=limit)
    cases = design(made, story, story_id="S-1")
    detail = questions(analysis)
    verdict = verify(cases, made, story)

    assert len(cases) == len(made.conditions) <= limit
    assert len({case.case_id for case in cases}) == len(cases)
    assert all(step.criteria or step.assumption for case in cases for step in case.steps)
    assert {reason for one in verdict.rejected for reason in one.reasons} <= {"duplicate"}
    assert {case.case_id for case in cases} == {
        case.case_id for case in (*verdict.accepted, *(one.case for one in verdict.rejected))
    }
    assert detail.enough or detail.questions
    assert len(detail.questions) <= MOST_QUESTIONS
    assert detail.enough == bool(cases)
    assert verdict.coverage == coverage(made, verdict.accepted)


@settings(max_examples=60, deadline=None)
@given(story=stories())
def test_the_same_story_gets_the_same_cases(story: Story) -> None:
    first = design(plan(analyse(story), max_cases=12), story, story_id="S-1")
    second = design(plan(analyse(story), max_cases=12), story, story_id="S-1")

    assert first == second


@settings(max_examples=60, deadline=None)
@given(story=stories(), limit=st.integers(min_value=1, max_value=5))
def test_a_smaller_limit_takes_some_of_the_same_cases(story: Story, limit: int) -> None:
    few = design(plan(analyse(story), max_cases=limit), story, story_id="S-1")
    many = design(plan(analyse(story), max_cases=100), story, story_id="S-1")

    assert {case.case_id for case in few} <= {case.case_id for case in many}
