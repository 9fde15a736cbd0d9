"""Addresses of Jira sites: somebody enters them, and credentials are sent there.

What can be told from the address is checked here; what its name leads to, when it is connected to
(`outbound.guarded_client`, with the same trusted hosts).
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from casewright_common.errors import CasewrightError
from casewright_common.outbound import AddressRefusedError, check_spelled, is_trusted

_LONGEST_HOST = 253


class SiteRefusedError(CasewrightError):
    """No credentials are sent to this address; the text goes on after "the address"."""

    code = "site_refused"
    of_one_owner = True


def site_base(url: str, *, trusted: Collection[str]) -> str:
    """The base address of a site, in lower case and without a trailing slash.

    Args:
        url: `https://name.atlassian.net`; no path, user, query or fragment.
        trusted: `host` or `host:port` that may be private and without TLS, in lower case.

    Raises:
        SiteRefusedError: The address can't be that of a site. The text never holds the address, because
            that may hold a password.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise SiteRefusedError("is malformed") from error
    if (
        not host
        or len(host) > _LONGEST_HOST
        or not host.isascii()
        or any(c.isspace() or c == "%" for c in host)
    ):
        raise SiteRefusedError("is malformed")
    if parts.username is not None or parts.password is not None:
        raise SiteRefusedError("must not hold a user name or password")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise SiteRefusedError("must be the base address only, without a path")
    trust = is_trusted(host, port or (80 if parts.scheme == "http" else 443), trusted)
    if parts.scheme != "https" and not (parts.scheme == "http" and trust):
        raise SiteRefusedError("must start with https://")
    _refuse_inner(host, trust=trust)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


def _refuse_inner(host: str, *, trust: bool) -> None:
    """Refuse early what the connection would be refused for anyway."""
    if host == "localhost" and not trust:
        raise SiteRefusedError("must be a public one")
    try:
        check_spelled(host, plain=False, allow_private=trust)
    except AddressRefusedError as error:
        raise SiteRefusedError("must be a public one") from error
