"""What one sentence of a story demands, in the words of a test: what to set up, to do and to see."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from casewright_generator.domain import clauses, words
from casewright_generator.domain.clauses import Clause, Form
from casewright_generator.domain.constraints import Constraint, constraints
from casewright_generator.domain.masking import quotations
from casewright_generator.domain.sentences import Condition, Scenario, conjuncts, split


class Kind(StrEnum):
    """What a statement demands."""

    SCENARIO = "scenario"
    """Given/When/Then, or a consequence of a condition."""
    CAPABILITY = "capability"
    """Somebody can do something."""
    PROHIBITION = "prohibition"
    """Something can't be done, or must not happen."""
    PROPERTY = "property"
    """Something is, shows or does something, without a condition."""
    CHANGE = "change"
    """An instruction to the developers whose result can be seen: show, rename, remove."""
    DEFECT = "defect"
    """Something goes wrong."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A testable sentence.

    Attributes:
        criterion: Id of the criterion that it stands in.
        text: As written.
        given: States to set up, as sentences.
        actions: Instructions to the tester, in order.
        outcomes: What must be seen, as sentences; empty where the story doesn't say.
        headline: Title of a case about it.
        actor: Who acts, as written, without article; empty where nobody is named.
        conditions: The conditions, as written, for decision tables.
        assumed: Whether `outcomes` are our reading rather than the story's words.
    """

    criterion: str
    text: str
    kind: Kind
    headline: str
    given: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    actor: str = ""
    verb: str = ""
    object: str = ""
    modal: str = ""
    negated: bool = False
    conditions: tuple[Condition, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    quotes: tuple[str, ...] = ()
    assumed: bool = False
    subject: str = ""
    fields: tuple[str, ...] = field(default=())


def of_scenario(criterion: str, text: str, parts: Scenario, roles: frozenset[str]) -> Statement:
    """The statement of a Given/When/Then."""
    given: list[str] = [clauses.sentence(part) for part in parts.given]
    actions: list[str] = []
    for part in parts.when:
        _sort(part, given, actions, roles)
    outcomes = tuple(_observation(part) for part in parts.then)
    trigger = " and ".join(clauses.lower_first(part) for part in parts.when)
    headline = _headline(outcomes[0] if outcomes else text, f"when {trigger}" if trigger else "")
    actor = next(
        (clauses.parse(part).subject for part in parts.when if _acts(clauses.parse(part), roles)), ""
    )
    return Statement(
        criterion,
        text,
        Kind.SCENARIO,
        headline,
        tuple(given),
        tuple(actions),
        outcomes,
        actor=_bare_actor(actor),
        constraints=constraints(text),
        quotes=quotations(text),
        negated=any(" not " in f" {part} " for part in parts.then),
    )


def of_sentence(criterion: str, sentence: str, roles: frozenset[str]) -> Statement | None:
    """The statement of one sentence; `None` where it demands nothing that can be seen."""
    conditions, main = split(sentence)
    clause = clauses.parse(main)
    if not clause.has_predicate or not clause.verb:
        return None
    if conditions:
        return _conditional(criterion, sentence, conditions, main, clause, roles)
    return _plain(criterion, sentence, clause, roles)


def _acts(clause: Clause, roles: frozenset[str]) -> bool:
    return (
        clause.form is Form.ACTIVE
        and clause.verb not in words.STATIVE
        and clauses.is_actor(clause.subject, roles)
    )


def _sort(text: str, given: list[str], actions: list[str], roles: frozenset[str]) -> None:
    """Put a condition where it belongs: what somebody does is an action, what holds a precondition."""
    for part in conjuncts(text):
        clause = clauses.parse(part)
        if (
            clause.form in (Form.GERUND, Form.IMPERATIVE)
            or _acts(clause, roles)
            or (not clause.subject and clause.verb and clause.form is Form.ACTIVE)
        ):
            actions.append(clauses.sentence(clauses.imperative(clause)))
        elif clause.form is Form.PASSIVE and _doable(clause):
            actions.append(clauses.sentence(clauses.passive_as_imperative(clause)))
        elif (
            clause.form is Form.ACTIVE
            and clause.verb not in words.STATIVE
            and not clause.past
            and not clause.negated
        ):
            actions.append(clauses.sentence(clauses.causative(clause)))
        else:
            given.append(clauses.sentence(part))


_STATES = frozenset(
    "display show enable disable expire lock require associate relate connect locate select log authenticate open "
    "allow configure base limit bind include use base support miss enrol enroll register mark schedule own".split()
)


def _doable(clause: Clause) -> bool:
    return (
        not clause.negated
        and clause.verb not in _STATES
        and bool(clause.subject)
        and " by the system" not in clause.rest
    )


def _observation(text: str) -> str:
    clause = clauses.parse(text)
    if not clause.has_predicate:
        return clauses.sentence(text)
    return clauses.sentence(clauses.present(clause))


def _observations(main: str) -> tuple[str, ...]:
    return tuple(_observation(part) for part in conjuncts(main))


def _headline(outcome: str, condition: str) -> str:
    return f"{outcome.rstrip('.')} {condition}".strip()


def _bare_actor(noun_phrase: str) -> str:
    first, _, others = noun_phrase.partition(" ")
    return others if first.lower() in words.DETERMINERS and others else noun_phrase


def _conditional(
    criterion: str,
    sentence: str,
    conditions: tuple[Condition, ...],
    main: str,
    clause: Clause,
    roles: frozenset[str],
) -> Statement:
    given: list[str] = []
    actions: list[str] = []
    for condition in conditions:
        if condition.marker == "unless":
            given.append(clauses.sentence("It is not the case that " + clauses.lower_first(condition.text)))
        elif condition.marker == "until":
            given.append(clauses.sentence("Not yet so: " + clauses.lower_first(condition.text)))
        else:
            _sort(condition.text, given, actions, roles)
    phrase = " ".join(f"{c.marker} {c.text.rstrip('.')}" for c in conditions)
    common = {
        "criterion": criterion,
        "text": sentence,
        "conditions": conditions,
        "constraints": constraints(sentence),
        "quotes": quotations(sentence),
    }
    capability = clauses.is_capability(clause) and clause.form is Form.ACTIVE and _acts(clause, roles)
    if capability:
        actions.append(clauses.sentence(clauses.imperative(clause, negated=False)))
        outcome = result_of(clause)
        headline = _headline(clauses.sentence(main), phrase)
        outcomes: tuple[str, ...] = () if clause.negated else (outcome,)
    else:
        outcomes = _observations(main)
        headline = _headline(outcomes[0], phrase)
        if not actions:
            actions.append(_look(clause))
    return Statement(
        **common,  # type: ignore[arg-type]  # the values above, by name
        kind=Kind.PROHIBITION if capability and clause.negated else Kind.SCENARIO,
        headline=headline,
        given=tuple(given),
        actions=tuple(actions),
        outcomes=outcomes,
        actor=_bare_actor(clause.subject) if capability else "",
        verb=clause.verb,
        object=clause.rest,
        modal=clause.modal,
        negated=clause.negated,
        subject=clause.subject,
        assumed=capability,
    )


def _look(clause: Clause) -> str:
    what = clauses.lower_first(clause.subject) or "the result"
    return clauses.sentence(f"Look at {what}")


def _plain(criterion: str, sentence: str, clause: Clause, roles: frozenset[str]) -> Statement | None:
    actor = _acts(clause, roles)
    given: tuple[str, ...] = ()
    headline = clauses.sentence(clause.text).rstrip(".")
    actions: tuple[str, ...]
    outcomes: tuple[str, ...]
    assumed = False
    if actor and clause.negated:
        kind, actions, outcomes = Kind.PROHIBITION, (clauses.imperative(clause, negated=False),), ()
    elif actor or (clause.form is Form.PASSIVE and clauses.is_capability(clause) and not clause.negated):
        kind = Kind.CAPABILITY
        passive = clause.form is Form.PASSIVE
        actions = (clauses.passive_as_imperative(clause) if passive else clauses.imperative(clause),)
        outcomes, assumed = (result_of(clause),), True
    elif clause.form is Form.IMPERATIVE:
        return None
    elif clause.modal:
        kind = Kind.PROHIBITION if clause.negated else Kind.PROPERTY
        actions, outcomes = (_look(clause),), _observations(clause.text)
    else:
        kind, actions, outcomes = Kind.PROPERTY, (_look(clause),), _observations(clause.text)
    return Statement(
        criterion,
        sentence,
        kind,
        headline,
        given,
        tuple(clauses.sentence(action) for action in actions),
        outcomes,
        actor=_bare_actor(clause.subject) if actor else "",
        verb=clause.verb,
        object=clause.subject if clause.form is Form.PASSIVE else clause.rest,
        modal=clause.modal,
        negated=clause.negated,
        constraints=constraints(sentence),
        quotes=quotations(sentence),
        subject=clause.subject,
        assumed=assumed,
    )


_OBJECT_END = re.compile(
    r",|\s(?:in|on|at|to|from|for|with|by|via|using|through|when|so|at any time|if|as|into|within|per|after|before)\s"
)


def object_of(rest: str) -> tuple[str, str]:
    """A verb's object and what follows it: `a file to the space` → `a file`, `to the space`."""
    match = _OBJECT_END.search(rest)
    if match and match.start():
        return rest[: match.start()].strip(), rest[match.start() :].strip(" ,")
    return rest.strip(), ""


_RESULTS = {
    "create": "{the} exists: it can be found and opened",
    "add": "{the} {is} there, also after the page is opened again",
    "delete": "{the} {is} gone, also after the page is opened again",
    "remove": "{the} {is} gone, also after the page is opened again",
    "edit": "{the} {has} the new values, also after the page is opened again",
    "modify": "{the} {has} the new values, also after the page is opened again",
    "update": "{the} {has} the new values, also after the page is opened again",
    "change": "{the} {has} the new value, also after the page is opened again",
    "see": "{the} {is} shown",
    "view": "{the} {is} shown",
    "access": "{the} {is} opened and shown",
    "download": "{the} {is} saved as a file that opens and is complete",
}


def result_of(clause: Clause) -> str:
    """What can be seen once somebody did what the clause says."""
    if clause.form is Form.PASSIVE:
        thing, tail = clause.subject, clause.rest
    else:
        thing, tail = object_of(clause.rest)
    if not thing:
        return clauses.sentence(clauses.present(clause, negated=False))
    thing = _own(thing)
    template = _RESULTS.get(clause.verb)
    if template:
        text = template.format(the=thing, **{"is": words.is_are(thing)}, has=words.has_have(thing))
    elif clause.verb in words.INTRANSITIVE:
        text = clauses.present(clause, negated=False)
    else:
        text = f"{thing} {words.is_are(thing)} {words.participle(clause.verb)} {tail}"
    return clauses.sentence(text)


def _own(thing: str) -> str:
    first, _, others = thing.partition(" ")
    if first.lower() in {"a", "an", "any", "my", "our", "their", "his", "her", "your"} and others:
        return f"the {others}"
    if first.lower() not in words.DETERMINERS:
        return f"the {thing}" if thing[:1].islower() else thing
    return thing
