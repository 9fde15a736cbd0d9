"""Holds cases against story and plan, whoever wrote them.

The smells are those of Hauptmann et al., "Hunting for smells in natural language tests" (ICSE 2013), and
Soares et al., "Manual tests do smell!" (ESEM 2023), as far as words alone show them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from casewright_common.events import CaseDraft, Coverage, Story
from casewright_generator.domain.language import words
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.planning.conditions import Plan, TestCondition, is_ambiguous, normal, parrots
from casewright_generator.domain.planning.coverage import coverage

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_IDENTIFIER = re.compile(r"[A-Za-z][\w./@$-]*[A-Za-z0-9]")
_CONDITIONAL = re.compile(
    r"^(?:if|in case|should the|depending on|when possible|optionally)\b", re.IGNORECASE
)
_CHECKS = re.compile(
    r"^(?:(?:verify|ensure|validate|assert|make sure)\b|(?:check|confirm|see)(?: that| if| whether)\b)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"^(?:(?:carry out|do|perform|execute|follow|test|try|check) (?:what |as )?)?(?:the )?"
    r"(?:(?:acceptance )?criterion |requirement )?ac-\d+(?: (?:describes|says|demands|states|asks for))?\W*$|"
    r"^(?:carry out|do|perform|execute|follow) (?:what|as) .{1,60} (?:describe|say|demand|state)s\W*$",
    re.IGNORECASE,
)
_SPELLED = {
    word: str(value)
    for value, word in enumerate(
        words.phrases(
            "zero | one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve"
        )
    )
}
_SIMILAR = 0.9
_STEM = 5
_ABBREVIATION = 2
"""Letters up to which a word in capitals proves nothing: `OK`, `ID`."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A case that isn't let through.

    Attributes:
        reasons: Stable codes in snake case: `unknown_criterion`, `uncited_step`, `uncited_case`,
            `invented_number`, `invented_quote`, `invented_name`, `missing_expected`, `ambiguous_expected`,
            `conditional_step`, `check_only_step`, `placeholder_step`, `parroted_criterion`,
            `duplicate`, `duplicate_of_approved`.
    """

    case: CaseDraft
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the cases.

    Attributes:
        coverage: Of the plan, by the accepted and the approved cases.
        duplicates: Pairs of ids: a rejected case and the one that it repeats.
    """

    accepted: tuple[CaseDraft, ...]
    rejected: tuple[Rejection, ...]
    coverage: Coverage
    duplicates: tuple[tuple[UUID, UUID], ...] = ()


def verify(
    cases: Sequence[CaseDraft],
    plan: Plan,
    story: Story,
    *,
    context: tuple[str, ...] = (),
    approved: Sequence[CaseDraft] = (),
) -> Verdict:
    """Accept or reject each case, in the order given.

    Args:
        cases: From the designer, a model or a person.
        plan: The plan that they were written for.
        story: The story that they are about.
        context: Texts beside the story that a case may take facts from.
        approved: Cases that stand already; they count for coverage, and must not be repeated.
    """
    known = _Known.of(_texts(story, plan, context))
    criteria = {criterion.id: normal(criterion.text) for criterion in plan.criteria}
    criteria |= {criterion.id: normal(criterion.text) for criterion in story.criteria}
    accepted: list[CaseDraft] = []
    rejected: list[Rejection] = []
    duplicates: list[tuple[UUID, UUID]] = []
    seen: dict[str, UUID] = {}
    for case in cases:
        reasons = [
            *_citations(case, criteria),
            *_inventions(case, known, plan.find(case.condition)),
            *_smells(case, known),
        ]
        if _parrots(case, criteria):
            reasons.append("parroted_criterion")
        content = _content(case)
        if (same := seen.get(content)) is not None:
            reasons.append("duplicate")
            duplicates.append((case.case_id, same))
        elif (standing := _repeated(case, approved)) is not None:
            reasons.append("duplicate_of_approved")
            duplicates.append((case.case_id, standing))
        if reasons:
            rejected.append(Rejection(case, tuple(dict.fromkeys(reasons))))
        else:
            seen[content] = case.case_id
            accepted.append(case)
    return Verdict(
        tuple(accepted), tuple(rejected), coverage(plan, [*accepted, *approved]), tuple(duplicates)
    )


def _texts(story: Story, plan: Plan, context: Iterable[str]) -> Iterable[str]:
    yield story.title
    yield story.text
    yield from story.labels
    yield from (criterion.text for criterion in story.criteria)
    yield from (criterion.text for criterion in plan.criteria)
    yield from context


