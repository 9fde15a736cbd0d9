"""A generator whose model obeys whatever a story tells it, and stories that attack it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    CasesGeneratedV1,
    EngineSettings,
    GenerationOutcome,
    ProjectConfiguredV1,
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
from casewright_generator.testing_injections import GOALS, Attempt, as_placed

Indexed = Callable[..., StoryIndexedV1]
"""Makes a story of the given title, text and criteria."""
NOW = datetime(2026, 11, 15, tzinfo=UTC)
KEY = "sk-canary-4f1e9c7b2a"
KEY_REF = UUID(int=77)
CRITERIA = (
    "The voucher code has exactly 8 characters.",
    "A voucher is accepted for orders of at least 20 EUR.",
    'An expired voucher is refused with the message "Voucher expired".',
)


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
    """The generator, in memory, over an endpoint whose model obeys."""

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
        """Generate the story's cases; the attempt, if there is one, reaches the model."""
        story_id = f"{indexed.org_id}/{indexed.connection_id}/{indexed.issue_id}"
        model = Obeying(attempt, indexed.story, story_id, max_cases=20)
        self.endpoint.write = model.write
        *_, event = await self.generate(indexed)
        if not isinstance(event, CasesGeneratedV1):
            raise TypeError(f"No cases came of it, but {event!r}")
        if not model.reached and event.outcome is not GenerationOutcome.NEEDS_DETAIL:
            raise AssertionError("The attempt didn't reach the model.")
        return event


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
