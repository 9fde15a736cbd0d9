"""What a cause asks to be written, and what there is afterwards.

Pure, so that the end can be told anew from what people decided meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from casewright_common.events import CaseDraft, Coverage, Omission, OmittedKind, StoryIndexedV1
from casewright_generator.domain.change.composing import Composition, compose, on_the_shelf
from casewright_generator.domain.change.criteria import diff
from casewright_generator.domain.change.past import Past
from casewright_generator.domain.change.standing import in_scope, stand
from casewright_generator.domain.designer import design
from casewright_generator.domain.learning.accepted import Accepted, covered_elsewhere
from casewright_generator.domain.learning.rejected import Rejected, is_turned_down, preferred
from casewright_generator.domain.planning.conditions import Plan, TestCondition
from casewright_generator.domain.planning.coverage import coverage, covered
from casewright_generator.service.ports import Lessons

_NAMED = 3


@dataclass(frozen=True)
class Work:
    """What is to be done for a cause.

    Attributes:
        plan: All conditions that count: the yardstick.
        wanted: Those of them whose cases are to be written.
        kept: Cases that stand as they are.
        own: Cases of the story that people approved or edited.
        elsewhere: By condition, the approved case of another story that covers it.
        turned_down: Conditions that nobody need propose again.
        again: Whether a person asked for new cases.
        max_cases: Of the project.
        rejected: What people of the project turned down.
        exclusions: What the story leaves out, as written.
    """

    plan: Plan
    wanted: Plan
    max_cases: int
    kept: tuple[CaseDraft, ...] = ()
    own: tuple[Accepted, ...] = ()
    elsewhere: Mapping[str, Accepted] = field(default_factory=dict)
    turned_down: tuple[TestCondition, ...] = ()
    again: bool = False
    rejected: tuple[Rejected, ...] = ()
    exclusions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conclusion:
    """What there is after a generation."""

    composition: Composition
    coverage: Coverage
    shelf: frozenset[UUID]
    omitted: tuple[Omission, ...]


def work_out(
    planned: Callable[[int], Plan],
    past: Past,
    lessons: Lessons,
    *,
    again: bool,
    max_cases: int,
    story: StoryIndexedV1,
    exclusions: Sequence[str] = (),
) -> Work:
    """What has to be written: what changed criteria ask for, and neither stands nor was turned down.

    Args:
        planned: The story's plan of at most so many conditions.
        past: Of the story.
        lessons: Of the project's other stories.
        again: Whether a person asked for new cases: then all is written that no person made theirs.
        max_cases: Most conditions of the plan.
        story: The story's new revision.
        exclusions: What it leaves out, as written.
    """
    rejected = (*_own_rejections(past), *lessons.rejected)
    plan, turned_down = _without_turned_down(planned, rejected, max_cases)
    kept = in_scope(stand(past.cases, plan.criteria, again=again), plan, exclusions).kept
    affected = diff(past.criteria, plan.criteria).affected
    everything = again or not kept
    done = covered(plan, kept)
    wanted = [
        one
        for one in plan.conditions
        if one.id not in done and (everything or affected.intersection(one.criteria))
    ]
    elsewhere: Mapping[str, Accepted] = {}
    if lessons.accepted:
        designed = design(replace(plan, conditions=tuple(wanted)), story.story, story_id="")
        elsewhere = covered_elsewhere(designed, lessons.accepted)
    return Work(
        plan=plan,
        wanted=replace(plan, conditions=tuple(one for one in wanted if one.description not in elsewhere)),
        max_cases=max_cases,
        kept=kept,
        own=_own_accepted(past, story.issue_key),
        elsewhere=elsewhere,
        turned_down=turned_down,
        again=again,
        rejected=rejected,
        exclusions=tuple(exclusions),
    )


def conclude(work: Work, written: Sequence[CaseDraft], past: Past) -> Conclusion:
    """The cases of the generation.

    Args:
        work: What was to be done.
        written: What was.
        past: As it is when the result is stored: what people decided meanwhile goes before what was written.
    """
    rejected = _own_rejections(past)
    criteria = work.plan.criteria
    standing = in_scope(stand(past.cases, criteria, again=work.again), work.plan, work.exclusions)
    plan = replace(
        work.plan,
        conditions=tuple(one for one in work.plan.conditions if not is_turned_down(one, criteria, rejected)),
    )
    fresh = [case for case in written if not is_turned_down(case, criteria, rejected)]
    composition = _counted(compose(standing, fresh, plan, max_cases=work.max_cases), past)
    elsewhere = _stand_ins(plan, work.elsewhere)
    human = [case for case in standing.kept if case.case_id in standing.human]
    reached = coverage(plan, (*composition.cases, *elsewhere)).model_copy(
        update={"approved": len(covered(plan, (*human, *elsewhere)))}
    )
    return Conclusion(
        composition=composition,
        coverage=reached,
        shelf=on_the_shelf(past.cases, composition, standing),
        omitted=(*_left_out(work, composition), *_crowded_out(work, composition)),
    )


def _counted(composition: Composition, past: Past) -> Composition:
    """Each case says which decisions on it were known, also where they hold no longer."""
    known = {one.draft.case_id: one.decision.number for one in past.cases if one.decision is not None}

    def told(cases: Sequence[CaseDraft]) -> tuple[CaseDraft, ...]:
        return tuple(
            case.model_copy(update={"reviews": known[case.case_id]})
            if known.get(case.case_id, 0) > case.reviews
            else case
            for case in cases
        )

    return replace(composition, cases=told(composition.cases), retired=told(composition.retired))


def _without_turned_down(
    planned: Callable[[int], Plan], rejected: Sequence[Rejected], max_cases: int
) -> tuple[Plan, tuple[TestCondition, ...]]:
    """The plan, in which nothing that was turned down takes a place, and what was left out of it for that."""
    extra = 0
    while True:
        plan = planned(max_cases + extra)
        out = tuple(one for one in plan.conditions if is_turned_down(one, plan.criteria, rejected))
        if len(out) <= extra:
            break
        extra = len(out)
    plan = replace(
        plan,
        conditions=tuple(one for one in plan.conditions if one not in out),
        left_out=tuple(one for one in plan.left_out if not is_turned_down(one, plan.criteria, rejected)),
    )
    return preferred(plan, rejected), out


def _own_rejections(past: Past) -> tuple[Rejected, ...]:
    return tuple(
        Rejected(
            known.draft,
            known.decision.reason,
            tuple(
                one.text
                for one in known.decision.criteria or known.made_from
                if one.id in known.draft.criteria
            ),
        )
        for known in past.cases
        if known.is_rejected and known.decision is not None
    )


def _own_accepted(past: Past, issue_key: str) -> tuple[Accepted, ...]:
    return tuple(
        Accepted(known.case, issue_key, tuple(one.text for one in known.made_from))
        for known in past.cases
        if known.is_human
    )


def _stand_ins(plan: Plan, elsewhere: Mapping[str, Accepted]) -> tuple[CaseDraft, ...]:
    """Cases of other stories as if they were this one's, for the account of what is covered."""
    return tuple(
        elsewhere[one.description].case.model_copy(
            update={"condition": one.description, "criteria": one.criteria}
        )
        for one in plan.conditions
        if one.description in elsewhere
    )


