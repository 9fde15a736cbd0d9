"""Boundary values: cases at and next to the limits that a statement sets."""

import re
from dataclasses import dataclass, replace

from casewright_common.events import Priority, Technique, TestData
from casewright_generator.domain import clauses, observing, words
from casewright_generator.domain.conditions import TestCondition, normal
from casewright_generator.domain.constraints import Constraint, Dimension, Point, points, shown
from casewright_generator.domain.reading import of_sentence
from casewright_generator.domain.sentences import conjuncts
from casewright_generator.domain.situations import Setting
from casewright_generator.domain.statements import Kind, Statement

_HOLDS = words.word_set(
    "hold contain have include accept allow support take be consist comprise need require"
)
_SHOWS = words.word_set("show display list return")
_ADJECTIVES = re.compile(
    r"^(?:the |an? |each |every |all |any )*(?:maximum |minimum |max\.? |min\.? |allowed |permitted |"
    r"total )*(?:length of |size of |number of |value of |limit of |limit for )?(?:the |an? |each |"
    r"every )?",
    re.IGNORECASE,
)
_FOR = re.compile(r"\bfor (?:[\w-]+ ){1,4}$", re.IGNORECASE)
_LOW_SIDE = re.compile(
    r"\b(?:too (?:short|few|small|low|little|young)|less|fewer|below|under|minimum|shorter|lower)\b",
    re.IGNORECASE,
)
_HIGH_SIDE = re.compile(
    r"\b(?:exceed\w*|too (?:long|many|large|big|high|much|old)|over|above|maximum|longer|larger|greater)\b",
    re.IGNORECASE,
)
_ANY_SIDE = re.compile(
    r"\b(?:invalid|out of range|limit|not met|violat\w*|outside|not valid|wrong|incorrect)\b", re.IGNORECASE
)
_EMPTY = words.PREPOSITIONS | words.DETERMINERS | words.AUXILIARIES | {"be", "and", "or", "least", "most"}
_ADMITS = words.word_set("accept allow support permit process upload")
_ENTERED = words.word_set(
    "password username name title description text comment code number pin email message field value url"
)
_FILES = words.word_set("file image photo picture document attachment")
_MEASURES = {
    Dimension.SIZE: "size",
    Dimension.LENGTH: "length",
    Dimension.MONEY: "amount",
    Dimension.DURATION: "time",
    Dimension.PERCENT: "percentage",
}
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
    counted: bool = False


def is_bare_limit(statement: Statement) -> bool:
    """Whether the statement says nothing but its limit: the boundary cases say it better than another one."""
    if not statement.constraints or statement.conditions or statement.kind is Kind.SCENARIO:
        return False
    return any(_nature(statement, one) in {"limit", "delay"} for one in statement.constraints)


def conditions(statement: Statement, setting: Setting, others: tuple[Statement, ...]) -> list[TestCondition]:
    """The conditions of all limits of a statement."""
    found: list[TestCondition] = []
    for constraint in statement.constraints:
        nature = _nature(statement, constraint)
        for point in points(constraint):
            if nature in {"limit", "window"}:
                found.append(_limit(statement, constraint, point, others))
            elif nature in {"threshold", "delay"} and (
                one := _threshold(statement, constraint, point, setting)
            ):
                found.append(one)
    return found


_AHEAD = re.compile(r"\s*(?:in advance|before|prior|ahead|earlier)\b", re.IGNORECASE)
_TAKEN = re.compile(
    r"\b(?:(?:response|load|loading|processing|waiting|run) time|latency|duration)\W*$", re.IGNORECASE
)


