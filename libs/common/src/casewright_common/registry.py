"""The frozen JSON Schemas of all events: `make schemas` writes them, a test holds the code to them.

A change of an event shows up as a change of its schema, in a commit of its own, where a reviewer sees
whether consumers that run already can still read it.
"""

import json
import sys
from pathlib import Path
from typing import Any

from casewright_common.events import EVENTS
from casewright_common.topics import SPECS, Topic


def schema_of(topic: Topic) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of what the topic carries, with who writes and who reads it."""
    spec = SPECS[topic]
    schema = EVENTS[topic].model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "x-topic": topic.value,
        "x-producers": list(spec.producers),
        "x-consumers": list(spec.consumers),
        **schema,
    }


def as_text(schema: dict[str, Any]) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def breaking_changes(old: dict[str, Any], new: dict[str, Any], path: str = "") -> list[str]:
    """What a consumer of `old` could not read in a message of `new`, or the other way round.

    Allowed within one version are new optional fields; anything else is a new version on a new topic.

    Returns:
        One sentence per change; empty where there is none.
    """
    problems: list[str] = []
    before, after = old.get("properties", {}), new.get("properties", {})
    problems += [f"{path}{name} was removed" for name in before if name not in after]
    problems += [
        f"{path}{name} is new and has no default"
        for name in after
        if name not in before and "default" not in after[name] and name in new.get("required", [])
    ]
    for name in before:
        if name in after and _shape(before[name]) != _shape(after[name]):
            problems.append(f"{path}{name} changed its type")
    for name, definition in old.get("$defs", {}).items():
        if name in new.get("$defs", {}):
            problems += breaking_changes(definition, new["$defs"][name], f"{path}{name}.")
    return problems


def _shape(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in {"description", "default", "title"}}


def write(folder: Path) -> list[str]:
    """Write every schema into `folder`; returns what would break consumers, and leaves those files alone."""
    folder.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    for topic in Topic:
        path, schema = folder / f"{topic.value}.json", schema_of(topic)
        broken = breaking_changes(json.loads(path.read_text()), schema) if path.exists() else []
        problems += [f"{topic.value}: {problem}" for problem in broken]
        if not broken:
            path.write_text(as_text(schema))
    return problems


if __name__ == "__main__":
    if problems := write(Path(sys.argv[1])):
        sys.exit("These changes need a new version on a new topic:\n  " + "\n  ".join(problems))
