"""A story that the gateway knows, and what the other services tell of it; for tests."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    CaseStep,
    Coverage,
    Criterion,
    CriterionOrigin,
    EngineUsed,
    GenerationOutcome,
    Story,
    StoryChange,
    StoryChangedV1,
    Technique,
)
from casewright_gateway.domain.records import story_id

CRITERIA = tuple(
    Criterion(id=f"AC-{number}", text=f"Criterion {number}", origin=CriterionOrigin.LIST) for number in (1, 2)
)


def draft(number: int = 1, **more: Any) -> CaseDraft:
    """A case; the same number always has the same id."""
    values = {
        "case_id": UUID(int=number),
        "title": f"Case {number}",
        "technique": Technique.USE_CASE,
        "condition": "A condition",
        "criteria": ("AC-1",),
        "steps": (CaseStep(action="Do it", expected="It is done", criteria=("AC-1",)),),
    }
    return CaseDraft.model_validate(values | more)


@dataclass(frozen=True)
class KnownStory:
    """One story of a configured project; each event that it makes happens a second after the one before."""

    org_id: UUID
    connection_id: UUID
    project_id: UUID
    issue_id: str = "10001"
    issue_key: str = "SHOP-12"
    _seconds: "count[int]" = field(default_factory=lambda: count(1))
    _began: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def id(self) -> UUID:
        """The gateway's id of it."""
        return story_id(self.connection_id, self.issue_id)

    @property
    def about(self) -> dict[str, Any]:
        """What all events about it say."""
        return {
            "event_id": uuid4(),
            "occurred_at": self._began + timedelta(seconds=next(self._seconds)),
            "org_id": self.org_id,
            "connection_id": self.connection_id,
            "issue_id": self.issue_id,
            "issue_key": self.issue_key,
            "project_id": self.project_id,
        }

    def changed(
        self, revision: int = 1, *, change: StoryChange = StoryChange.UPDATED, text: str = "Text"
    ) -> StoryChangedV1:
        """A revision of it."""
        return StoryChangedV1(
            **self.about,
            project_key="SHOP",
            change=change,
            revision=revision,
            content_hash="0",
            updated_at=self._began,
            story=Story(title="Basket", text=text, criteria=CRITERIA, issue_type="Story"),
        )

    def generated(self, generation: int, *cases: CaseDraft, **more: Any) -> CasesGeneratedV1:
        """A generation of its cases."""
        values = {
            "project_key": "SHOP",
            "revision": 1,
            "generation": generation,
            "outcome": GenerationOutcome.CASES,
            "story_title": "Basket",
            "criteria": CRITERIA,
            "cases": cases,
            "engine": EngineUsed(kind="designer"),
            "coverage": Coverage(conditions=len(cases), covered=len(cases), criteria=2),
        }
        return CasesGeneratedV1.model_validate(self.about | values | more)
