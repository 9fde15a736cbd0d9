"""The two HTTP APIs that the commands talk to: the gateway's and the simulator's own."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from casewright_standalone.engines.errors import CommandError
from casewright_standalone.services import SIMULATOR, Wiring

Json = dict[str, Any]
_TIMEOUT_S = 30
_CONNECT_RETRIES = 3
_PAGE = 200
_LEDGER_PAGE = 10_000


@dataclass(frozen=True)
class LedgerEntry:
    """One effect on the simulated site, as far as the commands look at it."""

    at: datetime
    kind: str
    id: str
    issue_id: str
    issue_key: str
    properties: Mapping[str, Any]


class Gateway:
    """The REST API of the gateway, as any integrator sees it."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def find_or_create(self, path: str, wanted: Mapping[str, Any], body: Json) -> Json:
        """The item of a list whose fields are `wanted`, made from `body` if there is none."""
        for item in await self.all(path):
            if all(item.get(name) == value for name, value in wanted.items()):
                return item
        made: Json = await _ask(self._client, "POST", path, json=body)
        return made

    async def all(self, path: str, **query: str) -> list[Json]:
        """All items of a list, page by page."""
        items: list[Json] = []
        cursor: str | None = None
        while True:
            page = {"limit": str(_PAGE), **query, **({"cursor": cursor} if cursor else {})}
            answer = await _ask(self._client, "GET", path, params=page)
            items += answer["items"]
            cursor = answer["next_cursor"]
            if cursor is None:
                return items

    async def get(self, path: str) -> Json:
        """One item."""
        found: Json = await _ask(self._client, "GET", path)
        return found


class Simulator:
    """The simulator's admin API, below `/simulator`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def put_project(self, body: Json) -> None:
        """Create a project, or change it."""
        await _ask(self._client, "POST", "/simulator/projects", json=body)

    async def register_webhook(self, body: Json) -> None:
        """Register a webhook; the same address again is replaced."""
        await _ask(self._client, "POST", "/simulator/webhooks", json=body)

    async def create_issues(self, issues: Sequence[Json]) -> tuple[list[Json], list[Json]]:
        """Create issues as a person.

        Returns:
            What was created, `{"id", "key", "number"}`, and what was refused, both by number in `issues`.
        """
        answer = await _ask(self._client, "POST", "/simulator/issues", json={"issues": list(issues)})
        return answer["issues"], answer["errors"]

    async def ledger(self, since: int = 0) -> tuple[list[LedgerEntry], int]:
        """All effects after `since`, and the number to ask with next time."""
        entries: list[LedgerEntry] = []
        while True:
            query = {"since": since, "limit": _LEDGER_PAGE}
            page = await _ask(self._client, "GET", "/simulator/ledger", params=query)
            entries += [_entry(effect) for effect in page["effects"]]
            since = page["next_since"]
            if not page["more"]:
                return entries, since

    async def pending_deliveries(self) -> int:
        """Webhooks that are not delivered yet."""
        state = await _ask(self._client, "GET", "/simulator/state")
        return int(state["deliveries_pending"])

    async def failed_deliveries(self) -> list[Json]:
        """Webhooks that were given up."""
        query = {"state": "failed", "limit": _LEDGER_PAGE}
        answer = await _ask(self._client, "GET", "/simulator/webhooks/deliveries", params=query)
        found: list[Json] = answer["deliveries"]
        return found


@asynccontextmanager
async def clients(wiring: Wiring) -> AsyncIterator[tuple[Gateway, Simulator]]:
    """Both APIs of a running stack."""
    transport = httpx.AsyncHTTPTransport(retries=_CONNECT_RETRIES)
    async with (
        httpx.AsyncClient(
            base_url=f"{wiring.url('gateway')}/api/v1",
            headers={"Authorization": f"Bearer {wiring.secrets.api_token}"},
            timeout=_TIMEOUT_S,
            transport=transport,
        ) as gateway,
        httpx.AsyncClient(
            base_url=wiring.url(SIMULATOR),
            timeout=_TIMEOUT_S,
            transport=httpx.AsyncHTTPTransport(retries=_CONNECT_RETRIES),
        ) as simulator,
    ):
        yield Gateway(gateway), Simulator(simulator)


async def _ask(client: httpx.AsyncClient, method: str, path: str, **options: Any) -> Any:
    try:
        answer = await client.request(method, path, **options)
    except httpx.HTTPError as error:
        raise CommandError(
            f"{client.base_url.host}:{client.base_url.port} does not answer: {error!r}."
        ) from error
    if answer.is_error:
        raise CommandError(
            f"{method} {answer.request.url} was refused with {answer.status_code}: {answer.text[:300]}"
        )
    return answer.json()


def _entry(effect: Json) -> LedgerEntry:
    return LedgerEntry(
        at=datetime.fromisoformat(effect["at"]),
        kind=effect["kind"],
        id=effect["id"],
        issue_id=effect["issue_id"],
        issue_key=effect["issue_key"],
        properties=effect["properties"],
    )
