from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr, ValidationError

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    AccountConfiguredV1,
    Budget,
    EngineSettings,
    ProjectConfiguredV1,
    ProviderKey,
    StoryIndexedV1,
)
from casewright_generator.adapters.accounts import Accounts, Engine
from casewright_generator.domain.planning.plan import plan as make_plan
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment
from casewright_generator.settings import ModelSettings, SystemKey

Indexed = Callable[..., StoryIndexedV1]
USER = "user-1"
CAUSE = UUID(int=77)
SYSTEM = SystemKey(provider="openai", key=SecretStr("of-the-system"))


def key(number: int, provider: str = "openai", **fields: Any) -> ProviderKey:
    return ProviderKey(
        **{"key_id": UUID(int=number), "key_ref": UUID(int=1000 + number), "provider": provider} | fields
    )


@pytest.fixture
def given(indexed: Indexed, project: ProjectConfiguredV1) -> Callable[..., Engine]:
    story = indexed()
    plan = make_plan(analyse(story.story), max_cases=20)

    def engine(
        *,
        user: dict[str, Any] | None = None,
        organisation: dict[str, Any] | None = None,
        system: dict[str, Any] | None = None,
        requested_by: str | None = USER,
        cause_id: UUID = CAUSE,
        budget: Budget | None = None,
        **wanted: Any,
    ) -> Engine:
        configuration = ConfigurationView(project.model_copy(update={"budget": budget}))
        for user_id, account in ((USER, user), (None, organisation)):
            if account is not None:
                event = AccountConfiguredV1(
                    event_id=uuid4(),
                    occurred_at=story.occurred_at,
                    org_id=story.org_id,
                    user_id=user_id,
                    revision=1,
                    **account,
                )
                configuration.apply(event)
        assignment = Assignment(
            cause_id,
            story,
            plan,
            plan,
            EngineSettings(kind="model", **wanted),
            requested_by=requested_by,
        )
        return Accounts(configuration, ModelSettings(**(system or {}))).engine(assignment)

    return engine


def payers(engine: Engine) -> list[str]:
    return [route.payer for route in engine.routes]


def test_the_projects_key_goes_first_then_user_organisation_and_system(
    given: Callable[..., Engine],
) -> None:
    own = UUID(int=5)
    engine = given(
        user={"keys": (key(1),)},
        organisation={"keys": (key(2),)},
        system={"keys": (SYSTEM,)},
        model="openai/gpt-4o",
        provider_key_ref=own,
    )
    assert payers(engine) == ["organisation", "user", "organisation", "system"]
    assert [route.key_ref for route in engine.routes] == [own, UUID(int=1001), UUID(int=1002), None]


def test_without_the_setting_only_the_first_who_has_a_key_is_asked(given: Callable[..., Engine]) -> None:
    accounts = {"user": {"keys": (key(1), key(3))}, "organisation": {"keys": (key(2),)}}
    assert payers(given(**accounts, model="openai/gpt-4o", next_payer=False)) == ["user", "user"]
    assert payers(given(organisation={"keys": (key(2),)}, model="openai/gpt-4o", next_payer=False)) == [
        "organisation"
    ]


def test_on_a_change_of_the_story_the_user_who_agreed_pays_or_else_the_organisation(
    given: Callable[..., Engine],
) -> None:
    accounts = {"user": {"keys": (key(1),)}, "organisation": {"keys": (key(2),)}, "model": "openai/gpt-4o"}
    assert payers(given(**accounts, requested_by=None)) == ["organisation"]
    assert payers(given(**accounts, requested_by=None, payer_user_id=USER)) == ["user", "organisation"]
    assert payers(given(**accounts, requested_by="somebody else", payer_user_id=USER)) == ["organisation"]


