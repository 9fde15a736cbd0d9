"""The built-in test designer: writes the case of a condition, always the same words for the same story."""

import re
from collections.abc import Sequence
from uuid import UUID, uuid5

from casewright_common.events import EVENT_NAMESPACE, CaseDraft, CaseStep, Story
from casewright_generator.domain import gherkin
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning.conditions import Plan, TestCondition
from casewright_generator.domain.reading import observing, traces
from casewright_generator.domain.reading.statements import Kind, Statement

LONGEST_TITLE = 140
_ANYBODY = words.word_set(
    "user users person persons people someone anyone everyone all everybody tester i we you"
)


def design(plan: Plan, story: Story, *, story_id: str) -> tuple[CaseDraft, ...]:
    """One case per condition, in the plan's order.

    Args:
        plan: From `plan()`.
        story: The same story that was analysed; its labels become tags.
        story_id: Stable id of the story: part of the cases' ids.
    """
    return tuple(write(condition, story_id=story_id, labels=story.labels) for condition in plan.conditions)


def case_id(condition: TestCondition, *, story_id: str) -> UUID:
    """The same for the same condition of the same story, whatever its place in the plan."""
    return uuid5(EVENT_NAMESPACE, f"case:{story_id}:{condition.technique}:{condition.key}")


def shorten(text: str, limit: int = LONGEST_TITLE) -> str:
    """At most `limit` characters, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def write(condition: TestCondition, *, story_id: str, labels: Sequence[str] = ()) -> CaseDraft:
    """The case of one condition, as steps and as Gherkin."""
    statement = condition.statement
    case = CaseDraft(
        case_id=case_id(condition, story_id=story_id),
        title=_short_title(condition),
        technique=condition.technique,
        priority=condition.priority,
        negative=condition.negative,
        condition=condition.description,
        criteria=condition.criteria,
        preconditions=(*_acting(statement), *statement.given),
        data=condition.values,
        steps=_steps(condition),
        tags=tags(condition, labels),
    )
    return case.model_copy(update={"gherkin": gherkin.scenario(case)})


def tags(condition: TestCondition, labels: Sequence[str]) -> tuple[str, ...]:
    """Technique, kind, role and labels, each once; lower case, without spaces."""
    kinds = (
        condition.technique.value,
        "negative" if condition.negative else "",
        "assumption" if condition.assumption else "",
        *(one.removeprefix("Acting as ") for one in _acting(condition.statement)),
        *labels,
    )
    return tuple(dict.fromkeys(tag for one in kinds if (tag := _tag(one))))


def _tag(text: str) -> str:
    bare = re.sub(r"^(?:an?|the|another) ", "", text.lower().rstrip("."))
    return "-".join(re.findall(r"[^\W]+", bare))


def _short_title(condition: TestCondition) -> str:
    """The whole title, or what fits: first the outcome alone, then what leads to it."""
    outcomes = condition.statement.outcomes
    tries = (
        condition.title,
        f"{outcomes[0].rstrip('.')}: {_leading(condition.statement)}"
        if outcomes and "`" not in outcomes[0]
        else "",
        outcomes[0] if outcomes else "",
        condition.statement.actions[-1] if condition.statement.actions else "",
    )
    fitting = (one for one in tries if one.strip(" :") and len(_titled(one)) <= LONGEST_TITLE)
    return _titled(next(fitting, "")) or shorten(_titled(condition.title))


def _leading(statement: Statement) -> str:
    action = statement.actions[-1].rstrip(".") if statement.actions else ""
    first = action.split(maxsplit=1)[0] if action else ""
    verb = words.is_verb(first.lower()) and first[1:].islower()
    return action[:1].lower() + action[1:] if verb else clauses.lower_first(action)


def _titled(title: str) -> str:
    title = title.strip().rstrip(".")
    return title[:1].upper() + title[1:] if clauses.sentence(title)[:1].isupper() else title


def _acting(statement: Statement) -> tuple[str, ...]:
    """As whom the tester acts, where that makes a difference."""
    who = clauses.lower_first(statement.actor.strip())
    if not who or who.lower() in _ANYBODY or " who " in who or " and " in who or " or " in who:
        return ()
    if who.lower().startswith("other "):
        return (f"Acting as another {words.singular(who[6:])}.",)
    return (f"Acting as {words.with_article(words.singular(who) if words.is_plural(who) else who)}.",)


def _steps(condition: TestCondition) -> tuple[CaseStep, ...]:
    statement = condition.statement
    actions = [_SEE.sub("Look for ", action) for action in statement.actions]
    expected = " ".join(statement.outcomes)
    if statement.kind is Kind.CAPABILITY and not condition.negative and actions:
        expected = " ".join(filter(None, (expected, traces.trace(actions[-1], expected))))
    if statement.kind is Kind.PROPERTY and not (statement.negated or statement.constraints):
        expected = " ".join(filter(None, (expected, traces.agreement(statement.verb, statement.object))))
    if statement.kind is Kind.PROHIBITION and not statement.outcomes:
        expected = _refused(statement)
        actions[-1] = _tried(actions[-1])
    between = (*statement.seen, *("" for _ in actions[len(statement.seen) :]))
    steps = [
        CaseStep(action=action, expected=seen, criteria=condition.criteria)
        for action, seen in zip(actions[:-1], between, strict=False)
    ]
    steps.append(
        CaseStep(
            action=actions[-1] if actions else "Open what the story is about.",
            expected=expected,
            criteria=condition.criteria,
            assumption=condition.assumption,
        )
    )
    return tuple(steps)


_SEE = re.compile(r"^See (?=the |an? )")


def _tried(action: str) -> str:
    return f"Try to {action[0].lower()}{action[1:]}"


def _refused(statement: Statement) -> str:
    undone = observing.undone(statement.actions[-1]) if statement.actions else ""
    if undone:
        return clauses.sentence(f"This is refused or not offered: {undone}")
    return "This is refused or not offered, and nothing has changed."
