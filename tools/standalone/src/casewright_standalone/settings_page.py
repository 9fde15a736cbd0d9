"""`python -m casewright_standalone.settings_page`: prints docs/settings.md, read off the settings classes."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from casewright_common.settings import ENV_PREFIX, NESTED_DELIMITER
from casewright_embedder.settings import EmbedderSettings
from casewright_evaluation.settings import EvaluationSettings
from casewright_gateway.settings import GatewaySettings
from casewright_generator.settings import GeneratorSettings
from casewright_ingest.settings import IngestSettings
from casewright_jira_sync.settings import JiraSyncSettings
from casewright_standalone.settings import StandaloneSettings

SERVICES: dict[str, type[BaseModel]] = {
    "ingest": IngestSettings,
    "embedder": EmbedderSettings,
    "generator": GeneratorSettings,
    "jira-sync": JiraSyncSettings,
    "gateway": GatewaySettings,
}
TOOLS: dict[str, type[BaseModel]] = {
    "The command `casewright`": StandaloneSettings,
    "`casewright evaluate`": EvaluationSettings,
}
_HEAD = """\
# Settings

Environment variables, read and checked when a process starts. A misspelled one, or one out of bounds, ends it
with a sentence that names it. Secrets have no defaults. Lists and objects are written as JSON.

`make schemas` writes this page from the settings classes; what a setting means is said there."""
_TABLE = ("| variable | values | default | meaning |", "| --- | --- | --- | --- |")
_BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "min_length": "length ≥", "max_length": "length ≤"}
_NAMES = {
    str: "text",
    SecretStr: "secret",
    int: "whole number",
    float: "number",
    Path: "path",
    bool: "true, false",
}
_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One variable, or a field of the objects that a variable lists."""

    variable: str
    values: str
    default: str
    meaning: str

    def __str__(self) -> str:
        cells = (self.variable, self.values, self.default, self.meaning)
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def rows(settings: type[BaseModel], prefix: str = ENV_PREFIX) -> Iterator[Row]:
    """A row for each variable that these settings read, groups resolved."""
    meanings = _meanings(settings)
    for name, field in settings.model_fields.items():
        kind = _plain(field.annotation)
        variable = f"{prefix}{name.upper()}"
        if _is_group(kind):
            yield from rows(kind, f"{variable}{NESTED_DELIMITER}")
            continue
        yield Row(f"`{variable}`", _values(field), _default(field), meanings.get(name, ""))
        inner = [_plain(one) for one in get_args(kind) if _is_group(_plain(one))]
        for group in inner:
            for row in rows(group, ""):
                field_name = row.variable.strip("`").lower()
                yield Row(f"… `{field_name}` of each", row.values, row.default, row.meaning)


def page() -> str:
    """The whole page."""
    by_service = {name: list(rows(settings)) for name, settings in SERVICES.items()}
    first, *others = by_service.values()
    common = [row for row in first if all(row in other for other in others)]
    parts = [_HEAD, "## Every service", _table(common)]
    for name, found in by_service.items():
        parts += [f"## {name}", _table([row for row in found if row not in common])]
    for name, settings in TOOLS.items():
        parts += [f"## {name}", _table([row for row in rows(settings) if row not in by_service["generator"]])]
    return "\n\n".join(parts) + "\n"


def _table(found: Sequence[Row]) -> str:
    return "\n".join((*_TABLE, *map(str, found)))


def _meanings(settings: type[BaseModel]) -> dict[str, str]:
    """What the docstrings of the class and of those it inherits from say of each attribute."""
    found: dict[str, str] = {}
    for one in reversed(settings.__mro__):
        if issubclass(one, BaseModel) and one is not BaseModel:
            _, _, attributes = cleandoc(one.__doc__ or "").partition("Attributes:\n")
            found |= {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(attributes)}
    return found


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _plain(annotation: Any) -> Any:
    """The type without `None`."""
    if get_origin(annotation) in {Union, UnionType}:
        rest = [one for one in get_args(annotation) if one is not NoneType]
        return rest[0] if len(rest) == 1 else annotation
    return annotation


def _values(field: FieldInfo) -> str:
    kind = _plain(field.annotation)
    if get_origin(kind) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(kind))
    bounds = [
        f"{sign} {getattr(item, name)}"
        for item in field.metadata
        for name, sign in _BOUNDS.items()
        if getattr(item, name, None) is not None
    ]
    shown = _NAMES.get(kind) or {tuple: "list", dict: "object"}.get(get_origin(kind) or kind, "")
    return ", ".join(filter(None, [shown, *bounds]))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, Path):
        # Beside the checkout, wherever that is.
        return (
            f"`../{Path(*value.parts[value.parts.index('shared') :])}`"
            if "shared" in value.parts
            else f"`{value}`"
        )
    if isinstance(value, tuple):
        return f"`{json.dumps(value)}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


if __name__ == "__main__":
    sys.stdout.write(page())