def _left_out(work: Work, composition: Composition) -> list[Omission]:
    omitted = []
    spare = replace(work.plan, conditions=work.plan.left_out)
    there = covered(spare, composition.cases)
    left = [one for one in spare.conditions if one.id not in there]
    for conditions, why in (
        (left, f"At most {work.max_cases} cases are written for a story of this project"),
        (work.turned_down, "People turned the same down before"),
    ):
        if conditions:
            detail = f"{why}: {_names([one.title for one in conditions])}"
            omitted.append(Omission(kind=OmittedKind.CONDITIONS, count=len(conditions), detail=detail))
    return omitted


def _crowded_out(work: Work, composition: Composition) -> list[Omission]:
    omitted = []
    if work.elsewhere:
        keys = ", ".join(sorted({one.issue_key for one in work.elsewhere.values()}))
        detail = f"Approved cases of {keys} cover the same: {_names(list(work.elsewhere))}"
        omitted.append(Omission(kind=OmittedKind.CASES, count=len(work.elsewhere), detail=detail))
    if composition.crowded_out:
        detail = (
            f"At most {work.max_cases} cases fit in this project: "
            "earlier ones gave way to those of changed criteria."
        )
        omitted.append(Omission(kind=OmittedKind.CASES, count=composition.crowded_out, detail=detail))
    return omitted


def _names(titles: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = len(titles) - _NAMED
    return "; ".join(titles[:_NAMED]) + (f"; and {more} more." if more > 0 else ".")
