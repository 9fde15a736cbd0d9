"""Plain statements of a story, `The link lapses after 21 days`, as cases, for want of a rule that says more.

The words stay the story's own: what can't be turned into an instruction is brought about as it is told.
"""

import re
from dataclasses import dataclass, replace

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Form
from casewright_generator.domain.planning import partitions
from casewright_generator.domain.reading import observing, sense
from casewright_generator.domain.reading.constraints import Constraint, Dimension, Point, constraints, points
from casewright_generator.domain.reading.contraries import denied
from casewright_generator.domain.reading.sentences import conjuncts, split
from casewright_generator.domain.reading.situations import (
    Setting,
    observation,
    sort_conditions,
    without_determiner,
)
from casewright_generator.domain.reading.spans import Timed, Timing, beside, timed
from casewright_generator.domain.reading.statements import Condition, Kind, Statement
from casewright_generator.domain.rules.said import Said

_LONGEST = 60
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement and how a tester comes to see it."""

    said: Said
    given: tuple[str, ...]
    actions: tuple[str, ...]
    main: str
    actor: str
    setting: Setting

    @property
    def outcome(self) -> str:
        """The main clause as it is seen, without a full stop."""
        return seen(self.main, self.setting)

    @property
    def led(self) -> tuple[str, ...]:
        """The actions, or else what the story is about."""
        return self.actions or approach(self.main, self.setting)

    def case(
        self,
        headline: str,
        actions: tuple[str, ...],
        outcomes: tuple[str, ...],
        technique: Technique = Technique.USE_CASE,
        data: tuple[tuple[str, str], ...] = (),
        *,
        given: tuple[str, ...] = (),
        negative: bool = False,
        supposed: bool = False,
    ) -> Statement:
        """A case of the fact, with its own states and actor."""
        made = self.said.case(
            headline,
            actions,
            outcomes,
            given=(*self.given, *given),
            technique=technique,
            data=data,
            negative=negative,
            supposed=supposed,
        )
        return replace(made, actor=self.actor)


def counted_cases(criterion: str, text: str, setting: Setting) -> list[Statement]:
    """The cases of a sentence that sets a time, or allows something once; none for another one."""
    flat = " ".join(text.split()).rstrip(".")
    if _ONCE.search(flat) and (able := _fact(criterion, text, flat, setting)) and (made := _only_once(able)):
        return made
    found = timed(flat)
    if found is None or len(flat.split()) > _LONGEST or len(found.rest.split()) < _FEWEST:
        return []
    fact = _fact(criterion, text, found.rest, setting)
    if fact is None:
        return []
    return _TIMINGS[found.timing](fact, found)


def plain_cases(criterion: str, text: str, setting: Setting) -> list[Statement]:
    """The cases of any other statement: at its limits, or as it is told; none for what states nothing."""
    flat = " ".join(text.split()).rstrip(".")
    if len(flat.split()) > _LONGEST:
        return []
    fact = _fact(criterion, text, flat, setting)
    if fact is None:
        return _fragment(criterion, text, flat, setting) or _quoted(criterion, text, flat, setting)
    if chosen := _choices(fact, flat):
        return chosen
    limits = [one for one in constraints(flat) if not one.delay and one.dimension is not Dimension.DURATION]
    made = [one for limit in limits[:_MOST_LIMITS] for one in _limited(fact, limit, flat)]
    return made or _told(fact)


_MOST_LIMITS = 3


def _fragment(criterion: str, text: str, flat: str, setting: Setting) -> list[Statement]:
    """`Up to 25 episodes per device`, `Comment: max. 80 characters`: a limit without a verb."""
    limits = [one for one in constraints(flat) if not one.delay]
    if not limits or clauses.parse(flat).has_predicate or not setting.errand:
        return []
    said, label = Said(criterion, text, flat), flat.partition(":")[0] if ":" in flat else ""
    made = []
    for limit in limits[:_MOST_LIMITS]:
        tail = (
            "" if label else re.split(r"[,;(]", flat[flat.find(limit.text) + len(limit.text) :])[0].rstrip()
        )
        for point in points(limit):
            told = f"{_bare(label)}: {point.text}" if label else f"{point.text}{tail}"
            act = f"{setting.errand.rstrip('.')}, with {told}"
            made.append(
                said.case(
                    f"{'Accept' if point.inside else 'Refuse'} {told}",
                    (act if point.inside else f"Try to {_bare(act)}",),
                    (
                        f"{told} is accepted"
                        if point.inside
                        else f"This is refused: the limit is {limit.text}",
                    ),
                    technique=Technique.BOUNDARY_VALUE,
                    data=((_named(limit), point.text),),
                    negative=not point.inside,
                )
            )
    return made


def as_told(criterion: str, text: str, setting: Setting) -> list[Statement]:
    """A criterion in its own words, its first sentence alone; nothing for what is no statement."""
    if _ROW in text or "\n" in text.strip():
        return []
    return _quoted(criterion, text, " ".join(text.split()).rstrip("."), setting)


_ROW = " | "


def _quoted(criterion: str, text: str, flat: str, setting: Setting) -> list[Statement]:
    """What can't be taken apart, seen once the story's errand is done; nothing for what is no statement."""
    conditions, main = _split(flat)
    clause = clauses.parse(main)
    first = main.split(maxsplit=1)[0].lower() if main.split() else ""
    if (
        not setting.errand
        or not clause.has_predicate
        or not clause.subject
        or first in _OPEN - {"we", "there"}
    ):
        return []
    if clause.form in (Form.GERUND, Form.IMPERATIVE) or (first == "we" and clause.modal):
        return []
    if _CODED.search(flat) or is_unmeasured(main):
        return []
    given, actions = sort_conditions(conditions, setting)
    fact = Fact(Said(criterion, text, main), given, actions, main, "", setting)
    return [fact.case(fact.outcome, actions or (setting.errand,), (fact.outcome,))]


_ONCE = re.compile(
    r"\b(?:only |at most |exactly |just )?once\b(?=$|[.,;]| (?:for|per|in|only))", re.IGNORECASE
)


def _only_once(fact: Fact) -> list[Statement]:
    """`A posting may be reversed once`: the first time it is, the second time it isn't."""
    match = _ONCE.search(fact.main)
    clause = clauses.parse(fact.main)
    able = clause.form is Form.PASSIVE or bool(fact.actor)
    if not match or not able or clause.negated:
        return []
    bare = " ".join(f"{fact.main[: match.start()]}{fact.main[match.end() :]}".split())
    once = _fact(fact.said.criterion, fact.said.text, bare, fact.setting)
    if once is None:
        return []
    act = _attempt(once).rstrip(".")
    refused = observing.undone(act)
    return [
        fact.case(
            f"{once.outcome} the first time",
            (act,),
            (once.outcome,),
            Technique.BOUNDARY_VALUE,
            (("times", "1"),),
        ),
        fact.case(
            f"Refused a second time: {_bare(act)}",
            (act, f"Try to {_bare(act)} a second time"),
            (f"This is refused: {refused} a second time" if refused else "This is refused the second time",),
            Technique.BOUNDARY_VALUE,
            (("times", "2"),),
            negative=True,
        ),
    ]


