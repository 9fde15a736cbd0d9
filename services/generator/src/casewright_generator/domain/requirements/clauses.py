"""The clauses and sentences of a text, and the steps of a scenario."""

import re
from bisect import bisect_left, bisect_right

_CUT = re.compile(
    r"[;!?\n]|"
    r"(?<!\bmax)(?<!\bmin)(?<!\bapprox)(?<!\bca)(?<!\bNo)(?<!\bno)(?<!\bnr)(?<!\bNr)(?<!\bp\.m)(?<!\ba\.m)"
    r"\.(?=\s|$)|,? but\b(?! (?:not including|excluding|exclusive))|,? otherwise\b|,? or else\b|"
    r",? aber\b|,? sonst\b|,? pero\b|,? mais\b",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^\s*(?:Given|When|Then|And|But|Angenommen|Wenn|Dann|Und|Dado|Cuando|Entonces|Étant donné|Quand|"
    r"Alors)\b",
    re.MULTILINE,
)
_THEN = re.compile(r"^\s*(?:Then|Dann|Entonces|Alors)\b", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n\s{0,20}\n")
_REACH = 400
"""Characters beside a number that may be of its clause: a text without an end costs no more per number than
one with sentences."""
_OUTCOME = 1_000
"""Characters of a scenario's outcome that are looked at."""


class Clauses:
    """Where the clauses of one text begin and end.

    Attributes:
        scenario: Whether it is in steps: Given, When, Then.
        then: Where the outcome of a scenario begins; the end of any other text.
        outcome: A scenario's outcome; empty for any other text.
    """

    def __init__(self, masked: str) -> None:
        self.masked = masked
        self.cuts = [match.start() for match in _CUT.finditer(masked)]
        self.steps = [match.start() for match in _STEP.finditer(masked)]
        self.scenario = len(self.steps) > 1
        then = _THEN.search(masked)
        self.then = then.start() if self.scenario and then else len(masked)
        self.outcome = masked[self.then : self.then + _OUTCOME]

    def start(self, at: int) -> int:
        """Where the clause around `at` begins, or how far back it is looked at."""
        place = bisect_left(self.cuts, at)
        return max(self.cuts[place - 1] + 1 if place else 0, self._back(at))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The clause around what stands from `start` to `end`, as far as it is looked at."""
        place = bisect_left(self.cuts, end)
        cut = self.cuts[place] if place < len(self.cuts) else len(self.masked)
        return self.start(start), min(cut, self.reach(end))

    def step(self, at: int) -> int:
        """Where the step around `at` begins, or how far back it is looked at."""
        place = bisect_right(self.steps, at)
        return max(self.steps[place - 1] if place else 0, self._back(at))

    def sentence_end(self, at: int) -> int:
        """Where the sentence around `at` ends, as far as it is looked at; a scenario is one."""
        reach = self.reach(at)
        match = (
            None if self.scenario else _SENTENCE_END.search(self.masked, at, min(reach + 1, len(self.masked)))
        )
        return match.start() if match else reach

    def reach(self, at: int) -> int:
        """How far from `at` on a text is looked at; no word is cut."""
        end = at + _REACH
        if end >= len(self.masked):
            return len(self.masked)
        blank = self.masked.rfind(" ", at, end)
        return blank if blank > at else end

    def _back(self, at: int) -> int:
        start = at - _REACH
        if start <= 0:
            return 0
        blank = self.masked.find(" ", start, at)
        return blank if blank >= 0 else start
