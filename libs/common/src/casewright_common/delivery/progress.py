"""How far one partition is done: the contiguous prefix of finished messages."""

from collections import deque
from typing import Final


class Ticket:
    """One message's place in its partition.

    Attributes:
        offset: The message's offset.
        done: Whether its effect is stored, or it is parked.
    """

    __slots__ = ("done", "offset")

    def __init__(self, offset: int) -> None:
        self.offset: Final = offset
        self.done = False


class PartitionProgress:
    """Tickets of one partition during one assignment, in offset order.

    A revoked partition's progress is thrown away with its tickets: whatever finishes late marks a ticket
    that nobody looks at. Each ticket enters and leaves once, so the cost per message is constant.
    """

    def __init__(self) -> None:
        self._tickets: deque[Ticket] = deque()
        self._position: int | None = None

    def __len__(self) -> int:
        """Messages handed out and not yet behind the committable offset."""
        return len(self._tickets)

    def hand_out(self, offset: int) -> Ticket:
        """Take a ticket for the next message. Offsets grow, not always by one (compaction leaves gaps)."""
        ticket = Ticket(offset)
        self._tickets.append(ticket)
        return ticket

    def committable(self) -> int | None:
        """Offset to resume at: one behind the last of the finished prefix; `None` before the first."""
        tickets = self._tickets
        while tickets and tickets[0].done:
            self._position = tickets.popleft().offset + 1
        return self._position
