"""Which Jira addresses may be called: a request's address must not lead into our own network."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from casewright_gateway.domain.errors import InvalidFieldError

Address = IPv4Address | IPv6Address
MAX_HOST = 253


def normalise_site(url: str, *, allow_insecure: bool) -> str:
    """The base address of a site, in lower case and without a trailing slash.

    Args:
        url: `https://name.atlassian.net`; no path, user, query or fragment.
        allow_insecure: Whether `http://` and `https://` on loopback are fine too.

    Raises:
        InvalidFieldError: The address can't be that of a Jira site.
    """

    def refuse(why: str) -> InvalidFieldError:
        return InvalidFieldError("/site_url", why)

    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise refuse("This is not an address.") from error
    if not host or len(host) > MAX_HOST or not host.isascii() or any(c.isspace() or c == "%" for c in host):
        raise refuse("This is not an address.")
    if parts.username is not None or parts.password is not None:
        raise refuse("An address must not hold a user name or password.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise refuse("Give the base address only, without a path.")
    loopback = _is_loopback(host)
    if parts.scheme == "http" and not (loopback and allow_insecure):
        raise refuse("The address must start with https://.")
    if parts.scheme not in {"http", "https"}:
        raise refuse("The address must start with https://.")
    literal = _literal(host)
    if literal is not None and not address_allowed(literal, allow_loopback=allow_insecure):
        raise refuse("The address must be a public one.")
    if host == "localhost" and not allow_insecure:
        raise refuse("The address must be a public one.")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


def address_allowed(address: Address, *, allow_loopback: bool) -> bool:
    """Whether a site may be at this IP address: a public one, or loopback where that is allowed."""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    if address.is_loopback:
        return allow_loopback
    return address.is_global and not address.is_multicast


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" if literal is None else literal.is_loopback
