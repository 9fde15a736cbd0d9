"""Who may write about a story: decided here, stored by the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SyncOutcome = Literal["written", "unchanged", "superseded", "gone"]


@dataclass(frozen=True)
class Settled:
    """How the writing of a generation ended."""

    outcome: SyncOutcome
    at: datetime


@dataclass(frozen=True)
class StoryState:
    """What the ledger knows about a story.

    Attributes:
        generation: The newest generation that anybody claimed; 0 for none.
        leased: Whether somebody claimed the story and has not given it back.
        lease_left_s: Seconds until that lease runs out; not positive where it has.
        suspect: Whether a claimant vanished, or a write of unknown effect was given up: Jira must be searched
            for what the ledger doesn't know.
        settled_generation: The newest generation that was written to the end; 0 for none.
    """

    generation: int = 0
    leased: bool = False
    lease_left_s: float = 0.0
    suspect: bool = False
    settled_generation: int = 0
    settled: Settled | None = None


@dataclass(frozen=True)
class Granted:
    """Go on.

    Attributes:
        suspect: See `StoryState`.
        taken_over: Whether the previous claimant vanished.
        settled: How this very generation ended before, where it did.
    """

    suspect: bool = False
    taken_over: bool = False
    settled: Settled | None = None


@dataclass(frozen=True)
class Held:
    """Somebody else is at it, for at most `left_s` seconds more."""

    left_s: float


@dataclass(frozen=True)
class Superseded:
    """A newer generation was claimed."""


Decision = Granted | Held | Superseded | Settled


def decide(state: StoryState, generation: int) -> Decision:
    """What a claimant of `generation` may do; the caller holds the row's lock.

    Returns:
        `Settled` only where there is nothing to do at all: the generation was written, and nobody vanished.
    """
    if generation < state.generation:
        return Superseded()
    if state.leased and state.lease_left_s > 0:
        return Held(state.lease_left_s)
    settled = state.settled if state.settled_generation == generation else None
    taken_over = state.leased
    suspect = state.suspect or taken_over
    if settled is not None and not suspect:
        return settled
    return Granted(suspect=suspect, taken_over=taken_over, settled=settled)