_CODED = re.compile(r"[{}<>=@$\\]|(?:^|\s)--\w|\w\(\)|\w/\w+/")


def _fact(criterion: str, text: str, flat: str, setting: Setting) -> Fact | None:
    if _CODED.search(flat):
        return None
    conditions, main = _split(flat)
    clause = clauses.parse(main)
    if not clause.has_predicate or not clause.subject or clause.form in (Form.GERUND, Form.IMPERATIVE):
        return None
    if is_unmeasured(main) or clause.subject.lower().startswith("to "):
        return None
    if clause.subject.split()[0].lower() in _OPEN or clause.subject.lower() in words.PRONOUNS | {
        "this",
        "that",
    }:
        return None
    given, actions = sort_conditions(conditions, setting)
    actor = without_determiner(clause.subject) if clauses.is_actor(clause.subject, setting.roles) else ""
    actor = "" if set(actor.lower().split()) & (words.PRONOUNS | words.RELATIVES) else actor
    return Fact(Said(criterion, text, main), given, actions, main, actor, setting)


_OPEN = words.word_set("what whatever whoever which there same anything nothing somebody it they i we you")
"""Subjects that say too little to be looked at."""
_UNMEASURED = words.word_set(
    "quickly fast faster slowly smoothly smooth easily easy intuitive simple legible readable understandable "
    "fair promptly prompt reasonable acceptable appropriate adequate nice good well clear modern pleasant "
    "helpful early soon timely user-friendly robust reliable friendly"
)


