"""Conditions and outcomes as a tester meets them: what to set up, to do and to see."""

import re
from dataclasses import dataclass

from casewright_generator.domain.language import clauses, phrasal, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.language.masking import tokens
from casewright_generator.domain.reading import inputs, observing
from casewright_generator.domain.reading.sentences import conjuncts
from casewright_generator.domain.reading.statements import Condition


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence can't be read without.

    Attributes:
        roles: Last words of the roles that the story names, in lower case.
        role: The story's role, where it names just one; empty otherwise.
        topic: What `it` and `this` stand for: the thing that the title is about; may be empty.
        errand: The title as an instruction, where it is one; may be empty.
        strict: Whether it is running text, which describes more often than it demands.
        reported: Whether it is a title, or a bug's text: what it merely describes is the fault.
        title: The story's, without tags.
        complaints: Whether a sentence may report a fault instead of demanding something.
        told: Whether the story is told as one, so that what it plainly states is demanded.
        story: Its text, where it is told as one.
    """

    roles: frozenset[str] = frozenset()
    role: str = ""
    topic: str = ""
    errand: str = ""
    complaints: bool = False
    strict: bool = False
    reported: bool = False
    title: str = ""
    told: bool = False
    story: str = ""

    @property
    def person(self) -> str:
        """Whom `I` and `they` stand for."""
        return f"the {self.role}" if self.role else "the user"


def referent(clause: Clause, setting: Setting) -> str:
    """What `it` in a condition stands for: the thing acted on, or else what the main clause is about."""
    if clause.form is Form.ACTIVE and clauses.is_actor(clause.subject, setting.roles):
        found = tokens(clause.rest)
        places = [token for token in found[1:] if token.bare in words.DETERMINERS]
        if places:
            return observing.definite(clause.rest[places[-1].start :])
        thing, tail = observing.object_of(clause.rest)
        return observing.definite(thing) if thing and not tail and words.is_plural(thing) else ""
    return observing.definite(clause.subject) if clause.subject else ""


_LEANING = re.compile(r"^(?P<it>it|its|they|their)\b\s*", re.IGNORECASE)


def resolved(main: str, conditions: tuple[Condition, ...], setting: Setting) -> str:
    """The main clause, an opening `it` or `its` replaced by what the first condition is about."""
    match = _LEANING.match(main)
    if not match or not conditions:
        return main
    clause = clauses.parse(conditions[0].text)
    thing = clause.subject
    if (clause.form is Form.ACTIVE and clauses.is_actor(thing, setting.roles)) or clause.form in (
        Form.GERUND,
        Form.IMPERATIVE,
    ):
        thing, _ = observing.object_of(phrasal.parts(clause.verb, clause.rest)[1])
    if not thing or observing.is_cut(thing) or thing.lower() in words.PRONOUNS | {"it", "this", "that"}:
        return main
    if words.is_plural(thing) != match["it"].lower().startswith("the") or clauses.is_actor(thing):
        return main
    name, rest = observing.definite(thing), main[match.end() :]
    if match["it"].lower() in {"it", "they"}:
        return f"{name} {rest}"
    owned, _, others = rest.partition(" ")
    return f"the {owned} of {name} {others}"


def with_name(text: str, name: str) -> str:
    """The condition with `it` or `they` replaced."""
    first, _, others = text.partition(" ")
    fits = first.lower() == ("they" if words.is_plural(name) else "it")
    if not name or not fits or not others or clauses.is_actor(name):
        return text
    return f"{name} {others}"


def place_condition(condition: Condition, given: list[str], actions: list[str], setting: Setting) -> None:
    """Add what a condition asks for to the states or to the actions."""
    if condition.marker in {"unless", "until"}:
        given.append(denied(condition.text, setting))
    elif condition.marker in {"after", "upon"} and not clauses.parse(condition.text).has_predicate:
        verb = setting.errand.split()[0].lower() if setting.errand else ""
        if verb and observing.head(condition.text) == verb:
            actions.append(clauses.sentence(setting.errand))
        else:
            given.append(clauses.sentence(f"{condition.text} {words.is_are(condition.text)} done"))
    else:
        sort_out(condition.text, given, actions, setting)


def denied(text: str, setting: Setting) -> str:
    """The contrary of a state, as a sentence."""
    clause = clauses.parse(text)
    if clause.perfect and clause.form is Form.ACTIVE:
        return clauses.sentence(clauses.perfected(clause, negated=not clause.negated))
    if clause.subject and clause.verb:
        return clauses.sentence(
            clauses.present(clause, subject=person(clause.subject, setting), negated=not clause.negated)
        )
    return clauses.sentence(f"This is not so: {clauses.lower_first(text)}")


_BEING = frozenset({"be", "have", "exist", "belong", "know", "own", "contain", "depend", "mean"})


def acts(clause: Clause, setting: Setting) -> bool:
    """Whether somebody does something that a tester can do in his place."""
    return (
        clause.form is Form.ACTIVE
        and clause.verb
        not in (_BEING if clause.modal else words.STATIVE) | {"fail", "expect", "wish", "like"}
        and (clause.verb not in {"receive", "get"} or bool(clause.modal))
        and clauses.is_actor(clause.subject, setting.roles)
    )


def sort_out(text: str, given: list[str], actions: list[str], setting: Setting) -> None:
    """Put a condition where it belongs: what somebody does is an action, what holds a precondition."""
    for part in conjuncts(text):
        clause = clauses.parse(part)
        if entry := inputs.entered(clause):
            actions.append(clauses.sentence(entry))
        elif _is_done_by_tester(clause, setting, after_action=bool(actions)):
            actions.append(clauses.sentence(clauses.imperative(clause)))
        elif clause.form is Form.PASSIVE and doable(clause):
            actions.append(clauses.sentence(clauses.passive_as_imperative(clause)))
        elif _happens(clause):
            actions.append(clauses.sentence(clauses.causative(clause)))
        else:
            given.append(state(part, setting))


def _is_done_by_tester(clause: Clause, setting: Setting, *, after_action: bool) -> bool:
    if clause.form in (Form.GERUND, Form.IMPERATIVE):
        return True
    if clause.perfect:
        return False
    return acts(clause, setting) or (
        not clause.subject and clause.form is Form.ACTIVE and bool(clause.verb) and after_action
    )


def _happens(clause: Clause) -> bool:
    """Whether the clause is an event that the tester must bring about."""
    return (
        clause.form is Form.ACTIVE
        and clause.verb not in words.STATIVE | {"exceed", "match", "apply", "lack"}
        and not (clause.past or clause.negated or clause.modal)
        and bool(clause.subject)
        and not clause.subject.lower().startswith(("no ", "nothing", "none"))
    )


def state(text: str, setting: Setting) -> str:
    """A state as a sentence, its pronoun resolved."""
    clause = clauses.parse(text)
    bare = text.lower().removeprefix("not ").split()
    if setting.topic and bare and words.base_of_participle(bare[0]) and not clause.subject:
        return clauses.sentence(f"{setting.topic} {words.is_are(setting.topic)} {text}")
    if not clause.has_predicate:
        be = words.is_are(text)
        first = text.split(maxsplit=1)[0].lower() if text.split() else ""
        return clauses.sentence(
            f"There {be} {text}" if first in {"a", "an", "two", "three", "no", "some"} else text
        )
    who = person(clause.subject, setting)
    if clause.subject and who != clause.subject and clause.form is not Form.IMPERATIVE:
        if clause.past and clause.form is Form.ACTIVE:
            return clauses.sentence(
                f"{who}{text[len(clause.subject) :]}" if text.startswith(clause.subject) else text
            )
        return clauses.sentence(clauses.present(clause, subject=who))
    return clauses.sentence(text)


def retold(text: str, setting: Setting) -> str:
    """A condition as written, for a title; its pronoun resolved."""
    text = text.strip().rstrip(".")
    clause = clauses.parse(text)
    who = person(clause.subject, setting)
    if (
        clause.subject
        and who != clause.subject
        and text.startswith(clause.subject)
        and clause.form in (Form.ACTIVE, Form.PASSIVE, Form.COPULA)
    ):
        return clauses.present(clause, subject=who)
    return clauses.lower_first(text)


def person(subject: str, setting: Setting) -> str:
    """The subject, with a pronoun or a bare `user` resolved."""
    return setting.person if subject.lower() in {"i", "we", "they", "he", "she", "you", "my"} else subject


_STATES = words.word_set(
    "display show enable disable expire lock require associate relate connect locate select authenticate "
    "allow base limit bind include use support miss enrol enroll mark own log sign subscribe see "
    "find know start stop "
    "run need "
    "hide call take set wrap describe define expect give provide implement handle want intend reach exceed "
    "receive"
)


def doable(clause: Clause) -> bool:
    """Whether a tester can do what the passive clause says is done."""
    if clause.subject.lower().startswith(("no ", "nothing")) or clause.subject.lower() in {
        "it",
        "this",
        "they",
        "that",
    }:
        return False
    if clause.verb in {"accept", "reject", "validate", "refuse"} and inputs.is_entered(clause.subject):
        return False
    return (
        not clause.negated
        and not (clause.past or "already" in clause.adverb)
        and clause.verb not in _STATES
        and bool(clause.subject)
        and not clause.rest.startswith("by the system")
    )


def observation(text: str, setting: Setting) -> str:
    """An outcome as it is seen, in the present tense."""
    clause = clauses.parse(text)
    if not clause.verb:
        return clauses.sentence(text)
    if clause.modal in {"can", "may", "could", "might"} and clause.form is Form.ACTIVE:
        who = person(clause.subject, setting)
        able = f"{'cannot' if clause.negated else 'can'}"
        return clauses.sentence(f"{who} {able} {clause.verb} {clause.rest}")
    if clause.modal in {"can", "may"} and clause.form is not Form.IMPERATIVE:
        return clauses.sentence(text)
    who = person(clause.subject, setting)
    return clauses.sentence(clauses.present(clause, subject=who))


def without_determiner(noun_phrase: str) -> str:
    """`the teacher` → `teacher`."""
    first, _, others = noun_phrase.partition(" ")
    return others if first.lower() in words.DETERMINERS and others else noun_phrase


def sort_conditions(
    conditions: tuple[Condition, ...], setting: Setting
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """States to set up and actions to take, from conditions."""
    given: list[str] = []
    actions: list[str] = []
    for condition in conditions:
        place_condition(condition, given, actions, setting)
    return tuple(given), tuple(actions)
