import pytest

from casewright_common.errors import UpstreamRejectedError
from casewright_jira_sync.domain.site import checked_site, comment_url


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("https://example.atlassian.net", "https://example.atlassian.net"),
        ("https://example.atlassian.net/", "https://example.atlassian.net"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
        ("http://localhost:8090", "http://localhost:8090"),
        ("http://[::1]:8090", "http://[::1]:8090"),
    ],
)
def test_credentials_go_to_https_and_to_this_machine(address: str, base: str) -> None:
    assert checked_site(address, allow_http=False) == base


@pytest.mark.parametrize(
    "address",
    [
        "http://jira.example.com",
        "http://localhost.example.com",
        "ftp://example.atlassian.net",
        "https://",
        "example.atlassian.net",
        "https://me:secret@example.atlassian.net",
        "https://example.atlassian.net/jira",
        "https://example.atlassian.net?x=1",
        "https://example.atlassian.net:port",
        "https://[broken",
    ],
)
def test_credentials_go_nowhere_else(address: str) -> None:
    with pytest.raises(UpstreamRejectedError) as raised:
        checked_site(address, allow_http=False)
    assert "secret" not in str(raised.value)


def test_plain_http_must_be_allowed_by_a_setting() -> None:
    assert checked_site("http://jira-simulator:8090", allow_http=True) == "http://jira-simulator:8090"


def test_a_comment_s_address_opens_it_in_the_issue() -> None:
    assert comment_url("https://x", "SHOP-1", "7") == "https://x/browse/SHOP-1?focusedCommentId=7"
