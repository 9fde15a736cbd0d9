"""Where a story stands, decided from all facts known about it, in whatever order they came."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casewright_common.events import GenerationOutcome


class StoryStatus(StrEnum):
    """Where a story stands."""

    PENDING = "pending"
    """Its newest revision has no result yet."""
    CASES = "cases"
    """There are cases; they don't stand in Jira yet."""
    NEEDS_DETAIL = "needs_detail"
    """It says too little to test; there are questions instead."""
    FAILED = "failed"
    """Nothing could be written."""
    SYNCED = "synced"
    """The cases stand in Jira."""
    REMOVED = "removed"
    """The story is gone."""


@dataclass(frozen=True)
class StoryFacts:
    """What the events so far say about one story; zeros and `None` where nothing came yet.

    Attributes:
        revision: Newest revision of its content.
        generation: Newest generation; `generated_revision` is the revision it is for.
        decided_generation: Newest number under which its cases were told anew after a decision.
        failed_revision: Revision that the newest failure is for; 0 where it doesn't say.
        synced_generation: Newest generation of which Jira's state is known.
    """

    revision: int = 0
    removed: bool = False
    generation: int = 0
    generated_revision: int = 0
    decided_generation: int = 0
    outcome: GenerationOutcome | None = None
    generated_at: datetime | None = None
    failed_revision: int = 0
    failed_at: datetime | None = None
    synced_generation: int = 0
    synced_outcome: str | None = None


def status_of(facts: StoryFacts) -> StoryStatus:
    """The one status that a story is shown with."""
    if facts.removed or (
        facts.outcome is GenerationOutcome.RETIRED and facts.generated_revision >= facts.revision
    ):
        return StoryStatus.REMOVED
    if _failure_stands(facts):
        return StoryStatus.FAILED
    if facts.outcome is None or facts.generated_revision < facts.revision:
        return StoryStatus.PENDING
    if facts.outcome is GenerationOutcome.NEEDS_DETAIL:
        return StoryStatus.NEEDS_DETAIL
    in_jira = facts.synced_outcome in {"written", "unchanged"}
    latest = max(facts.generation, facts.decided_generation)
    return StoryStatus.SYNCED if in_jira and facts.synced_generation == latest else StoryStatus.CASES


def _failure_stands(facts: StoryFacts) -> bool:
    """Whether the newest failure is about the newest revision, and nothing was generated after it."""
    if facts.failed_at is None:
        return False
    if facts.failed_revision and facts.failed_revision < max(facts.revision, facts.generated_revision):
        return False
    return facts.generated_at is None or facts.failed_at > facts.generated_at
