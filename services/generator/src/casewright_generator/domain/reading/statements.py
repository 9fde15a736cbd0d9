"""What a sentence of a story demands, in the words of a test: what to set up, to do and to see."""

from dataclasses import dataclass
from enum import StrEnum

from casewright_common.events import Technique
from casewright_generator.domain.reading.constraints import Constraint


class Kind(StrEnum):
    """What a statement demands."""

    SCENARIO = "scenario"
    """Given/When/Then, or a consequence of a condition."""
    CAPABILITY = "capability"
    """Somebody can do something."""
    PROHIBITION = "prohibition"
    """Something can't be done."""
    PROPERTY = "property"
    """Something is, shows or does something, without a condition."""
    CHANGE = "change"
    """An instruction to the developers whose result can be seen: show, rename, remove."""
    DEFECT = "defect"
    """Something goes wrong, and must no longer."""
    LIMIT = "limit"
    """A bare limit without a verb: `Password: 8 to 64 characters`."""
    REFUSAL = "refusal"
    """A value must or must not be so: what isn't is refused."""
    ROW = "row"
    """A row of a table of rules."""
    CASE = "case"
    """One case of a rule, said in full: nothing more is made of it."""
    QUOTED = "quoted"
    """A demand that can't be taken apart, quoted as it stands."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold or happen first.

    Attributes:
        marker: `when`, `if`, `after`, … in lower case.
        text: What follows it, as written.
    """

    marker: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A testable sentence.

    Attributes:
        criterion: Id of the criterion that it stands in.
        text: As written.
        given: States to set up, as sentences.
        actions: Instructions to the tester, in order, as sentences.
        outcomes: What must be seen, as sentences; empty where the story doesn't say.
        headline: Title of a case about it.
        actor: Who acts, without article; empty where nobody is named.
        subject: Subject of the main clause, as written.
        verb: Verb of the main clause, base form; `object` what follows it.
        conditions: As written, for decision tables.
        otherwise: What must be seen where the conditions don't hold, if the sentence says so.
        main: The main clause, as written.
        data: Names and values that a case of it uses.
        assumed: Whether `outcomes` is our reading rather than the story's words.
        technique: Of a `CASE`; `supposed` whether what must come out of it isn't in the story.
        seen: Of a `CASE`: what must be seen after each action but the last; may be shorter.
        customary: Whether it comes from a rule in a customary form.
    """

    criterion: str
    text: str
    kind: Kind
    headline: str
    given: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    actor: str = ""
    subject: str = ""
    verb: str = ""
    object: str = ""
    modal: str = ""
    negated: bool = False
    conditions: tuple[Condition, ...] = ()
    otherwise: str = ""
    main: str = ""
    constraints: tuple[Constraint, ...] = ()
    quotes: tuple[str, ...] = ()
    assumed: bool = False
    data: tuple[tuple[str, str], ...] = ()
    technique: Technique = Technique.USE_CASE
    supposed: bool = False
    seen: tuple[str, ...] = ()
    customary: bool = False
