"""`After 5 failed logins within 10 minutes the account is locked for 30 minutes`."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading.constraints import Point, constraints, points
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import NUMBER, SPAN, Said, counted, number

_EVENTS = (
    rf"(?P<n>{NUMBER}) (?P<what>(?:[a-z][a-z-]* ){{0,3}}[a-z]+)"
    rf"(?: (?:within|in|during) (?:a period of )?(?P<window>{SPAN}))?"
)
_DONE = (
    rf"(?P<who>(?:the|an?|their|his|that|this|all) [a-z][a-z' -]{{1,40}}?) (?:is|are|gets?|becomes?|will be|"
    rf"must be|shall be|should be|has to be) (?:(?:automatically|temporarily) )?(?P<done>[a-z]+)"
    rf"(?: for (?P<lasts>{SPAN}))?"
)
_LEADING = re.compile(rf"^(?:after|upon|following) {_EVENTS},? {_DONE}$", re.IGNORECASE)
_TRAILING = re.compile(rf"^{_DONE} (?:after|upon|following) {_EVENTS}$", re.IGNORECASE)


_REPEATED = re.compile(
    rf"^(?:if|when|once|after|whenever) (?P<act>[a-z][^,]{{5,80}}?) (?P<n>{NUMBER}) times(?: in a row)?"
    rf"(?: (?:within|in|during) (?P<window>{SPAN}))?,? (?:then )?{_DONE}$",
    re.IGNORECASE,
)


def lock_out(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """One event fewer, the event that counts, events spread too wide, and the end of what it brings about."""
    del setting
    match = _LEADING.match(flat) or _TRAILING.match(flat) or _REPEATED.match(flat)
    if not match or not (match["window"] or match["lasts"]) or not words.base_of_participle(match["done"]):
        return []
    times, what = number(match["n"]), match.groupdict().get("what", "").lower()
    act = _act(match.groupdict().get("act", ""))
    timed = any(re.fullmatch(SPAN, f"1 {word}", re.IGNORECASE) for word in what.split())
    if not act and (timed or not words.is_plural(what)):
        return []
    who = re.sub(r"^(?:an?) ", "the ", match["who"], flags=re.IGNORECASE).lower()
    rule = _Rule(
        said, times, what or act, act, who, match["done"].lower(), match["window"] or "", match["lasts"] or ""
    )
    return [*rule.counted(), *rule.spread(), *rule.lasting()]


def _act(told: str) -> str:
    """`a user enters a wrong password` as an instruction; empty where it isn't one."""
    clause = clauses.parse(told)
    if clause.form is not clauses.Form.ACTIVE or clause.negated or not clauses.is_actor(clause.subject):
        return ""
    return clauses.imperative(clause)


class _Rule:
    def __init__(
        self, said: Said, times: int, what: str, act: str, who: str, done: str, window: str, lasts: str
    ) -> None:
        self._act = act
        self._said, self._times, self._what, self._who, self._done = said, times, what, who, done
        self._be, self._window, self._lasts = words.is_are(who), window, lasts

    def _make(self, count: int) -> str:
        return f"{self._act} {counted(count, 'times')}" if self._act else f"Make {self._told(count)}"

    def _told(self, count: int) -> str:
        """The events, for a title."""
        if self._act:
            return f"{words.gerund(self._act.split()[0].lower())} {self._act.partition(' ')[2]} " + counted(
                count, "times"
            )
        return counted(count, self._what)

    def counted(self) -> list[Statement]:
        """One event fewer, and the one that counts."""
        within = f" within {self._window}" if self._window else ""
        name = "number of times" if self._act else f"number of {self._what}"
        found = []
        if self._times > 1:
            fewer = self._times - 1
            outcome = f"{self._who} {self._be} not {self._done}"
            found.append(
                self._said.case(
                    f"{outcome} after {self._told(fewer)}{within}",
                    (f"{self._make(fewer)}{within}",),
                    (outcome,),
                    technique=Technique.BOUNDARY_VALUE,
                    data=((name, str(fewer)),),
                    negative=True,
                )
            )
        outcome = f"{self._who} {self._be} {self._done}"
        found.append(
            self._said.case(
                f"{outcome} after {self._told(self._times)}{within}",
                (f"{self._make(self._times)}{within}",),
                (outcome,),
                technique=Technique.BOUNDARY_VALUE,
                data=((name, str(self._times)),),
            )
        )
        return found

    def spread(self) -> list[Statement]:
        """As many events, but the last of them too late."""
        if not self._window or self._times < 2:  # noqa: PLR2004  # the first and the last are two
            return []
        later = _beside(self._window, after=True)
        spread = f"{self._told(self._times)} {'is' if self._act else 'are'} spread"
        again = f"{self._act} again" if self._act else "Make one more"
        outcome = f"{self._who} {self._be} not {self._done}"
        return [
            self._said.case(
                f"{outcome} when {spread} over {later}",
                (
                    self._make(self._times - 1),
                    f"{again} {later} after the first {'time' if self._act else 'one'}",
                ),
                (outcome,),
                technique=Technique.BOUNDARY_VALUE,
                data=(("time from the first to the last", later),),
                negative=True,
                supposed=True,
            )
        ]

    def lasting(self) -> list[Statement]:
        """Shortly before its end, and at its end."""
        if not self._lasts:
            return []
        within = f" within {self._window}" if self._window else ""
        done = f"{self._make(self._times)}{within}"
        before = _beside(self._lasts, after=False)
        still = f"{self._who} {self._be} still {self._done}"
        over = f"{self._who} {self._be} no longer {self._done}"
        name = f"time since {self._who} {'were' if self._be == 'are' else 'was'} {self._done}"
        return [
            self._said.case(
                f"{still} {before} later",
                (done, f"Let {before} pass"),
                (still,),
                technique=Technique.BOUNDARY_VALUE,
                data=((name, before),),
            ),
            self._said.case(
                f"{over} {self._lasts} later",
                (done, f"Let {self._lasts} pass"),
                (over,),
                technique=Technique.BOUNDARY_VALUE,
                data=((name, self._lasts),),
                supposed=True,
            ),
        ]


def _beside(span: str, *, after: bool) -> str:
    """The span next to a span: a little longer, or a little shorter."""
    limit = constraints(f"It takes at most {span}." if after else f"It takes at least {span}.")
    found: list[Point] = [point for one in limit for point in points(one) if not point.inside]
    if found:
        return found[0].text
    return f"more than {span}" if after else f"less than {span}"
