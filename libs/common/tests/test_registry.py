import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from casewright_common.events import EVENTS, TOPICS
from casewright_common.registry import as_text, breaking_changes, schema_of, write
from casewright_common.topics import SPECS, Topic

FOLDER = Path(__file__).parents[1]
EXAMPLES = sorted((FOLDER / "examples").rglob("*.json"))


def frozen(topic: Topic) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((FOLDER / "schemas" / f"{topic.value}.json").read_text())
    return schema


@pytest.mark.parametrize("topic", Topic)
def test_an_event_is_as_its_frozen_schema_says(topic: Topic) -> None:
    written = (FOLDER / "schemas" / f"{topic.value}.json").read_text()
    assert written == as_text(schema_of(topic)), "run `make schemas` and commit what it changes"


@pytest.mark.parametrize("topic", Topic)
def test_every_topic_has_an_example_a_producer_and_a_consumer(topic: Topic) -> None:
    assert any(path.parent.name == topic.value for path in EXAMPLES)
    assert SPECS[topic].producers
    assert SPECS[topic].consumers
    assert f"{EVENTS[topic].TYPE}.v{EVENTS[topic].VERSION}" == topic.value
    assert TOPICS[EVENTS[topic]] is topic


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_example_is_read_and_written_without_loss(path: Path) -> None:
    topic = Topic(path.parent.name)
    example = json.loads(path.read_text())
    validator = Draft202012Validator(frozen(topic), format_checker=FormatChecker())
    validator.validate(example)
    event = EVENTS[topic].model_validate(example)
    # Unset fields are left out, so that an example older than an optional field goes on being read.
    assert json.loads(event.model_dump_json(exclude_unset=True)) == example
    assert event.partition_key


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_field_that_a_newer_producer_adds_does_no_harm(path: Path) -> None:
    event = EVENTS[Topic(path.parent.name)]
    example = json.loads(path.read_text())
    assert event.model_validate(example | {"added_later": 1}) == event.model_validate(example)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-20T09:30:00"])
def test_a_time_that_could_not_be_stored_makes_no_event(moment: str) -> None:
    path = FOLDER / "examples" / "story.changed.v1" / "updated.json"
    example = json.loads(path.read_text())
    with pytest.raises(ValueError, match="time"):
        EVENTS[Topic.STORY_CHANGED].model_validate(example | {"updated_at": moment})


def test_only_optional_fields_may_be_added() -> None:
    old = frozen(Topic.STORY_CHANGED)
    assert breaking_changes(old, old) == []
    optional, required, removed, retyped = (copy.deepcopy(old) for _ in range(4))
    optional["properties"]["extra"] = {"type": "string", "default": ""}
    assert breaking_changes(old, optional) == []
    required["properties"]["extra"] = {"type": "string"}
    required["required"].append("extra")
    assert breaking_changes(old, required) == ["extra is new and has no default"]
    del removed["$defs"]["Story"]["properties"]["title"]
    assert breaking_changes(old, removed) == ["Story.title was removed"]
    retyped["properties"]["revision"]["type"] = "string"
    assert breaking_changes(old, retyped) == ["revision changed its type"]


def test_a_breaking_change_is_reported_and_not_written(tmp_path: Path) -> None:
    assert write(tmp_path) == []
    path = tmp_path / "story.changed.v1.json"
    older = json.loads(path.read_text())
    older["properties"]["gone"] = {"type": "string"}
    path.write_text(json.dumps(older))
    assert write(tmp_path) == ["story.changed.v1: gone was removed"]
    assert "gone" in path.read_text()
