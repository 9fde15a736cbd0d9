"""Asking for a story's cases to be written anew."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from casewright_common.events import GenerationRequestedV1
from casewright_gateway.domain.errors import NotApplicableError, NotFoundError
from casewright_gateway.domain.records import Run
from casewright_gateway.domain.story_status import StoryStatus
from casewright_gateway.service.stores import ConfigurationStore


@dataclass(frozen=True)
class RequestGeneration:
    """Store the request as a run and announce it, in one transaction."""

    store: ConfigurationStore
    now: Callable[[], datetime]

    async def __call__(
        self,
        org_id: UUID,
        *,
        story_id: UUID | None,
        issue_key: str | None,
        requested_by: str,
        idempotency_key: str | None,
    ) -> Run:
        """The run; with an idempotency key that came before, the run that it began.

        Raises:
            NotFoundError: No such organisation or story.
            NotApplicableError: The story is gone from Jira, or its project was removed.
            KeyReusedError: The key came before, for another story.
        """
        async with self.store.begin(org_id) as unit:
            await unit.organisation()
            run_id, at = uuid4(), self.now()
            if idempotency_key is not None:
                request = hashlib.sha256(f"{story_id}\n{issue_key}".encode()).digest()
                known = await unit.remember_request(idempotency_key, request, run_id, at)
                if known != run_id:
                    return await unit.run(known)
            story = await unit.story(story_id=story_id, issue_key=issue_key)
            if story.status is StoryStatus.REMOVED:
                raise NotApplicableError("The story is gone from Jira.")
            try:
                project = await unit.project(story.project_id)
            except NotFoundError as error:
                raise NotApplicableError("The story's project was removed.") from error
            run = Run(
                id=run_id,
                story_id=story.id,
                project_id=project.id,
                issue_key=story.issue_key,
                outcome="requested",
                requested_by=requested_by,
                requested_at=at,
                revision=None,
                generation=None,
                case_count=0,
                engine=None,
                coverage=None,
                failure_code=None,
                failure_detail=None,
                started_at=at,
                finished_at=None,
                sync_outcome=None,
                targets=(),
                synced_at=None,
                created_at=at,
            )
            await unit.add_run(run)
            await unit.send(
                GenerationRequestedV1(
                    event_id=GenerationRequestedV1.derive_id(run_id),
                    occurred_at=at,
                    org_id=org_id,
                    connection_id=story.connection_id,
                    issue_id=story.issue_id,
                    issue_key=story.issue_key,
                    project_id=project.id,
                    request_id=run_id,
                    requested_by=requested_by,
                )
            )
            return run
