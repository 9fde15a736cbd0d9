"""Boundary values: cases at and next to the limits that a statement sets."""

import re
from dataclasses import dataclass, replace

from casewright_common.events import Priority, Technique, TestData
from casewright_generator.domain import clauses, observing, words
from casewright_generator.domain.conditions import TestCondition, normal
from casewright_generator.domain.constraints import Constraint, Dimension, Point, points
from casewright_generator.domain.reading import Setting, of_sentence
from casewright_generator.domain.statements import Kind, Statement

_HOLDS = frozenset(
    "hold contain have include accept allow support take be consist comprise need require".split()
)
_SHOWS = frozenset("show display list return".split())
_ADJECTIVES = re.compile(
    r"^(?:the |an? |each |every |all |any )*(?:maximum |minimum |max\.? |min\.? |allowed |permitted |total )*(?:length of |size of |number of |value of |limit of |limit for )?(?:the |an? |each |every )?",
    re.IGNORECASE,
)
_FOR = re.compile(r"\bfor (?:[\w-]+ ){1,4}$", re.IGNORECASE)
_REACTION = re.compile(
    r"\b(?:exceed\w*|too (?:long|short|many|few|large|big|small|high|low)|invalid|out of range|limit|otherwise|not met|violat\w*|outside)\b",
    re.IGNORECASE,
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONGEST_SAMPLE = 70


@dataclass(frozen=True, slots=True)
class _Words:
    """How one point is put into words."""

    title: str
    actions: tuple[str, ...]
    outcome: str
    name: str
    value: str
    given: tuple[str, ...] = ()
    sample: bool = False


def is_bare_limit(statement: Statement) -> bool:
    """Whether the statement says nothing but its limit: the boundary cases say it better than a case of its own."""
    if not statement.constraints or statement.conditions or statement.kind is Kind.SCENARIO:
        return False
    return any(_nature(statement, one) in {"limit", "delay"} for one in statement.constraints)


def conditions(statement: Statement, setting: Setting, others: tuple[Statement, ...]) -> list[TestCondition]:
    """The conditions of all limits of a statement."""
    found: list[TestCondition] = []
    for constraint in statement.constraints:
        nature = _nature(statement, constraint)
        if nature == "limit":
            found.extend(_limit(statement, constraint, point, others) for point in points(constraint))
        elif nature in {"threshold", "delay"}:
            found.extend(
                condition
                for point in points(constraint)
                if (condition := _threshold(statement, constraint, point, setting, nature))
            )
    return found


def _nature(statement: Statement, constraint: Constraint) -> str:
    if any(constraint.text.lower() in f"{c.marker} {c.text}".lower() for c in statement.conditions):
        return "threshold"
    if constraint.delay:
        return "delay"
    if constraint.unit.lower() == "times":
        return ""
    if constraint.dimension is Dimension.DURATION and constraint.text.lower().startswith(
        ("within", "at most", "less", "under", "in ")
    ):
        return "window" if statement.kind in (Kind.CAPABILITY, Kind.PROHIBITION) else "response"
    if statement.kind in (Kind.SCENARIO, Kind.CHANGE, Kind.DEFECT, Kind.QUOTED):
        return ""
    text = " ".join(statement.text.split())
    at = text.find(constraint.text)
    if at >= 0 and _FOR.search(text[:at]):
        return "threshold"
    return "limit"


# Limits: what is inside is accepted, what is outside isn't.


def _limit(
    statement: Statement, constraint: Constraint, point: Point, others: tuple[Statement, ...]
) -> TestCondition:
    put = _put(statement, constraint, point)
    criteria = [statement.criterion]
    outcomes = [clauses.sentence(put.outcome)]
    if not point.inside:
        for reaction, criterion in _reactions(statement, others):
            outcomes.append(reaction)
            if criterion not in criteria:
                criteria.append(criterion)
    variant = replace(
        statement,
        given=(*statement.given, *put.given),
        actions=put.actions,
        outcomes=tuple(outcomes),
        headline=put.title,
        assumed=False,
    )
    return TestCondition(
        key=f"{normal(statement.text)} {normal(put.name)} {point.text}",
        technique=Technique.BOUNDARY_VALUE,
        criteria=tuple(criteria),
        description=f"{_capital(put.name)}: {point.text} ({point.place}, {'allowed' if point.inside else 'not allowed'})",
        title=put.title,
        statement=variant,
        priority=Priority.MEDIUM if point.inside else Priority.HIGH,
        negative=not point.inside,
        values=(TestData(name=put.name, value=put.value, sample=put.sample),),
    )


def _reactions(statement: Statement, others: tuple[Statement, ...]) -> list[tuple[str, str]]:
    if statement.otherwise:
        return [(statement.otherwise, statement.criterion)]
    for other in others:
        if other is statement or not other.conditions or other.assumed:
            continue
        said = " ".join(condition.text for condition in other.conditions)
        if _REACTION.search(said) and not any(one for one in other.constraints):
            shared = set(normal(said).split()) & set(
                normal(statement.subject + " " + statement.object).split()
            )
            if shared - words.PREPOSITIONS - words.DETERMINERS or "limit" in said:
                return [(outcome, other.criterion) for outcome in other.outcomes]
    return []


def _bound(constraint: Constraint) -> str:
    """The limit, for a title."""
    if constraint.low is not None and constraint.high is not None:
        return f"when {constraint.low} to {constraint.high} {constraint.unit} is allowed".replace("  ", " ")
    text = constraint.text
    return f"when the limit is {text}"


def _put(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    able = statement.kind in (Kind.CAPABILITY, Kind.PROHIBITION) and bool(statement.actions)
    if constraint.dimension is Dimension.AGE:
        return _aged(statement, point)
    if able:
        return _substituted(statement, constraint, point)
    if constraint.dimension is Dimension.LENGTH and " " not in constraint.unit:
        return _long(statement, constraint, point)
    if constraint.dimension in (Dimension.COUNT, Dimension.LENGTH):
        return _counted(statement, constraint, point)
    return _valued(statement, constraint, point)


def _verdict(point: Point) -> str:
    return "accepted" if point.inside else "not accepted"


def _name(statement: Statement) -> str:
    """The limited thing, without article."""
    subject = statement.subject or "value"
    bare = _ADJECTIVES.sub("", subject).strip()
    bare = bare or subject
    return bare if bare.split()[0][1:] != bare.split()[0][1:].lower() else bare[:1].lower() + bare[1:]


def article(noun: str) -> str:
    """With `a` or `an`; none for a plural."""
    if words.is_plural(noun):
        return noun
    return (
        f"an {noun}"
        if noun[:1].lower() in "aeio" or noun.lower().startswith(("upload", "under"))
        else f"a {noun}"
    )


def _aged(statement: Statement, point: Point) -> _Words:
    who = statement.actor or observing.head(statement.subject) or "user"
    years = f"{point.value} years old"
    act = statement.actions[-1] if statement.kind is Kind.CAPABILITY else ""
    actions = (clauses.sentence(f"Act as {article(who)} who is {years}"), *((act,) if act else ()))
    return _Words(
        title=f"{'Admit' if point.inside else 'Refuse'} {article(who)} who is {years}",
        actions=actions,
        outcome=f"{_capital(article(who))} who is {years} is {_verdict(point)}",
        name=f"age of the {who}",
        value=years,
    )


def _long(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    name = _name(statement)
    size = int(point.value)
    digits = constraint.unit.lower().startswith("digit")
    sample = (("1234567890" if digits else _LETTERS) * 4)[:size] if 0 < size <= _LONGEST_SAMPLE else ""
    if size == 0:
        action, what = f"Leave the {name} empty", f"an empty {name}"
    else:
        action, what = f"Enter {article(name)} of {point.text}", f"{article(name)} of {point.text}"
    return _Words(
        title=f"Accept {what}" if point.inside else f"Reject {what} {_bound(constraint)}",
        actions=(clauses.sentence(action),),
        outcome=f"The {name} is {_verdict(point)}",
        name=name,
        value=f"{sample} ({point.text})" if sample else point.text,
        sample=bool(sample),
    )


def _counted(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    name = _name(statement)
    count = f"no {constraint.unit}" if point.value == 0 else point.text
    verb = statement.verb
    plural = constraint.unit if constraint.unit.endswith("s") else constraint.unit + "s"
    if verb in _SHOWS:
        limit = constraint.high if constraint.high is not None else constraint.low
        shown = point.text if point.inside else f"no more than {limit} {constraint.unit}"
        return _Words(
            title=f"{_capital(observing.definite(statement.subject))}: {shown} of {point.text}",
            actions=(clauses.sentence(observing.approach(statement.subject)),),
            outcome=f"{_capital(observing.definite(statement.subject))} {words.third_person(verb)} {shown}",
            name=f"number of {plural}",
            value=point.text,
            given=(f"There are {point.text}.",),
        )
    if verb in _HOLDS and statement.subject:
        inside = constraint.dimension is Dimension.LENGTH
        what = f"{article(name)} with {count}"
        action = f"Enter {what}" if inside or name in {"password", "username", "pin"} else f"Set up {what}"
        return _Words(
            title=f"Accept {what}" if point.inside else f"Reject {what} {_bound(constraint)}",
            actions=(
                clauses.sentence(
                    action if point.inside or inside else f"Try to {action[0].lower()}{action[1:]}"
                ),
            ),
            outcome=f"{_capital(what)} is {_verdict(point)}",
            name=f"number of {plural}",
            value=point.text,
        )
    return _Words(
        title=f"{'Accept' if point.inside else 'Reject'} {count}"
        + ("" if point.inside else f" {_bound(constraint)}"),
        actions=(clauses.sentence(f"{'Use' if point.inside else 'Try to use'} {count}"),),
        outcome=f"{_capital(count)} {words.is_are(count)} {_verdict(point)}",
        name=f"number of {plural}",
        value=point.text,
    )


def _valued(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    name = _name(statement)
    if constraint.dimension is Dimension.SIZE:
        thing = name.removesuffix(" size").removesuffix("upload").strip() or "file"
        thing = observing.head(thing) if words.is_plural(thing) else thing
        what = f"{article(thing)} of {point.text}"
        action = f"Use {what}"
    else:
        what = f"{article(name)} of {point.text}"
        action = f"Set the {name} to {point.text}"
    return _Words(
        title=f"Accept {what}" if point.inside else f"Reject {what} {_bound(constraint)}",
        actions=(clauses.sentence(action),),
        outcome=f"{_capital(what)} is {_verdict(point)}",
        name=name,
        value=point.text,
    )


def _substituted(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    """`Upload at most 5 files` → `Upload 6 files`."""
    *before, last = statement.actions
    at = last.lower().find(constraint.text.lower())
    value = point.text
    if (
        constraint.dimension in (Dimension.SIZE, Dimension.MONEY, Dimension.LENGTH, Dimension.PERCENT)
        and at > 0
    ):
        gap = last[:at].rstrip().rsplit(" ", 1)[-1].lower()
        value = (
            point.text
            if gap in {"of", "with", "to", "by", "for"} or words.is_verb(gap)
            else f"of {point.text}"
        )
    act = (
        f"{last[:at]}{value}{last[at + len(constraint.text) :]}"
        if at >= 0
        else f"{last.rstrip('.')}: {value}"
    )
    act = " ".join(act.split()).rstrip(".")
    plain = act[0].lower() + act[1:]
    name = f"number of {constraint.unit}" if constraint.dimension is Dimension.COUNT else "value"
    doing = _done(act)
    return _Words(
        title=act if point.inside else f"Refuse to {plain} {_bound(constraint)}",
        actions=(*before, clauses.sentence(act if point.inside else f"Try to {plain}")),
        outcome=doing
        if point.inside
        else f"This is refused: {point.text} {words.is_are(point.text)} not accepted",
        name=name,
        value=point.text,
    )


def _done(act: str) -> str:
    clause = clauses.parse(act)
    return observing.result_of(clause).rstrip(".") if clause.verb else f"{act} is accepted"


# Thresholds: on one side the outcome comes, on the other it doesn't.


def _threshold(
    statement: Statement, constraint: Constraint, point: Point, setting: Setting, nature: str
) -> TestCondition | None:
    text = " ".join(statement.text.split())
    at = text.lower().find(constraint.text.lower())
    if at < 0:
        return None
    if nature == "delay" or constraint.delay:
        variant = _delayed(statement, constraint, point, setting)
    else:
        variant = of_sentence(
            statement.criterion,
            f"{text[:at]}{_spoken(constraint, point)}{text[at + len(constraint.text) :]}",
            setting,
        )
    if variant is None:
        return None
    assumption = False
    if not point.inside:
        variant, assumption = _reversed(variant, statement, setting, late=constraint.delay)
    return TestCondition(
        key=f"{normal(text)} {point.text}",
        technique=Technique.BOUNDARY_VALUE,
        criteria=(statement.criterion,),
        description=f"{variant.headline} ({point.place})",
        title=variant.headline,
        statement=variant,
        priority=Priority.MEDIUM,
        negative=not point.inside,
        values=(TestData(name=_measured(statement, constraint), value=point.text),),
        assumption=assumption,
    )


def _measured(statement: Statement, constraint: Constraint) -> str:
    if constraint.delay and constraint.dimension is Dimension.DURATION:
        return "time passed"
    for condition in statement.conditions:
        if constraint.text.lower() in condition.text.lower():
            clause = clauses.parse(condition.text)
            if clause.form is clauses.Form.COPULA or clause.verb in {"exceed", "reach"}:
                return _ADJECTIVES.sub("", clause.subject)
    if constraint.dimension is Dimension.COUNT:
        return f"number of {constraint.unit}"
    return "value"


def _spoken(constraint: Constraint, point: Point) -> str:
    """The point in the place of the comparator and its number."""
    first = constraint.text.split(maxsplit=1)[0].lower()
    if first in {"exceeds", "exceed", "exceeded"}:
        return f"is {point.text}"
    if first == "exceeding":
        return f"of {point.text}"
    if constraint.dimension is Dimension.MONEY and first in {"over", "above", "under", "below"}:
        return point.text
    return point.text


def _delayed(
    statement: Statement, constraint: Constraint, point: Point, setting: Setting
) -> Statement | None:
    """`The link expires after 24 hours` with so and so much time gone by."""
    text = " ".join(statement.text.split())
    at = text.lower().find(constraint.text.lower())
    tail = text[at + len(constraint.text) :]
    lead, comma, main = tail.partition(",")
    if at == 0 and comma:
        qualifier = lead.strip()
    else:
        match = re.match(r"\s+(?:of|without|from|since)\b[^,.;]*", tail)
        qualifier = match.group().strip() if match else ""
        main = f"{text[:at].rstrip(' ,')}{tail[len(match.group()) if match else 0 :]}"
    clause = clauses.parse(main)
    if not clause.verb or not clause.subject:
        return None
    outcome = clauses.present(clause)
    span = f"{point.text} {qualifier}".strip()
    act = f"Let {span} pass" if constraint.dimension is Dimension.DURATION else f"Make {span}"
    return replace(
        statement,
        given=(),
        actions=(clauses.sentence(act),),
        outcomes=(clauses.sentence(outcome),),
        headline=f"{_capital(outcome)} after {span}",
        main=main,
        conditions=(),
        kind=Kind.SCENARIO,
    )


def _reversed(
    variant: Statement, statement: Statement, setting: Setting, *, late: bool
) -> tuple[Statement, bool]:
    """The variant in which the outcome doesn't come, and whether that is an assumption."""
    when = " ".join(f"{c.marker} {clauses.lower_first(c.text.rstrip('.'))}" for c in variant.conditions)
    if statement.otherwise:
        headline = f"{statement.otherwise.rstrip('.')} {when}".strip()
        return replace(variant, outcomes=(statement.otherwise,), headline=headline), False
    negated = tuple(denied(outcome) for outcome in variant.outcomes[:1]) or ("This is refused.",)
    headline = f"{negated[0].rstrip('.')} {when}".strip()
    if late:
        headline = f"{negated[0].rstrip('.')} after {_after(variant)}"
    return replace(variant, outcomes=negated, headline=headline), not late


def _after(variant: Statement) -> str:
    return variant.actions[-1].removeprefix("Let ").removeprefix("Make ").rstrip(".").removesuffix(" pass")


def denied(outcome: str) -> str:
    """The contrary of an observation, as a sentence."""
    clause = clauses.parse(outcome.rstrip("."))
    if not clause.verb or not clause.subject:
        return clauses.sentence(f"This does not happen: {clauses.lower_first(outcome.rstrip('.'))}")
    return clauses.sentence(clauses.present(clause, negated=not clause.negated))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
