"""Watching a generation live."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from casewright_common.errors import CasewrightError
from casewright_common.events import GenerationRequestedV1
from casewright_gateway.domain.records import Run
from casewright_gateway.service.stories import Stories


class ProgressUnavailableError(CasewrightError):
    """Generations can't be watched here."""

    code = "progress_unavailable"


@dataclass(frozen=True)
class Progress:
    """One entry of what the generator tells.

    Attributes:
        id: Where it stands in the stream: what comes after it can be asked for.
        stage: What is being done.
        text: A piece of the model's answer, or what can be said of the stage.
    """

    id: str
    stage: str
    text: str


class ProgressSource(Protocol):
    """What the generator tells of its work."""

    async def watch(self, org_id: UUID, cause_id: UUID) -> None:
        """Let it know that somebody watches, for a while; raises `UpstreamUnavailableError`."""
        ...

    async def read(self, org_id: UUID, cause_id: UUID, *, after: str, wait_s: float) -> Sequence[Progress]:
        """What was told after an entry (`0` for all), at once or within `wait_s`; may be nothing.

        Raises:
            UpstreamUnavailableError: Redis can't be reached or doesn't answer in time.
        """
        ...


@dataclass(frozen=True)
class Pace:
    """How often is looked, in seconds.

    Attributes:
        wait_s: For the generator to tell something.
        renew_s: Between two times that the generator is let know; and at least so often something is sent.
        longest_s: One watch; who wants to go on asks again, from where it ended.
    """

    wait_s: float = 1
    renew_s: float = 10
    longest_s: float = 900


@dataclass(frozen=True)
class WatchGeneration:
    """Follow a run from its request to its end.

    Attributes:
        source: `None` where there is no Redis.
    """

    stories: Stories
    source: ProgressSource | None
    clock: Callable[[], float]
    pace: Pace = Pace()

    async def open(self, org_id: UUID, run_id: UUID) -> Run:
        """The run, when it can be watched.

        Raises:
            NotFoundError: No such run.
            ProgressUnavailableError: It isn't over, and there is no Redis.
            UpstreamUnavailableError: Redis can't be reached.
        """
        run = await self.stories.run(org_id, run_id)
        if run.finished_at is None:
            if self.source is None:
                raise ProgressUnavailableError(
                    "Generations can't be watched live without Redis; look at the run from time to time."
                )
            await self.source.watch(org_id, _cause(run))
        return run

    async def follow(self, org_id: UUID, run: Run, *, after: str) -> AsyncIterator[Progress | Run | None]:
        """What the generator tells, and at last the finished run; `None` now and then while nothing happens.

        Raises:
            UpstreamUnavailableError: Redis or PostgreSQL went away meanwhile.
        """
        began = renewed = sent = self.clock()
        while run.finished_at is None and self.source is not None:
            told = await self.source.read(org_id, _cause(run), after=after, wait_s=self.pace.wait_s)
            for each in told:
                after = each.id
                yield each
            now = self.clock()
            if told:
                sent = now
            elif now - sent >= self.pace.renew_s:
                sent = now
                yield None
            if now - began >= self.pace.longest_s:
                return
            if now - renewed >= self.pace.renew_s:
                renewed = now
                await self.source.watch(org_id, _cause(run))
            run = await self.stories.run(org_id, run.id)
            if told and run.finished_at is None:
                await asyncio.sleep(self.pace.wait_s / 10)  # let what comes next come together
        if self.source is not None and run.requested_at is not None:
            for each in await self.source.read(org_id, _cause(run), after=after, wait_s=0):
                yield each
        yield run


def _cause(run: Run) -> UUID:
    """Id of the event that asked for the run."""
    return GenerationRequestedV1.derive_id(run.id)
