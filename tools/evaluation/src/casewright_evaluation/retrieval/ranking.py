"""How good a ranking is."""

from collections.abc import Mapping, Sequence
from math import log2

DEPTH = 10
"""Places that count."""


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], *, depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of the first `depth` places, 0 to 1, with gains of 2^grade - 1.

    Args:
        ranked: Ids, the best first, each once.
        grades: Relevance of those ids that have any.
        depth: How many places count, at least 1.

    Raises:
        ValueError: If nothing is relevant: no ranking is better than another then.

    Source:
        Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), with the gains of
        Burges et al., "Learning to rank using gradient descent" (2005).
    """
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    if not best:
        raise ValueError("Something must be relevant.")
    return float(_gain([grades.get(one, 0) for one in ranked[:depth]]) / best)


def _gain(grades: Sequence[int]) -> float:
    return sum(float(2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, start=1))
