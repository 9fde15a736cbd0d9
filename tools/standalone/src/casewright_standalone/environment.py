"""Holds the environment against everything that the command and the services read from it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource

from casewright_common.settings import ENV_PREFIX, NESTED_DELIMITER
from casewright_jira_simulator.settings import SimulatorSettings
from casewright_standalone.engines.errors import CommandError
from casewright_standalone.run_folder import SERVICES
from casewright_standalone.services import settings_class
from casewright_standalone.settings import SHARED_DATA, StandaloneSettings

_NO_SETTING = "is not a setting of Casewright"
_NOBODYS_PREFIX = "="  # no variable's name can hold it
_GIVEN_BY_THE_STACK = "missing"
_QUOTING = {"value_error", "assertion_error"}  # our own validators: their words may hold the value


class WrongSettingsError(CommandError):
    """Variables of the environment are misspelled or hold what they can't."""


def read_settings(**given: Any) -> StandaloneSettings:
    """Settings of the command: what is given, else the environment's.

    Raises:
        WrongSettingsError: If a `CASEWRIGHT_…` variable is no setting of the command, of a service or of the
            simulator, or its value is not one of theirs; all are named, no value is shown.
    """
    kinds: list[type[BaseSettings]] = [StandaloneSettings, SimulatorSettings]
    kinds += [settings_class(service) for service in SERVICES]
    problems = dict.fromkeys(_unknown(kinds), _NO_SETTING)
    for kind in kinds:
        for name, words in _wrong(kind, given if kind is StandaloneSettings else {}):
            problems.setdefault(name, words)
    if problems:
        listed = "; ".join(f"{name} {words}" for name, words in sorted(problems.items()))
        raise WrongSettingsError(f"Wrong settings: {listed}.")
    return StandaloneSettings(**given)


def _unknown(kinds: list[type[BaseSettings]]) -> Iterator[str]:
    known = set(SHARED_DATA.values())
    groups = set()
    for kind in kinds:
        source = EnvSettingsSource(kind)
        for field_name, field in kind.model_fields.items():
            name = _variable(kind, (field_name,))
            known.add(name)
            if source.field_is_complex(field):
                groups.add(name)
    for variable in EnvSettingsSource(StandaloneSettings).env_vars:
        name = variable.upper()
        group, nested, _ = name.partition(NESTED_DELIMITER)
        if name.startswith(ENV_PREFIX) and group not in (groups if nested else known):
            yield name


def _wrong(kind: type[BaseSettings], given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Variables whose value `kind` refuses, and what it says of each."""
    source = EnvSettingsSource(kind)
    read: dict[str, Any] = {}
    for field_name, field in kind.model_fields.items():
        raw, _, is_complex = source.get_field_value(field, field_name)
        try:
            value = source.prepare_field_value(field_name, field, raw, is_complex)
        except ValueError:
            yield _variable(kind, (field_name,)), "is not JSON"
        else:
            read |= {} if value is None else {field_name: value}
    try:
        # Left to read for itself, it would stop at the first value that isn't JSON.
        kind(_env_prefix=_NOBODYS_PREFIX, **(read | dict(given)))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False, include_context=False):
            if problem["type"] == _GIVEN_BY_THE_STACK and kind is not StandaloneSettings:
                continue
            yield _variable(kind, problem["loc"]), _said(problem["type"], problem["msg"])


def _said(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return _NO_SETTING
    if kind in _QUOTING:
        return "has a value that this setting can't take"
    return f"is wrong: {message[:1].lower()}{message[1:]}"


def _variable(kind: type[BaseSettings], location: tuple[int | str, ...]) -> str:
    """Name of the variable that sets what lies at `location`."""
    path = [part for part in location if isinstance(part, str)]
    return f"{kind.model_config.get('env_prefix', '')}{NESTED_DELIMITER.join(path)}".upper()
