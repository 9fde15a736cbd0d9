import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright_common.configuration import Configuration, ConfigurationView
from casewright_common.events import EngineSettings, Provenance, StoryIndexedV1
from casewright_common.outbound import GuardedTransport
from casewright_generator.adapters.accounts import Accounts
from casewright_generator.adapters.answer_cache import AnswerCache, NoCache
from casewright_generator.adapters.answers import AnswerUnusableError, answer_schema, read_answer
from casewright_generator.adapters.breaker import Breaker
from casewright_generator.adapters.calling import Calling
from casewright_generator.adapters.llm import Answer, LiteLLM
from casewright_generator.adapters.marks import LocalMarks
from casewright_generator.adapters.model_writer import ModelWriter
from casewright_generator.adapters.prompts import Prompts
from casewright_generator.domain.planning.plan import plan as make_plan
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment
from casewright_generator.settings import ModelSettings
from casewright_generator.testing import (
    CallsInMemory,
    OpenAIDouble,
    Reply,
    SecretsInMemory,
    error_reply,
    write_all,
)

# LiteLLM builds its models when first called, and pydantic has a word to say about them and their use.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
    pytest.mark.filterwarnings("ignore:Accessing the 'model_"),
]

Indexed = Callable[..., StoryIndexedV1]
NOW = datetime(2026, 11, 15, tzinfo=UTC)


class Bench:
    """A writer with all that it needs, of which tests change what they are about."""

    def __init__(
        self,
        endpoint: OpenAIDouble,
        configuration: Configuration,
        *,
        cache: AnswerCache | None = None,
        secrets: SecretsInMemory | None = None,
        **changes: Any,
    ) -> None:
        self.endpoint = endpoint
        self.calls = CallsInMemory()
        self.pieces: list[str] = []
        bounds = ModelSettings(call_timeout_s=5, longest_retry_wait_s=2, **changes)
        transport = GuardedTransport(allow_private=True)
        self.model = LiteLLM(bounds, secrets or SecretsInMemory(), transport)
        self.marks = LocalMarks()
        self.calling = Calling(
            bounds,
            self.model,
            self.calls,
            breaker=Breaker(self.marks, failures=bounds.breaker_failures, open_s=bounds.breaker_open_s),
            clock=lambda: NOW,
        )
        self.writer = ModelWriter(
            Prompts(bounds.prompt_versions, configuration),
            Accounts(configuration, bounds),
            self.calling,
            self.calls,
            cache or NoCache(),
        )


@pytest.fixture
async def bench(endpoint: OpenAIDouble, configuration: ConfigurationView) -> AsyncIterator[Bench]:
    made = Bench(endpoint, configuration)
    yield made
    await made.model.close()


@pytest.fixture
def assignment(indexed: Indexed, endpoint: OpenAIDouble) -> Assignment:
    story = indexed()
    plan = make_plan(analyse(story.story), max_cases=20)
    engine = EngineSettings(kind="model", model="openai/some", api_base=endpoint.url)
    return Assignment(uuid4(), story, plan, plan, engine)


def purposes(bench: Bench, assignment: Assignment) -> list[str]:
    return [call.purpose for call in bench.calls.made[assignment.cause_id]]


async def test_a_case_per_condition_comes_back_labelled_as_the_models(
    bench: Bench, assignment: Assignment
) -> None:
    cases = await bench.writer.write(assignment)
    assert [case.condition for case in cases] == [one.description for one in assignment.plan.conditions]
    assert {case.provenance for case in cases} == {Provenance.MODEL}
    used = await bench.writer.used(assignment)
    assert (used.kind, used.model, used.prompt_version) == ("model", "openai/some", "v1")
    assert (used.calls, used.input_tokens, used.output_tokens) == (1, 120, 30)


async def test_a_delivery_that_comes_again_reuses_the_answer_that_was_paid_for(
    bench: Bench, assignment: Assignment
) -> None:
    first = await bench.writer.write(assignment)
    assert await bench.writer.write(assignment) == first
    assert bench.endpoint.connections == 1


