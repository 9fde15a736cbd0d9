"""Sparse vectors: the term-frequency half of BM25; Qdrant's IDF modifier does the other half."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from zlib import crc32

_K1 = 1.2
_B = 0.75
_USUAL_LENGTH = 100
"""Tokens in a usual chunk: stands in for the collection's average, which no single writer knows."""

_WORD = re.compile(r"\w+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class SparseVector:
    """Weights by term.

    Attributes:
        indices: Hashes of the terms, unsigned 32 bit, ascending, without repeats.
        values: Their weights, above 0; as many as `indices`.
    """

    indices: tuple[int, ...]
    values: tuple[float, ...]


def terms(text: str) -> list[str]:
    """Lower-case words of a text, in order; `camelCase` gives the whole word and its parts."""
    found = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
        found.append(word.casefold())
        parts = [part for piece in word.split("_") for part in _HUMP.split(piece) if part]
        if len(parts) > 1:
            found += [part.casefold() for part in parts]
    return found


def sparse_vector(text: str) -> SparseVector:
    """Weigh the terms of a text by BM25's saturated, length-normalised frequency.

    Source:
        Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
    """
    counted: Counter[int] = Counter(crc32(term.encode()) for term in terms(text))
    length = sum(counted.values())
    norm = _K1 * (1 - _B + _B * length / _USUAL_LENGTH)
    weights = {index: tf * (_K1 + 1) / (tf + norm) for index, tf in counted.items()}
    ordered = sorted(weights)
    return SparseVector(indices=tuple(ordered), values=tuple(weights[index] for index in ordered))
