"""The built-in test designer: writes the case of a condition, always the same words for the same story."""

from uuid import UUID, uuid5

from casewright_common.events import EVENT_NAMESPACE, CaseDraft, CaseStep, Story
from casewright_generator.domain import clauses
from casewright_generator.domain.plan import Aim, Plan, TestCondition

_TITLE = 140


def design(plan: Plan, story: Story, *, story_id: str) -> tuple[CaseDraft, ...]:
    """One case per condition, in the plan's order.

    Args:
        plan: From `plan()`.
        story: The same story that was analysed.
        story_id: Stable id of the story: part of the cases' ids.
    """
    del story
    return tuple(write(condition, story_id=story_id) for condition in plan.conditions)


def case_id(condition: TestCondition, *, story_id: str) -> UUID:
    """The same for the same condition of the same story, whatever its place in the plan."""
    return uuid5(EVENT_NAMESPACE, f"case:{story_id}:{condition.technique}:{condition.key}")


def shorten(text: str, limit: int = _TITLE) -> str:
    """At most `limit` characters, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def write(condition: TestCondition, *, story_id: str) -> CaseDraft:
    """The case of one condition."""
    statement = condition.statement
    if condition.aim is Aim.LIMIT:
        title, steps = _limit(condition)
    elif condition.aim is Aim.FORBIDDEN:
        title, steps = _forbidden(condition)
    else:
        title = statement.headline
        steps = _main(condition)
    return CaseDraft(
        case_id=case_id(condition, story_id=story_id),
        title=shorten(title),
        technique=condition.technique,
        priority=condition.priority,
        negative=condition.negative,
        condition=condition.description,
        criteria=condition.criteria,
        preconditions=statement.given,
        data=condition.values,
        steps=steps,
    )


def _main(condition: TestCondition) -> tuple[CaseStep, ...]:
    statement = condition.statement
    expected = " ".join(statement.outcomes)
    actions = statement.actions or ("Open what the story is about.",)
    steps = [CaseStep(action=action, criteria=condition.criteria) for action in actions[:-1]]
    steps.append(
        CaseStep(
            action=actions[-1],
            expected=expected,
            criteria=condition.criteria,
            assumption=condition.assumption,
        )
    )
    return tuple(steps)


def _forbidden(condition: TestCondition) -> tuple[str, tuple[CaseStep, ...]]:
    statement = condition.statement
    expected = " ".join(statement.outcomes) or "This is refused, and nothing has changed."
    *before, last = statement.actions
    steps = [CaseStep(action=action, criteria=condition.criteria) for action in before]
    attempt = last if last.startswith("Look") else f"Try to {last[0].lower()}{last[1:]}"
    steps.append(
        CaseStep(
            action=attempt, expected=expected, criteria=condition.criteria, assumption=not statement.outcomes
        )
    )
    return statement.headline, tuple(steps)


def _limit(condition: TestCondition) -> tuple[str, tuple[CaseStep, ...]]:
    point = condition.point
    if point is None:
        return condition.description, _main(condition)
    name = condition.values[0].name
    value = point.text
    if name.startswith("number of "):
        what = value
        action = f"Use {value}: {clauses.lower_first(condition.statement.text)}"
    else:
        what = f"{name} of {value}"
        action = f"Enter a {name} of {value}."
    if point.inside:
        return f"Accept {what}", (
            CaseStep(
                action=action, expected=f"The {name} of {value} is accepted.", criteria=condition.criteria
            ),
        )
    return (
        f"Reject {what}",
        (
            CaseStep(
                action=action,
                expected=f"The {name} of {value} is refused, and nothing is stored.",
                criteria=condition.criteria,
                assumption=True,
            ),
        ),
    )
