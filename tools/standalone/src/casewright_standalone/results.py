"""What Casewright did on the simulated site, read from the simulator's ledger and from nowhere else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casewright_standalone.clients import LedgerEntry, Simulator

PROVENANCE = "casewright"
"""Property that every comment of Casewright carries."""


@dataclass(frozen=True)
class Result:
    """What stands on one issue.

    Attributes:
        issue_key: Jira's key.
        created_at: When the issue was made.
        first_at: When the first comment of Casewright was; None without one.
        comments: How many comments Casewright made, deleted ones included.
    """

    issue_key: str
    created_at: datetime
    first_at: datetime | None
    comments: int

    @property
    def seconds(self) -> float | None:
        """From the issue to the comment."""
        return None if self.first_at is None else (self.first_at - self.created_at).total_seconds()


class Results:
    """Follows the ledger from where it stood the last time."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._since = 0
        self._created: dict[str, LedgerEntry] = {}
        self._comments: dict[str, list[LedgerEntry]] = defaultdict(list)

    async def refresh(self) -> None:
        """Read what happened since."""
        entries, self._since = await self._simulator.ledger(self._since)
        self.take(entries)

    def take(self, entries: Sequence[LedgerEntry]) -> None:
        """Add entries, in the ledger's order."""
        for entry in entries:
            if entry.kind == "issue.created":
                self._created[entry.issue_id] = entry
            elif entry.kind == "issue.deleted":
                self._created.pop(entry.issue_id, None)
            elif entry.kind == "comment.created" and PROVENANCE in entry.properties:
                self._comments[entry.issue_id].append(entry)

    def marked(self, key: str) -> Mapping[str, object]:
        """Value of the property `key` of each living issue that was created with it, by issue id."""
        return {
            issue_id: entry.properties[key]
            for issue_id, entry in self._created.items()
            if key in entry.properties
        }

    def of(self, issue_id: str) -> Result:
        """What stands on an issue that was created."""
        created = self._created[issue_id]
        comments = self._comments.get(issue_id, [])
        return Result(
            issue_key=created.issue_key,
            created_at=created.at,
            first_at=comments[0].at if comments else None,
            comments=len(comments),
        )
