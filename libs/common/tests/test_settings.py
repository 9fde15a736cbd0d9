import pytest

from casewright_common.settings import ServiceSettings, load

URL = "postgresql://casewright_ingest:x@127.0.0.1/casewright"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_POSTGRES__URL", URL)


def test_settings_come_from_prefixed_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_KAFKA__BOOTSTRAP_SERVERS", "kafka:9092")
    settings = load(ServiceSettings)
    assert settings.kafka.bootstrap_servers == "kafka:9092"
    assert settings.postgres.url.get_secret_value() == URL
    assert "casewright_ingest:x" not in repr(settings)


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEWRIGHT_POSTGRES__URL")
    with pytest.raises(SystemExit, match="CASEWRIGHT_POSTGRES: Field required"):
        load(ServiceSettings)


@pytest.mark.parametrize(
    "name", ["CASEWRIGHT_KAKFA__BOOTSTRAP_SERVERS", "CASEWRIGHT_KAFKA__BOOTSTRAP_SERVER"]
)
def test_a_misspelled_setting_is_named_at_either_level(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "kafka:9092")
    with pytest.raises(SystemExit, match=name):
        load(ServiceSettings)


def test_a_value_out_of_bounds_is_named_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_POSTGRES__POOL_SIZE", "-77")
    with pytest.raises(SystemExit, match="CASEWRIGHT_POSTGRES__POOL_SIZE") as error:
        load(ServiceSettings)
    assert "-77" not in str(error.value)


def test_a_value_that_should_be_json_and_is_not_is_named_without_being_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CASEWRIGHT_KAFKA", "not json")
    with pytest.raises(SystemExit, match='"kafka"') as error:
        load(ServiceSettings)
    assert "not json" not in str(error.value)
