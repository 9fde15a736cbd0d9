"""Whatever order the events of a story come in, and however often: the story is the same in the end."""

import random
from datetime import UTC, datetime, timedelta
from functools import reduce
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import (
    CasesGeneratedV1,
    CasesSyncedV1,
    Coverage,
    EngineUsed,
    GenerationFailedV1,
    GenerationOutcome,
    IssueEvent,
    Story,
    StoryChange,
    StoryChangedV1,
)
from casewright_gateway.domain.story_state import (
    StoryState,
    after_change,
    after_failure,
    after_generation,
    after_sync,
)

BEGAN = datetime(2026, 11, 23, tzinfo=UTC)
ABOUT = {
    "org_id": UUID(int=1),
    "connection_id": UUID(int=2),
    "issue_id": "1",
    "issue_key": "SHOP-1",
    "project_id": UUID(int=3),
}


def event(kind: str, number: int, second: int) -> IssueEvent:
    """The `number`-th event of a kind; the same number always tells the same, but for its time."""
    about = ABOUT | {"event_id": uuid4(), "occurred_at": BEGAN + timedelta(seconds=second)}
    match kind:
        case "change":
            return StoryChangedV1.model_validate(
                about
                | {
                    "project_key": "SHOP",
                    "change": StoryChange.REMOVED if number == 4 else StoryChange.UPDATED,
                    "revision": number,
                    "content_hash": "0",
                    "updated_at": BEGAN,
                    "story": Story(title=f"Title {number}", text="", issue_type="Story"),
                }
            )
        case "generation":
            return CasesGeneratedV1.model_validate(
                about
                | {
                    "project_key": "SHOP",
                    "revision": (number + 1) // 2,
                    "generation": number,
                    "outcome": list(GenerationOutcome)[number % 3],
                    "story_title": f"Title {(number + 1) // 2}",
                    "engine": EngineUsed(kind="designer"),
                    "coverage": Coverage(conditions=number, covered=0, criteria=0),
                }
            )
        case "failure":
            return GenerationFailedV1.model_validate(
                about | {"revision": number, "code": f"code_{number}", "detail": ""}
            )
        case _:
            return CasesSyncedV1.model_validate(
                about | {"revision": (number + 1) // 2, "generation": number, "outcome": "written"}
            )


def after(state: StoryState, told: IssueEvent) -> StoryState:
    match told:
        case StoryChangedV1():
            return after_change(state, told)
        case CasesGeneratedV1():
            return after_generation(state, told)
        case GenerationFailedV1():
            return after_failure(state, told)
        case CasesSyncedV1():
            return after_sync(state, told)
    raise AssertionError(told)


names = st.tuples(
    st.sampled_from(["change", "generation", "failure", "sync"]), st.integers(min_value=1, max_value=4)
)


@given(st.lists(names, min_size=1, max_size=10, unique=True), st.randoms(use_true_random=False))
def test_all_orders_and_repetitions_lead_to_the_same_state(
    told: list[tuple[str, int]], shuffler: random.Random
) -> None:
    events = [event(kind, number, second) for second, (kind, number) in enumerate(told)]
    expected = reduce(after, events, StoryState(issue_key="SHOP-1"))
    again = [*events, *shuffler.sample(events, k=len(events) // 2)]
    shuffler.shuffle(again)
    found = reduce(after, again, StoryState(issue_key="SHOP-1"))
    assert found == expected
    assert found.status is expected.status
