"""One request to Jira: authenticated, paced, bounded in time, its failure classified."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from casewright_common.errors import UpstreamRejectedError
from casewright_common.outbound import AddressRefusedError
from casewright_common.sites import SiteRefusedError, site_base
from casewright_common.vault import SecretKind, SecretReader
from casewright_jira_sync.adapters.answers import Complaint
from casewright_jira_sync.adapters.metrics import SyncMetrics
from casewright_jira_sync.adapters.rate_budget import Call, RateBudget
from casewright_jira_sync.domain.pacing import LimitScope, scope_of, told_wait_s
from casewright_jira_sync.errors import (
    CredentialsRefusedError,
    JiraFailedError,
    JiraUnavailableError,
    NotThereError,
)
from casewright_jira_sync.placing import Fence
from casewright_jira_sync.slots import Site

_logger = logging.getLogger(__name__)

AnswerT = TypeVar("AnswerT", bound=BaseModel)

_SHORT_HOLD_S = 1.0
_LONGEST_COMPLAINT = 600
_OVERLOADED = frozenset({408, 425, 502, 503, 504})
_ODD = frozenset({409, 423})
_SERVER_ERROR = 500
_REDIRECT = range(300, 400)
_GOOD = range(200, 300)


@dataclass(frozen=True)
class Request:
    """What is asked.

    Attributes:
        operation: Its name in the metrics.
        issue_id: The issue that is written to, where Jira counts writes to one.
        fence: Called right before a write leaves; `None` makes it a read.
    """

    operation: str
    method: str
    path: str
    params: Mapping[str, str | int] | None = None
    body: Mapping[str, Any] | None = None
    issue_id: str | None = None
    fence: Fence | None = None

    @property
    def write(self) -> bool:
        """Whether it changes something."""
        return self.fence is not None


class JiraHttp:
    """Sends requests to Jira sites; each `send` is one try.

    Args:
        call_s: Longest time of one request, connecting included.
        trusted_sites: As in the settings.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        secrets: SecretReader,
        budget: RateBudget,
        metrics: SyncMetrics,
        *,
        call_s: float,
        trusted_sites: Collection[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._secrets = secrets
        self._budget = budget
        self._metrics = metrics
        self._call_s = call_s
        self._trusted_sites = trusted_sites
        self._clock = clock
        self._refused: dict[UUID, str] = {}

    async def ask(self, site: Site, request: Request, answer: type[AnswerT]) -> AnswerT:
        """Send a request and read its answer.

        Raises:
            JiraFailedError: The answer is not what Jira documents, or as in `send`.
        """
        response = await self.send(site, request)
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            raise JiraFailedError(
                f"{request.operation}: the answer is not a {answer.__name__}", effect_unknown=request.write
            ) from error

    async def send(self, site: Site, request: Request) -> httpx.Response:
        """Send a request; returns only a good answer.

        Raises:
            JiraUnavailableError: No connection, no answer in time, overloaded, or 429.
            JiraFailedError: 500 and the like.
            NotThereError: 404.
            CredentialsRefusedError: 401, now or before with the same credentials.
            UpstreamRejectedError: Anything else that Jira refuses; a redirect; an address that credentials
                must not go to.
            SecretUnreadableError: The vault does not hold the credentials.
        """
        base = self._base(site)
        call = Call(urlsplit(base).netloc, request.write, request.issue_id)
        await self._budget.take(call)
        token = await self._token(site)
        self._ensure_not_refused(site, token)
        response = await self._once(base, site, token, request)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            # The token may just have been replaced; the same one tried again would get the account locked.
            again = await self._token(site)
            if again.get_secret_value() != token.get_secret_value():
                token = again
                response = await self._once(base, site, token, request)
            if response.status_code == httpx.codes.UNAUTHORIZED:
                _logger.warning("Jira refuses the credentials of connection %s", site.connection_id)
                self._refused[site.connection_id] = _fingerprint(site, token)
                self._ensure_not_refused(site, token)
        await self._classify(response, call, request)
        return response

    def _base(self, site: Site) -> str:
        try:
            return site_base(site.site_url, trusted=self._trusted_sites)
        except SiteRefusedError as error:
            raise UpstreamRejectedError("jira", f"the connection's site address {error}") from error

    async def _token(self, site: Site) -> SecretStr:
        return await self._secrets.reveal(
            org_id=site.org_id, kind=SecretKind.JIRA_CREDENTIAL, secret_id=site.credential_ref
        )

    def _ensure_not_refused(self, site: Site, token: SecretStr) -> None:
        if self._refused.get(site.connection_id) == _fingerprint(site, token):
            raise CredentialsRefusedError("401: the site refuses our account or its API token")

    async def _once(self, base: str, site: Site, token: SecretStr, request: Request) -> httpx.Response:
        if request.fence is not None:
            await request.fence()
        began, outcome = self._clock(), "unreachable"
        try:
            async with asyncio.timeout(self._call_s):
                response = await self._http.request(
                    request.method,
                    f"{base}/rest/api/3/{request.path}",
                    params=dict(request.params) if request.params else None,
                    json=request.body,
                    auth=httpx.BasicAuth(site.account_email, token.get_secret_value()),
                    headers={"Accept": "application/json", "X-Atlassian-Token": "no-check"},
                    follow_redirects=False,
                )
            outcome = str(response.status_code)
        except AddressRefusedError as error:
            outcome = "refused"
            raise UpstreamRejectedError("jira", f"the connection's site leads inside: {error}") from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise JiraUnavailableError(f"{request.operation}: no connection") from error
        except (TimeoutError, httpx.TimeoutException) as error:
            outcome = "timeout"
            raise JiraUnavailableError(
                f"{request.operation}: no answer in time", effect_unknown=request.write
            ) from error
        except httpx.TransportError as error:
            raise JiraUnavailableError(
                f"{request.operation}: {type(error).__name__}", effect_unknown=request.write
            ) from error
        finally:
            self._metrics.called(request.operation, outcome, self._clock() - began)
        return response

    async def _classify(self, response: httpx.Response, call: Call, request: Request) -> None:
        status, operation = response.status_code, request.operation
        if status in _GOOD:
            return
        if status == httpx.codes.NOT_FOUND:
            raise NotThereError(f"{operation}: {_complaint(response) or '404'}")
        told = told_wait_s(response.headers, datetime.now(UTC))
        if status == httpx.codes.TOO_MANY_REQUESTS:
            reason = response.headers.get("RateLimit-Reason")
            self._metrics.limited(reason)
            scope = scope_of(reason)
            await self._budget.hold(call, scope, told if told is not None else _SHORT_HOLD_S)
            raise JiraUnavailableError(
                f"{operation}: 429 {reason or 'without a reason'}",
                retry_after_s=told,
                quota=scope is LimitScope.SITE,
            )
        if status in _OVERLOADED:
            if told is not None:
                await self._budget.hold(call, LimitScope.ENDPOINT, told)
            raise JiraUnavailableError(
                f"{operation}: {status}", retry_after_s=told, effect_unknown=request.write
            )
        if status >= _SERVER_ERROR or status in _ODD:
            raise JiraFailedError(f"{operation}: {status}", effect_unknown=request.write)
        if status in _REDIRECT:
            host = urlsplit(response.headers.get("Location", "")).hostname or "elsewhere"
            raise UpstreamRejectedError("jira", f"{operation}: {status}, the site has moved to {host}")
        raise UpstreamRejectedError("jira", f"{operation}: {status} {_complaint(response)}".rstrip())


def _fingerprint(site: Site, token: SecretStr) -> str:
    """Changes with the token and each time that somebody saves the connection."""
    return sha256(f"{site.revision}:{site.account_email}:{token.get_secret_value()}".encode()).hexdigest()


def _complaint(response: httpx.Response) -> str:
    """Jira's own words, bounded."""
    try:
        complaint = Complaint.model_validate_json(response.content)
    except ValidationError:
        return ""
    parts = [*complaint.messages, *(f"{name}: {text}" for name, text in sorted(complaint.errors.items()))]
    return "; ".join(parts)[:_LONGEST_COMPLAINT]
