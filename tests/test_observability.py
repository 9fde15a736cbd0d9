"""The dashboard and the alerts speak of metrics that the services export, by labels that they have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, Counter, Histogram

from casewright_common.delivery.metrics import DeliveryMetrics
from casewright_gateway.adapters.outbox_relay import OutboxRelay
from casewright_generator.adapters.metrics import GeneratorMetrics
from casewright_generator.adapters.model_metrics import ModelMetrics
from casewright_ingest.metrics import IngestMetrics
from casewright_jira_sync.adapters.metrics import SyncMetrics

OBSERVABILITY = Path(__file__).parents[1] / "deploy" / "observability"
RUNBOOK = Path(__file__).parents[1] / "docs" / "runbook.md"
NAME = re.compile(r"\bcasewright_[a-z_]+\b")
SELECTOR = re.compile(r"(\bcasewright_[a-z_]+)\{([^}]*)\}")
GROUPED = re.compile(r"\bby \(([^)]*)\)")


async def _nothing(*_: object, **__: object) -> None:
    """Publishes nothing."""


def exported() -> dict[str, set[str]]:
    """Names as they are scraped, each with its labels."""
    registry = CollectorRegistry()
    DeliveryMetrics(registry)
    GeneratorMetrics(registry)
    ModelMetrics(registry)
    IngestMetrics(registry)
    SyncMetrics(registry)
    OutboxRelay("postgresql://nowhere", _nothing, poll_s=1, registry=registry)
    found: dict[str, set[str]] = {}
    for collector in list(registry._collector_to_names):  # noqa: SLF001  # labels show only once used otherwise
        name, labels = collector._name, set(collector._labelnames)  # type: ignore[attr-defined]  # noqa: SLF001
        if isinstance(collector, Histogram):
            found |= {f"{name}_{kind}": labels | {"le"} for kind in ("bucket", "count", "sum")}
        else:
            found[f"{name}_total" if isinstance(collector, Counter) else name] = labels
    return found


def panels() -> Iterator[tuple[str, str]]:
    dashboard: dict[str, Any] = json.loads(
        (OBSERVABILITY / "grafana" / "casewright.json").read_text(encoding="utf-8")
    )
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield f"panel {panel['title']}", target["expr"]


def alerts() -> Iterator[dict[str, Any]]:
    rules = yaml.safe_load((OBSERVABILITY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    for group in rules["groups"]:
        yield from group["rules"]


EXPRESSIONS = [*panels(), *((f"alert {rule['alert']}", rule["expr"]) for rule in alerts())]


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_only_what_is_exported_is_asked_for(where: str, expression: str) -> None:
    known = exported()
    names = NAME.findall(expression)
    assert names, where
    assert set(names) <= known.keys(), where
    labels = set.union(*(known[name] for name in names))
    for name, selector in SELECTOR.findall(expression):
        assert set(re.findall(r"(\w+)[!=]", selector)) <= known[name], where
    for grouped in GROUPED.findall(expression):
        assert {one.strip() for one in grouped.split(",")} <= labels, where
    assert expression.count("(") == expression.count(")"), where
    assert expression.count("{") == expression.count("}"), where


def test_everything_that_is_counted_of_models_is_shown() -> None:
    shown = " ".join(expression for _, expression in EXPRESSIONS)
    registry = CollectorRegistry()
    ModelMetrics(registry)
    for collector in registry._collector_to_names:  # noqa: SLF001  # as above
        assert collector._name in shown  # type: ignore[attr-defined]  # noqa: SLF001


def test_every_alert_says_what_is_wrong_and_where_the_runbook_goes_on() -> None:
    headings = re.findall(r"^## (.+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}
    for rule in alerts():
        said = rule["annotations"]
        assert said["summary"].endswith("."), rule["alert"]
        page, _, anchor = said["runbook"].partition("#")
        assert page == "docs/runbook.md"
        assert anchor in anchors, rule["alert"]
        labels = set(re.findall(r"\$labels\.(\w+)", said["summary"]))
        grouped = {one.strip() for found in GROUPED.findall(rule["expr"]) for one in found.split(",")}
        assert labels <= grouped, rule["alert"]


def test_each_service_is_scraped() -> None:
    scraped = yaml.safe_load((OBSERVABILITY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = scraped["scrape_configs"]
    targets = {one for config in job["static_configs"] for one in config["targets"]}
    services = {"ingest", "embedder", "generator", "jira-sync", "gateway"}
    assert {target.partition(":")[0] for target in targets} == services