def is_unmeasured(main: str) -> bool:
    """`The page loads quickly`: a quality without a measure, which is asked about and not tried."""
    clause = clauses.parse(main)
    told = clause.rest or (main if not clause.verb else clause.verb)
    found = [word.strip(",.").lower() for word in told.split()] or [""]
    plain = not any(map(str.isdigit, main)) and len(found) <= _SHORT_QUALITY + (not clause.verb)
    return plain and bool({found[0], found[-1]} & _UNMEASURED)


_SHORT_QUALITY = 4
_AS_LONG = re.compile(r"^(?P<main>.{8,}?),? (?:for )?as long as (?P<state>.{6,})$", re.IGNORECASE)
_PROVIDED = re.compile(
    r"^(?P<main>.{8,}?),? (?:provided|provided that|as long as|except when) (?P<state>.{6,})$", re.IGNORECASE
)


def _split(flat: str) -> tuple[tuple[Condition, ...], str]:
    for form in (_AS_LONG, _PROVIDED):
        if (match := form.match(flat)) and clauses.parse(match["state"]).has_predicate:
            return (Condition("while", match["state"]),), match["main"]
    return split(flat)


def seen(main: str, setting: Setting) -> str:
    """A clause as it is observed: `must be shown` as `is shown`; without a full stop."""
    if not _DEMANDING.search(main):
        return main.rstrip(".")
    parts = [observation(part, setting).rstrip(".") for part in conjuncts(main)]
    return " and ".join(
        part if not index else part[:1].lower() + part[1:] for index, part in enumerate(parts)
    )


_DEMANDING = re.compile(r"\b(?:must|should|shall|has to|have to|needs? to|is to|are to)\b", re.IGNORECASE)


def approach(main: str, setting: Setting) -> tuple[str, ...]:
    """What a tester does to see it, where no condition says so."""
    clause = clauses.parse(main)
    actor = clauses.is_actor(clause.subject, setting.roles)
    if clause.form is Form.ACTIVE and actor and clause.verb not in words.STATIVE:
        plain = replace(clause, modal="", negated=False)
        return (clauses.sentence(clauses.imperative(plain)),)
    thing, _ = observing.object_of(clause.subject)
    thing = observing.definite(re.sub(r"^(?:each|every|all|any|no) ", "", thing, flags=re.IGNORECASE))
    if setting.errand:
        named = set(thing.lower().split()) <= set(setting.errand.lower().split()) or actor
        short = thing and len(thing.split()) <= _LONGEST_SIGHT and thing.lower() not in words.PRONOUNS
        sight = f", and look at {thing}" if short and not named and not constraints(thing) else ""
        return (clauses.sentence(f"{setting.errand.rstrip('.')}{sight}"),)
    near = observing.approach(clause.subject)
    known = 0 < len(thing.split()) <= _LONGEST_SIGHT and sense.is_thing(thing)
    if near.startswith(("Look at ", "Use ")) and known and not actor:
        one = words.with_article(re.sub(r"^(?:the|this|that) ", "", thing))
        return (clauses.sentence(f"Prepare {one}, and look at {'them' if words.is_plural(thing) else 'it'}"),)
    return (clauses.sentence(near),)


_LONGEST_SIGHT = 5


_WEAK = re.compile(r"^(?:Look (?:at|for)|Watch for|Use) ")


def livened(statement: Statement, setting: Setting) -> Statement:
    """The statement, what is only looked at brought about by what the story lets its user do."""
    weak = len(statement.actions) == 1 and _WEAK.match(statement.actions[0])
    if not weak or statement.kind not in (Kind.PROPERTY, Kind.SCENARIO):
        return statement
    plain = statement.kind is Kind.PROPERTY and not statement.modal and not statement.assumed
    outcomes = (clauses.sentence(statement.main),) if plain else statement.outcomes
    return replace(
        statement,
        actions=approach(statement.main, setting),
        outcomes=outcomes,
        headline=outcomes[0].rstrip(".") if plain else statement.headline,
    )


