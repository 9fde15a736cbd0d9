"""Cases that say what another one says, in the same words or in others.

Comparing every pair would take a million comparisons for a thousand cases. Two texts that share most of their
words share one of their rarest: each case is compared only with those that have one of its rarest words, and
with no more than `_MOST_COMPARED` of them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from casewright_common.events import CaseDraft
from casewright_generator.domain.gate import lexicon, quantities
from casewright_generator.domain.gate.verdicts import clauses, verdict
from casewright_generator.domain.language import words
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.planning.conditions import normal

_SAME_CONDITION = 0.45
_ANY_CONDITION = 0.75
_MINOR = 0.35
"""Weight of a word that the story doesn't have: it may be worded another way without another meaning."""
_RAREST = 6
_MOST_COMPARED = 48


@dataclass(frozen=True)
class Profile:
    """What a case says.

    Attributes:
        stems: Stems of its preconditions, data and steps.
        values: Numbers and quoted texts in them.
        put: Those of them that are put in, not only expected.
        data: Values of its data.
        places: Quoted texts before, in the actions of, and in the results of its steps.
        turns: Words that turn a text into its opposite, each with the next word that says something.
        negative: Whether it is marked as a negative case.
        refuses: Whether it expects a refusal: -1, 1, or 0 where that can't be told.
        condition: The condition that it names, normalised.
        closed: Whether it expects nothing beside what it names: to look at all that is offered is another
            test than to try each.
        text: All of it, normalised: the same text is the same case.
    """

    case_id: UUID
    stems: frozenset[str]
    values: frozenset[Decimal | str]
    put: frozenset[Decimal | str]
    data: frozenset[str]
    places: tuple[frozenset[str], ...]
    turns: tuple[tuple[str, str], ...]
    refuses: int
    negative: bool
    condition: str
    closed: bool
    text: str

    @classmethod
    def of(cls, case: CaseDraft, condition: str) -> "Profile":
        """Of a case that names `condition`."""
        steps = [f"{step.action} {step.expected}" for step in case.steps]
        text = " \n".join((*case.preconditions, *(item.value for item in case.data), *steps))
        put = "\n".join((*case.preconditions, *(step.action for step in case.steps)))
        values = tuple(item.value for item in case.data)
        stems = frozenset(one for one in lexicon.stems(text) if not one.isdigit())
        told = [said for step in case.steps for part in clauses(step.expected) if (said := verdict(part))]
        return cls(
            case.case_id,
            stems,
            _values(text),
            _values("\n".join((put, *values))),
            frozenset(normal(item.value) for item in case.data),
            tuple(
                frozenset(normal(one) for one in quotations("\n".join(part)))
                for part in (
                    case.preconditions,
                    [step.action for step in case.steps],
                    [step.expected for step in case.steps],
                )
            ),
            _turns(text),
            -1 if any(said < 0 for said in told) else max(told, default=0),
            case.negative,
            condition,
            not _CLOSING.isdisjoint(lexicon.tokens(" \n".join(step.expected for step in case.steps))),
            normal(text),
        )


def _values(text: str) -> frozenset[Decimal | str]:
    numbers = quantities.written(text) | (quantities.spelled(text) - _LITTLE)
    return frozenset[Decimal | str](numbers) | frozenset(normal(one) for one in quotations(text))


def _is_other_test(one: Profile, other: Profile) -> bool:
    """Whether the two differ in what is put in, or expect the contrary, whatever their words."""
    return (
        one.negative != other.negative
        or one.refuses * other.refuses < 0
        or bool(one.data and other.data and one.data != other.data)
        or not (_within(one.values, other.values) and _within(one.put, other.put))
    )


def _within(one: frozenset[Decimal | str], other: frozenset[Decimal | str]) -> bool:
    return one <= other or other <= one


