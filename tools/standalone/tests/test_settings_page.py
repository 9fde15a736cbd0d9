"""docs/settings.md lists every setting of every service, as it is."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from casewright_standalone.settings_page import SERVICES, TOOLS, page, rows

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "settings.md"
VARIABLE = re.compile(r"`(CASEWRIGHT_[A-Z0-9_]+)`")


def listed() -> set[str]:
    return set(VARIABLE.findall(PAGE.read_text(encoding="utf-8")))


def test_the_page_is_as_the_settings_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make schemas`"


@pytest.mark.parametrize("settings", [*SERVICES.values(), *TOOLS.values()])
def test_every_setting_says_what_it_means_and_what_it_may_be(settings: type[BaseModel]) -> None:
    for row in rows(settings):
        assert row.meaning, f"{row.variable} has no line under Attributes"
        assert row.values, row.variable


def test_groups_lists_and_bounds_are_told() -> None:
    text = page()
    for line in (
        "| `CASEWRIGHT_REDIS__URL` | secret | none |",
        "| `CASEWRIGHT_MODEL__TEMPERATURE` | number, ≥ 0, ≤ 2 | `0` |",
        "| `CASEWRIGHT_MODEL__STREAM` | `watched`, `always`, `never` | `watched` |",
        "| … `weight` of each | whole number, ≥ 1, ≤ 100 | `1` |",
        "| `CASEWRIGHT_OUTBOUND__ALLOWED_HOSTS` | list | none |",
        "| `CASEWRIGHT_PROMPT_VERSIONS` | list |",
    ):
        assert line in text


def test_no_secret_has_a_default() -> None:
    for settings in (*SERVICES.values(), *TOOLS.values()):
        for row in rows(settings):
            assert "secret" not in row.values or row.default in {"none", "**required**"}, row.variable


@pytest.mark.parametrize("service", SERVICES)
def test_compose_sets_only_what_the_service_has(service: str) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    known = {row.variable.strip("`") for row in rows(SERVICES[service])}
    assert set(compose["services"][service]["environment"]) <= known


@pytest.mark.parametrize(
    "page_name", ["docs/runbook.md", "docs/connect-jira.md", "ARCHITECTURE.md", "README.md"]
)
def test_a_variable_that_a_page_names_is_there(page_name: str) -> None:
    named = set(VARIABLE.findall((ROOT / page_name).read_text(encoding="utf-8")))
    assert named <= listed(), page_name


def test_what_compose_asks_of_the_operator_stands_in_the_example() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    given = set(
        re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert asked == given
