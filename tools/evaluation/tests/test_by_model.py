"""The model path, measured through the service's own code, against an endpoint that does what it is told."""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from casewright_evaluation import command, stories
from casewright_evaluation.by_model import drawn
from casewright_evaluation.figures import Evaluation, Figure
from casewright_evaluation.measuring import evaluate
from casewright_evaluation.options import Options
from casewright_evaluation.settings import EvaluationSettings
from casewright_generator.settings import ModelSettings
from casewright_generator.testing import OpenAIDouble, error_reply

pytestmark = [
    # LiteLLM builds its models when first called, and pydantic has a word to say about them and their use.
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
    pytest.mark.filterwarnings("ignore:Accessing the 'model_"),
]
MODEL = "openai/some"
KEY = "sk-only-for-this-test-0123456789"


@pytest.fixture
def endpoint() -> Iterator[OpenAIDouble]:
    """On a loop of its own: the evaluation runs one, and is no coroutine."""
    loop = asyncio.new_event_loop()
    double = OpenAIDouble()
    loop.run_until_complete(double.__aenter__())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield double
    asyncio.run_coroutine_threadsafe(double.__aexit__(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def measured(endpoint: OpenAIDouble, *, sample: int = 2) -> Evaluation:
    settings = EvaluationSettings(
        evaluation_key=SecretStr(KEY), model=ModelSettings(call_timeout_s=10, longest_retry_wait_s=0)
    )
    options = Options(("model",), model=MODEL, api_base=endpoint.url, stories=sample, settings=settings)
    return evaluate(options, lambda _: None)


def figures(evaluation: Evaluation) -> dict[str, Figure]:
    return {one.key: one for section in evaluation.sections for one in section.figures}


def test_the_first_answer_the_repair_and_what_the_designer_filled_are_told_apart(
    endpoint: OpenAIDouble,
) -> None:
    found = figures(measured(endpoint))
    assert {request["model"] for request in endpoint.requests} == {"some"}
    assert set(endpoint.keys) == {KEY}
    # What it writes is about a password, whatever the story: the gate turns it down, and asks again once.
    assert found["model.first"].value < 1
    assert found["model.calls"].value == 2
    assert found["model.conditions.repaired"].value < 1
    assert found["model.designer"].value > 0
    assert found["model.rejected"].value > 0
    assert any(key.startswith("model.rejected.") for key in found)
    assert found["model.tokens.read"].value == 240
    assert found["model.tokens.written"].value == 60
    assert found["model.seconds"].value > 0
    # Whatever the model does, what goes out holds.
    assert found["cases.conditions.delivered"].holds
    assert found["cases.grounded.delivered"].holds
    assert found["cases.duplicates.delivered"].value == 0
    assert found["cases.conditions.baseline"].of == found["cases.conditions.delivered"].of
    assert "model.usd" not in found, "nobody knows what an endpoint of one's own costs"


def test_a_model_as_good_as_the_designer_leaves_it_nothing_to_do(endpoint: OpenAIDouble) -> None:
    made = drawn(stories.load("tuning"), 1)[0].made
    fields = {"title", "preconditions", "data", "steps"}
    answer = [
        {"condition": condition.id, **case.model_dump(mode="json", include=fields)}
        for case in made.cases
        if (condition := made.plan.find(case.condition)) is not None
    ]
    endpoint.write = lambda _: json.dumps({"cases": answer})
    found = figures(measured(endpoint, sample=1))
    assert found["model.first"].value == found["model.conditions.first"].value == 1
    assert found["model.designer"].value == 0
    assert found["model.calls"].value == 1
    assert found["model.criteria"].value == found["cases.criteria.baseline"].value
    assert "model.gave_up.model_cases_rejected" not in found


def test_answers_that_cannot_be_read_are_counted_and_the_designer_steps_in(endpoint: OpenAIDouble) -> None:
    endpoint.write = lambda _: "Sure! Here are your cases."
    found = figures(measured(endpoint))
    assert found["model.unreadable"].value == 2
    assert found["model.gave_up.model_answer_unusable"].value == 2
    assert "model.first" not in found, "it wrote no case that could pass"
    assert found["model.designer"].value == 1
    assert found["cases.conditions.delivered"].holds


def test_a_key_that_is_refused_costs_one_call_and_is_named(endpoint: OpenAIDouble) -> None:
    endpoint.replies = [error_reply(401), error_reply(401)]
    found = figures(measured(endpoint))
    assert found["model.gave_up.model_key_rejected"].value == 1
    assert found["model.gave_up.model_circuit_open"].value == 1


def test_without_a_key_the_section_is_left_out_with_the_reason() -> None:
    options = Options(sections=("model",), model=MODEL, settings=EvaluationSettings(evaluation_key=None))
    (section,) = evaluate(options, lambda _: None).sections
    assert not section.figures
    assert "CASEWRIGHT_EVALUATION_KEY" in section.skipped[0]


def test_nobody_is_asked_unless_a_model_is_named() -> None:
    evaluation = evaluate(Options(sections=("model",)), lambda _: None)
    assert evaluation.status == 0
    assert "--model" in evaluation.sections[0].note


def test_the_key_stands_nowhere_in_the_report(endpoint: OpenAIDouble, tmp_path: Path) -> None:
    settings = EvaluationSettings(evaluation_key=SecretStr(KEY))
    options = Options(("model",), model=MODEL, api_base=endpoint.url, stories=1, settings=settings)
    told: list[str] = []
    command.run(
        options, tell=told.append, show=lambda one: told.append(repr(one)), folder=tmp_path, page=None
    )
    assert any(f"by {MODEL}" in line for line in told)
    written = "".join(path.read_text() for path in tmp_path.iterdir())
    assert KEY not in written + "".join(told)


def test_a_sample_grows_by_adding_and_holds_no_story_without_anything_to_write() -> None:
    some = stories.load("tuning")[:8]
    silent = some[0].model_copy(update={"title": "Upload", "description": "", "criteria": ()})
    three = [one.name for one in drawn(some, 3)]
    assert [one.name for one in drawn(reversed(some), 2)] == three[:2]
    assert drawn([silent], 9) == []
