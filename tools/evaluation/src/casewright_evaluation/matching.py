"""Which found texts are which expected quotes, and which found constraints are right.

The rules are in `tools/evaluation/README.md`; they were fixed before the analyser was measured with them.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from casewright_evaluation.scores import Counts

LEAST_SIMILAR = 0.7
"""Least F1 of the words of two texts that are the same criterion."""
MOST_LONGER = 1.6
"""How many times as long as the quote a text may be that holds all its words in order."""
LONGEST_LEAD_IN = 20
"""Words that may stand before a quote: the lead-in of its list, a heading, the parent of an item."""
CELLS = " | "
"""Between the cells of a quoted row."""
_LABEL = re.compile(r"(?:^|(?<=;))\s*[^:;]{1,60}:\s")

Wanted = TypeVar("Wanted")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Matched(Generic[Wanted, Found]):
    """What was found of what was wanted, one to one."""

    pairs: tuple[tuple[Wanted, Found], ...]
    missed: tuple[Wanted, ...]
    surplus: tuple[Found, ...]

    @property
    def counts(self) -> Counts:
        """How many of each."""
        return Counts(len(self.pairs), len(self.missed), len(self.surplus))


def tokens(text: str) -> tuple[str, ...]:
    """Words and numbers of a text: case-folded letters and digits, nothing else."""
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


def likeness(quote: str, found: str) -> float:
    """How well a found text is the quoted one: 0 where it isn't, else above 0 and up to 1.

    It is where the F1 of their words reaches `LEAST_SIMILAR`; or where it holds all words of the quote in
    order and is at most `MOST_LONGER` times as long; or where all that it adds stands before the quote and
    has at most `LONGEST_LEAD_IN` words. A row, quoted as cells, is compared without its headers too.
    """
    wanted = tokens(quote)
    texts = [found, _LABEL.sub(" ", found)] if CELLS in quote else [found]
    return max(_likeness(wanted, tokens(text)) for text in texts)


def _likeness(wanted: tuple[str, ...], found: tuple[str, ...]) -> float:
    if not wanted or not found:
        return 0.0
    shared = (Counter(wanted) & Counter(found)).total()
    similar = 2 * shared / (len(wanted) + len(found))
    if similar >= LEAST_SIMILAR:
        return similar
    whole = len(found) <= MOST_LONGER * len(wanted) and _in_order(wanted, found)
    led_in = found[-len(wanted) :] == wanted and len(found) - len(wanted) <= LONGEST_LEAD_IN
    return LEAST_SIMILAR if whole or led_in else 0.0


def _in_order(wanted: Sequence[str], found: Sequence[str]) -> bool:
    rest = iter(found)
    return all(word in rest for word in wanted)


def match(
    wanted: Sequence[Wanted], found: Sequence[Found], score: Callable[[Wanted, Found], float]
) -> Matched[Wanted, Found]:
    """As many pairs as possible, each of its own, with a score above 0; the better scores first.

    Args:
        wanted: What is to be found.
        found: What was found.
        score: How well two go together; 0 where they don't.
    """
    edges = [
        (score(one, other), row, column)
        for row, one in enumerate(wanted)
        for column, other in enumerate(found)
    ]
    edges.sort(key=lambda edge: (-edge[0], edge[1], edge[2]))
    columns: dict[int, list[int]] = {}
    for value, row, column in edges:
        if value > 0:
            columns.setdefault(row, []).append(column)
    taken: dict[int, int] = {}  # column to row
    for value, row, column in edges:
        if value > 0 and column not in taken and row not in taken.values():
            taken[column] = row
    # Greedy may leave some unmatched that a change of partners could match: augmenting paths find those.
    for row in columns:
        if row not in taken.values():
            _augment(row, columns, taken, set())
    rows = {row: column for column, row in taken.items()}
    return Matched(
        tuple((wanted[row], found[rows[row]]) for row in sorted(rows)),
        tuple(one for row, one in enumerate(wanted) if row not in rows),
        tuple(one for column, one in enumerate(found) if column not in taken),
    )


def _augment(row: int, columns: dict[int, list[int]], taken: dict[int, int], seen: set[int]) -> bool:
    for column in columns.get(row, ()):
        if column not in seen:
            seen.add(column)
            if column not in taken or _augment(taken[column], columns, taken, seen):
                taken[column] = row
                return True
    return False


def match_texts(quotes: Sequence[str], found: Sequence[str]) -> Matched[str, str]:
    """Quotes and found texts, by `likeness`."""
    return match(quotes, found, likeness)


def match_sets(wanted: Sequence[str], found: Sequence[str]) -> Matched[str, str]:
    """Names, each once: equal but for case, marks and singular or plural of the last word."""
    return match(_once(wanted), _once(found), lambda one, other: float(name(one) == name(other)))


def name(text: str) -> tuple[str, ...]:
    """Words of a name, the last one without its plural."""
    words = tokens(text)
    return (*words[:-1], stem(words[-1])) if words else ()


def stem(word: str) -> str:
    """A noun without what its plural may end in; crude, but the same on both sides and in every language."""
    word = word.casefold()
    for ending, singular in (("ies", "y"), ("en", ""), ("es", ""), ("e", ""), ("n", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)] + singular
    return word


_SHORTEST_STEM = 3


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple({name(one): one for one in reversed(names)}.values())[::-1]
