"""How much of a story and its context goes into a prompt: what doesn't fit is said, never cut silently."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from casewright_common.events import CaseDraft, Criterion, Omission, OmittedKind
from casewright_generator.domain.learning.rejected import Rejected

MOST_TEXT = 40_000
"""Characters of a story's text: some 10,000 tokens, more than all but pasted logs."""
MOST_CRITERIA = 40_000
"""Characters of all criteria together."""
MOST_CONTEXT = 12_000
"""Characters of all passages together; a passage is taken whole or not at all."""
MOST_EXAMPLES = 3
MOST_REJECTIONS = 5

ThingT = TypeVar("ThingT")


@dataclass(frozen=True, slots=True)
class Background:
    """A passage that helps to understand a story.

    Attributes:
        source: What it is and where it stands: `document Password policy`, `story SHOP-12`.
    """

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """What goes into the prompt, and what doesn't."""

    text: str
    criteria: tuple[Criterion, ...]
    background: tuple[Background, ...]
    examples: tuple[CaseDraft, ...]
    rejections: tuple[Rejected, ...]
    omitted: tuple[Omission, ...]


def fit(
    text: str,
    criteria: Sequence[Criterion],
    *,
    cited: Iterable[str] = (),
    background: Sequence[Background] = (),
    examples: Sequence[CaseDraft] = (),
    rejections: Sequence[Rejected] = (),
) -> Fitted:
    """Take what fits, the most useful first.

    Args:
        text: Of the story; its beginning is kept.
        criteria: Of the story, in its order, which is kept.
        cited: Ids of the criteria that cases are wanted for: they go before the others.
        background: Best first.
        examples: Best first.
        rejections: Best first.
    """
    wanted = frozenset(cited)
    ranked = sorted(criteria, key=lambda criterion: criterion.id not in wanted)
    kept = {criterion.id for criterion in _within(ranked, MOST_CRITERIA, lambda one: len(one.text))}
    passages = _within(background, MOST_CONTEXT, lambda one: len(one.text))
    return Fitted(
        text=text[:MOST_TEXT],
        criteria=tuple(criterion for criterion in criteria if criterion.id in kept),
        background=passages,
        examples=tuple(examples[:MOST_EXAMPLES]),
        rejections=tuple(rejections[:MOST_REJECTIONS]),
        omitted=tuple(
            _omissions(
                {
                    OmittedKind.TEXT: max(0, len(text) - MOST_TEXT),
                    OmittedKind.CRITERIA: len(criteria) - len(kept),
                    OmittedKind.PASSAGES: len(background) - len(passages),
                    OmittedKind.EXAMPLES: max(0, len(examples) - MOST_EXAMPLES),
                }
            )
        ),
    )


_TOLD = {
    OmittedKind.TEXT: "{count} characters at the end of the story: the model gets the first {most}.",
    OmittedKind.CRITERIA: "{count} criteria: the model gets no more than {most} characters of them.",
    OmittedKind.PASSAGES: "{count} passages of context: the model gets {most} characters of them at most.",
    OmittedKind.EXAMPLES: "{count} accepted cases: the model gets {most} as examples.",
}
_MOST = {
    OmittedKind.TEXT: MOST_TEXT,
    OmittedKind.CRITERIA: MOST_CRITERIA,
    OmittedKind.PASSAGES: MOST_CONTEXT,
    OmittedKind.EXAMPLES: MOST_EXAMPLES,
}


def _omissions(counts: dict[OmittedKind, int]) -> Iterable[Omission]:
    for kind, count in counts.items():
        if count:
            detail = _TOLD[kind].format(count=f"{count:,}", most=f"{_MOST[kind]:,}")
            yield Omission(kind=kind, count=count, detail=detail)


def _within(things: Sequence[ThingT], most: int, size: Callable[[ThingT], int]) -> tuple[ThingT, ...]:
    """The things in order, each whole, as long as they fit; a smaller one may follow one that doesn't."""
    kept, used = [], 0
    for thing in things:
        if used + size(thing) <= most:
            used += size(thing)
            kept.append(thing)
    return tuple(kept)
