"""Who is calling: Basic sign-in for REST, an optional bearer token for the admin API."""

import hmac
from base64 import b64decode
from binascii import Error as Base64Error
from typing import Annotated

from fastapi import Depends, Request, Response

from casewright_jira_simulator.domain.model import Account
from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.simulator import Simulator


def simulator_of(request: Request) -> Simulator:
    """The simulator that this application serves."""
    found: Simulator = request.app.state.simulator
    return found


def signed_in(request: Request, response: Response) -> Account:
    """The account of `Authorization: Basic email:token`, counted against its bursts.

    Raises:
        JiraError: 401, or 429 with the rate-limit headers.
    """
    simulator = simulator_of(request)
    account = _account(simulator, request.headers.get("authorization", ""))
    if account is None:
        raise JiraError(
            401,
            "Client must be authenticated to access this resource.",
            headers={
                "WWW-Authenticate": 'Basic realm="Jira"',
                "X-Seraph-LoginReason": "AUTHENTICATED_FAILED",
            },
        )
    response.headers.update(simulator.limits.call(account.account_id, request.method))
    return account


def _account(simulator: Simulator, header: str) -> Account | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        email, _, token = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError):
        return None
    account = simulator.site.accounts_by_email.get(email.lower())
    if (
        account is None
        or account.token is None
        or not hmac.compare_digest(account.token.encode(), token.encode())
    ):
        return None
    return account


def admin(request: Request) -> None:
    """Refuse the admin API to whoever has not the token, where one is set.

    Raises:
        JiraError: 401.
    """
    wanted = simulator_of(request).settings.admin_token
    if wanted is None:
        return
    given = request.headers.get("authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {wanted.get_secret_value()}".encode()):
        raise JiraError(401, "The admin token is missing or wrong.")


SimulatorDep = Annotated[Simulator, Depends(simulator_of)]
Caller = Annotated[Account, Depends(signed_in)]
