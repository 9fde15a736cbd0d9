"""The comment that shows a story's test cases in Jira."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    EngineUsed,
    GenerationOutcome,
    Priority,
    Provenance,
)
from casewright_jira_sync.domain.adf import (
    Node,
    bullets,
    clipped,
    document,
    expand,
    heading,
    inlines,
    one_line,
    panel,
    paragraph,
    rule,
    size,
    spaced,
    status,
    table,
)
from casewright_jira_sync.domain.case_block import (
    TECHNIQUES,
    TITLE,
    WRITERS,
    case_blocks,
    compact_case_blocks,
    criteria_text,
    priority_lozenge,
    state_lozenges,
)

MAX_SIZE = 32_767
"""Jira's limit on a comment after its conversion; `adf.size` is never below that."""

# Shares of the limit that lists of foreign length may take, so that each part always has its place.
_QUESTIONS_SHARE = 7_000
_UNCOVERED_SHARE = 4_000
_RETIRED_SHARE = 2_000
_OMITTED_SHARE = 2_000
_SUMMARY_SHARE = 20_000
_NOTICE_RESERVE = 700
_TEXT = 400
_NAME = 120

_REASONS = {
    "budget_exhausted": "The budget for models is used up.",
    "call_budget_exhausted": "The model was asked as often as one generation may.",
    "model_cases_rejected": "None of the model's cases held against the story.",
    "model_timed_out": "The model did not answer in time.",
    "model_unavailable": "The model could not be reached, or is overloaded.",
    "provider_key_missing": "There is no key for the model's provider.",
}
"""What the codes mean that readers can do something about."""

_ANSWER = "Please answer in the story; cases follow by themselves:"
_DESCRIBE = "Please say in the story what must happen and how one can tell; cases follow by themselves."

_URGENCY = {Priority.HIGH: 2, Priority.MEDIUM: 1, Priority.LOW: 0}


class Detail(IntEnum):
    """How much of a case the comment shows."""

    ABSENT = 0
    TITLE = 1
    COMPACT = 2
    FULL = 3


@dataclass(frozen=True)
class _Entry:
    """A case with its number in the comment."""

    number: int
    case: CaseDraft

    @property
    def title(self) -> str:
        return f"{self.number}. {clipped(one_line(self.case.title), TITLE) or 'Untitled'}"


def render_comment(event: CasesGeneratedV1) -> Node:
    """The whole comment as ADF, at most `MAX_SIZE` by `adf.size`.

    What doesn't fit is shortened, and the comment says so: first steps become lists instead of tables, then
    cases are listed by title only, then left out and counted; those of the lowest priority first, and among
    equals the last first.

    Args:
        event: With outcome `cases` or `needs_detail`; a retired story has no comment.
    """
    head = [*_head(event)]
    tail = [*_uncovered(event), *_retired(event), *_omitted(event), *_questions(event), *_footer()]
    budget = MAX_SIZE - size(document([*head, *tail])) - _NOTICE_RESERVE
    body = [*_cases(event, budget)] if event.cases else []
    return document([*head, *body, *tail])


def _head(event: CasesGeneratedV1) -> Iterator[Node]:
    if event.outcome is GenerationOutcome.NEEDS_DETAIL:
        yield heading(3, f"Casewright · needs detail · revision {event.revision}")
        yield _needs_detail(event)
    else:
        yield heading(
            3, f"Casewright · {_counted(len(event.cases), 'test case')} for revision {event.revision}"
        )
        yield _engine(event)
    if event.engine.fallback_reason is not None:
        yield panel(
            "note",
            paragraph(
                status("designer filled in", "yellow"),
                *_why(event.engine),
                spaced(" The built-in designer wrote what is missing."),
            ),
        )


def _why(engine: EngineUsed) -> Iterator[list[Node]]:
    """Why the model did not write all of it."""
    reason = engine.fallback_reason or ""
    if reason in _REASONS:
        yield spaced(f" {_REASONS[reason]}")
        return
    yield spaced(" The model")
    yield _gap_and_name(engine.model)
    yield spaced(" gave no usable answer (")
    yield inlines(clipped(one_line(reason), _NAME) or "no reason given", "code")
    yield spaced(").")