@dataclass(frozen=True, slots=True)
class _Known:
    """What story and context say."""

    text: str
    words: frozenset[str]
    numbers: frozenset[str]

    def has_form_of(self, verb: str) -> bool:
        """Whether a form of the verb occurs: judged by its first letters."""
        stem = verb.casefold()[:_STEM]
        return any(word.startswith(stem) for word in self.words)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "_Known":
        text = "\n".join(texts).casefold()
        return cls(text, frozenset(normal(text).split()), _numbers(text))


def _digits(text: str) -> frozenset[str]:
    return frozenset(_plain_number(match.group()) for match in _NUMBER.finditer(text))


def _numbers(text: str) -> frozenset[str]:
    """Numbers in digits and in words."""
    return _digits(text) | frozenset({_SPELLED[word] for word in set(normal(text).split()) & _SPELLED.keys()})


def _plain_number(number: str) -> str:
    """`1,000` and `1000`, `5.00` and `5` are the same."""
    plain = number.replace(",", "")
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain.lstrip("0")) or "0"


def _citations(case: CaseDraft, criteria: dict[str, str]) -> Iterable[str]:
    cited = {*case.criteria, *(one for step in case.steps for one in step.criteria)}
    if not cited <= criteria.keys():
        yield "unknown_criterion"
    if any(not step.criteria and not step.assumption for step in case.steps):
        yield "uncited_step"
    if not case.criteria and not all(step.assumption for step in case.steps):
        yield "uncited_case"


def _said(case: CaseDraft) -> str:
    """All that the case claims, without its sample data."""
    steps = (f"{step.action}\n{step.expected}" for step in case.steps)
    data = (f"{item.name}: {item.value}" for item in case.data if not item.sample)
    return "\n".join((case.title, *case.preconditions, *data, *steps))


def _inventions(case: CaseDraft, known: _Known, condition: TestCondition | None) -> Iterable[str]:
    said = _said(case)
    allowed = "\n".join(item.value for item in case.data if item.sample)
    if condition is not None:
        statement = condition.statement
        values = (f"{value.name} {value.value}" for value in condition.values)
        allowed = "\n".join(
            (
                allowed,
                condition.description,
                condition.title,
                *values,
                *statement.given,
                *statement.actions,
                *statement.outcomes,
            )
        )
    extra = _Known.of((allowed,))
    if not _digits(said) <= known.numbers | extra.numbers:
        yield "invented_number"
    if any(
        quote.casefold() not in known.text and quote.casefold() not in extra.text
        for quote in quotations(said)
    ):
        yield "invented_quote"
    if any(not _is_known(name, known, extra) for name in _names(said)):
        yield "invented_name"


def _names(text: str) -> Iterable[str]:
    """Words that look like identifiers, addresses or abbreviations, not like prose."""
    for match in _IDENTIFIER.finditer(text):
        word = match.group()
        coded = any(letter in "_@$" for letter in word) or any(letter.isupper() for letter in word[1:])
        if coded and len(word) > _ABBREVIATION:
            yield word


def _is_known(name: str, known: _Known, extra: _Known) -> bool:
    folded = name.casefold()
    if folded in known.text or folded in extra.text:
        return True
    return set(normal(name).split()) <= known.words | extra.words


def _smells(case: CaseDraft, known: _Known) -> Iterable[str]:
    if not case.steps[-1].expected.strip():
        yield "missing_expected"
    for step in case.steps:
        if is_ambiguous(step.expected, known.text):
            yield "ambiguous_expected"
        if _CONDITIONAL.match(step.action) and not _quoted_from(step.action, known):
            yield "conditional_step"
        if _CHECKS.match(step.action) and not known.has_form_of(step.action.split()[0]):
            yield "check_only_step"
        if _PLACEHOLDER.match(step.action.strip()):
            yield "placeholder_step"


def _quoted_from(action: str, known: _Known) -> bool:
    return normal(action) in normal(known.text)


def _parrots(case: CaseDraft, criteria: dict[str, str]) -> bool:
    return any(
        parrots(normal(step.action), normal(step.expected), criteria.get(one, ""))
        for step in case.steps
        for one in (*step.criteria, "")
    )


def _content(case: CaseDraft) -> str:
    steps = (f"{step.action} {step.expected}" for step in case.steps)
    return normal(" ".join((*case.preconditions, *(item.value for item in case.data), *steps)))


def _repeated(case: CaseDraft, approved: Sequence[CaseDraft]) -> UUID | None:
    """The approved case that this one repeats: nearly the same words, and the same numbers."""
    own = _content(case)
    words, numbers = set(own.split()), _numbers(own)
    for other in approved:
        if other.case_id == case.case_id:
            continue
        theirs = _content(other)
        shared = words & set(theirs.split())
        union = words | set(theirs.split())
        if (
            union
            and len(shared) >= _SIMILAR * len(union)
            and numbers == _numbers(theirs)
            and case.negative == other.negative
        ):
            return other.case_id
    return None
