"""Test cases into Jira, exactly once in effect; `docs/adr/0010-exactly-once-in-jira.md` says how and why."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from casewright_common.configuration import Configuration
from casewright_common.errors import NotConfiguredYetError, UpstreamRejectedError
from casewright_common.events import (
    CasesGeneratedV1,
    CasesSyncedV1,
    GenerationOutcome,
    ProjectConfiguredV1,
    SyncTarget,
)
from casewright_jira_sync.domain.adf import content_hash
from casewright_jira_sync.domain.claim import Decision, Granted, Held, Settled, SyncOutcome
from casewright_jira_sync.domain.comment import render_comment
from casewright_jira_sync.domain.ownership import Mark
from casewright_jira_sync.domain.site import comment_url, issue_url
from casewright_jira_sync.domain.subtask import render_subtask, retired_hash
from casewright_jira_sync.errors import NotThereError
from casewright_jira_sync.lease import Lease, Ledger, Placed, StoryKey
from casewright_jira_sync.placing import Observer, Patience, Placer
from casewright_jira_sync.slots import CommentSlot, Jira, RetiredSlot, Siblings, Site, SubtaskSlot

_LONGEST_POLL_S = 1.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Timing:
    """How long things take; the lease must outlive a call to Jira.

    Attributes:
        call_s: Longest time of one call to Jira.
        lease_s: Time after which a story is taken over from a claimant that vanished.
    """

    call_s: float
    lease_s: float

    def __post_init__(self) -> None:
        if self.lease_s <= self.call_s:
            raise ValueError("a lease must outlive a call to Jira")


@dataclass(frozen=True)
class SyncCases:
    """Show a story's cases in Jira: in its comment, in sub-tasks, or both, as the project has it."""

    configuration: Configuration
    ledger: Ledger
    jira: Jira
    observer: Observer
    timing: Timing
    stories_at_once: int = 64
    patience: Patience = field(default_factory=Patience)
    now: Callable[[], datetime] = _utc_now
    _room: asyncio.Semaphore = field(init=False)
    _site_rooms: dict[UUID, asyncio.Semaphore] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_room", asyncio.Semaphore(self.stories_at_once))

    async def __call__(self, generated: CasesGeneratedV1) -> CasesSyncedV1:
        """Write, or find it written; a redelivery returns the same event.

        Raises:
            NotConfiguredYetError: Project or connection is not known yet.
            JiraUnavailableError, CredentialsRefusedError, StoryBusyError, UpstreamUnavailableError: Wait and
                try again.
            JiraFailedError: Jira fails at this one request.
            UpstreamRejectedError, SecretUnreadableError: It can't be written as things are.
        """
        if not self._is_gone(generated):
            self._configured(generated)
        story = StoryKey(generated.org_id, generated.connection_id, generated.issue_id)
        while True:
            # Room is needed to work, not to wait for somebody else's lease; a slow site gets half of it.
            async with self._room_at(generated.connection_id), self._room:
                owner, began = uuid4(), time.monotonic()
                decision = await self.ledger.claim(
                    story, generated.generation, owner=owner, lease_s=self.timing.lease_s
                )
                if not isinstance(decision, Held):
                    return await self._decided(generated, story, decision, owner, began)
            await asyncio.sleep(min(max(decision.left_s, 0.05), _LONGEST_POLL_S))

    def _room_at(self, connection_id: UUID) -> asyncio.Semaphore:
        return self._site_rooms.setdefault(
            connection_id, asyncio.Semaphore(max(1, self.stories_at_once // 2))
        )

    async def _decided(
        self, generated: CasesGeneratedV1, story: StoryKey, decision: Decision, owner: UUID, began: float
    ) -> CasesSyncedV1:
        if isinstance(decision, Granted):
            lease = Lease(
                self.ledger,
                story,
                generated.generation,
                decision,
                owner=owner,
                lease_s=self.timing.lease_s,
                call_s=self.timing.call_s,
                began=began,
            )
            settled = await self._written(generated, lease)
        elif isinstance(decision, Settled):
            settled = decision
        else:
            settled = Settled("superseded", self.now())
        return await self._synced(generated, story, settled)

    async def _written(self, generated: CasesGeneratedV1, lease: Lease) -> Settled:
        try:
            return await lease.settle(await self._write(generated, lease))
        except Exception:
            # A killed or cancelled attempt leaves its lease to run out, which tells the next one to search.
            await lease.release()
            raise

    async def _write(self, generated: CasesGeneratedV1, lease: Lease) -> SyncOutcome:
        if self._is_gone(generated):
            return "gone"
        project, site = self._configured(generated)
        placer = Placer(lease, self.observer, self.patience)
        known = {(one.kind, one.case_id): one for one in await self.ledger.placed(lease.story)}
        outcomes: set[SyncOutcome] = set()
        try:
            if project.write_comment:
                outcomes.add(await self._write_comment(generated, site, placer, known.get(("comment", None))))
            if project.write_subtasks:
                subtasks = [one for one in known.values() if one.kind == "subtask"]
                outcomes |= await self._write_subtasks(generated, project, site, placer, subtasks)
        except NotThereError:
            return "gone"
        for outcome in ("superseded", "written"):
            if outcome in outcomes:
                return outcome
        return "unchanged"

    def _is_gone(self, generated: CasesGeneratedV1) -> bool:
        """Whether there is nothing to write to any more: the story, its project or its connection."""
        return generated.outcome is GenerationOutcome.RETIRED or self.configuration.is_removed(
            generated.project_id
        )

    def _configured(self, generated: CasesGeneratedV1) -> tuple[ProjectConfiguredV1, Site]:
        project = self.configuration.project_by_id(generated.project_id)
        if project is None:
            raise NotConfiguredYetError(f"project {generated.project_id} is not known")
        site = self.configuration.connection(generated.connection_id)
        if site is None:
            raise NotConfiguredYetError(f"connection {generated.connection_id} is not known")
        if {project.org_id, site.org_id} != {generated.org_id}:
            raise UpstreamRejectedError("jira", "project or connection belongs to another organisation")
        return project, site

    async def _write_comment(
        self, generated: CasesGeneratedV1, site: Site, placer: Placer, known: Placed | None
    ) -> SyncOutcome:
        body = render_comment(generated)
        slot = CommentSlot(self.jira, site, body, _mark(generated, content_hash(body)))
        outcome, _standing = await placer.place(slot, known)
        return outcome

    async def _write_subtasks(
        self,
        generated: CasesGeneratedV1,
        project: ProjectConfiguredV1,
        site: Site,
        placer: Placer,
        known: Iterable[Placed],
    ) -> set[SyncOutcome]:
        outcomes: set[SyncOutcome] = set()
        by_case = {one.case_id: one for one in known}
        # A proposal stands beside its case in the comment; it gets a sub-task once somebody accepts it.
        cases = [case for case in generated.cases if case.proposal_for is None]
        if cases:
            kind = await placer.patiently(
                lambda: self.jira.subtask_type(site, generated.project_key, project.subtask_type)
            )
            siblings = Siblings(self.jira, site, generated.issue_id)
            for case in cases:
                subtask = render_subtask(generated, case)
                slot = SubtaskSlot(
                    self.jira,
                    site,
                    siblings,
                    kind,
                    generated.project_key,
                    subtask,
                    _mark(generated, subtask.hash, case.case_id),
                )
                outcome, _standing = await placer.place(slot, by_case.pop(case.case_id, None))
                outcomes.add(outcome)
        for gone in by_case.values():
            if not gone.retired:
                outcomes.add(await self._retire(generated, site, placer, gone))
        return outcomes

    async def _retire(
        self, generated: CasesGeneratedV1, site: Site, placer: Placer, gone: Placed
    ) -> SyncOutcome:
        mark = _mark(generated, retired_hash(), gone.case_id, retired=True)
        try:
            outcome, _standing = await placer.place(RetiredSlot(self.jira, site, mark), gone)
        except NotThereError:
            await placer.lease.record(
                Placed(
                    "subtask",
                    gone.case_id,
                    gone.jira_id,
                    gone.jira_key,
                    "",
                    generated.generation,
                    retired=True,
                )
            )
            return "unchanged"
        return outcome

    async def _synced(self, generated: CasesGeneratedV1, story: StoryKey, settled: Settled) -> CasesSyncedV1:
        placed = await self.ledger.placed(story) if settled.outcome != "gone" else ()
        return CasesSyncedV1(
            event_id=CasesSyncedV1.derive_id(generated.event_id),
            caused_by=generated.event_id,
            occurred_at=settled.at,
            org_id=generated.org_id,
            connection_id=generated.connection_id,
            issue_id=generated.issue_id,
            issue_key=generated.issue_key,
            project_id=generated.project_id,
            revision=generated.revision,
            generation=generated.generation,
            outcome=settled.outcome,
            targets=self._targets(generated, placed),
        )

    def _targets(self, generated: CasesGeneratedV1, placed: Iterable[Placed]) -> tuple[SyncTarget, ...]:
        site = self.configuration.connection(generated.connection_id)
        base = site.site_url.rstrip("/") if site is not None else ""
        order = {case.case_id: number for number, case in enumerate(generated.cases)}
        shown = sorted(
            (one for one in placed if not one.retired),
            key=lambda one: (
                one.kind,
                order.get(one.case_id, len(order)) if one.case_id else -1,
                one.jira_id,
            ),
        )
        return tuple(
            SyncTarget(
                kind=one.kind,
                id=one.jira_id,
                url=comment_url(base, generated.issue_key, one.jira_id)
                if one.kind == "comment"
                else issue_url(base, one.jira_key),
                case_id=one.case_id,
            )
            for one in shown
        )


def _mark(
    generated: CasesGeneratedV1, hashed: str, case_id: UUID | None = None, *, retired: bool = False
) -> Mark:
    return Mark(
        org_id=generated.org_id,
        issue_id=generated.issue_id,
        case_id=case_id,
        revision=generated.revision,
        generation=generated.generation,
        content_hash=hashed,
        retired=retired,
    )
