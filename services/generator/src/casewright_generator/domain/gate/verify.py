"""Holds cases against story and plan, whoever wrote them: the designer, a model or a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from casewright_common.events import CaseDraft, Coverage, GateFinding, Story
from casewright_generator.domain.gate import (
    behaviour,
    boundaries,
    citations,
    inventions,
    lexicon,
    links,
    names,
    roles,
    scope,
    smells,
)
from casewright_generator.domain.gate.checks import found, place
from casewright_generator.domain.gate.duplicates import Profile, Repeats
from casewright_generator.domain.gate.facts import Ground, condition_facts, sample_facts
from casewright_generator.domain.gate.scores import scores
from casewright_generator.domain.planning.conditions import Plan, normal, parrots
from casewright_generator.domain.planning.coverage import coverage


@dataclass(frozen=True, slots=True)
class Rejection:
    """A case that isn't let through.

    Attributes:
        case: With its scores and findings.
        reasons: Codes of the blocking findings, each once; `checks.CHECKS` says what they mean.
    """

    case: CaseDraft
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the cases.

    Attributes:
        accepted: With their scores and what lowered them, in the order given.
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
    exclusions: Sequence[str] = (),
) -> Verdict:
    """Accept or reject each case, in the order given.

    Time grows with the number of cases, not with its square.

    Args:
        cases: From the designer, a model or a person.
        plan: The plan that they were written for.
        story: The story that they are about.
        context: Texts beside the story that a case may take facts from.
        approved: Cases that stand already; they count for coverage, and must not be repeated.
        exclusions: What the story says is out of scope, as written.
    """
    gate = Gate(Ground.of(story, plan, context, exclusions))
    answer, standing = gate.repeats(), gate.repeats()
    for case in approved:
        standing.add(gate.profile(case))
    accepted: list[CaseDraft] = []
    rejected: list[Rejection] = []
    duplicates: list[tuple[UUID, UUID]] = []
    for case in cases:
        profile = gate.profile(case)
        findings = list(gate.findings(case))
        likeness = 0.0
        for code, others in (("duplicate", answer), ("duplicate_of_approved", standing)):
            alike, same = others.closest(profile)
            likeness = max(likeness, alike)
            if same is not None:
                findings.append(found(code, f"It says what case {same.case_id} says."))
                duplicates.append((case.case_id, same.case_id))
                break
        findings.sort(key=place)
        judged = case.model_copy(
            update={"findings": tuple(findings), "scores": scores(case, findings, likeness=likeness)}
        )
        if reasons := tuple(dict.fromkeys(one.check for one in findings if one.blocking)):
            rejected.append(Rejection(judged, reasons))
        else:
            answer.add(profile)
            accepted.append(judged)
    return Verdict(
        tuple(accepted), tuple(rejected), coverage(plan, [*accepted, *approved]), tuple(duplicates)
    )


@dataclass(frozen=True)
class Gate:
    """The checks that look at one case alone, prepared for a story and its plan."""

    ground: Ground

    @cached_property
    def _citations(self) -> citations.Citations:
        return citations.Citations(self.ground.criteria)

    @cached_property
    def _exclusions(self) -> tuple[scope.Exclusion, ...]:
        return scope.exclusions(
            self.ground.exclusions, tuple(self.ground.criteria.values()), "\n".join(self.ground.facts.texts)
        )

    @cached_property
    def _unmasked(self) -> str:
        return links.unmasked("\n".join(self.ground.facts.texts))

    @cached_property
    def _criteria(self) -> dict[str, str]:
        return {name: normal(one.text) for name, one in self.ground.criteria.items()}

    def findings(self, case: CaseDraft) -> Iterator[GateFinding]:
        """All that the checks find, but for repetitions."""
        ground, condition = self.ground, self.ground.condition(case)
        known, planned, sample = ground.facts, condition_facts(condition), sample_facts(case)
        yield from citations.uncited(case, ground.criteria)
        yield from inventions.numbers(case, known, planned, sample)
        yield from inventions.quotes(case, known, planned, sample)
        yield from links.invented(case, self._unmasked, "\n".join(planned.texts))
        yield from names.invented(case, known, planned, sample, english=ground.english)
        yield from scope.outside(case, self._exclusions, tuple(ground.criteria.values()))
        yield from self._parrots(case)
        for smell in smells.ANY_LANGUAGE:
            yield from smell(case, known)
        if ground.english:
            yield from citations.wrong(case, self._citations, condition)
            yield from roles.invented(case, known, planned)
            yield from behaviour.invented(case, (known, planned, sample))
            yield from boundaries.contradicted(case, condition)
            for smell in smells.ENGLISH:
                yield from smell(case, known)
        if ground.plan.conditions and condition is None:
            yield found("unplanned", "No condition of the plan asks for it.")

    def profile(self, case: CaseDraft) -> Profile:
        """What the case says, for comparing it with others."""
        condition = self.ground.condition(case)
        return Profile.of(case, condition.id if condition else normal(case.condition))

    def repeats(self) -> Repeats:
        """An empty memory of cases of this story."""
        texts = (one.text for one in self.ground.criteria.values())
        return Repeats(frozenset().union(*(lexicon.stems(text) for text in texts)))

    def _parrots(self, case: CaseDraft) -> Iterator[GateFinding]:
        for number, step in enumerate(case.steps, start=1):
            action, expected = normal(step.action), normal(step.expected)
            if any(parrots(action, expected, self._criteria.get(one, "")) for one in (*step.criteria, "")):
                yield found("parroted_criterion", "It does and expects the criterion itself.", step=number)
