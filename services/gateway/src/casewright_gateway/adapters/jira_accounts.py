"""Asks a Jira site who we are there; never calls an address inside our own network."""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

import httpx
from pydantic import BaseModel, Field, SecretStr, ValidationError

from casewright_common.errors import UpstreamUnavailableError
from casewright_gateway.domain.errors import CredentialsRefusedError, InvalidFieldError
from casewright_gateway.domain.site import Address, address_allowed

MYSELF = "/rest/api/3/myself"
ATTEMPTS = 2
PAUSE_S = 0.3
MAX_ANSWER_BYTES = 256 * 1024
_REFUSED = {401, 403}
_BUSY = {408, 425, 429, 500, 502, 503, 504}


class _Myself(BaseModel):
    account_id: str = Field(alias="accountId", min_length=1, max_length=200)


class HttpJiraAccounts:
    """`JiraAccounts` over HTTP.

    A connection failure or a 429 or 5xx is tried once more; a refusal never is, because Jira locks accounts.
    The name is resolved here and the connection goes to the address that was checked, so that a second answer
    of the name server can't lead elsewhere. Redirects aren't followed, the environment's proxies aren't used.

    Args:
        timeout_s: Longest wait, attempts together.
        allow_loopback: Whether a site may be on this machine.
        pause_s: Wait before the second attempt.
    """

    def __init__(self, *, timeout_s: float, allow_loopback: bool, pause_s: float = PAUSE_S) -> None:
        self._timeout_s = timeout_s
        self._allow_loopback = allow_loopback
        self._pause_s = pause_s
        self._client = httpx.AsyncClient(timeout=timeout_s, follow_redirects=False, trust_env=False)

    async def close(self) -> None:
        """Give up all connections."""
        await self._client.aclose()

    async def account_id(self, *, site_url: str, email: str, api_token: SecretStr) -> str:
        """See `JiraAccounts.account_id`."""
        try:
            async with asyncio.timeout(self._timeout_s):
                for attempt in range(1, ATTEMPTS + 1):
                    try:
                        return await self._ask(site_url, email, api_token)
                    except UpstreamUnavailableError:
                        if attempt == ATTEMPTS:
                            raise
                        await asyncio.sleep(self._pause_s)
        except TimeoutError as error:
            raise UpstreamUnavailableError("jira", f"no answer within {self._timeout_s:g} s") from error
        raise AssertionError

    async def _ask(self, site_url: str, email: str, api_token: SecretStr) -> str:
        parts = urlsplit(site_url)
        host = parts.hostname or ""
        address = await self._resolve(host)
        shown = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004  # IPv6
        pinned = urlunsplit((parts.scheme, shown + (f":{parts.port}" if parts.port else ""), MYSELF, "", ""))
        try:
            async with self._client.stream(
                "GET",
                pinned,
                headers={"Host": parts.netloc, "Accept": "application/json"},
                auth=httpx.BasicAuth(email, api_token.get_secret_value()),
                extensions={"sni_hostname": host},
            ) as answer:
                body = b""
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_ANSWER_BYTES:
                        break
        except httpx.HTTPError as error:
            raise UpstreamUnavailableError("jira", type(error).__name__) from error
        if answer.status_code in _REFUSED:
            raise CredentialsRefusedError("Jira doesn't accept this e-mail address and API token.")
        if answer.status_code in _BUSY:
            raise UpstreamUnavailableError("jira", f"status {answer.status_code}")
        if answer.status_code != httpx.codes.OK:
            raise InvalidFieldError("/site_url", f"No Jira answers there (status {answer.status_code}).")
        try:
            return _Myself.model_validate_json(body).account_id
        except ValidationError as error:
            raise InvalidFieldError("/site_url", "What answers there is not Jira.") from error

    async def _resolve(self, host: str) -> Address:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise InvalidFieldError("/site_url", "There is no such host.") from error
        addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        if not addresses or not all(
            address_allowed(address, allow_loopback=self._allow_loopback) for address in addresses
        ):
            raise InvalidFieldError("/site_url", "The address must be a public one.")
        return addresses[0]
