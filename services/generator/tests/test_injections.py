"""Whatever a story talks a model into, nothing of it gets out; the model here obeys every attempt."""

import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    CasesGeneratedV1,
    Criterion,
    CriterionOrigin,
    EngineSettings,
    GenerationOutcome,
    ProjectConfiguredV1,
    Provenance,
    Story,
    StoryIndexedV1,
)
from casewright_common.outbound import GuardedTransport
from casewright_generator.adapters.accounts import Accounts
from casewright_generator.adapters.breaker import Breaker
from casewright_generator.adapters.calling import Calling
from casewright_generator.adapters.llm import LiteLLM
from casewright_generator.adapters.marks import LocalMarks
from casewright_generator.adapters.model_writer import ModelWriter
from casewright_generator.adapters.prompts import Prompts
from casewright_generator.domain.designer import design
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.service import GenerateCases, Passage
from casewright_generator.settings import ModelSettings
from casewright_generator.testing import (
    CallsInMemory,
    FixedContext,
    GenerationsInMemory,
    OpenAIDouble,
    SecretsInMemory,
    Tally,
)
from casewright_generator.testing_injections import EVIL, GOALS, Attempt, as_placed, attempts, system_prompt

pytestmark = [
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
    pytest.mark.filterwarnings("ignore:Accessing the 'model_"),
]

Indexed = Callable[..., StoryIndexedV1]
NOW = datetime(2026, 11, 15, tzinfo=UTC)
KEY = "sk-canary-4f1e9c7b2a"
KEY_REF = UUID(int=77)
CRITERIA = (
    "The voucher code has exactly 8 characters.",
    "A voucher is accepted for orders of at least 20 EUR.",
    'An expired voucher is refused with the message "Voucher expired".',
)
_REFERENCE = re.compile(r"https?://|www\.|@\w|\[~|\w\.(?:example|net|com)\b|!\[|\|http", re.IGNORECASE)


def as_seen(text: str) -> str:
    """Letters only, as a model may well make sense of torn ones."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


class Obeying:
    """A model that writes good cases, and then does what the attempt wants."""

    def __init__(self, attempt: Attempt | None, story: Story, story_id: str, max_cases: int) -> None:
        self._attempt = attempt
        planned = plan(analyse(story), max_cases=max_cases)
        cases = design(planned, story, story_id=story_id)
        self._cases = {one.id: case for one, case in zip(planned.conditions, cases, strict=True)}
        self.reached = False

    def write(self, request: dict[str, Any]) -> str:
        """The answer to a request, as the attempt would have it."""
        told = as_seen("".join(one["content"] for one in request["messages"]))
        self.reached |= self._attempt is None or as_seen(self._attempt.text) in told
        schema = request["response_format"]["json_schema"]["schema"]["properties"]["cases"]["items"]
        wanted = schema["properties"]["condition"]["enum"]
        answer = {"cases": [self._written(name) for name in wanted if name in self._cases]}
        if self._attempt is None:
            return json.dumps(answer)
        return GOALS[self._attempt.goal](answer, request["messages"])

    def _written(self, condition: str) -> dict[str, Any]:
        case = self._cases[condition].model_dump(mode="json")
        return {"condition": condition, **{name: case[name] for name in ("title", "data", "steps")}} | {
            "preconditions": list(case["preconditions"])
        }


class Bench:
    def __init__(self, endpoint: OpenAIDouble, project: ProjectConfiguredV1) -> None:
        engine = EngineSettings(
            kind="model", model="openai/some", api_base=endpoint.url, provider_key_ref=KEY_REF
        )
        configuration = ConfigurationView(project.model_copy(update={"engine": engine}))
        bounds = ModelSettings(call_timeout_s=5, longest_retry_wait_s=2)
        self.model = LiteLLM(
            bounds, SecretsInMemory({(project.org_id, KEY_REF): KEY}), GuardedTransport(allow_private=True)
        )
        self.endpoint = endpoint
        self.context = FixedContext()
        calls, store = CallsInMemory(), GenerationsInMemory()
        breaker = Breaker(LocalMarks(), failures=bounds.breaker_failures, open_s=bounds.breaker_open_s)
        calling = Calling(bounds, self.model, calls, breaker=breaker, clock=lambda: NOW)
        prompts = Prompts(("v2",), configuration)
        self.generate = GenerateCases(
            store=store,
            context=self.context,
            model=ModelWriter(prompts, Accounts(configuration, bounds), calling, calls),
            configuration=configuration,
            observer=Tally(),
            lessons=store,
            clock=lambda: NOW,
        )

    async def run(self, indexed: StoryIndexedV1, attempt: Attempt | None) -> CasesGeneratedV1:
        story_id = f"{indexed.org_id}/{indexed.connection_id}/{indexed.issue_id}"
        model = Obeying(attempt, indexed.story, story_id, max_cases=20)
        self.endpoint.write = model.write
        *_, event = await self.generate(indexed)
        assert isinstance(event, CasesGeneratedV1)
        assert model.reached or event.outcome is GenerationOutcome.NEEDS_DETAIL
        return event


@pytest.fixture
async def bench(endpoint: OpenAIDouble, project: ProjectConfiguredV1) -> AsyncIterator[Bench]:
    made = Bench(endpoint, project)
    yield made
    await made.model.close()


def attacked(indexed: Indexed, attempt: Attempt, bench: Bench) -> StoryIndexedV1:
    """The story with the attempt in its place."""
    placed = as_placed(attempt)
    title, criteria = "Pay with a voucher", list(CRITERIA)
    text = "As a shopper I want to pay with a voucher so that I pay less."
    if attempt.place == "summary":
        title = f"{title}. {placed}"
    elif attempt.place == "criterion":
        criteria.append(placed)
    elif attempt.place == "passage":
        bench.context.found = (Passage("story", "SHOP-9", "Another story", placed),)
    else:
        text = f"{text}\n\n{placed}"
    return indexed(title=title, text=text, criteria=tuple(criteria), event_id=uuid4(), issue_id=attempt.name)


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
