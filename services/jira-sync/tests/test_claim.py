from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from casewright_jira_sync.domain.claim import Granted, Held, Settled, StoryState, Superseded, decide

SETTLED = Settled("written", datetime(2026, 11, 1, tzinfo=UTC))

states = st.builds(
    StoryState,
    generation=st.integers(0, 5),
    leased=st.booleans(),
    lease_left_s=st.floats(-60, 60),
    suspect=st.booleans(),
    settled_generation=st.integers(0, 5),
    settled=st.just(SETTLED),
)


@given(states, st.integers(1, 5))
def test_an_older_generation_is_never_granted(state: StoryState, generation: int) -> None:
    decision = decide(state, generation)
    assert isinstance(decision, Superseded) == (generation < state.generation)


@given(states, st.integers(1, 5))
def test_a_running_lease_is_never_taken(state: StoryState, generation: int) -> None:
    if state.leased and state.lease_left_s > 0:
        assert isinstance(decide(state, generation), Held | Superseded)


@given(states, st.integers(1, 5))
def test_nothing_is_skipped_while_somebody_vanished(state: StoryState, generation: int) -> None:
    decision = decide(state, generation)
    if isinstance(decision, Settled):
        assert not state.leased
        assert not state.suspect
    if isinstance(decision, Granted):
        assert decision.suspect == (state.suspect or state.leased)