def _bare(text: str) -> str:
    text = text.rstrip(".")
    first = text.split(maxsplit=1)[0] if text.split() else ""
    return text[:1].lower() + text[1:] if words.is_verb(first.lower()) else clauses.lower_first(text)


def _contrary(outcome: str) -> str:
    """The contrary of an outcome, without a full stop."""
    if _UNDENIABLE.search(outcome):
        return f"This is not so: {_bare(outcome)}"
    return denied(outcome).rstrip(".")


_UNDENIABLE = re.compile(
    r"\b(?:nobody|no one|never|none|only|that|which|who|and|but|neither|however)\b|, ", re.IGNORECASE
)


def _delay(fact: Fact, found: Timed) -> list[Statement]:
    """It has happened after the span, and not before."""
    since = (clauses.sentence(_happened(found.event)),) if found.event else ()
    started = fact.actions or (() if since or fact.given else _started(fact))
    made = []
    for point in beside(found.span):
        if point.place == "above the minimum":
            continue
        outcome = fact.outcome if point.inside else _contrary(fact.outcome)
        made.append(
            fact.case(
                f"{outcome} after {point.text}",
                (*started, f"Let {point.text} pass"),
                (outcome,),
                Technique.BOUNDARY_VALUE,
                (("time passed", point.text),),
                given=since,
                negative=not point.inside,
            )
        )
    return made


def _started(fact: Fact) -> tuple[str, ...]:
    """What starts the clock, where the sentence doesn't say: the story's errand."""
    return (clauses.sentence(fact.setting.errand),) if fact.setting.errand else ()


def _happened(event: str) -> str:
    clause = clauses.parse(event)
    if clause.has_predicate and clause.subject:
        return event
    return f"{clauses.capital(observing.definite(event))} {words.is_are(event)} over" if event else ""


def _ahead(fact: Fact, found: Timed) -> list[Statement]:
    """It happens so much time before the event, and no earlier."""
    clause = clauses.parse(found.event)
    made = []
    for point in beside(found.span):
        if point.place not in {"minimum", "above the minimum"}:
            continue
        due = point.place == "minimum"
        outcome = fact.outcome if due else _contrary(fact.outcome)
        when = f"{point.text} before {found.event}"
        made.append(
            fact.case(
                f"{outcome} {when}",
                (*fact.actions, f"Set the time to {when}"),
                (outcome,),
                Technique.BOUNDARY_VALUE,
                ((f"time before {found.event if not clause.has_predicate else 'it'}", point.text),),
                negative=not due,
                supposed=not due,
            )
        )
    return made


def _until(fact: Fact, found: Timed) -> list[Statement]:
    """It is possible up to the deadline, and no longer."""
    side = "after" if found.later else "before"
    made = []
    for point in beside(found.span):
        late = point.place == ("above the minimum" if found.later else "below the minimum")
        if not late and point.place != "minimum":
            continue
        when = f"{point.text} {side} {found.event}".strip() if found.event else f"{point.text} later"
        act = _act(fact)
        outcome = _refused(fact) if late else fact.outcome
        made.append(
            fact.case(
                f"{'Refused' if late else fact.outcome}{': ' + _bare(act) if late else ''} {when}",
                (f"Set the time to {when}", f"Try to {_bare(act)}" if late else act),
                (outcome,),
                Technique.BOUNDARY_VALUE,
                (("time", when),),
                negative=late,
            )
        )
    return made


def _act(fact: Fact) -> str:
    clause = clauses.parse(fact.main)
    if clause.form is Form.PASSIVE:
        return clauses.passive_as_imperative(replace(clause, modal="", negated=False))
    if clause.form is Form.COPULA and clause.rest.lower().startswith(("possible", "allowed", "open")):
        doing = clauses.gerund_subject(replace(clause, subject=clause.subject))
        return doing or f"Use {observing.definite(clause.subject)}"
    return fact.led[-1].rstrip(".")


