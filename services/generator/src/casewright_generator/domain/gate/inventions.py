"""Numbers and quoted texts that come from nowhere."""

from collections.abc import Iterator
from decimal import Decimal

from casewright_common.events import CaseDraft, GateFinding
from casewright_generator.domain.gate import quantities
from casewright_generator.domain.gate.checks import found
from casewright_generator.domain.gate.facts import Facts, claims
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.planning.conditions import normal

_ALWAYS = frozenset({Decimal(0), Decimal(1), Decimal(2)})
"""One thing, another one, or none: any test may use them."""


def numbers(case: CaseDraft, known: Facts, planned: Facts, sample: Facts) -> Iterator[GateFinding]:
    """Numbers that neither are known nor follow from the case's condition."""
    said = claims(case)
    told = quantities.claimed(said)
    allowed = known.numbers | planned.numbers | sample.numbers | _ALWAYS
    unknown = {value: raw for value, raw in told.items() if value not in allowed}
    if not unknown:
        return
    beside = frozenset().union(*(quantities.neighbours(one) for one in planned.numbers))
    amounts = known.amounts | planned.amounts | sample.amounts
    same = {number for number, amount in quantities.measured(said) if amount in amounts}
    for value, raw in unknown.items():
        if value in beside or value in same or _adds_up(value, told, planned.numbers):
            continue
        yield found("invented_number", f"Nothing says {raw}.")


def _adds_up(value: Decimal, told: dict[Decimal, str], goals: frozenset[Decimal]) -> bool:
    """Whether it makes the condition's number together with another one of the case: 8 and 3 more are 11."""
    return any(value + other in goals or abs(value - other) in goals for other in told if other != value)


def quotes(case: CaseDraft, known: Facts, planned: Facts, sample: Facts) -> Iterator[GateFinding]:
    """Quoted texts that nobody wrote."""
    for quote in dict.fromkeys(quotations(claims(case))):
        if not normal(quote) or any(_has(facts, quote) for facts in (known, planned, sample)):
            continue
        yield found("invented_quote", f"Nothing says “{quote}”.")


def _has(facts: Facts, quote: str) -> bool:
    return facts.says(quote) or quote.casefold() in facts.folded
