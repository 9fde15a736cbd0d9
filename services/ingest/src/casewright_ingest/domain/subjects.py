"""Words of the team's own trade that a story is about: tickets of a kiosk, classes of a gym."""

import re
from collections import Counter
from collections.abc import Iterable

_TRADE = re.compile(
    r"\b(?P<word>ticket|class|sample|test|release|issue|task|card|deck|slide|survey|vendor|supplier|interview"
    r"|meeting|colleague|prototype|workshop|example|choice|project|pilot|launch|sprint|board|branch|code"
    r"|mock-?up|pull|spike|slide|story|storie)(?P<many>e?s)?\b",
    re.IGNORECASE,
)
_FEWEST = 3
_NEUTRAL = "parcel"
"""Means nothing to whoever judges sentences."""


def subjects(title: str, texts: Iterable[str]) -> frozenset[str]:
    """Words of the trade that the title names, or that so many texts speak of that they are its subject.

    Args:
        title: Jira's summary.
        texts: Sentences or blocks of the description.
    """
    counted = Counter(word for text in texts for word in _named(text))
    return _named(title) | {word for word, times in counted.items() if times >= _FEWEST}


def neutral(sentence: str, named: frozenset[str]) -> str:
    """The sentence with a word for each of those named that says nothing about a team's work."""
    if not named:
        return sentence

    def replaced(match: re.Match[str]) -> str:
        if match["word"].lower() not in named:
            return match.group()
        word = f"{_NEUTRAL}s" if match["many"] else _NEUTRAL
        return word.capitalize() if match["word"][0].isupper() else word

    return _TRADE.sub(replaced, sentence)


def _named(text: str) -> frozenset[str]:
    return frozenset(match["word"].lower() for match in _TRADE.finditer(text))
