import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft4Validator

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CasesGeneratedV1,
    CaseStep,
    Coverage,
    EngineUsed,
    GateFinding,
    GenerationOutcome,
    Omission,
    OmittedKind,
    Priority,
    Provenance,
    ReviewDecision,
    Technique,
    TestData,
)
from casewright_jira_sync.domain.adf import Node, clipped, content_hash, inlines, size
from casewright_jira_sync.domain.comment import MAX_SIZE, render_comment
from casewright_jira_sync.domain.subtask import MAX_DESCRIPTION, MAX_SUMMARY, render_subtask
from casewright_jira_sync.testing import CRITERIA, case, generated

HOSTILE = "a\x00\x1b[31m\ufffe\r\nb\u2028c\t\x0b\x85 \U0001f600"

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", " ", "\n", "\n\n", HOSTILE, '"\\' * 300, "\U0001f600" * 500]),
)
some = st.text(min_size=1, max_size=40) | st.sampled_from([HOSTILE, '"' * 900, "\n"])
ids = st.sampled_from(["AC-1", "AC-2", "AC-3", "AC-99", ""])

steps = st.builds(
    CaseStep,
    action=some,
    expected=texts,
    criteria=st.lists(ids, max_size=3).map(tuple),
    assumption=st.booleans(),
)
cases = st.builds(
    CaseDraft,
    case_id=st.uuids(),
    title=some,
    technique=st.sampled_from(Technique),
    priority=st.sampled_from(Priority),
    negative=st.booleans(),
    condition=texts,
    criteria=st.lists(ids, max_size=3).map(tuple),
    preconditions=st.lists(texts, max_size=3).map(tuple),
    data=st.lists(st.builds(TestData, name=texts, value=texts, sample=st.booleans()), max_size=3).map(tuple),
    steps=st.lists(steps, min_size=1, max_size=4).map(tuple),
    provenance=st.sampled_from(Provenance),
    findings=st.lists(
        st.builds(GateFinding, check=st.just("ambiguous_expected"), detail=texts), max_size=5
    ).map(tuple),
    change=st.sampled_from(CaseChange),
    review=st.none() | st.sampled_from(ReviewDecision),
    proposal_for=st.none() | st.uuids(),
)


bounded = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking such large events takes minutes
)


def events() -> st.SearchStrategy[CasesGeneratedV1]:
    return st.builds(
        generated,
        generation=st.integers(1, 10**6),
        outcome=st.sampled_from([GenerationOutcome.CASES, GenerationOutcome.NEEDS_DETAIL]),
        story_title=texts,
        cases=st.lists(cases, max_size=5).flatmap(
            lambda few: st.integers(1, 40).map(lambda times: tuple(few * times))
        ),
        questions=st.lists(texts, max_size=30).map(tuple),
        retired_cases=st.lists(cases, max_size=30).map(tuple),
        omitted=st.lists(
            st.builds(Omission, kind=st.sampled_from(OmittedKind), count=st.integers(1, 99), detail=texts),
            max_size=6,
        ).map(tuple),
        engine=st.builds(
            EngineUsed,
            kind=st.sampled_from(["designer", "model"]),
            model=st.none() | texts,
            prompt_version=st.none() | texts,
            fallback_reason=st.none() | texts,
        ),
        coverage=st.builds(
            Coverage,
            conditions=st.integers(0, 50),
            covered=st.integers(0, 50),
            criteria=st.integers(0, 50),
            uncovered_criteria=st.lists(ids | texts, max_size=30).map(tuple),
            approved=st.integers(0, 50),
        ),
    )


@pytest.fixture(scope="module")
def schema(shared_data: Callable[[str], Path]) -> Draft4Validator:
    return Draft4Validator(json.loads(shared_data("jira/adf-schema-v1.json").read_text()))


def check(schema: Draft4Validator, document: Node, limit: int = MAX_SIZE) -> None:
    schema.validate(document)
    assert size(document) <= limit
    assert len("".join(strings(document))) <= limit
    for node in nodes(document):
        if node["type"] == "text":
            assert node["text"]
            assert node["text"] == "".join(
                c for c in node["text"] if c == "\u2028" or c not in "\r\n\x00\x1b"
            )
            assert not any(c in "\n\r\x00\x1b\x0b\x85\u2028\ud800\ufffe" for c in node["text"])
    json.dumps(document, ensure_ascii=False).encode()


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("content", ()):
        yield from nodes(child)


def strings(node: Node) -> Iterator[str]:
    for one in nodes(node):
        if one["type"] == "text":
            yield one["text"]
        yield from (str(value) for value in one.get("attrs", {}).values())


def words(document: Node) -> str:
    """The text as a reader sees it, one block per line."""
    lines: list[str] = []

    def read(node: Node) -> None:
        attrs = node.get("attrs", {})
        inline = node["type"] in {"paragraph", "heading"}
        if inline:
            lines.append("")
        if node["type"] == "text":
            lines[-1] += node["text"]
        elif node["type"] == "status":
            lines[-1] += f"[{attrs['text']}]"
        elif node["type"] == "hardBreak":
            lines[-1] += " / "
        elif "title" in attrs:
            lines.append(f"> {attrs['title']}")
        for child in node.get("content", ()):
            read(child)

    read(document)
    return "\n".join(lines)


