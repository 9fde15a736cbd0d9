"""Values that somebody enters: how a demand on one is tried, and what is refused."""

from dataclasses import dataclass

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.reading import observing

_ENTERED = words.word_set(
    "password username email name title date time amount quantity value field input number code pin "
    "address phone url "
    "comment description range login iban zip postcode birthday age id identifier key tag label price text"
)
_FILES = words.word_set("file image picture photo attachment document upload avatar logo")
_FAULTY = words.phrases(
    "too  | invalid | empty | missing | wrong | incorrect | blank | not valid | not unique | "
    "already | larger | longer | shorter | smaller | greater | less  | malformed | not a  | "
    "not an  | not in  | more than | in the past | in the future"
)
_MANDATORY = ("mandatory", "required", "not empty", "filled", "compulsory")


@dataclass(frozen=True, slots=True)
class Demand:
    """How a demand on a value is tried.

    Attributes:
        action: Instruction, without a full stop.
        what: What is entered, as a noun phrase.
        refused: The same as subject of `is not accepted`.
    """

    action: str
    what: str
    refused: str


def entered(clause: Clause) -> str:
    """A condition on a value as an instruction: `the email is invalid` → `Enter an email that is invalid`."""
    noun = observing.head(clause.subject)
    if clause.form is not Form.COPULA or clause.modal or noun not in _ENTERED | _FILES:
        return ""
    rest = clause.rest.lower()
    if not clause.negated and noun in _ENTERED and rest.split()[:1] in (["empty"], ["blank"], ["missing"]):
        return f"Leave {observing.definite(clause.subject)} empty"
    faulty = rest.startswith(("valid", "unique", "empty")) if clause.negated else rest.startswith(_FAULTY)
    if not faulty:
        return ""
    state = f"{'not ' if clause.negated else ''}{clause.rest}"
    return f"{_verb(noun)} {words.with_article(_without_article(clause.subject))} that is {state}"


def is_entered(noun_phrase: str) -> bool:
    """Whether the phrase names a value that somebody types."""
    return observing.head(noun_phrase) in _ENTERED


def _verb(noun: str) -> str:
    return "Enter" if noun in _ENTERED else "Use"


def demanded(clause: Clause) -> Demand | None:
    """What to try where a value must or must not be so; `None` where the clause demands something else."""
    noun = observing.head(clause.subject)
    if excess := _exceeding(clause):
        return excess
    if clause.form not in (Form.COPULA, Form.PASSIVE) or noun not in _ENTERED | _FILES:
        return None
    passive = clause.form is Form.PASSIVE
    rest = f"{words.participle(clause.verb)} {clause.rest}".strip() if passive else clause.rest
    lowered = rest.lower()
    obliged = clause.modal in _OBLIGED or lowered.startswith(("mandatory", "required"))
    if not obliged or any(char.isdigit() for char in rest):
        return None
    name = _without_article(clause.subject)
    empty = lowered.startswith(("empty", "blank"))
    if (clause.negated and empty) or (not clause.negated and lowered.startswith(_MANDATORY)):
        one = words.singular(name) if words.is_plural(name) else name
        what = f"an empty {one.removesuffix(' field')}"
        return Demand(f"Leave {observing.definite(clause.subject)} empty and save", what, _capital(what))
    wrong = _wrong(rest, negated=clause.negated)
    if not wrong or (clause.negated and passive):
        return None
    what = f"{words.with_article(name)} {wrong}"
    return Demand(f"{_verb(noun)} {what}", what, _capital(what))


def _exceeding(clause: Clause) -> Demand | None:
    """`A refund must not exceed the amount that was paid`: one that exceeds it is tried."""
    must_not = clause.form is Form.ACTIVE and clause.negated and clause.modal in _OBLIGED
    if not must_not or clause.verb != "exceed" or not clause.rest or not clause.subject:
        return None
    if any(char.isdigit() for char in clause.rest) or words.is_plural(clause.subject):
        return None
    name = _without_article(clause.subject)
    what = f"{words.with_article(name)} that exceeds {clause.rest}"
    verb = "Enter" if is_entered(clause.subject) else "Try"
    return Demand(f"{verb} {what}", what, _capital(what))


def _wrong(rest: str, *, negated: bool) -> str:
    """What a value that breaks the demand is like; empty where that can't be said."""
    if negated:
        return f"that is {rest}"
    for quality, contrary in _CONTRARIES:
        if rest.lower().startswith(quality):
            return f"{contrary}{rest[len(quality) :]}"
    return ""


_OBLIGED = frozenset({"must", "shall", "should", "may", "can"})
_CONTRARIES = (
    ("unique", "that exists already"),
    ("a valid", "that is not a valid"),
    ("an existing", "that is not an existing"),
    ("valid", "that is not valid"),
    ("in the future", "that is in the past"),
    ("in the past", "that is in the future"),
    ("numeric", "with letters in it"),
)


def _without_article(noun_phrase: str) -> str:
    first, _, others = noun_phrase.partition(" ")
    bare = others if first.lower() in {"the", "a", "an", "each", "every", "all"} and others else noun_phrase
    return clauses.lower_first(bare)


def _capital(text: str) -> str:
    return clauses.capital(text)