def _gap_and_name(name: str | None) -> list[Node]:
    """A blank and the name, or nothing."""
    text = clipped(one_line(name or ""), _NAME)
    return [*spaced(" "), *inlines(text, "code")] if text else []


def _engine(event: CasesGeneratedV1) -> Node:
    engine, coverage = event.engine, event.coverage
    written: list[Node] = inlines("Written by")
    if engine.kind == "model" and engine.fallback_reason is None:
        written += _gap_and_name(engine.model or "a model")
        if engine.prompt_version:
            written += spaced(f" (prompt {clipped(one_line(engine.prompt_version), _NAME)})")
    else:
        written += spaced(" the built-in designer")
    if coverage.conditions:
        written += spaced(
            f" · {coverage.covered} of {_counted(coverage.conditions, 'test condition')} covered"
        )
    if coverage.approved:
        written += spaced(f" ({coverage.approved} by cases that were accepted before)")
    if coverage.criteria:
        covered = coverage.criteria - len(coverage.uncovered_criteria)
        written += spaced(f" · {covered} of {_counted(coverage.criteria, 'criterion', 'criteria')} covered")
    return paragraph(written)


def _needs_detail(event: CasesGeneratedV1) -> Node:
    asked = _ANSWER if event.questions else _DESCRIBE
    return panel(
        "warning",
        paragraph(
            inlines("This story needs detail.", "strong"),
            spaced(" It says too little to write test cases that check something. "),
            spaced(asked),
        ),
        *_question_list(event.questions),
    )


def _questions(event: CasesGeneratedV1) -> Iterator[Node]:
    if event.questions and event.outcome is not GenerationOutcome.NEEDS_DETAIL:
        yield panel(
            "info",
            paragraph(inlines("Questions to the author", "strong")),
            *_question_list(event.questions),
        )


def _question_list(questions: Sequence[str]) -> Iterator[Node]:
    texts = [inlines(clipped(question, _TEXT)) for question in questions]
    yield from _bounded_list([text for text in texts if text], _QUESTIONS_SHARE, "question")


def _uncovered(event: CasesGeneratedV1) -> Iterator[Node]:
    if not event.coverage.uncovered_criteria or event.outcome is GenerationOutcome.NEEDS_DETAIL:
        return
    texts = {criterion.id: criterion.text for criterion in event.criteria}
    items = [
        [
            *inlines(clipped(one_line(uncovered), _NAME) or "?", "strong"),
            *_after_colon(texts.get(uncovered, "")),
        ]
        for uncovered in event.coverage.uncovered_criteria
    ]
    yield panel(
        "warning",
        paragraph(inlines("Criteria without a test case", "strong")),
        *_bounded_list(items, _UNCOVERED_SHARE, "criterion", "criteria"),
    )


def _retired(event: CasesGeneratedV1) -> Iterator[Node]:
    if not event.retired_cases:
        return
    items = [text for case in event.retired_cases if (text := inlines(clipped(one_line(case.title), TITLE)))]
    yield panel(
        "info",
        paragraph(
            inlines("No longer valid", "strong"), spaced(": what these cases checked is gone from the story.")
        ),
        *_bounded_list(items, _RETIRED_SHARE, "retired case"),
    )


def _omitted(event: CasesGeneratedV1) -> Iterator[Node]:
    items = [text for one in event.omitted if (text := inlines(clipped(one_line(one.detail), _TEXT)))]
    if items:
        yield panel(
            "note",
            paragraph(inlines("Left out", "strong")),
            *_bounded_list(items, _OMITTED_SHARE, "thing"),
        )


def _after_colon(text: str) -> list[Node]:
    shown = inlines(clipped(text, _TEXT))
    return [*spaced(": "), *shown] if shown else []


def _bounded_list(items: list[list[Node]], share: int, one: str, many: str | None = None) -> Iterator[Node]:
    """A bullet list of as many items as fit into `share`, and the number of those that don't."""
    shown: list[list[Node]] = []
    for item in items:
        share -= size(bullets([item]))
        if share < 0:
            break
        shown.append(item)
    if shown:
        yield bullets(shown)
    left = len(items) - len(shown)
    if left:
        yield paragraph(inlines(f"… and {left} more {one if left == 1 else many or one + 's'}."))