def _refused(fact: Fact) -> str:
    undone = observing.undone(_act(fact))
    return (
        f"This is refused or no longer offered: {undone}"
        if undone
        else "This is refused or no longer offered"
    )


def _in_time(fact: Fact, found: Timed) -> list[Statement]:
    """It is brought about, and timed."""
    if _FROM_TODAY.search(f"{fact.outcome} {found.event}"):
        return []  # a bound on a date, and no time that anything takes
    since = (clauses.sentence(_caused(found.event, fact)),) if found.event else ()
    actions = since or fact.led
    *before, last = actions
    return [
        fact.case(
            f"{fact.outcome} within {found.span}",
            (*before, f"{last.rstrip('.')}, and measure the time from then on"),
            (fact.outcome, f"This takes {found.span} at most"),
            Technique.BOUNDARY_VALUE,
            (("time limit", found.span),),
        )
    ]


_FROM_TODAY = re.compile(r"\b(?:from|after|of) (?:today|now)\b|^(?:today|now)\b", re.IGNORECASE)


def _caused(event: str, fact: Fact) -> str:
    clause = clauses.parse(event)
    if clause.form is Form.PASSIVE and clause.subject.lower() not in words.PRONOUNS:
        return clauses.passive_as_imperative(replace(clause, past=False))
    return fact.led[-1]


def _lasts(fact: Fact, found: Timed) -> list[Statement]:
    """It is still so at the end of the span, and no longer after it."""
    least = "at least" in found.text.lower()
    made = []
    since = (clauses.sentence(_happened(found.event)),) if found.event else ()
    started = fact.actions or (() if since or fact.given else _started(fact))
    for point in beside(found.span):
        if point.place == "minimum" or (least and point.place == "below the minimum"):
            continue
        still = point.place == "below the minimum" or least
        outcome = fact.outcome if still else _contrary(fact.outcome)
        shown = outcome if still else f"{outcome} any longer"
        made.append(
            fact.case(
                f"{shown} after {point.text}",
                (*started, f"Let {point.text} pass"),
                (shown,),
                Technique.BOUNDARY_VALUE,
                (("time passed", point.text),),
                given=since,
                negative=not still,
            )
        )
    return made


def _every(fact: Fact, found: Timed) -> list[Statement]:
    """It is watched for a few times the span."""
    span = found.span if found.span[:1].isdigit() else f"one {found.span}"
    return [
        fact.case(
            f"{fact.outcome} {found.text}",
            (*fact.led, f"Watch it for three times {span}, and note when it happens"),
            (fact.outcome, f"This happens three times, {span} apart at most"),
            Technique.BOUNDARY_VALUE,
            (("observed for", f"3 times {span}"),),
        )
    ]


_TIMINGS = {
    Timing.DELAY: _delay,
    Timing.AHEAD: _ahead,
    Timing.UNTIL: _until,
    Timing.IN_TIME: _in_time,
    Timing.LASTS: _lasts,
    Timing.EVERY: _every,
}


def _limited(fact: Fact, limit: Constraint, flat: str) -> list[Statement]:
    """Values at and next to a limit, in its place in the sentence."""
    in_condition = limit.text.lower() not in fact.main.lower()
    made = []
    for point in points(limit):
        again = flat.replace(limit.text, _put(limit, point), 1)
        other = _fact(fact.said.criterion, fact.said.text, again, fact.setting)
        if again == flat and not point.inside:
            return []
        if other is None:
            return []
        made.append(
            _threshold(fact, other, limit, point) if in_condition else _bound(fact, other, limit, point)
        )
    return made


def _put(limit: Constraint, point: Point) -> str:
    lead = re.match(r"(?:of|with|to|from|for) ", limit.text)
    return f"{lead.group() if lead else ''}{point.text}"


def _named(limit: Constraint) -> str:
    unit = words.plural(words.singular(limit.unit)) if limit.unit else ""
    return f"number of {unit}" if limit.dimension is Dimension.COUNT and unit else limit.dimension.value


