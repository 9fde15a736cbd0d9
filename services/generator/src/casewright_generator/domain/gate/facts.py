"""What a case may take for granted: what story, context and its test condition say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from casewright_common.events import CaseDraft, Criterion, Story
from casewright_generator.domain.gate import lexicon, quantities
from casewright_generator.domain.language import words
from casewright_generator.domain.planning.conditions import Plan, TestCondition, normal

_ENGLISH = words.word_set(
    "the a an and of to is are in on for with not be it that this when if can must by from at as or"
)
_FOREIGN = words.word_set(
    "der die das und ist nicht ein eine mit für auf den wird werden le la les des une est dans pour "
    "sur el los "
    "las una por con para que se del il di het een van niet och att som ett"
)
_PREFIX = 5
_WRITTEN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Facts:
    """Texts that a case may draw on, taken apart once."""

    texts: tuple[str, ...]

    @cached_property
    def folded(self) -> str:
        """All in one, case-folded."""
        return "\n".join(self.texts).casefold()

    @cached_property
    def plain(self) -> str:
        """All in one: words only, with a blank before and after each."""
        return f" {normal(self.folded)} "

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All words, in lower case, also those within compounds."""
        return frozenset(self.plain.split()) | frozenset(_WRITTEN.findall(self.folded))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Of all words, those of one meaning alike."""
        return frozenset(lexicon.stem(word) for word in self.vocabulary)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The first letters of all longer words: another form of a word, or a compound of it, is known."""
        return frozenset(word[:_PREFIX] for word in self.vocabulary if len(word) >= _PREFIX)

    @cached_property
    def numbers(self) -> frozenset[Decimal]:
        """In digits and in words."""
        return frozenset().union(
            *(quantities.written(text) | quantities.spelled(text) for text in self.texts)
        )

    @cached_property
    def amounts(self) -> frozenset[quantities.Amount]:
        """Numbers with their units."""
        return frozenset().union(*(quantities.amounts(text) for text in self.texts))

    def knows(self, word: str) -> bool:
        """Whether the word, or another form or a synonym of it, occurs."""
        folded = word.casefold()
        return (
            folded in self.vocabulary
            or lexicon.stem(folded) in self.stems
            or (len(folded) >= _PREFIX and folded[:_PREFIX] in self.prefixes)
        )

    def says(self, phrase: str) -> bool:
        """Whether the words of the phrase stand there in this order, whatever is between them."""
        return f" {normal(phrase)} " in self.plain


@dataclass(frozen=True)
class Ground:
    """All that the cases of one answer are held against.

    Attributes:
        facts: Of story and context.
        english: Whether the story can be read word by word: names and roles are recognised in English only.
        criteria: By id.
        exclusions: What the story says is out of scope.
    """

    facts: Facts
    english: bool
    criteria: dict[str, Criterion]
    plan: Plan
    exclusions: tuple[str, ...] = ()
    _conditions: dict[str, TestCondition] = field(default_factory=dict)

    @classmethod
    def of(cls, story: Story, plan: Plan, context: Iterable[str], exclusions: Iterable[str]) -> "Ground":
        """From what the gate is given."""
        criteria = {criterion.id: criterion for criterion in (*plan.criteria, *story.criteria)}
        texts = (story.title, story.text, *story.labels, *(one.text for one in criteria.values()))
        conditions: dict[str, TestCondition] = {}
        for condition in plan.conditions:
            conditions.setdefault(normal(condition.id), condition)
            conditions.setdefault(normal(condition.description), condition)
        return cls(
            Facts((*texts, *context)),
            is_english(" ".join(texts)),
            criteria,
            plan,
            tuple(exclusions),
            conditions,
        )

    def condition(self, case: CaseDraft) -> TestCondition | None:
        """The condition of the plan that the case names, by id or in words."""
        return self._conditions.get(normal(case.condition))


def is_english(text: str) -> bool:
    """Whether more of its little words are English than not."""
    found = normal(text).split()
    english = sum(word in _ENGLISH for word in found)
    return english > sum(word in _FOREIGN for word in found) or not found


def condition_facts(condition: TestCondition | None) -> Facts:
    """What follows from the condition that a case names."""
    if condition is None:
        return Facts(())
    statement = condition.statement
    return Facts(
        (
            condition.description,
            condition.title,
            condition.constraint,
            *(f"{value.name} {value.value}" for value in condition.values),
            *statement.given,
            *statement.actions,
            *statement.outcomes,
        )
    )


def sample_facts(case: CaseDraft) -> Facts:
    """Values that the case itself says are made up."""
    return Facts(tuple(item.value for item in case.data if item.sample))


def claims(case: CaseDraft) -> str:
    """All that the case claims, without its sample data."""
    data = (f"{item.name}: {item.value}" for item in case.data if not item.sample)
    steps = (f"{step.action}\n{step.expected}" for step in case.steps)
    return "\n".join((case.title, *case.preconditions, *data, *steps))