@bounded
@example(generated(cases=tuple(case(n, title='"' * 4000) for n in range(200))))
@example(generated(cases=(), questions=tuple('"' * 5000 for _ in range(200))))
@given(events())
def test_any_event_becomes_a_document_that_jira_takes(
    schema: Draft4Validator, event: CasesGeneratedV1
) -> None:
    check(schema, render_comment(event))


@bounded
@example(
    case(
        1, title="x" * 5000, steps=tuple(CaseStep(action='"' * 3000, expected='"' * 3000) for _ in range(90))
    )
)
@example(case(1, data=tuple(TestData(name='"' * 500, value='"' * 900) for _ in range(300))))
@given(cases)
def test_any_case_becomes_a_sub_task_that_jira_takes(schema: Draft4Validator, draft: CaseDraft) -> None:
    subtask = render_subtask(generated(), draft)
    check(schema, subtask.description, MAX_DESCRIPTION)
    assert 1 <= len(subtask.summary) <= MAX_SUMMARY
    assert "\n" not in subtask.summary


@bounded
@given(events())
def test_every_case_is_shown_or_counted_as_left_out(event: CasesGeneratedV1) -> None:
    document = render_comment(event)
    expands = sum(node["type"] == "expand" for node in document["content"])
    rows = max(
        (len(node["content"]) - 1 for node in document["content"] if node["type"] == "table"), default=0
    )
    text = words(document)
    titles_only, absent = rows - expands, len(event.cases) - rows
    assert (f"{titles_only} more case" in text) == bool(titles_only)
    assert ("not listed at all" in text) == bool(absent)


def test_a_tester_finds_summary_data_steps_gaps_and_questions() -> None:
    text = words(render_comment(generated(3, questions=("Which characters are allowed?",))))
    for expected in (
        "Casewright · 3 test cases for revision 3",
        "Written by the built-in designer · 4 of 5 test conditions covered · 2 of 3 criteria covered",
        "1. Reset with a password of 7 characters is refused\nBoundary value\n[high]\nAC-1",
        "> 1. Reset with a password of 7 characters is refused",
        "Checks: length = 7, one below the minimum of 8",
        "A customer account exists.",
        "new password = xxxxxxx (sample value)",
        "1\nOpen the reset link from the mail.\n\n[assumption]",
        "2\nEnter a new password of 7 characters twice and submit.\nThe form names the minimum length;",
        "Criteria without a test case\nAC-3: A locked user can't reset the password.",
        "Questions to the author\nWhich characters are allowed?",
        "edits made here do not last",
    ):
        assert expected in text


def test_what_a_case_checks_is_said_once_and_never_against_the_words_of_a_person() -> None:
    same = case(1, condition="The cart is empty", title="The cart is empty")
    edited = case(2, condition="Order 11 pieces", title="Order by phone", review=ReviewDecision.EDITED)
    assert "Checks:" not in words(render_comment(generated(cases=(same, edited))))
    assert "Checks: Order 11 pieces" in words(
        render_comment(generated(cases=(case(2, condition="Order 11 pieces"),)))
    )


def test_a_model_is_named_with_its_prompt() -> None:
    engine = EngineUsed(kind="model", model="openai/some-model", prompt_version="v3")
    drafts = (case(1, provenance=Provenance.MODEL), case(2, provenance=Provenance.DESIGNER))
    text = words(render_comment(generated(engine=engine, cases=drafts)))
    assert "Written by openai/some-model (prompt v3)" in text
    assert text.count("[built-in designer]") == 1


def test_the_designer_standing_in_for_a_model_says_so() -> None:
    engine = EngineUsed(kind="designer", model="openai/some-model", fallback_reason="upstream_unavailable")
    text = words(render_comment(generated(engine=engine)))
    assert (
        "[designer filled in] The model openai/some-model gave no usable answer (upstream_unavailable)."
        in text
    )
    assert "[built-in designer]" not in text


def test_a_budget_that_is_used_up_is_said_in_words() -> None:
    engine = EngineUsed(kind="designer", model="openai/some-model", fallback_reason="budget_exhausted")
    text = words(render_comment(generated(engine=engine)))
    assert "[designer filled in] The budget for models is used up." in text
    assert "budget_exhausted" not in text


def test_every_technique_has_a_name() -> None:
    for technique in Technique:
        assert render_subtask(generated(), case(1, technique=technique)).summary


