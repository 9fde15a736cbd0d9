"""Addresses of a Jira site."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from casewright_common.errors import UpstreamRejectedError


def checked_site(site_url: str, *, allow_http: bool) -> str:
    """The site's address without a trailing slash, where credentials may be sent to it.

    Args:
        site_url: As somebody configured it.
        allow_http: Whether plain http is taken for any host; otherwise for loopback only.

    Raises:
        UpstreamRejectedError: It is no plain https address; the detail says why.
    """
    try:
        parts = urlsplit(site_url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise UpstreamRejectedError("jira", "the connection's site address is malformed") from error
    if parts.username is not None or parts.password is not None:
        raise UpstreamRejectedError("jira", "the connection's site address must not hold credentials")
    if not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise UpstreamRejectedError("jira", "the connection's site address must be scheme and host only")
    if parts.scheme != "https" and not (parts.scheme == "http" and (allow_http or _is_loopback(host))):
        raise UpstreamRejectedError("jira", "the connection's site address must start with https://")
    return f"{parts.scheme}://{parts.netloc}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def comment_url(site: str, issue_key: str, comment_id: str) -> str:
    """Where a person sees the comment."""
    return f"{site}/browse/{issue_key}?focusedCommentId={comment_id}"


def issue_url(site: str, issue_key: str) -> str:
    """Where a person sees the issue."""
    return f"{site}/browse/{issue_key}"
