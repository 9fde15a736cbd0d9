import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from casewright_common.settings import TrustedSites
from casewright_common.sites import SiteRefusedError, site_base

TRUSTED = ("jira-simulator:8090", "127.0.0.1", "localhost", "[::1]", "10.0.0.7:8443", "169.254.169.254")


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("https://Acme.Atlassian.net/", "https://acme.atlassian.net"),
        (" https://acme.atlassian.net:8443 ", "https://acme.atlassian.net:8443"),
        ("https://acme.atlassian.net.", "https://acme.atlassian.net"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]"),
    ],
)
def test_a_site_is_its_base_address(address: str, base: str) -> None:
    assert site_base(address, trusted=()) == base


@pytest.mark.parametrize(
    "address",
    [
        "http://jira-simulator:8090",
        "http://127.0.0.1:8090",
        "http://localhost:8090",
        "http://[::1]:8090",
        "https://10.0.0.7:8443",
    ],
)
def test_without_tls_or_inside_is_only_what_the_operator_trusts(address: str) -> None:
    assert site_base(address, trusted=TRUSTED) == address
    with pytest.raises(SiteRefusedError):
        site_base(address, trusted=())


@pytest.mark.parametrize(
    "address",
    [
        "http://jira-simulator:8091",
        "http://jira-simulator",
        "https://10.0.0.7",
        "http://jira.example.com",
        "http://localhost.example.com",
        "https://169.254.169.254",
        "https://100.64.0.1",
        "https://[::ffff:10.0.0.1]",
        "https://[2002:a00:1::]",
        "https://[64:ff9b::a9fe:a9fe]",
        "https://127.1",
        "https://2130706433",
        "https://0x7f.1",
        "https://224.0.0.1",
        "ftp://jira-simulator:8090",
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
    with pytest.raises(SiteRefusedError) as raised:
        site_base(address, trusted=TRUSTED)
    assert "secret" not in str(raised.value)


@given(st.text(max_size=60), st.sampled_from([(), TRUSTED]))
def test_whatever_is_taken_for_a_site_is_taken_again_unchanged(text: str, trusted: tuple[str, ...]) -> None:
    try:
        site = site_base(f"https://{text}", trusted=trusted)
    except SiteRefusedError:
        return
    assert site_base(site, trusted=trusted) == site


def test_a_trusted_site_is_a_host_with_or_without_its_port() -> None:
    setting = TypeAdapter(TrustedSites)
    assert setting.validate_python(["Jira-Simulator:8090", "[::1]"]) == ("jira-simulator:8090", "[::1]")
    for wrong in ("http://jira-simulator:8090", "jira/x", "me@jira", "jira:port", "jira:0", "", "::1"):
        with pytest.raises(ValidationError):
            setting.validate_python([wrong])