def _turns(text: str) -> tuple[tuple[str, str], ...]:
    turned: list[tuple[str, str]] = []
    waiting: list[str] = []
    for word in lexicon.tokens(text):
        if word in _NEGATIVE or word.endswith("n't"):
            waiting.append("not")
        elif word in _DIRECTIONS:
            waiting.append(word)
        elif told := lexicon.stems(word):
            if lexicon.is_undone(word):
                waiting.append("not")
            turned += [(turn, next(iter(told))) for turn in waiting]
            waiting = []
    return tuple(sorted(turned))


_IDLE = frozenset(
    lexicon.stem(word)
    for word in words.word_set(
        "try look see watch check verify view click press user tester person test step open page"
    )
)
"""Words by which two wordings of the same test may differ."""
_NEGATIVE = words.word_set("not no never without nobody nothing none neither cannot")
_DIRECTIONS = words.word_set("plus minus above below over under from")
_CLOSING = words.word_set("exactly only solely else")
_NEARLY = 0.85
"""Likeness from which two texts differ in little words alone."""
_LITTLE = frozenset({Decimal(1), Decimal(2)})


@dataclass
class Repeats:
    """Remembers cases and finds the one that a new case repeats.

    Attributes:
        telling: Stems of the story's own words: in these, two cases must hardly differ.
        compared: How many comparisons were made: grows with the cases, not with their square.
    """

    telling: frozenset[str]
    compared: int = 0
    _texts: dict[str, Profile] = field(default_factory=dict)
    _having: dict[str, list[Profile]] = field(default_factory=lambda: defaultdict(list))
    _of_condition: dict[str, list[Profile]] = field(default_factory=lambda: defaultdict(list))

    def add(self, profile: Profile) -> None:
        """Remember a case."""
        self._texts.setdefault(profile.text, profile)
        for word in profile.stems:
            self._having[word].append(profile)
        self._of_condition[profile.condition].append(profile)

    def closest(self, profile: Profile) -> tuple[float, Profile | None]:
        """How much of `profile` the most similar case has, and that case if `profile` repeats it.

        Cases that put in other values or expect the contrary are no likeness: the two sides of a boundary are
        worded alike, and rightly so.
        """
        same = self._texts.get(profile.text)
        if same is not None and same.case_id != profile.case_id:
            return 1.0, same
        best, repeated = 0.0, None
        for other in self._candidates(profile):
            self.compared += 1
            if _is_other_test(profile, other):
                continue
            likeness = self._likeness(profile, other)
            best = max(best, likeness)
            if repeated is None and self._repeats(profile, other, likeness):
                repeated = other
        return best, repeated

    def _candidates(self, profile: Profile) -> Iterable[Profile]:
        near: dict[UUID, Profile] = {}
        lists = [self._of_condition.get(profile.condition, []) if profile.condition else []]
        rarest = sorted(profile.stems, key=lambda word: (len(self._having.get(word, ())), word))
        lists += [self._having[word] for word in rarest if word in self._having][:_RAREST]
        for one in lists:
            for other in one[-_MOST_COMPARED:]:
                if other.case_id != profile.case_id:
                    near.setdefault(other.case_id, other)
                if len(near) >= _MOST_COMPARED:
                    return near.values()
        return near.values()

    def _likeness(self, one: Profile, other: Profile) -> float:
        union = self._weight(one.stems | other.stems)
        return self._weight(one.stems & other.stems) / union if union else 0.0

    def _weight(self, stems: frozenset[str]) -> float:
        heavy = len(stems & self._heavy)
        return heavy + _MINOR * (len(stems) - heavy)

    @cached_property
    def _heavy(self) -> frozenset[str]:
        return self.telling - _IDLE

    def _repeats(self, one: Profile, other: Profile, likeness: float) -> bool:
        if one.condition and one.condition == other.condition:
            return likeness >= _SAME_CONDITION
        if one.values != other.values or one.closed != other.closed:
            return False
        if likeness >= _NEARLY and (one.turns, one.places) != (other.turns, other.places):
            return False
        mine = (one.stems - other.stems) & self._heavy
        theirs = (other.stems - one.stems) & self._heavy
        return likeness >= _ANY_CONDITION and not mine and not theirs
