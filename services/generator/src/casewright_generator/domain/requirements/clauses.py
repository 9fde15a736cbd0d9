"""The clauses and sentences of a text, and the steps of a scenario."""

import re

_CUT = re.compile(
    r"[;!?\n]|"
    r"(?<!\bmax)(?<!\bmin)(?<!\bapprox)(?<!\bca)(?<!\bNo)(?<!\bno)(?<!\bnr)(?<!\bNr)(?<!\bp\.m)(?<!\ba\.m)"
    r"\.(?=\s|$)|,? but\b|,? otherwise\b|,? or else\b|,? aber\b|,? sonst\b|,? pero\b|,? mais\b",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^\s*(?:Given|When|Then|And|But|Angenommen|Wenn|Dann|Und|Dado|Cuando|Entonces|Étant donné|Quand|"
    r"Alors)\b",
    re.MULTILINE,
)
_THEN = re.compile(r"^\s*(?:Then|Dann|Entonces|Alors)\b", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n\s*\n")


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
        self.outcome = masked[self.then :]

    def start(self, at: int) -> int:
        """Where the clause around `at` begins."""
        return max((cut + 1 for cut in self.cuts if cut < at), default=0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The clause around what stands from `start` to `end`."""
        return self.start(start), min((cut for cut in self.cuts if cut >= end), default=len(self.masked))

    def step(self, at: int) -> int:
        """Where the step around `at` begins."""
        return max((start for start in self.steps if start <= at), default=0)

    def sentence_end(self, at: int) -> int:
        """Where the sentence around `at` ends; a scenario is one."""
        match = _SENTENCE_END.search(self.masked, at)
        return len(self.masked) if self.scenario or match is None else match.start()
