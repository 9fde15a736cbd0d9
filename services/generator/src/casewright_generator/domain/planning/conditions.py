"""Test conditions and the plan that they make."""

from dataclasses import dataclass, field

from casewright_common.events import Criterion, Priority, Technique, TestData
from casewright_generator.domain.language import words
from casewright_generator.domain.reading.statements import Statement


@dataclass(frozen=True, slots=True)
class TestCondition:
    """One thing to be tested.

    Attributes:
        id: `C-1`, `C-2`, … in the order of the plan.
        key: What the condition is about, normalised: stable over revisions and reorderings.
        criteria: Ids of the criteria that it comes from.
        description: In words; unique within the plan.
        title: Title of a case of it.
        statement: What to set up, to do and to see.
        values: Values that a case of it uses.
        assumption: Whether what must come out isn't in the story.
        constraint: The limit or choice that it comes from, as written; empty where there is none.
    """

    __test__ = False  # pytest would collect the name

    key: str
    technique: Technique
    criteria: tuple[str, ...]
    description: str
    title: str
    statement: Statement
    priority: Priority = Priority.MEDIUM
    negative: bool = False
    values: tuple[TestData, ...] = ()
    assumption: bool = False
    constraint: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The test conditions of a story: the yardstick of coverage, whoever writes the cases.

    Attributes:
        left_out: What the cap on cases cut, in the order of the story.
    """

    criteria: tuple[Criterion, ...] = ()
    conditions: tuple[TestCondition, ...] = field(default=())
    left_out: tuple[TestCondition, ...] = ()

    def find(self, reference: str) -> TestCondition | None:
        """The condition with that id or description; `None` if there is none."""
        plain = normal(reference)
        for condition in self.conditions:
            if plain in (normal(condition.id), normal(condition.description)):
                return condition
        return None


def parrots(action: str, expected: str, criterion: str) -> bool:
    """Whether a step does the criterion and expects it too, or expects what it does; all texts normalised."""
    if action and action == expected:
        return True
    return len(criterion.split()) > _SHORT and criterion in action and criterion in expected


_SHORT = 3
"""Words up to which a criterion is but a name, which may recur."""


def normal(text: str) -> str:
    """Lower case, letters and digits only: what two texts must share to be about the same."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


_AMBIGUOUS = words.phrases(
    "as expected | works fine | works well | works properly | works correctly | is correct | "
    "appropriately | properly | correctly | as intended | as desired | as usual | and so on | "
    "etc. | successfully works | should work | works as | an appropriate | suitable"
)


def is_ambiguous(expected: str, known: str) -> bool:
    """Whether an expected result says nothing that can be checked, and isn't the story's own word.

    Args:
        expected: Of a step.
        known: What the story says, case-folded.
    """
    folded = expected.casefold()
    return any(phrase in folded and phrase not in known for phrase in _AMBIGUOUS)