def _nature(statement: Statement, constraint: Constraint) -> str:
    """Whether the limit bounds what is allowed, tells two outcomes apart, or says when something happens."""
    written = constraint.text.lower()
    told = next((c.text for c in statement.conditions if written in f"{c.marker} {c.text}".lower()), "")
    if told and written.startswith("within") and re.search(r"\bnot\b|n't\b", told.lower()):
        return ""
    following = statement.text[statement.text.lower().find(written) + len(written) :]
    if constraint.dimension is Dimension.DURATION and _AHEAD.match(following):
        return ""
    if told:
        return "threshold"
    if constraint.dimension is Dimension.DURATION and _TAKEN.search(statement.subject):
        return ""
    if constraint.delay:
        return "delay"
    able = statement.kind in (Kind.CAPABILITY, Kind.PROHIBITION)
    timed = constraint.dimension is Dimension.DURATION and written.startswith(
        ("within", "in ", "under", "less")
    )
    if timed and able and written.startswith("within"):
        return "window"
    if timed or constraint.unit.lower() == "times" or statement.kind in _UNBOUND:
        return ""
    text = " ".join(statement.text.split())
    of_subject = written in statement.subject.lower() and statement.verb not in _ADMITS and not able
    if of_subject or _FOR.search(text[: max(0, text.find(constraint.text))]):
        return "threshold"
    return "limit"


_UNBOUND = (Kind.SCENARIO, Kind.CHANGE, Kind.DEFECT, Kind.QUOTED)


# Limits: what is inside is accepted, what is outside isn't.


def _limit(
    statement: Statement, constraint: Constraint, point: Point, others: tuple[Statement, ...]
) -> TestCondition:
    put = _put(statement, constraint, point)
    criteria = [statement.criterion]
    told = bool(statement.otherwise) and not point.inside
    outcomes = [] if told else [clauses.sentence(put.outcome)]
    if not point.inside:
        entered = put.counted and constraint.dimension is Dimension.LENGTH
        for reaction, criterion in _reactions(statement, point, () if entered else others):
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
    allowed = "allowed" if point.inside else "not allowed"
    return TestCondition(
        key=f"{normal(statement.text)} {normal(put.name)} {point.text}",
        technique=Technique.BOUNDARY_VALUE,
        criteria=tuple(criteria),
        description=f"{_capital(put.name)}: {point.text} ({point.place}, {allowed})",
        title=put.title,
        statement=variant,
        priority=Priority.MEDIUM if point.inside else Priority.HIGH,
        negative=not point.inside,
        values=(TestData(name=put.name, value=put.value, sample=put.sample),),
    )


def _reactions(statement: Statement, point: Point, others: tuple[Statement, ...]) -> list[tuple[str, str]]:
    """What other sentences say happens beyond this limit, with the ids of their criteria."""
    if statement.otherwise:
        return [(statement.otherwise, statement.criterion)]
    own = set(normal(f"{statement.subject} {statement.object}").split()) - _EMPTY
    sides = _LOW_SIDE if "minimum" in point.place or "lower" in point.place else _HIGH_SIDE
    for other in others:
        if other is statement or len(other.conditions) != 1 or other.assumed or other.constraints:
            continue
        said = other.conditions[0].text
        if len(conjuncts(said)) > 1:
            continue
        if (_ANY_SIDE.search(said) or sides.search(said)) and own & set(normal(said).split()):
            return [(outcome, other.criterion) for outcome in other.outcomes]
    return []


def _bound(constraint: Constraint) -> str:
    """The limit, for a title."""
    low = shown(constraint, constraint.low) if constraint.low is not None else ""
    high = shown(constraint, constraint.high) if constraint.high is not None else ""
    if low and high:
        first = f"{constraint.low:f}" if not constraint.symbol else low
        return f"when {high} is required" if low == high else f"when {first} to {high} are allowed"
    if low:
        return f"when the minimum is {low}" if constraint.low_in else f"when more than {low} is required"
    return f"when the limit is {high}" if constraint.high_in else f"when less than {high} is required"


