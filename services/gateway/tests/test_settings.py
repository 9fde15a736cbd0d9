import pytest

from casewright_common.settings import load
from casewright_gateway.settings import GatewaySettings

REQUIRED = {
    "CASEWRIGHT_API_TOKEN": "a-token-of-sixteen",
    "CASEWRIGHT_POSTGRES__URL": "postgresql://gateway:pw@pgbouncer:6432/casewright",
    "CASEWRIGHT_VAULT__MASTER_KEYS": "k:AAAA",
}


def test_the_relay_goes_straight_to_postgresql_where_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)
    assert load(GatewaySettings).direct_url == REQUIRED["CASEWRIGHT_POSTGRES__URL"]
    monkeypatch.setenv("CASEWRIGHT_RELAY_URL", "postgresql://gateway:pw@postgres:5432/casewright")
    monkeypatch.setenv("CASEWRIGHT_PUBLIC_INGEST_URL", "https://hooks.example.com/")
    settings = load(GatewaySettings)
    assert settings.direct_url == "postgresql://gateway:pw@postgres:5432/casewright"
    assert settings.public_ingest_url == "https://hooks.example.com"
    assert "pw@" not in repr(settings)
    assert REQUIRED["CASEWRIGHT_API_TOKEN"] not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CASEWRIGHT_API_TOKEN", "short"),
        ("CASEWRIGHT_PUBLIC_INGEST_URL", "hooks"),
        ("CASEWRIGHT_RELAY_URL", "mysql://x"),
        ("CASEWRIGHT_MAX_BODY_BYTES", "1"),
    ],
)
def test_a_setting_that_cannot_be_ends_the_process_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for known, good in (REQUIRED | {name: value}).items():
        monkeypatch.setenv(known, good)
    with pytest.raises(SystemExit, match=name):
        load(GatewaySettings)
