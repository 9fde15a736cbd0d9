"""When a publication may leave: at once while there are few, in groups when there are many."""

import asyncio

FEW = 4
GROUP_EVERY_S = 0.003


class Pace:
    """Groups what is published under load, so that one request to Kafka carries many messages.

    A request costs its sender as much time as ten messages do. While no more than a few publications are
    under way none waits; once there are more, they leave together, in their order, every `group_every_s`.
    """

    def __init__(self, group_every_s: float = GROUP_EVERY_S) -> None:
        self._group_every_s = group_every_s
        self._under_way = 0
        self._grouping = False
        self._waiting: list[asyncio.Future[None]] = []

    async def enter(self) -> None:
        """Wait for one's turn; `leave` must follow, whatever happens."""
        self._under_way += 1
        if self._under_way <= FEW and not self._grouping:
            return
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()  # one each: a cancelled caller must not cancel the others
        self._waiting.append(waiter)
        if len(self._waiting) == 1:
            loop.call_later(self._group_every_s, self._let_go)
        await waiter

    def leave(self) -> None:
        """The publication is over."""
        self._under_way -= 1

    def _let_go(self) -> None:
        group, self._waiting = self._waiting, []
        self._grouping = len(group) > FEW
        for waiter in group:
            if not waiter.done():
                waiter.set_result(None)
