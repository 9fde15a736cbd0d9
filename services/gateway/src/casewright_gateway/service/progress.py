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

_NO_REDIS = "Generations can't be watched live without Redis; look at the run from time to time."
_LATEST = 20


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

    async def watch(self, org_id: UUID, name: str) -> None:
        """Let it know that somebody watches, for a while; raises `UpstreamUnavailableError`."""
        ...

    async def now(self) -> str:
        """The id that an entry would have now; raises `UpstreamUnavailableError`."""
        ...

    async def read(self, org_id: UUID, name: str, *, after: str, wait_s: float) -> Sequence[Progress]:
        """What was told after an entry (`0` for all), at once or within `wait_s`; may be nothing.

        Args:
            org_id: The organisation.
            name: Id of the event that asked for a generation; or connection and issue of a story, by a colon.
            after: Id of an entry.
            wait_s: In seconds.

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
                raise ProgressUnavailableError(_NO_REDIS)
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
            # A watcher that leaves in the middle of a query would cost the pool its connection.
            run = await asyncio.shield(self.stories.run(org_id, run.id))
            if told and run.finished_at is None:
                await asyncio.sleep(self.pace.wait_s / 10)  # let what comes next come together
        if self.source is not None and run.requested_at is not None:
            for each in await self.source.read(org_id, _cause(run), after=after, wait_s=0):
                yield each
        yield run


@dataclass(frozen=True)
class WatchStory:
    """Follow all generations of a story as they come, whoever or whatever asked for them.

    Attributes:
        source: `None` where there is no Redis.
    """

    stories: Stories
    source: ProgressSource | None
    clock: Callable[[], float]
    pace: Pace = Pace()

    async def open(
        self, org_id: UUID, story_id: UUID, *, after: str | None
    ) -> AsyncIterator[Progress | Run | None]:
        """What is told from now on, or after an entry; each run once it is over; `None` now and then.

        Raises:
            NotFoundError: No such story.
            ProgressUnavailableError: There is no Redis.
            UpstreamUnavailableError: Redis can't be reached; or, from the iterator, went away meanwhile.
        """
        story = await self.stories.story(org_id, story_id)
        if self.source is None:
            raise ProgressUnavailableError(_NO_REDIS)
        name = f"{story.connection_id}:{story.issue_id}"
        await self.source.watch(org_id, name)
        known = {run.id for run in await self._over(org_id, story_id)}
        return self._follow(self.source, org_id, story_id, name, after or await self.source.now(), known)

    async def _follow(
        self, source: ProgressSource, org_id: UUID, story_id: UUID, name: str, after: str, known: set[UUID]
    ) -> AsyncIterator[Progress | Run | None]:
        began = renewed = sent = looked = self.clock()
        while True:
            told: list[Progress | Run] = []
            told += (entries := await source.read(org_id, name, after=after, wait_s=self.pace.wait_s))
            after = entries[-1].id if entries else after
            now = self.clock()
            if now - looked >= self.pace.wait_s:
                looked = now
                over = [run for run in await self._over(org_id, story_id) if run.id not in known]
                if over:
                    known |= {run.id for run in over}
                    # What was told before the run was over comes before it.
                    told += (entries := await source.read(org_id, name, after=after, wait_s=0))
                    after = entries[-1].id if entries else after
                    told += over
            for each in told:
                yield each
            if told:
                sent = now
            elif now - sent >= self.pace.renew_s:
                sent = now
                yield None
            if now - began >= self.pace.longest_s:
                return
            if now - renewed >= self.pace.renew_s:
                renewed = now
                await source.watch(org_id, name)
            if told:
                await asyncio.sleep(self.pace.wait_s / 10)  # let what comes next come together

    async def _over(self, org_id: UUID, story_id: UUID) -> list[Run]:
        """The story's latest runs that are over, the oldest first."""
        # Shielded, as above.
        page = await asyncio.shield(self.stories.runs(org_id, limit=_LATEST, cursor=None, story_id=story_id))
        return [run for run in reversed(page.items) if run.finished_at is not None]


def _cause(run: Run) -> str:
    """Id of the event that asked for the run."""
    return str(GenerationRequestedV1.derive_id(run.id))
