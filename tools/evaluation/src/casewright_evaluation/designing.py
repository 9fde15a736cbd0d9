"""What the designer makes of a story, and what the gate says of it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from uuid import UUID

from casewright_common.events import CaseDraft, Criterion, Depth, OpenQuestion, Story
from casewright_evaluation.adding import adds_plainly
from casewright_evaluation.reading import requirements_of
from casewright_generator.domain.designer import design
from casewright_generator.domain.gate.verify import Verdict, verify
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.coverage import adds
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions import ask
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.domain.requirements.model import Requirements

SMELLS = frozenset(
    {
        "ambiguous_test",
        "conditional_test",
        "eager_step",
        "misplaced_action",
        "misplaced_precondition",
        "misplaced_verification",
        "tacit_knowledge",
        "unverified_step",
    }
)
"""Codes of the published smells of manual tests."""
MAX_CASES = 20
"""What a project has unless it sets another."""


@dataclass(frozen=True, slots=True)
class Designed:
    """A story, its plan, the designer's cases, the verdict on them, and what is asked."""

    story: Story
    requirements: Requirements
    plan: Plan
    cases: tuple[CaseDraft, ...]
    verdict: Verdict
    questions: tuple[OpenQuestion, ...]

    @property
    def covered(self) -> frozenset[str]:
        """Ids of the criteria to which an accepted case adds a datum or an observable result."""
        return self._to_which(adds)

    @property
    def plainly_covered(self) -> frozenset[str]:
        """The same by the stricter measure that looks at words alone; see `adding`."""
        return self._to_which(adds_plainly)

    def _to_which(self, adding: Callable[[CaseDraft, Criterion], bool]) -> frozenset[str]:
        return frozenset(
            criterion.id
            for criterion in self.plan.criteria
            if any(
                criterion.id in case.criteria and adding(case, criterion) for case in self.verdict.accepted
            )
        )


def designed(story: Story, *, story_id: str, depth: Depth = Depth.STANDARD) -> Designed:
    """Analyse, plan, design and verify, with the settings that a new project has."""
    analysis = analyse(story)
    requirements = requirements_of(story, analysis)
    exclusions = requirements.exclusions
    made = plan(analysis, max_cases=MAX_CASES, depth=depth, exclusions=exclusions)
    cases = design(made, story, story_id=story_id)
    verdict = verify(cases, made, story, exclusions=exclusions)
    questions = ask(story, requirements, analysis, made, story_id=story_id)
    return Designed(story, requirements, made, cases, verdict, questions)


@dataclass(frozen=True, slots=True)
class Tally:
    """What many stories came to; tallies can be added.

    Attributes:
        stories: How many were read.
        with_cases: How many have a case that the gate lets through.
        criteria: How many criteria they have; `covered` and `plainly_covered` of them, see `Designed`.
        conditions: How many conditions were planned; `met` of them have a case.
        cases: How many the designer wrote; `accepted` of them pass the gate.
        scored: How many of the accepted have scores; `grounded` is the sum of those.
        duplicates: Cases that repeat another one.
        left_out: Conditions for which the cap left no room.
        smelly: Cases with at least one smell.
        codes: How many of the cases have a finding of that code, let through or not.
    """

    stories: int = 0
    with_cases: int = 0
    criteria: int = 0
    covered: int = 0
    plainly_covered: int = 0
    conditions: int = 0
    met: int = 0
    cases: int = 0
    accepted: int = 0
    scored: int = 0
    grounded: float = 0.0
    duplicates: int = 0
    left_out: int = 0
    smelly: int = 0
    codes: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})


def tally(stories: Iterable[Designed]) -> Tally:
    """Add up."""
    return sum((_tally(one) for one in stories), Tally())


def _tally(one: Designed) -> Tally:
    verdict = one.verdict
    grounded = [case.scores.grounded for case in verdict.accepted if case.scores is not None]
    found = findings(verdict).values()
    return Tally(
        stories=1,
        with_cases=int(bool(verdict.accepted)),
        criteria=len(one.plan.criteria),
        covered=len(one.covered),
        plainly_covered=len(one.plainly_covered),
        conditions=verdict.coverage.conditions,
        met=verdict.coverage.covered,
        cases=len(one.cases),
        accepted=len(verdict.accepted),
        scored=len(grounded),
        grounded=sum(grounded),
        duplicates=len({repeated for repeated, _ in verdict.duplicates}),
        left_out=len(one.plan.left_out),
        smelly=sum(not SMELLS.isdisjoint(codes) for codes in found),
        codes=Counter(code for codes in found for code in codes),
    )


def findings(verdict: Verdict) -> dict[UUID, frozenset[str]]:
    """Codes that the gate found, by id of the case; of rejected cases their reasons too."""
    found: dict[UUID, frozenset[str]] = {}
    for case in verdict.accepted:
        found[case.case_id] = frozenset(finding.check for finding in case.findings)
    for rejection in verdict.rejected:
        noticed = {finding.check for finding in rejection.case.findings}
        found[rejection.case.case_id] = frozenset(noticed | set(rejection.reasons))
    return found
