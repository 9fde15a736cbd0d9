"""Values that somebody enters: how a demand on one is tried, and what is refused."""

from dataclasses import dataclass

from casewright_generator.domain import clauses, observing, words
from casewright_generator.domain.clauses import Clause, Form

_ENTERED = words.word_set(
    "password username email name title date time amount quantity value field input number code pin address phone url "
    "comment description range login iban zip postcode birthday age id identifier key tag label price text"
)
_FILES = words.word_set("file image picture photo attachment document upload avatar logo")
_FAULTY = (
    "too ", "invalid", "empty", "missing", "wrong", "incorrect", "blank", "not valid", "not unique", "already", "larger",
    "longer", "shorter", "smaller", "greater", "less ", "malformed", "not a ", "not an ", "not in ", "more than", "in the past",
    "in the future",
)  # fmt: skip
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
    if clause.form is not Form.COPULA or clause.modal or not clause.subject:
        return ""
    rest = clause.rest.lower()
    noun = observing.head(clause.subject)
    name = _without_article(clause.subject)
    if clause.negated and not rest.startswith(("valid", "unique", "empty")):
        return ""
    if noun in _ENTERED and not clause.negated and rest.split()[:1] in (["empty"], ["blank"], ["missing"]):
        return f"Leave {observing.definite(clause.subject)} empty"
    faulty = rest.startswith(_FAULTY) or clause.negated
    if not faulty:
        return ""
    state = f"{'not ' if clause.negated else ''}{clause.rest}"
    if noun in _ENTERED:
        return f"Enter {_article(name)} that is {state}"
    if noun in _FILES:
        return f"Use {_article(name)} that is {state}"
    return ""


def demanded(clause: Clause) -> Demand | None:
    """What to try where a value must or must not be so; `None` where the clause demands something else."""
    if clause.form not in (Form.COPULA, Form.PASSIVE) or not clause.subject:
        return None
    noun = observing.head(clause.subject)
    if noun not in _ENTERED | _FILES:
        return None
    name = _without_article(clause.subject)
    rest = (
        clause.rest
        if clause.form is Form.COPULA
        else f"{words.participle(clause.verb)} {clause.rest}".strip()
    )
    lowered = rest.lower()
    obliged = clause.modal in {"must", "shall", "should", "may", "can"} or lowered.startswith(
        ("mandatory", "required")
    )
    if not obliged or any(char.isdigit() for char in rest):
        return None
    if clause.negated and not lowered.startswith(("empty", "blank")):
        if clause.form is Form.PASSIVE:
            return None
        what = f"{_article(name)} that is {rest}"
        return Demand(f"Enter {what}" if noun in _ENTERED else f"Use {what}", what, _capital(what))
    if lowered.startswith(_MANDATORY) or clause.negated:
        what = f"an empty {name.removesuffix(' field')}"
        return Demand(f"Leave {observing.definite(clause.subject)} empty and save", what, _capital(what))
    if lowered.startswith("unique"):
        what = f"{_article(name)} that exists already{rest[6:]}"
        return Demand(f"Enter {what}", what, _capital(what))
    if lowered.startswith("valid"):
        what = f"{_article(name)} that is not {rest}"
        return Demand(f"Enter {what}", what, _capital(what))
    if lowered.startswith("numeric"):
        what = f"{_article(name)} with letters in it"
        return Demand(f"Enter {what}", what, _capital(what))
    return None


def _article(noun: str) -> str:
    if words.is_plural(noun):
        return noun
    return f"an {noun}" if noun[:1].lower() in "aeio" else f"a {noun}"


def _without_article(noun_phrase: str) -> str:
    first, _, others = noun_phrase.partition(" ")
    bare = others if first.lower() in {"the", "a", "an", "each", "every", "all"} and others else noun_phrase
    return clauses.lower_first(bare)


def _capital(text: str) -> str:
    return clauses.capital(text)