def test_a_reader_sees_what_became_of_each_case_and_who_decided_on_it() -> None:
    kept = case(1, title="Kept", change=CaseChange.KEPT, review=ReviewDecision.APPROVED)
    stale = case(2, title="Stale", change=CaseChange.STALE, review=ReviewDecision.EDITED)
    beside = case(3, title="Beside", proposal_for=stale.case_id)
    updated = case(4, title="Updated", change=CaseChange.UPDATED)
    gone = case(5, title="Gone for good", change=CaseChange.RETIRED)
    event = generated(cases=(kept, stale, beside, updated), retired_cases=(gone,))
    text = words(render_comment(event))
    for shown in (
        "1. Kept [approved]",
        "2. Stale [edited] [stale]",
        "3. Beside [proposal]",
        "4. Updated [updated]",
        "No longer valid",
        "Gone for good",
    ):
        assert shown in text


def test_what_did_not_fit_is_listed() -> None:
    left = Omission(kind=OmittedKind.CRITERIA, count=12, detail="12 criteria beyond the first 200.")
    text = words(render_comment(generated(omitted=(left,))))
    assert "Left out" in text
    assert "12 criteria beyond the first 200." in text


def test_a_case_says_what_to_look_at_twice() -> None:
    findings = tuple(GateFinding(check="eager_step", detail=f"Step {n} does much.") for n in range(1, 6))
    text = words(render_comment(generated(cases=(case(1, findings=findings),))))
    assert "Look at twice: Step 1 does much; Step 2 does much; Step 3 does much; and 2 more" in text


def test_cases_that_were_accepted_before_count_as_covered() -> None:
    event = generated(coverage=Coverage(conditions=5, covered=5, criteria=2, approved=3))
    assert "5 of 5 test conditions covered (3 by cases that were accepted before)" in words(
        render_comment(event)
    )


def test_too_little_detail_is_a_warning_with_the_questions() -> None:
    event = generated(
        outcome=GenerationOutcome.NEEDS_DETAIL, cases=(), questions=("Who may do this?", "What is the limit?")
    )
    document = render_comment(event)
    warning = document["content"][1]
    assert (warning["type"], warning["attrs"]["panelType"]) == ("panel", "warning")
    text = words(document)
    assert text.startswith("Casewright · needs detail · revision 1")
    assert "Who may do this?\nWhat is the limit?" in text
    assert "Criteria without" not in text


def test_one_case_is_singular_and_full_coverage_shows_no_gap() -> None:
    coverage = Coverage(conditions=1, covered=1, criteria=1)
    text = words(render_comment(generated(cases=(case(1),), coverage=coverage)))
    assert "1 test case for revision 1" in text
    assert "1 of 1 test condition covered · 1 of 1 criterion covered" in text
    assert "without a test case" not in text


def many(number: int, **fields: Any) -> CasesGeneratedV1:
    drafts = [
        case(
            n,
            case_id=uuid4(),
            priority=list(Priority)[n % 3],
            steps=tuple(
                CaseStep(action=f"Do {s} of case {n}", expected="It works", criteria=("AC-1",))
                for s in range(6)
            ),
            **fields,
        )
        for n in range(number)
    ]
    return generated(cases=tuple(drafts), criteria=CRITERIA)


def test_a_long_comment_first_turns_tables_into_lists_and_keeps_every_step() -> None:
    text = words(render_comment(many(12)))
    assert "listed by title only" not in text
    assert all(f"Do {s} of case {n}" in text for s in range(6) for n in range(12))


def test_a_longer_one_lists_the_least_urgent_cases_by_title_only_and_says_how_many() -> None:
    event = many(30)
    document = render_comment(event)
    expanded = {node["attrs"]["title"] for node in document["content"] if node["type"] == "expand"}
    left_out = 30 - len(expanded)
    assert left_out > 0
    assert f"{left_out} more cases are listed by title only: a comment in Jira can't be longer" in words(
        document
    )
    high = {f"{n + 1}. {one.title}" for n, one in enumerate(event.cases) if one.priority is Priority.HIGH}
    low = {f"{n + 1}. {one.title}" for n, one in enumerate(event.cases) if one.priority is Priority.LOW}
    assert high <= expanded
    assert not low <= expanded


def test_equal_events_render_alike_and_a_generation_alone_changes_nothing() -> None:
    first, again = generated(1, revision=2), generated(7, revision=2)
    assert content_hash(render_comment(first)) == content_hash(render_comment(again))
    assert content_hash(render_comment(first)) != content_hash(render_comment(generated(1, revision=3)))


def test_line_breaks_become_hard_breaks_and_nothing_unprintable_survives() -> None:
    assert [node.get("text", node["type"]) for node in inlines(f"{HOSTILE}\ud800 end")] == [
        "a[31m",
        "hardBreak",
        "b",
        "hardBreak",
        "c",
        "hardBreak",
        "hardBreak",
        " \U0001f600 end",
    ]
    assert inlines(" \n\t ") == []


def test_a_text_that_is_cut_says_how_long_it_was() -> None:
    assert clipped("x" * 5000, 10) == "xxxxxxxxxx… (5,000 characters)"
    assert clipped("x" * 10, 10) == "x" * 10