def _threshold(fact: Fact, other: Fact, limit: Constraint, point: Point) -> Statement:
    outcome = fact.outcome if point.inside else _contrary(fact.outcome)
    when = _bare(" and ".join((*other.given, *other.actions)).replace(".", ""))
    return other.case(
        f"{outcome}: {when}" if when else outcome,
        other.actions or approach(fact.main, fact.setting),
        (outcome,),
        Technique.BOUNDARY_VALUE,
        ((_named(limit), point.text),),
        negative=not point.inside,
        supposed=not point.inside,
    )


def _bound(fact: Fact, other: Fact, limit: Constraint, point: Point) -> Statement:
    act = _attempt(other)
    told = _bare(other.outcome)
    refused = f"This is refused or prevented: the limit is {limit.text}"
    return fact.case(
        f"Allowed: {told}" if point.inside else f"Refused: {told}",
        (*fact.actions, act if point.inside else _tried(act)),
        (other.outcome if point.inside else refused,),
        Technique.BOUNDARY_VALUE,
        ((_named(limit), point.text),),
        negative=not point.inside,
    )


def _tried(act: str) -> str:
    return act if act.startswith("Try ") else f"Try to {_bare(act)}"


def _attempt(fact: Fact) -> str:
    clause = clauses.parse(fact.main)
    plain = replace(clause, modal="", negated=False)
    led = clause.subject.split()[0].lower() in words.PREPOSITIONS
    if clause.form is Form.PASSIVE and not led:
        return clauses.passive_as_imperative(plain)
    if clause.form is Form.ACTIVE and fact.actor:
        return clauses.imperative(plain)
    if clause.form is Form.ACTIVE and clause.verb in _HOLDING and not led:
        return f"Set up {clauses.lower_first(clause.subject)} with {clause.rest}"
    return f"Try this: {_bare(fact.outcome)}"


_HOLDING = words.word_set("have hold contain include carry need take get use")


def _choices(fact: Fact, flat: str) -> list[Statement]:
    """One case for each alternative of an `or` list, in its place in the sentence."""
    found = partitions.alternatives(flat)
    if not found or fact.actor or "either" in flat.lower():
        return []
    start, end, items = found
    if any(item.split()[0].lower() in _NO_CHOICE or any(map(str.isdigit, item)) for item in items):
        return []
    made = []
    for item in items:
        other = _fact(fact.said.criterion, fact.said.text, f"{flat[:start]}{item}{flat[end:]}", fact.setting)
        if other is None or clauses.parse(other.main).form is not clauses.parse(fact.main).form:
            return []
        *before, last = other.led
        made.append(
            other.case(
                other.outcome,
                (*before, f"{last.rstrip('.')}, with this choice: {item}"),
                (other.outcome,),
                Technique.EQUIVALENCE_PARTITION,
                (("choice", item.strip('"“”')),),
            )
        )
    return made


_NO_CHOICE = words.word_set(
    "more less not greater both neither another other else later higher above below fewer older so earlier "
    "longer if when who which that has is are was were after before until"
)


def _told(fact: Fact) -> list[Statement]:
    """The statement as it stands, once what leads to it is done."""
    clause = clauses.parse(fact.main)
    if fact.actor and clause.form is Form.ACTIVE and clause.negated:
        act = clauses.imperative(replace(clause, modal="", negated=False))
        return [
            fact.case(
                fact.outcome,
                (*fact.actions, f"Try to {_bare(act)}"),
                (f"This is refused or not offered: {_bare(fact.outcome)}",),
                Technique.NEGATIVE,
                negative=True,
            )
        ]
    if fact.actor and clause.form is Form.ACTIVE and clause.verb not in _SENSES:
        done = observing.result_of(replace(clause, negated=False))
        return [fact.case(fact.outcome, fact.led, (done,))]
    when = _bare(" and ".join((*fact.given, *fact.actions)).replace(".", ""))
    return [fact.case(f"{fact.outcome}{': ' + when if when else ''}", _steps(fact, clause), (fact.outcome,))]


def _steps(fact: Fact, clause: clauses.Clause) -> tuple[str, ...]:
    if fact.actor and clause.verb in _SENSES:
        thing, _ = observing.object_of(clause.rest)
        lead = fact.actions or _started(fact)
        return (*lead, f"Look at {observing.definite(thing)}") if thing else lead or fact.led
    return fact.led


_SENSES = words.word_set("see get receive find read hear know have need want")
