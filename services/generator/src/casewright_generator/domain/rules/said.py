"""One case of a rule, said in full."""

import re
from dataclasses import dataclass

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.reading.statements import Kind, Statement

NUMBER = r"(?:\d{1,9}(?![\d.,]*\d)|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
"""Pattern of a whole number, in digits or as a word."""
SPAN = (
    r"(?:\d{1,6}(?:\.\d{1,3})?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)) ?"
    r"(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|days?|weeks?|"
    r"months?|years?)\b"
)
"""Pattern of a span of time."""
_WORDS = {
    word: value
    for value, word in enumerate(
        words.phrases("one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve"),
        1,
    )
}


def number(text: str) -> int:
    """The value of what `NUMBER` matches."""
    return _WORDS[text.lower()] if text.lower() in _WORDS else int(text)


def counted(value: int, noun: str) -> str:
    """`1 failed login`, `2 failed logins`; `once` for one of `times`."""
    if noun == "times":
        return "once" if value == 1 else f"{value} times"
    one = words.singular(noun) if words.is_plural(noun) else noun
    return f"{value} {one}" if value == 1 else f"{value} {words.plural(one)}"


@dataclass(frozen=True, slots=True)
class Said:
    """Where a rule stands."""

    criterion: str
    text: str
    main: str

    def case(
        self,
        headline: str,
        actions: tuple[str, ...],
        outcomes: tuple[str, ...],
        *,
        given: tuple[str, ...] = (),
        technique: Technique = Technique.USE_CASE,
        data: tuple[tuple[str, str], ...] = (),
        negative: bool = False,
        supposed: bool = False,
    ) -> Statement:
        """A case of the rule; empty outcomes are left out."""
        return Statement(
            self.criterion,
            self.text,
            Kind.CASE,
            clauses.sentence(re.sub(r" {2,}", " ", headline)).rstrip("."),
            given,
            tuple(clauses.sentence(one) for one in actions if one),
            tuple(clauses.sentence(one) for one in outcomes if one),
            main=self.main,
            quotes=quotations(self.text),
            technique=technique,
            data=data,
            negated=negative,
            supposed=supposed,
        )
