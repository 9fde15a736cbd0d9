"""The rule by which a generation's cost is reckoned."""

from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import Criterion, CriterionOrigin
from casewright_gateway.domain.estimate import RULE, Bounds, estimate
from casewright_gateway.domain.records import Model

PRICE = Model("openai/x", "openai", 2.0, 10.0, None)
BOUNDS = Bounds(calls=3, output_tokens=1000)


def criteria(number: int) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(id=f"AC-{n + 1}", text="x" * 16, origin=CriterionOrigin.LIST) for n in range(number)
    )


def test_the_range_follows_the_stated_rule() -> None:
    least, most = estimate("t" * 100, "x" * 1860, criteria(2), price=PRICE, bounds=BOUNDS)
    # 6,000 + 100 + 1,860 + 2 times 20 characters
    assert (least.calls, least.input_tokens, least.output_tokens) == (1, 2000, 400)
    assert (most.calls, most.input_tokens, most.output_tokens) == (3, 3 * 7000, 3000)
    assert least.usd == (2000 * 2 + 400 * 10) / 1_000_000
    assert most.usd == (21_000 * 2 + 3000 * 10) / 1_000_000
    for figure in ("6,000", "200 tokens", "20,000", "40,000"):
        assert figure in RULE


def test_an_unknown_price_leaves_the_tokens() -> None:
    for price in (None, Model("x", "x", 1.0, None, None)):
        least, most = estimate("t", "x", (), price=price, bounds=BOUNDS)
        assert (least.usd, most.usd) == (None, None)
        assert least.input_tokens > 0


@given(st.integers(0, 200_000), st.integers(0, 300), st.integers(1, 12), st.integers(1, 20_000))
def test_the_least_is_never_more_than_the_most(length: int, number: int, calls: int, output: int) -> None:
    bounds = Bounds(calls=calls, output_tokens=output)
    least, most = estimate("t", "x" * length, criteria(number), price=PRICE, bounds=bounds)
    assert least.input_tokens <= most.input_tokens <= calls * 30_100
    assert least.output_tokens <= most.output_tokens
    assert least.usd is not None
    assert most.usd is not None
    assert 0 < least.usd <= most.usd
