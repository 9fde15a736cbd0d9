"""Qualities with a measure: how fast, under what load, how reliably."""

import re
from decimal import Decimal

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import SPAN, Said

_WHAT = r"^(?P<what>(?:the |an? |each |every |all )?[A-Za-z][\w -]{2,60}?) "
_MODAL = r"(?:(?:must|should|shall|has to|have to|can|is able to|are able to) )?"
_AVAILABLE = re.compile(
    rf"{_WHAT}(?:must be|should be|shall be|is|are|has to be) available (?:at least |to )?"
    r"(?P<share>\d{2}(?:[.,]\d{1,4})?) ?(?:%|percent)(?P<tail>[^.;]{0,40})$",
    re.IGNORECASE,
)
_LOAD = re.compile(
    rf"{_WHAT}{_MODAL}(?:supports?|handles?|serves?|copes? with|sustains?|bears?) (?:at least |up to )?"
    r"(?P<n>\d[\d,. ]*\d|\d) (?P<who>(?:concurrent |simultaneous |parallel )?(?:users|sessions|visitors|"
    r"connections|requests|orders|transactions|messages))"
    r"(?P<rate>(?: per (?:second|minute|hour))|(?: at (?:a|the same) time)|"
    r"(?: simultaneously| concurrently| in parallel))?$",
    re.IGNORECASE,
)
_SPEED = re.compile(
    rf"{_WHAT}{_MODAL}(?P<verb>load|loads|respond|responds|answer|answers|open|opens|appear|appears|render|renders|"
    rf"be shown|is shown|are shown|be loaded|is loaded|finish|finishes) (?:in|within|in less than|in under) "
    rf"(?:at most )?(?P<span>{SPAN})(?P<tail>[^.;]{{0,60}})$",
    re.IGNORECASE,
)
_HOURS = 720
"""Hours of thirty days."""
_HUNDRED = Decimal(100)


def qualities(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """How the measured quality is tried, and what must be measured."""
    del setting
    for form, write in ((_AVAILABLE, _available), (_LOAD, _loaded), (_SPEED, _fast)):
        if match := form.match(flat):
            return [write(flat, said, match)]
    return []


def _available(flat: str, said: Said, match: re.Match[str]) -> Statement:
    share = Decimal(match["share"].replace(",", "."))
    minutes = (Decimal(_HOURS * 60) * (_HUNDRED - share) / _HUNDRED).quantize(Decimal("0.1"))
    what = observing.definite(match["what"])
    return said.case(
        flat,
        (f"Call {what} once a minute for 30 days, and count the minutes in which it doesn't answer",),
        (f"These are {minutes.normalize():f} minutes at most",),
        technique=Technique.NON_FUNCTIONAL,
        data=(("minutes of downtime in 30 days", f"{minutes.normalize():f}"),),
    )


def _loaded(flat: str, said: Said, match: re.Match[str]) -> Statement:
    many = f"{match['n'].strip()} {match['who']}{match['rate'] or ''}"
    return said.case(
        flat,
        (f"Put a load of {many} on {observing.definite(match['what'])} for 10 minutes",),
        ("All of them are served, none with an error",),
        technique=Technique.NON_FUNCTIONAL,
        data=(("load", many), ("duration", "10 minutes")),
    )


def _fast(flat: str, said: Said, match: re.Match[str]) -> Statement:
    what = observing.approach(match["what"])
    return said.case(
        flat,
        (f"{clauses.capital(what)} 20 times, and measure the time each time",),
        (f"None of them takes longer than {match['span']}{match['tail']}",),
        technique=Technique.NON_FUNCTIONAL,
        data=(("time limit", match["span"]), ("repetitions", "20")),
    )
