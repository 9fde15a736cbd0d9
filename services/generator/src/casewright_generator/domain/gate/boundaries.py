"""Whether the case of a boundary uses the boundary's value, and says what the condition says of it."""

import re
from collections.abc import Iterator
from decimal import Decimal

from casewright_common.events import CaseDraft, GateFinding, Technique
from casewright_generator.domain.gate import lexicon, quantities
from casewright_generator.domain.gate.checks import found
from casewright_generator.domain.gate.verdicts import clauses, is_soft, verdict
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.planning.conditions import TestCondition, normal

_LENGTH = re.compile(r"\b(?:characters?|chars?|letters?|digits?|symbols?|words?|lines?)\b", re.IGNORECASE)
_MORE = re.compile(
    r"\b(?:one more|another|a further|one further|additional|an extra|one extra|once more|again|next|yet)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})\b")
_ALIKE = 2
"""Words that an expected result must share with the condition's to be about the same."""


def contradicted(case: CaseDraft, condition: TestCondition | None) -> Iterator[GateFinding]:
    """What makes the case another one than its boundary condition's."""
    if condition is None or condition.technique is not Technique.BOUNDARY_VALUE:
        return
    if missing := [value.value for value in condition.values if not _uses(case, value.name, value.value)]:
        yield found("wrong_boundary", f"The value of the condition isn't used: {', '.join(missing)}.")
    elif _opposite(case, condition):
        said = "refused" if condition.negative else "accepted"
        yield found("wrong_boundary", f"By the plan this value is {said}; the case expects the opposite.")


def _uses(case: CaseDraft, name: str, value: str) -> bool:
    wanted = quantities.written(value) or quantities.spelled(value)
    if not wanted:
        return True
    text = _told(case)
    numbers = quantities.written(text) | quantities.spelled(text)
    if wanted <= numbers:
        return True
    if quantities.amounts(value) and quantities.amounts(value) <= quantities.amounts(text):
        return True
    if len(wanted) > 1:
        return bool(_clock(value)) and _clock(value) <= _clock(text)
    (number,) = wanted
    if _LENGTH.search(f"{name} {value}") and number in _lengths(case, words="word" in value.casefold()):
        return True
    before = (number - 1).normalize()
    return before in numbers and bool(_MORE.search(text)) and before >= 0


def _told(case: CaseDraft) -> str:
    data = (f"{item.name}: {item.value}" for item in case.data)
    steps = (f"{step.action}\n{step.expected}" for step in case.steps)
    return "\n".join((*case.preconditions, *data, *steps))


def _clock(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((hour.zfill(2), minute) for hour, minute in _CLOCK.findall(text))


def _lengths(case: CaseDraft, *, words: bool) -> frozenset[Decimal]:
    """How long the texts are that the case enters."""
    entered = [item.value for item in case.data]
    for step in case.steps:
        entered.extend(quotations(step.action))
    return frozenset(Decimal(len(one.split()) if words else len(one)).normalize() for one in entered)


def _opposite(case: CaseDraft, condition: TestCondition) -> bool:
    """Whether what the case expects contradicts what the condition says comes out."""
    reference = [part for one in condition.statement.outcomes for part in clauses(one)]
    said_so = normal(" ".join(step.expected for step in case.steps))
    if reference and normal(" ".join(condition.statement.outcomes)) in said_so:
        return False
    by_plan = -1 if condition.negative and not reference else 1
    wanted = next((told for part in reference if (told := verdict(part))), by_plan)
    about = frozenset().union(*(lexicon.subject(part) for part in reference))
    results = [part for step in case.steps for part in clauses(step.expected)]
    closest = max(results, key=lambda part: len(lexicon.subject(part) & about), default="")
    refused = any(verdict(part) < 0 and not is_soft(part) for part in results)
    if len(lexicon.subject(closest) & about) >= _ALIKE:
        said = verdict(closest)
        return said < 0 if wanted > 0 else said >= 0 and not refused
    firm = [part for part in results if verdict(part) and not is_soft(part)]
    said = verdict(firm[0]) if firm else 0
    if wanted > 0:
        return said < 0
    return said > 0 and not refused
