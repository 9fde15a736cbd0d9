"""The frozen OpenAPI description, held against the application."""

import json
from pathlib import Path
from typing import Any

import pytest

from casewright_gateway.openapi import describe, main
from casewright_gateway.routes.patterns import SENTENCES

FROZEN = Path(__file__).parents[1] / "openapi.json"
METHODS = {"get", "post", "put", "patch", "delete"}


def operations() -> list[tuple[str, dict[str, Any]]]:
    paths = json.loads(FROZEN.read_text())["paths"]
    return [
        (f"{method} {path}", operation)
        for path, item in paths.items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_the_frozen_description_is_that_of_the_application() -> None:
    assert json.loads(FROZEN.read_text()) == describe(), (
        "run: python -m casewright_gateway.openapi > services/gateway/openapi.json"
    )


def test_the_command_prints_the_description(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert json.loads(capsys.readouterr().out)["openapi"].startswith("3.1")


def test_every_operation_can_be_called_by_a_generated_client() -> None:
    ids = [operation["operationId"] for _, operation in operations()]
    assert len(ids) == len(set(ids)) == 53
    for name, operation in operations():
        assert operation["tags"], name
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["security"] == [{"bearer": []}], name
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (name, status)
            elif "text/event-stream" in response.get("content", {}):
                assert operation["operationId"] in {"watchGeneration", "watchStory"}
            elif status != "204":
                assert response["content"]["application/json"]["schema"]["$ref"], (name, status)
        assert {"401", "422", "500", "503"} <= set(operation["responses"]), name
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (name, parameter["name"])


def test_every_form_that_is_wanted_has_a_sentence_for_who_gets_it_wrong() -> None:
    def patterns_in(part: Any) -> set[str]:
        if isinstance(part, list):
            return set().union(*map(patterns_in, part))
        if not isinstance(part, dict):
            return set()
        own = {part["pattern"]} if isinstance(part.get("pattern"), str) else set()
        return own.union(*map(patterns_in, part.values()))

    of_answers = {r"^AC-[1-9]\d*$"}
    assert patterns_in(json.loads(FROZEN.read_text())) - of_answers == set(SENTENCES)


def test_every_reference_leads_somewhere() -> None:
    described = FROZEN.read_text()
    models = json.loads(described)["components"]["schemas"]
    used = {part.split('"')[0] for part in described.split("#/components/schemas/")[1:]}
    assert used <= set(models)
    assert set(models) <= used | {"Problem"}
