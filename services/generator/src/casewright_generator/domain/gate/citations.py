"""Whether each step cites a criterion, and the right one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from math import log

from casewright_common.events import CaseDraft, Criterion, GateFinding
from casewright_generator.domain.gate import lexicon
from casewright_generator.domain.gate.checks import found
from casewright_generator.domain.planning.conditions import TestCondition

_CLEAR = 1.25
"""How many times as much of another criterion a text must have before its own citation is doubted."""
_CLEARER = 1.9
"""The same where it shares more than a word with the cited one."""
_ENOUGH = 2
"""Words that a text must share with another criterion at least."""
_CLEAREST = 5.0
_MANY = 4
_TELLING = 1.3
"""Weight of a word that is enough alone where the cited criterion has none of the text's words."""
"""The same where the plan supports the citation."""


class Citations:
    """What tells the criteria of a story apart: words of one criterion count more than words of many.

    Args:
        criteria: By id.
    """

    def __init__(self, criteria: dict[str, Criterion]) -> None:
        self._words = {name: lexicon.stems(one.text) for name, one in criteria.items()}

    @cached_property
    def _having(self) -> dict[str, list[str]]:
        having: dict[str, list[str]] = defaultdict(list)
        for name, stems in self._words.items():
            for stem in stems:
                having[stem].append(name)
        return having

    def weight(self, stem: str) -> float:
        """How much a word tells: nothing where most criteria have it."""
        return log((1 + len(self._words)) / (1 + len(self._having.get(stem, ())))) + 0.1

    def shared(self, text: frozenset[str], cited: set[str]) -> dict[str, tuple[float, int]]:
        """For each criterion that shares a word: how much they share, and in how many words.

        Words of most criteria speak for the `cited` ones alone: they tell no other one from the rest.
        """
        told: dict[str, tuple[float, int]] = {}
        most = max(_ENOUGH, len(self._words) // 2)
        for stem in text:
            names = self._having.get(stem, ())
            if len(names) > most:
                names = [name for name in names if name in cited]
            weight = self.weight(stem) * (_GENERIC if stem in lexicon.GENERIC_STEMS else 1)
            for name in names:
                sum_, count = told.get(name, (0.0, 0))
                told[name] = (sum_ + weight, count + (stem not in lexicon.GENERIC_STEMS))
        return told


_GENERIC = 0.3


def uncited(case: CaseDraft, known: Iterable[str]) -> Iterator[GateFinding]:
    """Citations that are missing, or of no criterion."""
    names = frozenset(known)
    for unknown in sorted({*case.criteria, *(one for step in case.steps for one in step.criteria)} - names):
        yield found("unknown_criterion", f"There is no criterion {unknown}.")
    for number, step in enumerate(case.steps, start=1):
        if not step.criteria and not step.assumption:
            yield found("uncited_step", "It cites no criterion and isn't marked an assumption.", step=number)
    if not case.criteria and not all(step.assumption for step in case.steps):
        yield found("uncited_case", "The case cites no criterion.")


def wrong(case: CaseDraft, citations: Citations, condition: TestCondition | None) -> Iterator[GateFinding]:
    """Citations of a criterion with which a step shares nothing, while it is about another one.

    The condition of the plan that the case names is a witness: where all citations miss its criteria, they
    are wrong unless the words support them; where a citation hits them, only words that say much else count.
    """
    cited = {one for step in case.steps for one in step.criteria}
    planned = set(condition.criteria) if condition else set()
    steps = [f"{step.action} {step.expected}" for step in case.steps]
    if len({step.criteria for step in case.steps}) == 1 or (planned and not cited & planned):
        whole = citations.shared(lexicon.stems(" ".join((case.title, *case.preconditions, *steps))), cited)
        if other := _other(whole, cited, planned):
            for number, step in enumerate(case.steps, start=1):
                if step.criteria:
                    yield _finding(step.criteria, other, number)
        return
    for number, (step, text) in enumerate(zip(case.steps, steps, strict=True), start=1):
        own = set(step.criteria)
        if own and (other := _other(citations.shared(lexicon.stems(text), own), own, planned)):
            yield _finding(step.criteria, other, number)


def _finding(cited: tuple[str, ...], other: str, number: int) -> GateFinding:
    return found("wrong_citation", f"It cites {', '.join(cited)}, and is about {other}.", step=number)


def _other(shared: dict[str, tuple[float, int]], cited: set[str], planned: set[str]) -> str:
    """The criterion that the text is about, if it isn't a cited one; empty if the citation may stand."""
    own = max((shared[one][0] for one in cited if one in shared), default=0.0)
    if planned and not cited & planned:
        best = max(planned, key=lambda one: shared.get(one, _NOTHING))
        return best if shared.get(best, _NOTHING)[0] >= own else ""
    rest = {name: told for name, told in shared.items() if name not in cited}
    if not rest:
        return ""
    best = max(rest, key=lambda one: rest[one])
    weight, count = rest[best]
    if cited & planned:
        clear, enough = _CLEAREST, _MANY
    else:
        spoken = max((shared[one][1] for one in cited if one in shared), default=0)
        clear, enough = (_CLEARER if spoken > 1 else _CLEAR), (_ENOUGH if own or weight < _TELLING else 1)
    return best if count >= enough and weight > clear * own else ""


_NOTHING = (0.0, 0)