def _footer() -> Iterator[Node]:
    yield rule()
    yield paragraph(
        inlines(
            "Casewright keeps this comment up to date: it is rewritten in place when the story changes, so"
            " edits made here do not last. Values marked as samples are made up.",
            "em",
        )
    )


def _cases(event: CasesGeneratedV1, budget: int) -> Iterator[Node]:
    entries = [_Entry(number, case) for number, case in enumerate(event.cases, start=1)]
    details, sections = _fit(entries, event, budget)
    titles_only = sum(detail is Detail.TITLE for detail in details)
    absent = sum(detail is Detail.ABSENT for detail in details)
    if titles_only or absent:
        yield _notice(titles_only, absent)
    listed = [entry for entry, detail in zip(entries, details, strict=True) if detail is not Detail.ABSENT]
    if listed:
        yield _summary([_summary_row(entry, event) for entry in listed])
    yield from sections


def _fit(entries: Sequence[_Entry], event: CasesGeneratedV1, budget: int) -> tuple[list[Detail], list[Node]]:
    """How much of each case fits into `budget`, and the sections of those that are shown in detail."""
    details = [Detail.FULL] * len(entries)
    least_urgent = sorted(range(len(entries)), key=lambda i: (_URGENCY[entries[i].case.priority], -i))

    header = size(_summary([]))
    rows = [size(_summary([_summary_row(entry, event)])) - header for entry in entries]
    summary = header + sum(rows)
    for index in least_urgent:
        if summary <= min(_SUMMARY_SHARE, budget):
            break
        summary -= rows[index]
        details[index] = Detail.ABSENT

    sections = {
        Detail.FULL: [expand(entry.title, *case_blocks(entry.case)) for entry in entries],
        Detail.COMPACT: [expand(entry.title, *compact_case_blocks(entry.case)) for entry in entries],
    }
    costs = {detail: [size(node) + 1 for node in nodes] for detail, nodes in sections.items()}
    used = summary + sum(
        cost for cost, d in zip(costs[Detail.FULL], details, strict=True) if d is Detail.FULL
    )
    for smaller in (Detail.COMPACT, Detail.TITLE):
        for index in least_urgent:
            if used <= budget:
                break
            if details[index] is not Detail.ABSENT:
                after = costs[smaller][index] if smaller in costs else 0
                used += after - costs[details[index]][index]
                details[index] = smaller
    return details, [sections[d][i] for i, d in enumerate(details) if d in sections]


def _notice(titles_only: int, absent: int) -> Node:
    parts = []
    if titles_only:
        verb = "is" if titles_only == 1 else "are"
        parts.append(f"{_counted(titles_only, 'more case')} {verb} listed by title only")
    if absent:
        verb = "is" if absent == 1 else "are"
        parts.append(f"{_counted(absent, 'more case')} {verb} not listed at all")
    return panel(
        "note", paragraph(inlines(f"{' and '.join(parts)}: a comment in Jira can't be longer than this."))
    )


def _summary(rows: Iterable[Sequence[Iterable[Node]]]) -> Node:
    return table(("Case", "Technique", "Priority", "Criteria"), rows)


def _summary_row(entry: _Entry, event: CasesGeneratedV1) -> Sequence[Iterable[Node]]:
    case = entry.case
    return (
        [*inlines(entry.title), *_writer(case, event), *state_lozenges(case)],
        inlines(TECHNIQUES[case.technique]),
        [priority_lozenge(case.priority)],
        inlines(clipped(one_line(criteria_text(case)), _TEXT)),
    )


def _writer(case: CaseDraft, event: CasesGeneratedV1) -> list[Node]:
    """Who wrote the case, where that is not who wrote the others."""
    usual = Provenance.MODEL if event.engine.kind == "model" else Provenance.DESIGNER
    if event.engine.fallback_reason is not None:
        usual = Provenance.DESIGNER
    return [] if case.provenance is usual else [*spaced(" "), status(WRITERS[case.provenance], "purple")]


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