def test_what_a_project_leaves_open_is_taken_from_the_user_the_organisation_and_the_system(
    given: Callable[..., Engine],
) -> None:
    user = {"model": "openai/gpt-4o-mini", "temperature": 0.5}
    organisation = {"model": "openai/gpt-4o", "max_output_tokens": 900, "keys": (key(1),)}
    system = {"fallback_model": "openai/gpt-4.1", "temperature": 1.0}
    engine = given(user=user, organisation=organisation, system=system)
    assert [route.model for route in engine.routes] == ["openai/gpt-4o-mini", "openai/gpt-4.1"]
    assert (engine.temperature, engine.max_output_tokens) == (0.5, 900)
    assert given(organisation=organisation, model="openai/gpt-5-mini", temperature=0).model == (
        "openai/gpt-5-mini"
    )


def test_a_fallback_model_of_another_provider_takes_another_key(given: Callable[..., Engine]) -> None:
    engine = given(
        organisation={"keys": (key(1), key(2, "anthropic"))},
        model="openai/gpt-4o",
        fallback_model="anthropic/claude-sonnet-4-5",
    )
    assert [(route.provider, route.key_ref) for route in engine.routes] == [
        ("openai", UUID(int=1001)),
        ("anthropic", UUID(int=1002)),
    ]


def test_keys_of_one_provider_share_the_calls_by_weight(given: Callable[..., Engine]) -> None:
    keys = (key(1, weight=3), key(2, weight=1))
    first = Counter(
        given(organisation={"keys": keys}, model="openai/gpt-4o", cause_id=UUID(int=number)).routes[0].key_ref
        for number in range(400)
    )
    assert 250 < first[UUID(int=1001)] < 350


def test_a_cause_keeps_its_order_of_keys_when_another_is_gone(given: Callable[..., Engine]) -> None:
    keys = tuple(key(number) for number in range(1, 6))
    for number in range(50):
        order = [
            [
                route.key_ref
                for route in given(
                    organisation={"keys": some}, model="openai/gpt-4o", cause_id=UUID(int=number)
                ).routes
            ]
            for some in (keys, keys[1:])
        ]
        assert [one for one in order[0] if one != UUID(int=1001)] == order[1]


def test_a_key_without_a_secret_counts_only_with_an_address(given: Callable[..., Engine]) -> None:
    bare = key(1, "ollama", key_ref=None)
    with pytest.raises(ModelFailedError) as failed:
        given(organisation={"keys": (bare,)}, model="ollama_chat/some")
    assert failed.value.reason == "provider_key_missing"
    there = bare.model_copy(update={"api_base": "http://ollama.test"})
    (route,) = given(organisation={"keys": (there,)}, model="ollama_chat/some").routes
    assert route.api_base == "http://ollama.test"


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({}, "model_missing"),
        ({"model": "openai/gpt-4o"}, "provider_key_missing"),
        ({"model": "some-unknown/some"}, "provider_not_supported"),
    ],
)
def test_what_is_missing_is_said(given: Callable[..., Engine], wanted: dict[str, Any], reason: str) -> None:
    with pytest.raises(ModelFailedError) as failed:
        given(**wanted)
    assert failed.value.reason == reason


def test_a_well_known_model_may_be_named_alone(given: Callable[..., Engine]) -> None:
    keys = (key(1), key(2, "anthropic"))
    assert given(organisation={"keys": keys}, model="gpt-4o").model == "openai/gpt-4o"
    assert given(organisation={"keys": keys}, model="claude-sonnet-4-5").model == (
        "anthropic/claude-sonnet-4-5"
    )


def test_all_budgets_of_those_concerned_count(given: Callable[..., Engine]) -> None:
    budget = Budget(limit_usd=5)
    engine = given(user={"budget": budget}, system={"keys": (SYSTEM,)}, budget=budget, model="openai/gpt-4o")
    assert {(limit.scope, limit.budget is not None) for limit in engine.limits} == {
        ("organisation", False),
        ("project", True),
        ("user", True),
    }
    assert {limit.scope for limit in replace(engine).limits} == {"organisation", "project", "user"}


def test_a_key_of_the_system_is_a_secret_and_needs_a_place_to_go() -> None:
    assert "of-the-system" not in repr(ModelSettings(keys=(SYSTEM,)))
    with pytest.raises(ValidationError):
        SystemKey(provider="ollama")
