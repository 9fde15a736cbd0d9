"""How a case at or next to a limit is put into words."""

import re
from dataclasses import dataclass

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.constraints import Constraint, Dimension, Point, shown
from casewright_generator.domain.reading.statements import Kind, Statement

_HOLDS = words.word_set(
    "hold contain have include accept allow support take be consist comprise need require"
)
_SHOWS = words.word_set("show display list return")
ADJECTIVES = re.compile(
    r"^(?:the |an? |each |every |all |any )*(?:maximum |minimum |max\.? |min\.? |allowed |permitted |"
    r"total )*(?:length of |size of |number of |value of |limit of |limit for )?(?:the |an? |each |"
    r"every )?",
    re.IGNORECASE,
)
ENTERED = words.word_set(
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
_HAPPENING = words.word_set("attempt try retry request call login payment transfer booking change")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONGEST_SAMPLE = 70


@dataclass(frozen=True, slots=True)
class LimitWords:
    """How one point is put into words."""

    title: str
    actions: tuple[str, ...]
    outcome: str
    name: str
    value: str
    given: tuple[str, ...] = ()
    sample: bool = False
    counted: bool = False


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


def put(statement: Statement, constraint: Constraint, point: Point) -> LimitWords:
    """Title, action and outcome of the case of a point."""
    able = statement.kind in (Kind.CAPABILITY, Kind.PROHIBITION) and bool(statement.actions)
    inside = statement.verb in {"contain", "include"} or constraint.unit.lower() in {
        "digit",
        "digits",
        "letter",
        "symbols",
    }
    person = not able and not constraint.unit and clauses.is_actor(_name(statement, constraint))
    if constraint.dimension is Dimension.AGE or person:
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
    if near := _nearest(statement, constraint):
        return near
    subject = statement.subject or "value"
    at = subject.lower().find(constraint.text.lower())
    if at > 0:
        subject = re.sub(
            r"\s(?:of|with|that (?:is|are|has|have)|which (?:is|are|has|have)|is|are)\s*$",
            "",
            f"{subject[:at]} ".rstrip() + " ",
        ).strip()
    bare = ADJECTIVES.sub("", subject).strip() or subject
    bare = bare.removesuffix(" limit") if len(bare.split()) > 1 else "value" if bare == "limit" else bare
    return clauses.lower_first(bare)


_NEAREST = re.compile(
    r"(?:\b(?:an?|the|its|their|his|her) )(?P<noun>[a-z][a-z-]*(?: (?:of )?[a-z][a-z-]*){0,3}?)"
    r"(?: \(|, which (?:is|must be)|, that is| with| of up to| between)? ?$",
    re.IGNORECASE,
)


def _nearest(statement: Statement, constraint: Constraint) -> str:
    """The noun that a limit follows inside the object: `given a caption (max. 140 characters)`."""
    text = " ".join(statement.text.split())
    at = text.find(constraint.text)
    match = _NEAREST.search(text[: max(0, at)])
    if (
        not match
        or constraint.text in statement.subject
        or match["noun"].lower() in statement.subject.lower()
    ):
        return ""
    found = match["noun"].lower().split()
    if statement.verb in (found[-1], words.base_of_third(found[-1])):
        return ""
    listed = words.PREPOSITIONS - {"of"} | words.AUXILIARIES | words.RELATIVES | {"and", "or"}
    return (
        ""
        if set(found) & listed or (words.is_verb(found[-1]) and not words.may_be_noun(found[-1]))
        else match["noun"]
    )


def _single(name: str) -> str:
    """`files` → `file`."""
    return words.singular(name) if words.is_plural(name) else name


def _aged(statement: Statement, constraint: Constraint, point: Point) -> LimitWords:
    who = statement.actor or observing.head(_name(statement, constraint)) or "user"
    who = "user" if who.lower() in words.PRONOUNS else who
    who = words.singular(who) if words.is_plural(who) else who
    years = f"{point.value} years old"
    act = statement.actions[-1] if statement.kind is Kind.CAPABILITY else ""
    if match := re.search(r"\bto ([a-z]+\b.*)$", statement.object):
        act = clauses.sentence(match[1])
    person = f"{words.with_article(who)} who is {years}"
    doing = f" who wants to {act[0].lower()}{act[1:].rstrip('.')}" if act else ""
    return (
        LimitWords(
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
        else LimitWords(person, (person,), person, who, years)
    )


def _long(statement: Statement, constraint: Constraint, point: Point) -> LimitWords:
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
    return LimitWords(
        title=f"Accept {what}" if point.inside else f"Reject {what} {_bound(constraint)}",
        actions=(clauses.sentence(action),),
        outcome=f"{_capital(observing.definite(name))} is {_verdict(point)}",
        name=name,
        value=f"{sample} ({point.text})" if sample else point.text,
        sample=bool(sample),
    )


def _counted(statement: Statement, constraint: Constraint, point: Point) -> LimitWords:
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
        degrees = constraint.unit.lower().startswith(("degree", "point", "volt", "watt"))
        what = f"{words.with_article(name)} {'of' if degrees else 'with'} {count}"
        if match := re.search(re.escape(constraint.text) + r" (wide|high|tall|long|deep)\b", statement.text):
            what = f"{words.with_article(name)} that is {count} {match[1]}"
        entered = observing.head(name) in ENTERED
        used = statement.verb == "be" or observing.head(name) in _FILES
        action = f"{'Enter' if entered else 'Use' if used else 'Set up'} {what}"
        return LimitWords(
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
    verb = "make" if words.singular(constraint.unit).lower() in _HAPPENING else "use"
    return LimitWords(
        title=f"{'Accept' if point.inside else 'Reject'} {count}"
        + ("" if point.inside else f" {_bound(constraint)}"),
        actions=(clauses.sentence(f"{verb if point.inside else f'Try to {verb}'} {count}"),),
        outcome=f"{_capital(count)} {words.is_are(count)} {_verdict(point)}",
        name=f"number of {plural}",
        value=point.text,
    )


def _displayed(statement: Statement, constraint: Constraint, point: Point) -> LimitWords:
    """A limit on what is shown, not on what may be there."""
    limit = shown(
        constraint, constraint.high if constraint.high is not None else constraint.low or point.value
    )
    seen = point.text if point.inside else f"no more than {limit}"
    at = statement.object.lower().find(constraint.text.lower())
    tail = statement.object[at + len(constraint.text) :].strip() if at >= 0 else ""
    thing = _capital(observing.definite(statement.subject))
    verb = statement.verb if words.is_plural(statement.subject) else words.third_person(statement.verb)
    return LimitWords(
        title=f"{thing} {verb} {seen} {tail} when there {words.is_are(point.text)} {point.text}".replace(
            "  ", " "
        ),
        actions=(clauses.sentence(observing.approach(statement.subject)),),
        outcome=f"{thing} {verb} {seen} {tail}".strip(),
        name=f"number of {words.plural(words.singular(constraint.unit))}",
        value=point.text,
        given=(f"There {words.is_are(point.text)} {point.text}.",),
    )


def _valued(statement: Statement, constraint: Constraint, point: Point) -> LimitWords:
    name = _single(_name(statement, constraint))
    if constraint.dimension is Dimension.WEIGHT and name in {"weight", "load", "value"}:
        what = f"a load of {point.text}"
        action, outcome = f"Use {what}", f"A load of {point.text} is {_verdict(point)}"
    elif constraint.dimension is Dimension.SIZE:
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
    return LimitWords(
        title=f"Accept {what}" if point.inside else f"Reject {what} {_bound(constraint)}",
        actions=(clauses.sentence(action if point.inside else f"Try to {action[0].lower()}{action[1:]}"),),
        outcome=outcome,
        name=name,
        value=point.text,
    )


_UP_TO = re.compile(r"\b(?:up to|at most|no more than) (?=\d)", re.IGNORECASE)


def _substituted(statement: Statement, constraint: Constraint, point: Point) -> LimitWords:
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
        last = _UP_TO.sub(lambda told: " " * len(told.group()), last)
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
    return LimitWords(
        title=act if point.inside else f"Refuse to {plain} {_bound(constraint)}",
        actions=(*before, clauses.sentence(act if point.inside else f"Try to {plain}")),
        outcome=done(act) if point.inside else left_undone(act),
        name=name,
        value=point.text,
    )


def done(act: str) -> str:
    """What is seen once the instruction is carried out, without a full stop."""
    clause = clauses.command(act)
    return observing.result_of(clause).rstrip(".") if clause.verb else f"{act} is accepted"


def left_undone(act: str) -> str:
    """What is seen where the instruction is refused, without a full stop."""
    return (
        f"This is refused: {observing.undone(act)}"
        if observing.undone(act)
        else "This is refused, and nothing has changed"
    )


def _capital(text: str) -> str:
    return clauses.capital(text)