async def test_a_call_that_a_kill_cut_off_counts_against_the_budget(
    bench: Bench, assignment: Assignment
) -> None:
    for number in range(1, 6):
        await bench.calls.begin(assignment.story.org_id, assignment.cause_id, number=number, purpose="write")
    await bench.writer.write(assignment)
    assert bench.endpoint.connections == 1
    with pytest.raises(ModelFailedError) as failed:
        await bench.writer.write(replace(assignment, gaps=True))
    assert failed.value.reason == "call_budget_exhausted"
    assert bench.endpoint.connections == 1


async def test_what_is_not_json_is_repaired_once(bench: Bench, assignment: Assignment) -> None:
    bench.endpoint.replies = [Reply(text="Sure! Here are your cases.")]
    assert await bench.writer.write(assignment)
    assert purposes(bench, assignment) == ["write", "repair"]
    repair = bench.endpoint.requests[1]["messages"]
    assert [message["role"] for message in repair] == ["system", "user", "assistant", "user"]
    assert "not JSON" in repair[3]["content"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"cases": "none"}', '{"cases": [{"condition": "C-1"}]}', '{"cases": []}', "[" * 5000]
)
async def test_what_stays_unusable_is_rejected(bench: Bench, assignment: Assignment, text: str) -> None:
    bench.endpoint.replies = [Reply(text=text), Reply(text=text)]
    with pytest.raises(ModelFailedError) as failed:
        await bench.writer.write(assignment)
    assert failed.value.reason == "model_answer_unusable"
    assert bench.endpoint.connections == 2
    assert (await bench.writer.used(assignment)).calls == 2


async def test_gaps_are_asked_for_without_a_repair(bench: Bench, assignment: Assignment) -> None:
    bench.endpoint.replies = [Reply(text="no")]
    left = replace(assignment.plan, conditions=assignment.plan.conditions[-2:])
    assert await bench.writer.write(replace(assignment, missing=left, gaps=True)) == ()
    sent = bench.endpoint.requests[0]["messages"][1]["content"]
    assert left.conditions[0].description in sent
    assert f"{assignment.plan.conditions[0].id} (" not in sent


async def test_cases_of_other_conditions_and_repeated_ones_are_left_out(
    bench: Bench, assignment: Assignment
) -> None:
    left = replace(assignment.plan, conditions=assignment.plan.conditions[:1])
    request = {"response_format": {"json_schema": {"schema": answer_schema(assignment)}}}
    bench.endpoint.replies = [Reply(text=write_all(request))]
    cases = await bench.writer.write(replace(assignment, missing=left))
    assert [case.condition for case in cases] == [left.conditions[0].description]


async def test_a_passing_failure_is_waited_out(bench: Bench, assignment: Assignment) -> None:
    bench.endpoint.replies = [error_reply(503, Retry_After="0.1")]
    assert await bench.writer.write(assignment)
    assert purposes(bench, assignment) == ["write", "write"]


async def test_a_model_that_stays_away_is_given_up_within_the_budget(
    endpoint: OpenAIDouble, configuration: ConfigurationView, assignment: Assignment
) -> None:
    bench = Bench(endpoint, configuration, max_calls=2)
    bench.endpoint.replies = [error_reply(500)] * 5
    with pytest.raises(ModelFailedError) as failed:
        await bench.writer.write(assignment)
    assert failed.value.reason == "model_unavailable"
    assert bench.endpoint.connections == 2
    await bench.model.close()


async def test_a_provider_that_asks_for_an_hour_is_not_waited_for(
    bench: Bench, assignment: Assignment
) -> None:
    bench.endpoint.replies = [error_reply(429, Retry_After="3600")]
    with pytest.raises(ModelFailedError) as failed:
        await bench.writer.write(assignment)
    assert failed.value.reason == "model_unavailable"
    assert bench.endpoint.connections == 1


async def test_the_answer_is_kept_as_it_came(bench: Bench, assignment: Assignment) -> None:
    await bench.writer.write(assignment)
    (call,) = await bench.calls.calls(assignment.story.org_id, assignment.cause_id)
    assert isinstance(call.answer, Answer)
    assert call.answer.text.startswith('{"cases"')


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["cases", "condition", "title", "steps", "action", "x"]), inner)
        ),
        max_leaves=12,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_read_or_refused(assignment: Assignment, answer: Any) -> None:
    with suppress(AnswerUnusableError):
        assert read_answer(json.dumps(answer), assignment)


