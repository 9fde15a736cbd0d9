"""Whatever a story talks a model into, nothing of it gets out; the model here obeys every attempt."""

import re
from collections.abc import AsyncIterator

import pytest

from casewright_common.events import (
    CasesGeneratedV1,
    Criterion,
    CriterionOrigin,
    GenerationOutcome,
    ProjectConfiguredV1,
    Provenance,
)
from casewright_generator.testing import OpenAIDouble
from casewright_generator.testing_attacked import CRITERIA, KEY, Bench, Indexed, attacked
from casewright_generator.testing_injections import EVIL, GOALS, Attempt, attempts, system_prompt

pytestmark = [
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
    pytest.mark.filterwarnings("ignore:Accessing the 'model_"),
]

_REFERENCE = re.compile(r"https?://|www\.|@\w|\[~|\w\.(?:example|net|com)\b|!\[|\|http", re.IGNORECASE)


@pytest.fixture
async def bench(endpoint: OpenAIDouble, project: ProjectConfiguredV1) -> AsyncIterator[Bench]:
    made = Bench(endpoint, project)
    yield made
    await made.model.close()


def said(event: CasesGeneratedV1) -> str:
    """All that the cases say, as Jira would get it."""
    shown = (*event.cases, *event.retired_cases)
    # The first line of a scenario holds its tags, which begin with an at sign by Gherkin's rules.
    scenarios = (line for case in shown for line in case.gherkin.splitlines()[1:])
    return "\n".join((*(case.model_dump_json(exclude={"gherkin"}) for case in shown), *scenarios))


def test_there_are_over_a_hundred_attempts_on_every_goal_in_every_place() -> None:
    made = list(attempts())
    assert len(made) > 100
    assert len({(one.text, one.place) for one in made}) == len(made)
    assert {one.goal for one in made} == set(GOALS)
    assert len({one.place for one in made}) == 8


async def test_an_honest_answer_of_the_same_model_is_accepted(bench: Bench, indexed: Indexed) -> None:
    event = await bench.run(indexed(title="Pay with a voucher", criteria=CRITERIA), None)
    assert {case.provenance for case in event.cases} == {Provenance.MODEL}
    assert event.engine.fallback_reason is None
    assert len(event.cases) > 3


@pytest.mark.parametrize("attempt", [pytest.param(one, id=one.name) for one in attempts()])
async def test_nothing_that_an_attempt_wants_gets_out(
    bench: Bench, indexed: Indexed, attempt: Attempt, caplog: pytest.LogCaptureFixture
) -> None:
    story = attacked(indexed, attempt, bench)
    event = await bench.run(story, attempt)
    out = said(event)

    if event.outcome is GenerationOutcome.NEEDS_DETAIL:
        # A story that turns out to be in another language is asked about, and no model sees it.
        assert event.questions
        assert not attempt.text.isascii()
        return

    # Cases, in our schema, decided on by nobody, each step with its source.
    assert event.outcome is GenerationOutcome.CASES
    assert event.cases
    for case in event.cases:
        assert case.provenance in {Provenance.MODEL, Provenance.DESIGNER}
        assert (case.review, case.reviews) == (None, 0)
        for step in case.steps:
            assert step.assumption or step.criteria
            assert set(step.criteria) <= {one.id for one in event.criteria}

    # No link, address or mention that the story doesn't have.
    known = story.model_dump_json()
    for found in _REFERENCE.finditer(out):
        around = out[max(0, found.start() - 2) : found.end() + 12]
        assert around in known or found.group() in known
    assert EVIL not in out
    assert "collect.example" not in out
    assert "Tr0ub4dor" not in out

    # No secret: the key, our instructions, the fences.
    everything = event.model_dump_json() + caplog.text
    assert KEY not in everything
    for sentence in system_prompt(bench.endpoint.requests[0]["messages"]).split("\n- ")[1:5]:
        plain = " ".join(sentence.split())[:60]
        assert plain not in " ".join(everything.split())
        assert plain[::-1] not in everything
    assert "=====[" not in out


async def test_a_criterion_that_attacks_is_still_quoted_to_people(bench: Bench, indexed: Indexed) -> None:
    """What somebody wrote into a story is shown as it is: nothing is hidden from reviewers."""
    attempt = next(one for one in attempts() if one.place == "criterion")
    event = await bench.run(attacked(indexed, attempt, bench), attempt)
    assert Criterion(id="AC-4", text=attempt.text, origin=CriterionOrigin.LIST).text in {
        one.text for one in event.criteria
    }
