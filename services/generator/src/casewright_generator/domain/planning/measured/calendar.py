"""Moments just before, at and after a span of time, on a clock that a tester can set."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

START = datetime(2027, 3, 1, 10, 0)  # noqa: DTZ001  # a moment on the tester's clock, in any zone
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}
_DAYS = {"days": 1, "weeks": 7, "nights": 1}
_MONTHS = {"months": 1, "years": 12, "quarters": 3}
_SHORT = 600
"""Seconds up to which a second makes a difference."""
_WATCHED = 60
"""Seconds up to which a tester waits instead of setting the clock."""
_MONTHS_OF_YEAR = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True, slots=True)
class Moments:
    """A start, the moment that lies a span from it, and the ones around that.

    Attributes:
        start: Of the span, or the event that it precedes.
        before: Just before the moment; `at` it; `after` just after it; each ready to read.
        waited: The span as a time to wait, where it is short; empty otherwise.
    """

    start: str
    before: str
    at: str
    after: str
    waited: tuple[str, str, str] = ("", "", "")


def moments(value: Decimal, unit: str, *, ahead: bool = False) -> Moments | None:
    """The moments of a span after a start, or with `ahead` of one before an event; `None` for an odd unit."""
    sign = -1 if ahead else 1
    if unit in _SECONDS:
        seconds = int(value * _SECONDS[unit])
        if seconds <= 0:
            return None
        short = unit == "seconds" and seconds <= _WATCHED and not ahead
        step = timedelta(seconds=1) if unit == "seconds" or seconds < _SHORT else timedelta(minutes=1)
        end = START + sign * timedelta(seconds=seconds)
        fine = step < timedelta(minutes=1)
        told = [_told(one, fine=fine) for one in (START, end - step, end, end + step)]
        waited = (f"{seconds - 1} s", f"{seconds} s", f"{seconds + 1} s") if short else ("", "", "")
        return Moments(told[0], told[1], told[2], told[3], waited)
    if unit in _DAYS and value == value.to_integral():
        end = START + sign * timedelta(days=int(value) * _DAYS[unit])
    elif unit in _MONTHS and value == value.to_integral():
        months = START.year * 12 + START.month - 1 + sign * int(value) * _MONTHS[unit]
        end = START.replace(year=months // 12, month=months % 12 + 1)
    else:
        return None
    minute = timedelta(minutes=1)
    before, at, after = (_told(one, fine=False) for one in (end - minute, end, end + minute))
    return Moments(_told(START, fine=False), before, at, after)


def _told(moment: datetime, *, fine: bool) -> str:
    clock = f"{moment:%H:%M:%S}" if fine else f"{moment:%H:%M}"
    return f"{day(moment)} at {clock}"


def day(moment: datetime) -> str:
    """`30 November 2027`."""
    return f"{moment.day} {_MONTHS_OF_YEAR[moment.month - 1]} {moment.year}"