def test_what_postgresql_cannot_hold_is_taken_out(assignment: Assignment) -> None:
    answer = {
        "cases": [
            {
                "condition": assignment.plan.conditions[0].id,
                "title": "Nul \x00 and half \ud83d a smile",
                "steps": [{"action": "Open\x00 it.", "criteria": ["AC-1", "AC-99"]}],
            }
        ]
    }
    (case,) = read_answer(json.dumps(answer), assignment)
    assert (case.title, case.steps[0].action) == ("Nul  and half  a smile", "Open it.")
    assert case.steps[0].criteria == ("AC-1",)
    assert case.model_dump_json()


def answer_of(assignment: Assignment) -> str:
    return write_all({"response_format": {"json_schema": {"schema": answer_schema(assignment)}}})


@pytest.mark.parametrize(
    "around",
    [
        "Here you are:\n\n{}",
        "{}\n\nI hope that helps!",
        "Sure.\n```json\n{}\n```\nAnything else?",
        "```\n{}",
        "<think>They want {{ braces }}.</think>",
    ],
)
def test_prose_around_the_json_is_skipped(assignment: Assignment, around: str) -> None:
    plain = answer_of(assignment)
    text = around.replace("{}", plain) if "{}" in around else f"{around}\n```json\n{plain}\n```"
    assert read_answer(text, assignment) == read_answer(plain, assignment)


@pytest.mark.parametrize(
    ("slip", "mended"),
    [('"assumption": false}', '"assumption": false,}'), ('"data": [],', '"data": [],,'), ("false", "False")],
)
def test_slips_are_mended(assignment: Assignment, slip: str, mended: str) -> None:
    plain = answer_of(assignment)
    assert slip in plain
    assert read_answer(plain.replace(slip, mended), assignment) == read_answer(plain, assignment)


def test_of_an_answer_that_was_cut_off_the_complete_cases_are_taken(assignment: Assignment) -> None:
    plain = answer_of(assignment)
    whole = read_answer(plain, assignment)
    ends = [at for at in range(len(plain)) if plain.startswith('{"condition"', at)]
    for number, begin in enumerate(ends):
        for cut in (begin + 5, begin + 60, begin + 150):
            if number == 0:
                with pytest.raises(AnswerUnusableError):
                    read_answer(plain[:cut], assignment)
            else:
                assert read_answer(plain[:cut], assignment) == whole[:number]


def test_cases_without_the_shape_are_left_out_and_named_where_there_is_no_other(
    assignment: Assignment,
) -> None:
    answer = json.loads(answer_of(assignment))
    answer["cases"][0]["steps"] = []
    assert len(read_answer(json.dumps(answer), assignment)) == len(answer["cases"]) - 1
    for case in answer["cases"]:
        case["steps"] = "none"
    with pytest.raises(AnswerUnusableError, match=r"cases\.0\.steps"):
        read_answer(json.dumps(answer), assignment)


@pytest.mark.parametrize(
    "text",
    ["{" * 100_000, "[" * 100_000, '{"cases": [' * 20_000, '"' * 300_000, "\\" * 300_000, "a" * 3_000_000],
    ids=["braces", "brackets", "lists", "quotes", "backslashes", "prose"],
)
def test_rubbish_is_refused_in_no_time(assignment: Assignment, text: str) -> None:
    began = time.process_time()
    with pytest.raises(AnswerUnusableError):
        read_answer(text, assignment)
    assert time.process_time() - began < 5


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_part_of_an_answer_gives_complete_cases_or_none(assignment: Assignment, data: Any) -> None:
    plain = answer_of(assignment)
    begin = data.draw(st.integers(0, 40))
    end = data.draw(st.integers(begin, len(plain)))
    whole = {case.case_id: case for case in read_answer(plain, assignment)}
    with suppress(AnswerUnusableError):
        for case in read_answer(plain[begin:end], assignment):
            assert whole[case.case_id] == case


def test_fences_around_the_json_are_taken_off(assignment: Assignment) -> None:
    request = {"response_format": {"json_schema": {"schema": answer_schema(assignment)}}}
    plain = write_all(request)
    assert read_answer(f"```json\n{plain}\n```", assignment) == read_answer(plain, assignment)
