"""Spans of time in a sentence, and what they say: after what time, in what time, for how long, how often."""

import re
from dataclasses import dataclass
from enum import StrEnum

from casewright_generator.domain.language.masking import mask
from casewright_generator.domain.reading.constraints import Point, constraints, points

_NUMBER = (
    r"(?:\d{1,6}(?:\.\d{1,3})?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"half an?)"
)
_UNIT = (
    r"(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|"
    r"(?:working |business |calendar |banking )?days?|nights?|weeks?|(?:calendar )?months?|years?)\b"
)
SPAN = rf"(?:{_NUMBER}[ -]?{_UNIT})"
_EVENT = r"(?P<event>(?:the |an? |its |their |his |her |[a-z]+ )[^,.;()]{2,80})"


class Timing(StrEnum):
    """What a span says."""

    DELAY = "delay"
    """It happens once so much time has passed."""
    AHEAD = "ahead"
    """It happens so much time before something."""
    UNTIL = "until"
    """It is possible until so much time before or after something."""
    IN_TIME = "in_time"
    """It happens in so much time at most."""
    LASTS = "lasts"
    """It stays so for so long."""
    EVERY = "every"
    """It happens again after each such span."""


_FORMS = (
    (
        Timing.UNTIL,
        (
            rf"(?:(?:until|up to) (?P<span>{SPAN}) (?P<side>before|prior to|after|later)|"
            rf"(?:no|not) later than (?P<ahead>{SPAN}) before)(?: {_EVENT})?"
        ),
    ),
    (Timing.AHEAD, rf"(?P<span>{SPAN}) (?P<side>before|prior to|ahead of|in advance of) {_EVENT}"),
    (
        Timing.IN_TIME,
        (
            r"(?:within|in less than|in under|no later than|not later than|in at most|in no more than) "
            rf"(?:the )?(?P<span>{SPAN})(?: (?:after|of|from) {_EVENT})?"
        ),
    ),
    (
        Timing.EVERY,
        (
            r"(?:at least )?(?:every|once an?|once every|once per|each) "
            rf"(?P<span>(?:{SPAN})|second|minute|hour|day|week|month|year)\b"
        ),
    ),
    (Timing.DELAY, rf"(?:only |not until )?after (?P<span>{SPAN})(?: (?:of|without|from|since) {_EVENT})?"),
    (Timing.DELAY, rf"(?P<span>{SPAN}) (?:after|later)\b(?: {_EVENT})?"),
    (
        Timing.LASTS,
        rf"for (?:at least |at most |up to |a maximum of )?(?P<span>{SPAN})(?: (?:after|from) {_EVENT})?",
    ),
)
_COMPILED = tuple((timing, re.compile(rf"(?<![\w.]){form}", re.IGNORECASE)) for timing, form in _FORMS)


@dataclass(frozen=True, slots=True)
class Timed:
    """A span in a sentence.

    Attributes:
        span: As written, without comparator.
        event: What it is counted from, as written; may be empty.
        rest: The sentence without it.
        later: Of `until`: whether the end lies after the event.
    """

    timing: Timing
    span: str
    event: str
    rest: str
    text: str
    later: bool = False


def timed(sentence: str) -> Timed | None:
    """The first span of time that the sentence sets; `None` without one."""
    masked = mask(sentence)
    for timing, form in _COMPILED:
        if match := form.search(masked):
            found = match.groupdict()
            event = sentence[match.start("event") : match.end("event")] if found.get("event") else ""
            event, cut = _event(event)
            end = match.end() - cut
            rest = f"{sentence[: match.start()].rstrip(' ,')} {sentence[end:].lstrip(' ,')}"
            rest = re.sub(r"\s+([,.;])", r"\1", rest).strip(" ,")
            later = (found.get("side") or "").lower() in {"after", "later"}
            name = "span" if found.get("span") else "ahead"
            span = sentence[match.start(name) : match.end(name)]
            related = timing is Timing.LASTS and bool(_RELATIVE.search(masked[: match.start()]))
            meant = Timing.DELAY if related else timing  # "A card that was frozen for 90 days is blocked"
            return Timed(meant, span, event, rest, sentence[match.start() : end], later)
    return None


_RELATIVE = re.compile(r" (?:that|which|who)(?: |'s)(?:has |have |was |were |is |are |had )?[^,]*$")
_STOPS = re.compile(r" (?:and|but|or|if|when|so|because|then) ")


def _event(event: str) -> tuple[str, int]:
    """The event up to the next clause, and how many characters were cut."""
    match = _STOPS.search(event)
    return (event[: match.start()], len(event) - match.start()) if match else (event.strip(), 0)


def beside(span: str) -> tuple[Point, ...]:
    """The span and its neighbours; none for one that can't be counted."""
    told = re.sub(r"^an? ", "1 ", span, flags=re.IGNORECASE).replace("-", " ")
    told = re.sub(r"(?<=\d)h\b", " hours", told)
    limit = next(iter(constraints(f"It takes at least {told}.")), None)
    return points(limit, three=True) if limit else ()
