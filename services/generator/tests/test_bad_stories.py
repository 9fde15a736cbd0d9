"""Whatever somebody writes into an issue ends in cases, questions or a failure to act on; nothing hangs."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    CasesGeneratedV1,
    GenerationFailedV1,
    GenerationOutcome,
    GenerationRequestedV1,
    OmittedKind,
    ProjectConfiguredV1,
    QuestionKind,
    StoryIndexedV1,
)
from casewright_generator.service import GenerateCases, Timing
from casewright_generator.testing import FixedContext, GenerationsInMemory, ScriptedModel, Tally

Indexed = Callable[..., StoryIndexedV1]
LIMIT_S = 60
STORIES: dict[str, dict[str, Any]] = {
    "nothing at all": {"title": "", "text": "", "criteria": ()},
    "only spaces": {"title": "   ", "text": "\n\n\t", "criteria": ()},
    "only code": {
        "title": "NPE",
        "text": "```\nfor (int i = 0; i < 10; i++) { a[i]++; }\n```",
        "criteria": (),
    },
    "only a picture": {"title": "See picture", "text": "!image-20261101.png|thumbnail!", "criteria": ()},
    "a megabyte of one word": {"title": "Export", "text": "lorem " * 170_000, "criteria": ()},
    "a criterion as long as a book": {"criteria": ("The user must see " + "a very long list and " * 20_000,)},
    "2,000 bullets": {"criteria": tuple(f"The user can open page {number}." for number in range(2000))},
    "right to left": {
        "title": "إعادة تعيين كلمة المرور",
        "criteria": ("يجب أن تتكون كلمة المرور من 8 أحرف على الأقل.",),
    },
    "emoji": {"title": "🚀🚀🚀", "text": "👍🏽 🎉", "criteria": ("✅ 🔒 → 📧",)},
    "zero-width": {"criteria": ("The\u200b pass\u200dword\ufeff must have 8 characters.",)},
    "a table without a header": {
        "text": "guest | no | yes\nadmin | yes | yes",
        "criteria": ("guest | no | yes",),
    },
    "criteria that contradict": {
        "criteria": (
            "The password must have at least 8 characters.",
            "The password must have at least 12 characters.",
        )
    },
    "the same criterion again and again": {"criteria": ("The user can log out.",) * 50},
    "nothing but punctuation": {"title": "...", "text": "???", "criteria": ("---", "***", "|||")},
}


def generating(configuration: ConfigurationView, store: GenerationsInMemory) -> GenerateCases:
    return GenerateCases(
        store=store,
        context=FixedContext(),
        model=ScriptedModel(),
        configuration=configuration,
        observer=Tally(),
        clock=lambda: datetime(2026, 11, 1, 12, tzinfo=UTC),
        lessons=store,
        timing=Timing(poll_s=0.01, unknown_story_s=0.05),
    )


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("engine", ["designer", "model"])
async def test_every_story_ends_in_cases_questions_or_a_failure_to_act_on(
    name: str,
    engine: str,
    configuration: ConfigurationView,
    model_configuration: ConfigurationView,
    indexed: Indexed,
    requested: Callable[..., GenerationRequestedV1],
) -> None:
    store = GenerationsInMemory()
    generate = generating(configuration if engine == "designer" else model_configuration, store)
    for cause in (indexed(**STORIES[name]), requested(), indexed(revision=2, text="Other words.")):
        async with asyncio.timeout(LIMIT_S):
            (event,) = await generate(cause)
        assert isinstance(event, CasesGeneratedV1 | GenerationFailedV1)
        event.model_dump_json()
        if isinstance(event, GenerationFailedV1):
            assert event.detail.endswith(".")
            continue
        assert (event.outcome is GenerationOutcome.CASES) == bool(event.cases)
        assert event.cases or event.open_questions
        assert event.questions == tuple(question.text for question in event.open_questions)


async def test_criteria_that_contradict_are_asked_about(
    configuration: ConfigurationView, indexed: Indexed
) -> None:
    (event,) = await generating(configuration, GenerationsInMemory())(
        indexed(**STORIES["criteria that contradict"])
    )
    assert isinstance(event, CasesGeneratedV1)
    assert QuestionKind.CONTRADICTION in {question.kind for question in event.open_questions}


async def test_what_the_cap_cuts_is_listed(project: ProjectConfiguredV1, indexed: Indexed) -> None:
    capped = ConfigurationView(project.model_copy(update={"max_cases": 2}))
    (event,) = await generating(capped, GenerationsInMemory())(indexed())
    assert isinstance(event, CasesGeneratedV1)
    assert len(event.cases) == 2
    (omission,) = event.omitted
    assert omission.kind is OmittedKind.CONDITIONS
    assert omission.count > 2
    assert "2 cases" in omission.detail


async def test_criteria_beyond_those_that_are_read_are_counted(
    configuration: ConfigurationView, indexed: Indexed
) -> None:
    (event,) = await generating(configuration, GenerationsInMemory())(indexed(**STORIES["2,000 bullets"]))
    assert isinstance(event, CasesGeneratedV1)
    assert {one.kind: one.count for one in event.omitted}[OmittedKind.CRITERIA] == 1800


async def test_nobody_writes_cases_about_what_the_story_leaves_out(
    configuration: ConfigurationView, indexed: Indexed
) -> None:
    story = indexed(
        text="As a customer I want to reset my password by mail.\n\nOut of scope: text messages.",
        criteria=("The customer gets a mail with a link.", "The customer gets text messages with a code."),
    )
    (event,) = await generating(configuration, GenerationsInMemory())(story)
    assert isinstance(event, CasesGeneratedV1)
    assert event.cases
    assert not [case for case in event.cases if "text message" in case.model_dump_json().lower()]


async def test_cases_of_what_the_story_leaves_out_by_now_are_retired(
    configuration: ConfigurationView, indexed: Indexed
) -> None:
    generate = generating(configuration, GenerationsInMemory())
    criteria = ("The customer gets a mail with a link.", "The customer gets text messages with a code.")
    (first,) = await generate(indexed(criteria=criteria))
    assert isinstance(first, CasesGeneratedV1)
    (second,) = await generate(
        indexed(revision=2, criteria=criteria, text="Reset by mail.\n\nOut of scope: text messages.")
    )
    assert isinstance(second, CasesGeneratedV1)
    assert {case.case_id for case in second.retired_cases} == {
        case.case_id for case in first.cases if "AC-2" in case.criteria
    }
    assert {case.criteria for case in second.cases} == {("AC-1",)}


async def test_criteria_say_where_they_stand(configuration: ConfigurationView, indexed: Indexed) -> None:
    text = "Reset the password.\n\n- The reset link expires after 30 minutes."
    (event,) = await generating(configuration, GenerationsInMemory())(
        indexed(text=text, criteria=("The reset link expires after 30 minutes.",))
    )
    assert isinstance(event, CasesGeneratedV1)
    source = event.criteria[0].source
    assert source is not None
    assert text[source.start : source.end] == "The reset link expires after 30 minutes."
