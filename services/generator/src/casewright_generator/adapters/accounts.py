"""Whom to ask, with whose key: the project's, then the user's, the organisation's and the system's."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, TypeVar
from uuid import UUID

from pydantic import SecretStr

from casewright_common.configuration import Configuration, require_project
from casewright_common.events import AccountConfiguredV1, EngineSettings, ProviderKey
from casewright_generator.adapters.budgets import Limit
from casewright_generator.adapters.prices import full_name
from casewright_generator.adapters.providers import PROVIDERS, provider_of
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment
from casewright_generator.settings import ModelSettings, SystemKey

Payer = Literal["user", "organisation", "system"]

_UNIT: Final = 2**64
T = TypeVar("T")


@dataclass(frozen=True)
class Route:
    """One way to a model: whose key, where.

    Attributes:
        payer: Whose key it is.
        name: What circuit breakers and logs know it by; says nothing about the key itself.
        model: `provider/model`.
        key_ref: Id of the key in the vault; `None` with `key`, or where none is wanted.
        key: A key of the system.
    """

    payer: Payer
    name: str
    model: str
    key_ref: UUID | None = None
    key: SecretStr | None = None
    api_base: str | None = None
    api_version: str | None = None
    region: str | None = None

    @property
    def provider(self) -> str:
        """The first part of the model's name."""
        return self.model.split("/", 1)[0]


@dataclass(frozen=True)
class Engine:
    """What a generation may ask.

    Attributes:
        routes: In the order to try them: all of the model, then all of the fallback model; at least one.
        limits: Those whose budgets the calls count against.
    """

    routes: tuple[Route, ...]
    temperature: float
    max_output_tokens: int
    limits: tuple[Limit, ...]

    @property
    def model(self) -> str:
        """The model that is wanted."""
        return self.routes[0].model


class Accounts:
    """Resolves what project, user, organisation and system say.

    Args:
        configuration: What was configured for projects and accounts.
        settings: The system's own keys and defaults.
    """

    def __init__(self, configuration: Configuration, settings: ModelSettings) -> None:
        self._configuration = configuration
        self._settings = settings

    def engine(self, assignment: Assignment) -> Engine:
        """What may be asked for this assignment, and at whose expense.

        Raises:
            ModelFailedError: No model is named, or nobody has a key for it.
            NotConfiguredYetError: The project isn't known.
        """
        story, wanted, system = assignment.story, assignment.engine, self._settings
        user_id = assignment.requested_by or wanted.payer_user_id
        user = None if user_id is None else self._configuration.account(story.org_id, user_id)
        organisation = self._configuration.account(story.org_id)
        # In the order of precedence.
        sources = [source for source in (wanted, user, organisation, system) if source is not None]
        model = next((source.model for source in sources if source.model), None)
        if model is None:
            raise ModelFailedError("model_missing", "Neither project nor account names a model.")
        fallback = next((source.fallback_model for source in sources if source.fallback_model), None)
        temperatures = [source.temperature for source in sources if source.temperature is not None]
        lengths = [source.max_output_tokens for source in sources if source.max_output_tokens is not None]
        routes: list[Route] = []
        for name in dict.fromkeys(filter(None, (model, fallback))):
            routes += self._routes(name, assignment, own=name == model, accounts=(user, organisation))
        if not routes:
            raise ModelFailedError("provider_key_missing", f"Nobody has a key for {model}.")
        project = require_project(self._configuration, story.project_id)
        return Engine(
            routes=tuple(routes),
            temperature=temperatures[0],
            max_output_tokens=lengths[0],
            limits=(
                Limit("organisation", "", organisation.budget if organisation else None),
                Limit("project", str(story.project_id), project.budget),
                *([Limit("user", user_id, user.budget if user else None)] if user_id else ()),
            ),
        )

    def _routes(
        self,
        model: str,
        assignment: Assignment,
        *,
        own: bool,
        accounts: tuple[AccountConfiguredV1 | None, AccountConfiguredV1 | None],
    ) -> list[Route]:
        """The ways to one model, the first payer's first."""
        named = full_name(model) or model
        provider = provider_of(named)
        seed = str(assignment.cause_id)
        user, organisation = accounts
        levels: list[list[Route]] = [
            _project_routes(named, assignment.engine) if own else [],
            _account_routes("user", named, user.keys if user else (), provider, seed),
            _account_routes("organisation", named, organisation.keys if organisation else (), provider, seed),
            _system_routes(named, self._settings.keys, provider, seed),
        ]
        levels = [level for level in levels if level]
        if not assignment.engine.next_payer:
            levels = levels[:1]
        return [route for level in levels for route in level]


def _project_routes(model: str, engine: EngineSettings) -> list[Route]:
    if engine.provider_key_ref is None and engine.api_base is None:
        return []
    name = f"{engine.provider_key_ref}@{engine.api_base}"
    return [Route("organisation", name, model, engine.provider_key_ref, api_base=engine.api_base)]


def _account_routes(
    payer: Payer, model: str, keys: Iterable[ProviderKey], provider: str, seed: str
) -> list[Route]:
    mine = [key for key in keys if _same(key.provider, provider) and _usable(key.provider, key)]
    return [
        Route(
            payer=payer,
            name=f"{key.key_id}:{key.key_ref}@{key.api_base}",
            model=model,
            key_ref=key.key_ref,
            api_base=key.api_base,
            api_version=key.api_version,
            region=key.region,
        )
        for key in _shuffled(mine, [str(key.key_id) for key in mine], [key.weight for key in mine], seed)
    ]


def _system_routes(model: str, keys: Sequence[SystemKey], provider: str, seed: str) -> list[Route]:
    mine = [
        (number, key)
        for number, key in enumerate(keys)
        if _same(key.provider, provider) and _usable(key.provider, key)
    ]
    names = [f"system-{number}@{key.api_base}" for number, key in mine]
    chosen = _shuffled(list(zip(names, mine, strict=True)), names, [key.weight for _, key in mine], seed)
    return [
        Route(
            payer="system",
            name=name,
            model=model,
            key=key.key,
            api_base=key.api_base,
            api_version=key.api_version,
            region=key.region,
        )
        for name, (_, key) in chosen
    ]


def _same(one: str, other: str) -> bool:
    return one.removesuffix("_chat") == other.removesuffix("_chat")


def _usable(provider: str, key: ProviderKey | SystemKey) -> bool:
    """Whether there is a key, or an endpoint that wants none."""
    secret = key.key_ref if isinstance(key, ProviderKey) else key.key
    return secret is not None or (provider in PROVIDERS and key.api_base is not None)


def _shuffled(items: Sequence[T], names: Sequence[str], weights: Sequence[int], seed: str) -> list[T]:
    """The items in a random order that the seed fixes, each first as often as its weight says.

    Leaving one out doesn't change the order of the others (weighted rendezvous hashing).
    """

    def score(number: int) -> float:
        drawn = int.from_bytes(sha256(f"{seed}:{names[number]}".encode()).digest()[:8])
        return -math.log((drawn + 0.5) / _UNIT) / weights[number]

    return [items[number] for number in sorted(range(len(items)), key=score)]