def _put(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    able = statement.kind in (Kind.CAPABILITY, Kind.PROHIBITION) and bool(statement.actions)
    inside = statement.verb in {"contain", "include"} or constraint.unit.lower() in {
        "digit",
        "digits",
        "letter",
        "symbols",
    }
    if constraint.dimension is Dimension.AGE:
        return _aged(statement, constraint, point)
    if able:
        return _substituted(statement, constraint, point)
    if constraint.dimension is Dimension.LENGTH and not inside:
        return _long(statement, constraint, point)
    if constraint.dimension in (Dimension.COUNT, Dimension.LENGTH):
        return _counted(statement, constraint, point)
    return _valued(statement, constraint, point)


def _verdict(point: Point) -> str:
    return "accepted" if point.inside else "not accepted"


def _name(statement: Statement, constraint: Constraint) -> str:
    """The limited thing, without article."""
    subject = statement.subject or "value"
    at = subject.lower().find(constraint.text.lower())
    if at > 0:
        subject = re.sub(
            r"\s(?:of|with|that (?:is|are|has|have)|which (?:is|are|has|have)|is|are)\s*$",
            "",
            f"{subject[:at]} ".rstrip() + " ",
        ).strip()
    bare = _ADJECTIVES.sub("", subject).strip() or subject
    return clauses.lower_first(bare)


def _single(name: str) -> str:
    """`files` → `file`."""
    return words.singular(name) if words.is_plural(name) else name


def _aged(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    who = statement.actor or observing.head(_name(statement, constraint)) or "user"
    who = words.singular(who) if words.is_plural(who) else who
    years = f"{point.value} years old"
    act = statement.actions[-1] if statement.kind is Kind.CAPABILITY else ""
    if match := re.search(r"\bto ([a-z]+\b.*)$", statement.object):
        act = clauses.sentence(match[1])
    person = f"{words.with_article(who)} who is {years}"
    doing = f" who wants to {act[0].lower()}{act[1:].rstrip('.')}" if act else ""
    return (
        _Words(
            title=f"Admit {person}" if point.inside else f"Refuse {person} {_bound(constraint)}",
            actions=(
                clauses.sentence(
                    f"Act as {person}{' and ' + act[0].lower() + act[1:].rstrip('.') if act else ''}"
                ),
            ),
            outcome=f"{_capital(person)} is {_verdict(point)}",
            name=f"age of the {who}",
            value=years,
        )
        if doing or not act
        else _Words(person, (person,), person, who, years)
    )


def _long(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    name = _single(_name(statement, constraint))
    size = int(point.value)
    sample = (_LETTERS * 4)[:size] if 0 < size <= _LONGEST_SAMPLE else ""
    if size == 0:
        action, what = f"Leave the {name} empty", f"an empty {name}"
    else:
        action, what = (
            f"Enter {words.with_article(name)} of {point.text}",
            f"{words.with_article(name)} of {point.text}",
        )
    return _Words(
        title=f"Accept {what}" if point.inside else f"Reject {what} {_bound(constraint)}",
        actions=(clauses.sentence(action),),
        outcome=f"{_capital(observing.definite(name))} is {_verdict(point)}",
        name=name,
        value=f"{sample} ({point.text})" if sample else point.text,
        sample=bool(sample),
    )


def _counted(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    name = _single(_name(statement, constraint))
    count = f"no {words.plural(words.singular(constraint.unit))}" if point.value == 0 else point.text
    plural = words.plural(words.singular(constraint.unit))
    if statement.verb in _SHOWS and point.value != 0:
        return _displayed(statement, constraint, point)
    if (
        statement.verb in _HOLDS
        and statement.subject
        and constraint.text.lower() not in statement.subject.lower()
    ):
        what = f"{words.with_article(name)} with {count}"
        if match := re.search(re.escape(constraint.text) + r" (wide|high|tall|long|deep)\b", statement.text):
            what = f"{words.with_article(name)} that is {count} {match[1]}"
        entered = observing.head(name) in _ENTERED
        used = statement.verb == "be" or observing.head(name) in _FILES
        action = f"{'Enter' if entered else 'Use' if used else 'Set up'} {what}"
        return _Words(
            title=f"Accept {what}" if point.inside else f"Reject {what} {_bound(constraint)}",
            actions=(
                clauses.sentence(
                    action if point.inside or entered else f"Try to {action[0].lower()}{action[1:]}"
                ),
            ),
            outcome=f"{_capital(what)} is {_verdict(point)}",
            name=f"number of {plural}",
            value=point.text,
            counted=True,
        )
    return _Words(
        title=f"{'Accept' if point.inside else 'Reject'} {count}"
        + ("" if point.inside else f" {_bound(constraint)}"),
        actions=(clauses.sentence(f"{'Use' if point.inside else 'Try to use'} {count}"),),
        outcome=f"{_capital(count)} {words.is_are(count)} {_verdict(point)}",
        name=f"number of {plural}",
        value=point.text,
    )


def _displayed(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    """A limit on what is shown, not on what may be there."""
    limit = shown(
        constraint, constraint.high if constraint.high is not None else constraint.low or point.value
    )
    seen = point.text if point.inside else f"no more than {limit}"
    at = statement.object.lower().find(constraint.text.lower())
    tail = statement.object[at + len(constraint.text) :].strip() if at >= 0 else ""
    thing = _capital(observing.definite(statement.subject))
    verb = statement.verb if words.is_plural(statement.subject) else words.third_person(statement.verb)
    return _Words(
        title=f"{thing} {verb} {seen} {tail} when there {words.is_are(point.text)} {point.text}".replace(
            "  ", " "
        ),
        actions=(clauses.sentence(observing.approach(statement.subject)),),
        outcome=f"{thing} {verb} {seen} {tail}".strip(),
        name=f"number of {words.plural(words.singular(constraint.unit))}",
        value=point.text,
        given=(f"There {words.is_are(point.text)} {point.text}.",),
    )


def _valued(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    name = _single(_name(statement, constraint))
    if constraint.dimension is Dimension.SIZE:
        thing = name.removesuffix(" size").removesuffix("upload").strip() or "file"
        what = f"{words.with_article(thing)} of {point.text}"
        action, outcome = f"Use {what}", f"{_capital(what)} is {_verdict(point)}"
    elif " of " in name or " for " in name:
        what = f"{point.text} as {name}"
        action = f"Set the {name} to {point.text}"
        outcome = f"{point.text} is {_verdict(point)} as {name}"
    else:
        what = f"{words.with_article(name)} of {point.text}"
        action = (
            f"{observing.approach(what)}"
            if observing.is_made(what)
            else f"Set {observing.definite(name)} to {point.text}"
        )
        outcome = f"{_capital(what)} is {_verdict(point)}"
    return _Words(
        title=f"Accept {what}" if point.inside else f"Reject {what} {_bound(constraint)}",
        actions=(clauses.sentence(action if point.inside else f"Try to {action[0].lower()}{action[1:]}"),),
        outcome=outcome,
        name=name,
        value=point.text,
    )


def _substituted(statement: Statement, constraint: Constraint, point: Point) -> _Words:
    """`Upload at most 5 files` → `Upload 6 files`."""
    *before, last = statement.actions
    at = last.lower().find(constraint.text.lower())
    value = (
        point.text
        if point.value or constraint.dimension is not Dimension.COUNT
        else f"no {words.plural(constraint.unit)}"
    )
    tail = last[at + len(constraint.text) :] if at >= 0 else ""
    if constraint.dimension is Dimension.DURATION:
        tail = re.sub(r"^ (?:of|after|from) ", " after ", tail)
        value = f"{point.text}" if tail.startswith(" after ") else f"after {point.text}"
    elif (
        constraint.dimension in (Dimension.SIZE, Dimension.MONEY, Dimension.LENGTH, Dimension.PERCENT)
        and at > 0
    ):
        gap = last[:at].rstrip().rsplit(" ", 1)[-1].lower()
        value = value if gap in {"of", "with", "to", "by", "for"} or words.is_verb(gap) else f"of {value}"
    lead = last[:at]
    if constraint.dimension in (Dimension.SIZE, Dimension.LENGTH) and at > 0:
        lead = re.sub(r"(\S+)s ((?:of|with) )?$", r"\1 \2", lead) if lead.rstrip().endswith("s") else lead
        verb, _, thing = lead.partition(" ")
        lead = (
            f"{verb} {words.with_article(thing.strip())} "
            if thing.strip() and thing.split()[0].lower() not in words.DETERMINERS
            else lead
        )
    act = f"{lead}{value}{tail}" if at >= 0 else f"{last.rstrip('.')}: {value}"
    act = " ".join(act.split()).rstrip(".")
    plain = act[0].lower() + act[1:]
    name = (
        f"number of {words.plural(words.singular(constraint.unit))}"
        if constraint.dimension is Dimension.COUNT
        else _MEASURES.get(constraint.dimension, "value")
    )
    return _Words(
        title=act if point.inside else f"Refuse to {plain} {_bound(constraint)}",
        actions=(*before, clauses.sentence(act if point.inside else f"Try to {plain}")),
        outcome=_done(act) if point.inside else _left_undone(act),
        name=name,
        value=point.text,
    )


def _done(act: str) -> str:
    clause = clauses.parse(act)
    return observing.result_of(clause).rstrip(".") if clause.verb else f"{act} is accepted"


def _left_undone(act: str) -> str:
    return (
        f"This is refused: {observing.undone(act)}"
        if observing.undone(act)
        else "This is refused, and nothing has changed"
    )


# Thresholds: on one side the outcome comes, on the other it doesn't.


def _threshold(
    statement: Statement, constraint: Constraint, point: Point, setting: Setting
) -> TestCondition | None:
    text = " ".join(statement.text.split())
    at = text.lower().find(constraint.text.lower())
    if at < 0:
        return None
    if constraint.delay and statement.kind is Kind.PROHIBITION and statement.actions:
        return _too_late(statement, constraint, point)
    if constraint.delay:
        variant = _delayed(statement, constraint, point)
    else:
        spoken = _spoken(statement, constraint, point)
        again = text[:at] + spoken + text[at + len(constraint.text) :]
        variant = of_sentence(statement.criterion, " ".join(again.split()), setting)
    if variant is None:
        return None
    states = tuple(one for one in statement.given if _IN_STATE.search(one) and one not in variant.given)
    variant = replace(variant, given=(*states, *variant.given))
    assumption = False
    if not point.inside:
        variant, assumption = _reversed(variant, statement, setting.errand, late=constraint.delay)
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


_IN_STATE = re.compile(r" is in the (?:status|state|phase|stage) ")


def _too_late(statement: Statement, constraint: Constraint, point: Point) -> TestCondition:
    """`A rating can't be changed after 24 hours`: it is changed just before, and refused from then on."""
    *before, last = statement.actions
    at = last.lower().find(constraint.text.lower())
    act = (
        f"{last[:at].strip()} {last[at + len(constraint.text) :].strip()}".strip(" .")
        if at >= 0
        else last[:-1]
    )
    plain = act[0].lower() + act[1:]
    span = f"Let {point.text} pass" if constraint.dimension is Dimension.DURATION else f"Make {point.text}"
    title = f"Refuse to {plain} after {point.text}" if point.inside else f"{act} after {point.text}"
    variant = replace(
        statement,
        kind=Kind.SCENARIO,
        actions=(
            *before,
            clauses.sentence(span),
            clauses.sentence(f"Try to {plain}" if point.inside else act),
        ),
        outcomes=(clauses.sentence(_left_undone(act) if point.inside else _done(act)),),
        headline=title,
    )
    return TestCondition(
        key=f"{normal(statement.text)} {point.text}",
        technique=Technique.BOUNDARY_VALUE,
        criteria=(statement.criterion,),
        description=f"{title} ({point.place})",
        title=title,
        statement=variant,
        negative=point.inside,
        values=(TestData(name=_measured(statement, constraint), value=point.text),),
    )


def _measured(statement: Statement, constraint: Constraint) -> str:
    """Name of the value that decides."""
    if constraint.dimension is Dimension.DURATION:
        return "time passed"
    if constraint.dimension is Dimension.COUNT:
        return f"number of {constraint.unit}"
    for condition in statement.conditions:
        for part in conjuncts(condition.text):
            clause = clauses.parse(part)
            if constraint.text.lower() in part.lower() and clause.subject:
                if constraint.dimension is Dimension.WEIGHT:
                    return f"weight of {observing.definite(clause.subject)}"
                return clauses.lower_first(_ADJECTIVES.sub("", clause.subject)) or "value"
    text = " ".join(statement.text.split())
    before = text[: max(0, text.find(constraint.text))].split()
    while before and before[-1].lower() in words.PREPOSITIONS:
        before.pop()
    return clauses.lower_first(before[-1].strip(",.")) if before and before[-1].isalpha() else "value"


def _spoken(statement: Statement, constraint: Constraint, point: Point) -> str:
    """The point in the place of the comparator and its number."""
    first = constraint.text.split(maxsplit=1)[0].lower()
    text = " ".join(statement.text.split())
    before = text[: max(0, text.find(constraint.text))].split()
    previous = before[-1].lower().strip(",") if before else ""
    value = (
        f"{point.value} years old"
        if constraint.dimension is Dimension.AGE and not constraint.unit
        else point.text
    )
    if point.value == 0 and constraint.dimension is Dimension.COUNT:
        value = f"no {words.plural(constraint.unit)}"
    if first in {"exceeds", "exceed", "exceeded"}:
        return f"is {value}"
    if words.base_of_third(previous) in _REACHING or previous in _REACHING:
        return f"to {value}"
    if first == "within" and constraint.dimension is Dimension.DURATION:
        return f"after {value}"
    verbal = words.base_of_third(previous)
    if verbal and not words.may_be_noun(verbal):
        return value
    if first == "exceeding" or (
        not words.is_verb(previous) and words.is_plural(previous) and previous not in words.AUXILIARIES
    ):
        return f"of {value}"
    return value


_REACHING = words.word_set("fall drop rise sink climb go increase decrease")


def _delayed(statement: Statement, constraint: Constraint, point: Point) -> Statement | None:
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
    verb = "Enter" if observing.head(constraint.unit) in _ENTERED else "Make"
    act = f"Let {span} pass" if constraint.dimension is Dimension.DURATION else f"{verb} {span}"
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


def _reversed(variant: Statement, statement: Statement, errand: str, *, late: bool) -> tuple[Statement, bool]:
    """The variant in which the outcome doesn't come, and whether that is an assumption."""
    when = " ".join(f"{c.marker} {clauses.lower_first(c.text.rstrip('.'))}" for c in variant.conditions)
    if statement.otherwise:
        headline = f"{statement.otherwise.rstrip('.')} {when}".strip()
        return replace(variant, outcomes=(statement.otherwise,), headline=headline), False
    negated = tuple(denied(outcome) for outcome in variant.outcomes[:1]) or ("This is refused.",)
    if variant.kind is Kind.CAPABILITY and variant.modal in {"must", "shall", "should"} and variant.given:
        return _free(variant, when, errand)
    if variant.kind is Kind.CAPABILITY:
        *before, last = variant.actions
        negated = (clauses.sentence(_left_undone(last.rstrip("."))),)
        variant = replace(
            variant, actions=(*before, f"Try to {last[0].lower()}{last[1:]}"), actor=variant.actor
        )
        return replace(
            variant, outcomes=negated, headline=f"Not possible: {clauses.lower_first(variant.headline)}"
        ), True
    headline = f"{negated[0].rstrip('.')} {when}".strip()
    if late:
        headline = f"{negated[0].rstrip('.')} after {_after(variant)}"
    return replace(variant, outcomes=negated, headline=headline), not late


def _free(variant: Statement, when: str, errand: str) -> tuple[Statement, bool]:
    """The variant in which nobody is obliged."""
    act = clauses.parse(variant.actions[-1].rstrip("."))
    who = observing.definite(variant.subject or "the user")
    do = "do" if words.is_plural(who) else "does"
    headline = clauses.sentence(f"{who} {do} not have to {act.verb} {act.rest}").rstrip(".")
    actions = variant.actions[:-1] or ((clauses.sentence(errand),) if errand else ())
    outcome = clauses.sentence(headline)
    return replace(
        variant,
        kind=Kind.SCENARIO,
        actions=actions or (f"Go on without this: {clauses.lower_first(variant.actions[-1])}",),
        outcomes=(outcome,),
        headline=f"{headline} {when}",
        negated=True,
    ), True


def _after(variant: Statement) -> str:
    act = variant.actions[-1].rstrip(".")
    return act.removeprefix("Let ").removeprefix("Make ").removeprefix("Enter ").removesuffix(" pass")


def denied(outcome: str) -> str:
    """The contrary of an observation, as a sentence."""
    clause = clauses.parse(outcome.rstrip("."))
    if not clause.verb or not clause.subject:
        return clauses.sentence(f"This does not happen: {clauses.lower_first(outcome.rstrip('.'))}")
    if clause.subject.lower().startswith("no "):
        return clauses.sentence(clauses.present(clause, subject=words.with_article(clause.subject[3:])))
    return clauses.sentence(clauses.present(clause, negated=not clause.negated))


def _capital(text: str) -> str:
    return clauses.capital(text)
