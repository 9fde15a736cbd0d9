"""How much of a plan a set of cases covers, and when a criterion counts as covered.

A criterion counts as covered only when a case adds something to the criterion's own sentence: a datum, an
observable result, or the action that makes its expected part observable. Repeating the sentence (`Verify that
…`) and praising the outcome (`works as expected`) add nothing.
"""

import re
from collections.abc import Iterator, Sequence

from casewright_common.events import CaseDraft, CaseStep, Coverage, Criterion, Technique
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.content import content


def covered(plan: Plan, cases: Sequence[CaseDraft]) -> frozenset[str]:
    """Ids of the conditions that a case names, by id or in words."""
    named = {_plain(case.condition) for case in cases}
    return frozenset(
        condition.id
        for condition in plan.conditions
        if _plain(condition.id) in named or _plain(condition.description) in named
    )


def coverage(plan: Plan, cases: Sequence[CaseDraft]) -> Coverage:
    """Conditions and criteria covered."""
    return Coverage(
        conditions=len(plan.conditions),
        covered=len(covered(plan, cases)),
        criteria=len(plan.criteria),
        uncovered_criteria=uncovered(plan.criteria, cases),
    )


def uncovered(criteria: Sequence[Criterion], cases: Sequence[CaseDraft]) -> tuple[str, ...]:
    """Ids of the criteria to which no case adds anything, in their order.

    The share of criteria that are covered is `1 - len(uncovered(…)) / len(criteria)`, over one story or
    summed over many.
    """
    by_criterion: dict[str, list[CaseDraft]] = {}
    for case in cases:
        for criterion in case.criteria:
            by_criterion.setdefault(criterion, []).append(case)
    return tuple(
        criterion.id
        for criterion in criteria
        if not any(adds(case, criterion) for case in by_criterion.get(criterion.id, ()))
    )


def adds(case: CaseDraft, criterion: Criterion) -> bool:
    """Whether a case adds a datum or an observable result to the criterion's own sentence.

    It does if it checks the criterion (a step that cites it has an expected result that says something) and

    - a value of its data holds a number or word that the criterion doesn't say, or picks one of several that
      it lists, or
    - that expected result says something that the criterion doesn't, its contrary included, or
    - the criterion's expected part stands alone as expected result, and an action that isn't a mere look
      says how to get there, or tries what must not succeed.
    """
    said = content(criterion.text)
    checks = [step for step in case.steps if criterion.id in step.criteria and _results(step.expected)]
    if not checks:
        return False
    if any(_is_datum(value.value, said, chosen=case.technique in _CHOOSING) for value in case.data):
        return True
    return any(
        _results(step.expected) - said
        or _is_contrary(case, step.expected, criterion.text)
        or _is_made_observable(case, step, said)
        for step in checks
    )


def _is_datum(value: str, said: frozenset[str], *, chosen: bool) -> bool:
    """Whether a value is new, or chosen from what the criterion lists."""
    told = content(value) - _EMPTY
    return bool(told) and (not told <= said or (chosen and len(told) * 2 <= len(said)))


_CHOOSING = frozenset(
    {Technique.EQUIVALENCE_PARTITION, Technique.DECISION_TABLE, Technique.PAIRWISE, Technique.ROLE_PERMISSION}
)
"""Techniques whose cases take one of several values that a criterion names."""


def _is_made_observable(case: CaseDraft, check: CaseStep, said: frozenset[str]) -> bool:
    """Whether an action leads to an expected part of the criterion, instead of repeating it."""
    expected = _results(check.expected)
    if content(check.expected) & _PRAISE:
        return False
    for action in _actions_up_to(case, check):
        done = content(action)
        if _LOOKS.match(action) or not done:
            continue
        if not done <= expected and not said <= done:
            return True
        if _denies(check.expected) and not _denies(action):
            return True
    return False


def _actions_up_to(case: CaseDraft, check: CaseStep) -> Iterator[str]:
    for step in case.steps:
        yield step.action
        if step is check:
            return


def _results(expected: str) -> frozenset[str]:
    """What an expected result says, less what can't be observed."""
    return content(expected) - _EMPTY


_PRAISE = content(
    "work works working expected expectation correct correctly proper properly appropriate fine well good "
    "success successful successfully fulfilled met satisfied ok okay pass passed intended desired usual "
    "normal normally behave behaves behavior behaviour criterion criteria requirement acceptance specified"
)
_EMPTY = _PRAISE | content(
    "verify check ensure confirm validate validated result results outcome happen happens implemented "
    "implementation described stated system user test feature function functionality case valid true "
    "accordingly displayed hold holds"
)
"""Words of praise and reference: they show nothing."""
_LOOKS = re.compile(
    r"(?:verify|check|ensure|confirm|validate|test|assert|look (?:at|for)|see|view|watch|observe|inspect|"
    r"make sure|examine|review|note)\b",
    re.IGNORECASE,
)
"""How actions start that only look; what they look for must be new to count."""
_DENIAL = re.compile(r"(?:\b(?:not|no|never|cannot|nothing|nobody)\b|n't\b)\s*\w*", re.IGNORECASE)


def _denies(text: str) -> bool:
    return bool(_DENIAL.search(text))


def _is_contrary(case: CaseDraft, expected: str, criterion: str) -> bool:
    """Whether a result denies what the criterion doesn't deny, or the other way round."""
    denials = {match.group().casefold() for match in _DENIAL.finditer(expected)}
    if denials:
        return any(denial not in criterion.casefold() for denial in denials)
    return case.negative and _denies(criterion)


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")
