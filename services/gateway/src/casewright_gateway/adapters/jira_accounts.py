"""Asks a Jira site who we are there; never calls an address inside our own network."""

import asyncio
from collections.abc import Collection

import httpx
from pydantic import BaseModel, Field, SecretStr, ValidationError

from casewright_common.errors import UpstreamUnavailableError
from casewright_common.outbound import AddressRefusedError, UnknownHostError, guarded_client
from casewright_gateway.domain.errors import CredentialsRefusedError, InvalidFieldError

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

    Args:
        timeout_s: Longest wait, attempts together.
        trusted_sites: As in the settings.
        pause_s: Wait before the second attempt.
    """

    def __init__(self, *, timeout_s: float, trusted_sites: Collection[str], pause_s: float = PAUSE_S) -> None:
        self._timeout_s = timeout_s
        self._pause_s = pause_s
        self._client = guarded_client(trusted_sites, timeout=httpx.Timeout(timeout_s))

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
        try:
            async with self._client.stream(
                "GET",
                f"{site_url}{MYSELF}",
                headers={"Accept": "application/json"},
                auth=httpx.BasicAuth(email, api_token.get_secret_value()),
            ) as answer:
                body = b""
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_ANSWER_BYTES:
                        break
        except AddressRefusedError as error:
            raise InvalidFieldError("/site_url", "The address must be a public one.") from error
        except UnknownHostError as error:
            raise InvalidFieldError("/site_url", "There is no such host.") from error
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
