"""What a generation may cost, before anything is asked: a range by a stated rule."""

from dataclasses import dataclass

from casewright_common.events import Criterion
from casewright_gateway.domain.records import Model

CHARACTERS_PER_TOKEN = 4
INSTRUCTION_CHARACTERS = 6_000
"""Our prompt, the schema of the answer, and the test conditions of a story of middling size."""
MOST_TEXT_CHARACTERS = 40_000
MOST_CRITERIA_CHARACTERS = 40_000
MOST_CONTEXT_CHARACTERS = 20_000
"""Passages, examples and rejections together: the generator takes no more into a prompt."""
TOKENS_PER_CASE = 200
_MILLION = 1_000_000

RULE = (
    f"A token is {CHARACTERS_PER_TOKEN} characters. Least: one call with the instructions"
    f" ({INSTRUCTION_CHARACTERS:,} characters), title, text and criteria, and an answer of"
    f" {TOKENS_PER_CASE} tokens for one case per criterion. Most: all calls that a generation may make,"
    f" each with {MOST_CONTEXT_CHARACTERS:,} more characters of passages and examples, and the whole output"
    f" limit. Text and criteria count up to {MOST_TEXT_CHARACTERS:,} characters each, as in the prompt."
)


@dataclass(frozen=True)
class Amount:
    """Tokens of a whole generation, and their price; `usd` is `None` where it isn't known."""

    calls: int
    input_tokens: int
    output_tokens: int
    usd: float | None


@dataclass(frozen=True)
class Bounds:
    """How much a generation may ask for.

    Attributes:
        calls: Most calls.
        output_tokens: Most tokens of one answer.
    """

    calls: int
    output_tokens: int


@dataclass(frozen=True)
class Estimate:
    """The range that a generation's cost lies in; both ends are nothing where the designer writes."""

    engine: str
    model: str | None
    least: Amount
    most: Amount


NOTHING = Amount(calls=0, input_tokens=0, output_tokens=0, usd=0.0)


def estimate(
    title: str, text: str, criteria: tuple[Criterion, ...], *, price: Model | None, bounds: Bounds
) -> tuple[Amount, Amount]:
    """The least and the most that a model is going to be asked; see `RULE`."""
    written = sum(len(each.text) + len(each.id) for each in criteria)
    story = len(title) + min(len(text), MOST_TEXT_CHARACTERS) + min(written, MOST_CRITERIA_CHARACTERS)
    least = _tokens(INSTRUCTION_CHARACTERS + story)
    most = _tokens(INSTRUCTION_CHARACTERS + story + MOST_CONTEXT_CHARACTERS)
    answer = min(bounds.output_tokens, TOKENS_PER_CASE * max(1, len(criteria)))
    return (
        _amount(1, least, answer, price),
        _amount(bounds.calls, most * bounds.calls, bounds.output_tokens * bounds.calls, price),
    )


def _tokens(characters: int) -> int:
    return -(-characters // CHARACTERS_PER_TOKEN)


def _amount(calls: int, input_tokens: int, output_tokens: int, price: Model | None) -> Amount:
    usd = None
    if price is not None:
        given, made = price.input_usd_per_million_tokens, price.output_usd_per_million_tokens
        if given is not None and made is not None:
            usd = (input_tokens * given + output_tokens * made) / _MILLION
    return Amount(calls=calls, input_tokens=input_tokens, output_tokens=output_tokens, usd=usd)
