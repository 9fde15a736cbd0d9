"""Calendar dates and times of day, as people write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements.model import ConstraintKind

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "januari februari maart april mei juni juli augustus september oktober november december",
    )
    for number, name in enumerate(names.split(), start=1)
} | {"sept": 9}
_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_DATE = re.compile(
    rf"(?<![\w./-])(?:(?P<y1>\d{{4}})-(?P<m1>\d{{2}})-(?P<d1>\d{{2}})(?![\w-])|"
    rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th|\.|º|er)?(?: of| de)? (?P<m2>{_MONTH})\.?,?(?:(?: of| de)? "
    rf"(?P<y2>\d{{4}}))?(?![\w])|"
    rf"(?P<m3>{_MONTH})\.? (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y3>\d{{4}}))?(?![\w:.]\d|\w)|"
    r"(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>\d{4})(?!\w)|"
    r"(?P<d5>\d{1,2})/(?P<m5>\d{1,2})/(?P<y5>\d{4})(?!\w))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:(?<![\w.,:/#-])|(?<=:\d\d-)|(?<=[ap]m-))(?:(?P<h1>\d{1,2})[:.](?P<n1>\d{2})(?::\d{2})? "
    r"?(?P<p1>[ap])(?:\.m\.?|m)(?!\w)|"
    r"(?P<h2>\d{1,2}) ?(?P<p2>[ap])(?:\.m\.?|m)(?!\w)|"
    r"(?P<h3>[01]?\d|2[0-4]):(?P<n3>[0-5]\d)(?::[0-5]\d)?(?: ?(?:Uhr|hrs|hours|h))?(?![\w:]|\.\d)|"
    r"(?P<h4>[01]?\d|2[0-4])(?:[.:](?P<n4>[0-5]\d))? ?(?:Uhr|o['\u2019]clock)(?: (?P<n5>[0-5]\d))?(?!\w)|"
    r"(?P<h6>[01]?\d|2[0-4]) ?h ?(?P<n6>[0-5]\d)(?!\w)|"
    r"(?P<word>noon|midday|midnight|mitternacht|medianoche|minuit)(?!\w))",
    re.IGNORECASE,
)
_DOTTED = re.compile(
    r"(?<=\b)(?:at|until|till|by|before|after|from|to|and|between|um|bis|ab)\s+(?P<h>[01]?\d|"
    r"2[0-3])\.(?P<n>[0-5]\d)"
    r"(?![\w%°€$£]|[.,]\d| ?(?:EUR|USD|GBP|CHF|€|%|°|k?g\b|[a-z]{2,}/|mm|cm|km|points|hours|minutes|"
    r"seconds|percent|euros?|"
    r"mmol|[MGK]B))",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"(?<![\w.,:/#-])(?P<h>[01]?\d|2[0-4])(?::(?P<n>[0-5]\d))?(?= ?(?:to|and|or|-|\u2013|until|till|bis|"
    r"und) ?"
    r"(?P<h2>[01]?\d|2[0-4])(?:[:.][0-5]\d)? ?(?:(?P<half>[ap])(?:\.m\.?|m)|o['\u2019]clock|Uhr)(?!\w))",
    re.IGNORECASE,
)
"""The first of two hours that share what makes them hours: `9 to 11 am`."""
_WORDS = {
    "noon": "12:00",
    "midday": "12:00",
    "midnight": "00:00",
    "mitternacht": "00:00",
    "medianoche": "00:00",
    "minuit": "00:00",
}
_TWELVE = 12
_LATEST = 24
_MOST_DAYS = 31
RELATIVE = words.word_set("today heute hoy aujourd'hui oggi vandaag hoje now")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time of day.

    Attributes:
        value: `2026-12-31`, `12-31` without a year, `today`, or `08:00`.
    """

    kind: ConstraintKind
    value: str
    start: int
    end: int


def moments(text: str) -> tuple[Moment, ...]:
    """All dates and times of a text, in order."""
    found = sorted([*_dates(text), *_times(text)], key=lambda one: one.start)
    kept: list[Moment] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _dates(text: str) -> Iterator[Moment]:
    for match in _DATE.finditer(text):
        groups = {name[0]: value for name, value in match.groupdict().items() if value}
        month = _MONTHS.get(groups["m"].lower()) or (int(groups["m"]) if groups["m"].isdigit() else 0)
        day = int(groups["d"])
        if match["d5"] and month > _TWELVE >= day:
            day, month = month, day
        if not (1 <= month <= _TWELVE and 1 <= day <= _MOST_DAYS):
            continue
        value = f"{month:02}-{day:02}"
        if "y" in groups:
            value = f"{groups['y']}-{value}"
        elif (match["m3"] and match["m3"].islower()) or match["m2"] in {"may", "march"}:
            continue  # "may 5 users", "under 5 may"
        yield Moment(ConstraintKind.DATE, value, match.start(), match.end())


def _times(text: str) -> Iterator[Moment]:
    for match in _TIME.finditer(text):
        if match["word"]:
            yield Moment(ConstraintKind.TIME, _WORDS[match["word"].lower()], match.start(), match.end())
            continue
        hour = int(next(match[name] for name in ("h1", "h2", "h3", "h4", "h6") if match[name]))
        minute = next((match[name] for name in ("n1", "n3", "n4", "n5", "n6") if match[name]), "00")
        half = (match["p1"] or match["p2"] or "").lower()
        if half and not 1 <= hour <= _TWELVE:
            continue
        if half:
            hour = hour % _TWELVE + (_TWELVE if half == "p" else 0)
        if hour <= _LATEST:
            yield Moment(ConstraintKind.TIME, f"{hour:02}:{minute}", match.start(), match.end())
    yield from _sharing(text)
    for match in _DOTTED.finditer(text):
        yield Moment(ConstraintKind.TIME, f"{int(match['h']):02}:{match['n']}", match.start("h"), match.end())


def _sharing(text: str) -> Iterator[Moment]:
    for match in _SHARED.finditer(text):
        hour, second, half = int(match["h"]), int(match["h2"]), (match["half"] or "").lower()
        if half and not (1 <= hour <= _TWELVE and 1 <= second <= _TWELVE):
            continue
        if half:
            earlier = hour % _TWELVE < second % _TWELVE
            hour = hour % _TWELVE + (_TWELVE if (half == "p") == earlier else 0)
        yield Moment(ConstraintKind.TIME, f"{hour:02}:{match['n'] or '00'}", match.start(), match.end())
