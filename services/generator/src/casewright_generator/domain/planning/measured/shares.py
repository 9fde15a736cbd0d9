"""Prices and percentages of a base, reckoned with a base that is made up."""

import re
from decimal import Decimal

from casewright_common.events import Technique
from casewright_generator.domain.language import words
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.cases import Datum, lowered, made, upper
from casewright_generator.domain.planning.measured.points import number, shown
from casewright_generator.domain.planning.measured.sites import Site, phrase
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.requirements.model import ConstraintKind

_HUNDRED = Decimal(100)
_COSTS = re.compile(
    r"^(?P<thing>(?:an?|the|each|every|one)? ?[\w' -]{2,40}?) (?:costs?|is charged at|are charged at|"
    r"is priced at|is)$",
    re.IGNORECASE,
)
_OFF = re.compile(r"^(?:is |are )?(?:off|discount|taken off|less|reduction|cheaper)\b", re.IGNORECASE)
_OFF_BEFORE = re.compile(r"\b(?:discount of|reduced by|reduction of|rebate of|cheaper by)$", re.IGNORECASE)
_ON_TOP = re.compile(r"^(?:on top|more|extra|above)\b(?P<rest>.*)$", re.IGNORECASE)
_PART = re.compile(
    r"\b(?P<thing>deposit|fee|surcharge|commission|down payment|advance|share|cancellation fee) of$",
    re.IGNORECASE,
)


def shares(site: Site) -> list[TestCondition]:
    """The conditions of a price or percentage that is reckoned; none for one that is compared or entered."""
    one = site.constraint
    value = one.high if isinstance(one.high, Decimal) else one.low
    if not isinstance(value, Decimal) or split(site.sentence)[0]:
        return []
    if one.kind is ConstraintKind.MONEY and one.low == one.high:
        return _price(site, value)
    if one.kind is ConstraintKind.PERCENT and (one.low is None or one.low == one.high):
        return _percentage(site, value)
    return []


def _price(site: Site, value: Decimal) -> list[TestCondition]:
    match = _COSTS.match(site.before)
    name = phrase(match["thing"]) if match else ""
    if not name or re.search(r"\bor \d|\bwhen\b|\bif\b", site.after):
        return []
    thing = lowered(words.singular(name) if words.is_plural(name) else name)
    per = re.match(r"^(?:an?|per|a single) (?P<per>[a-z]+)\b", site.after)
    unit = per["per"] if per else ""
    counted = [(1, value), (2, value * 2)]
    return [
        made(
            site,
            f"{upper(name)}: {shown(site.constraint, total)} for {count} {_many(unit or thing, count)}",
            [
                (
                    f"Charge {count} {_many(unit, count)} of {thing}, and look at the amount"
                    if unit
                    else f"Charge {count} {_many(thing, count)}, and look at the amount",
                    f"Exactly {shown(site.constraint, total)} is charged and shown",
                )
            ],
            data=[
                Datum(f"number of {_many(unit or thing, 2)}", str(count), sample=count > 1),
                Datum("amount", shown(site.constraint, total), sample=count > 1),
            ],
            technique=Technique.USE_CASE,
        )
        for count, total in counted
    ]


def _many(noun: str, count: int) -> str:
    return noun if count == 1 else words.plural(noun)


def _percentage(site: Site, value: Decimal) -> list[TestCondition]:
    percent = f"{number(site.constraint, value)} %"
    if _OFF.match(site.after) or _OFF_BEFORE.search(site.before):
        rest = _HUNDRED - value
        return [
            made(
                site,
                f"{percent} off: {rest:f} EUR is charged for a price of 100 EUR",
                [
                    (
                        "Go through the purchase with this price before the reduction: 100 EUR",
                        f"{value:f} EUR is taken off, and {rest:f} EUR is charged",
                    )
                ],
                given=[f"The case of this rule is met: {lowered(site.sentence)}"],
                data=[Datum("price", "100 EUR", sample=True), Datum("charged", f"{rest:f} EUR", sample=True)],
                technique=Technique.USE_CASE,
            )
        ]
    if match := _PART.search(site.before):
        thing = lowered(match["thing"])
        return [
            made(
                site,
                f"{upper(thing)}: {value:f} EUR of a price of 100 EUR",
                [("Go through the purchase with this total: 100 EUR", f"The {thing} is {value:f} EUR")],
                data=[Datum("total", "100 EUR", sample=True), Datum(thing, f"{value:f} EUR", sample=True)],
                technique=Technique.USE_CASE,
            )
        ]
    top = _ON_TOP.match(site.after)
    if top and value == value.to_integral() and site.label:
        base, extra = phrase(site.label) or "limit", int(value)
        name = lowered(base)
        refused = "This is refused or not offered, and a message names the limit"
        return [
            made(
                site,
                f"{upper(name)} of 100: number {100 + extra} is accepted ({percent} on top)",
                [
                    (
                        f"Add one more, number {100 + extra}",
                        f"Number {100 + extra} is accepted as the rule says: {lowered(site.sentence)}",
                    )
                ],
                given=[f"{upper(name)} is set to 100", f"{99 + extra} have been accepted"],
                data=[Datum(name, "100", sample=True), Datum("accepted", str(100 + extra), sample=True)],
            ),
            made(
                site,
                f"{upper(name)} of 100: number {101 + extra} is refused ({percent} on top)",
                [(f"Try to add one more, number {101 + extra}", refused)],
                given=[f"{upper(name)} is set to 100", f"{100 + extra} have been accepted"],
                data=[Datum(name, "100", sample=True), Datum("accepted", str(101 + extra), sample=True)],
                negative=True,
            ),
        ]
    return []
