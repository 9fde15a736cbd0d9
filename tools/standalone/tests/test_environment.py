from pathlib import Path

import pytest
from typer.testing import CliRunner

from casewright_standalone.cli import app
from casewright_standalone.environment import WrongSettingsError, read_settings
from casewright_standalone.run_folder import SERVICES
from casewright_standalone.services import settings_class
from casewright_standalone.settings import SHARED_DATA


@pytest.mark.parametrize("command", ["up", "doctor", "demo"])
def test_a_wrong_value_is_one_sentence_and_status_2_before_anything_starts(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWRIGHT_KAFKA__PARTITIONS", "hunter2")
    result = CliRunner().invoke(app, [command, "--run-dir", str(tmp_path / "run")])
    assert result.exit_code == 2
    assert result.output.startswith("Wrong settings: CASEWRIGHT_KAFKA__PARTITIONS is wrong: input should be")
    assert result.output.count("\n") == 1
    assert "hunter2" not in result.output
    assert not (tmp_path / "run").exists()


def test_all_that_is_wrong_is_named_at_once_and_no_value_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "CASEWRIGHT_NOPE": "is not a setting of Casewright",
        "CASEWRIGHT_KAFKA__NOPE": "is not a setting of Casewright",
        "CASEWRIGHT_RUN_DIR__NOPE": "is not a setting of Casewright",
        "CASEWRIGHT_SIMULATOR_NOPE": "is not a setting of Casewright",
        "CASEWRIGHT_BASE_PORT": "is wrong: input should be a valid integer",
        "CASEWRIGHT_MODEL__MAX_CALLS": "is wrong: input should be a valid integer",
        "CASEWRIGHT_SIMULATOR_PORT": "is wrong: input should be a valid integer",
        "CASEWRIGHT_API_TOKEN": "is wrong: value should have at least 16",
        "CASEWRIGHT_ROLE_PASSWORDS": "is not JSON",
    }
    for name in wrong:
        monkeypatch.setenv(name, "hunter2")
    with pytest.raises(WrongSettingsError) as raised:
        read_settings()
    for name, words in wrong.items():
        assert f"{name} {words}" in str(raised.value)
    assert "hunter2" not in str(raised.value)
    assert str(raised.value).count("CASEWRIGHT_") == len(wrong)


def test_a_value_that_a_check_of_ours_refuses_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_TRUSTED_SITES", '["https://hunter2@jira.example/"]')
    with pytest.raises(
        WrongSettingsError, match=r"CASEWRIGHT_TRUSTED_SITES has a value .* can't take"
    ) as raised:
        read_settings()
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SECURITY_PROTOCOL": "SASL_SSL", "BOOTSTRAP_SERVERS": "kafka:9096"}, "needs sasl_mechanism"),
        ({"SASL_PASSWORD": "hunter2"}, "security_protocol PLAINTEXT makes no use of sasl_password"),
        ({"SECURITY_PROTOCOL": "SSL"}, "the embedded broker is PLAINTEXT; name yours in bootstrap_servers"),
    ],
)
def test_settings_of_kafka_that_do_not_agree_are_told_in_words(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"CASEWRIGHT_KAFKA__{name}", value)
    with pytest.raises(WrongSettingsError, match=f"CASEWRIGHT_KAFKA is wrong: .*{said}") as raised:
        read_settings()
    assert "hunter2" not in str(raised.value)
    assert str(raised.value).count("CASEWRIGHT_") == 1


def test_what_is_given_as_an_option_needs_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_BASE_PORT", "hunter2")
    assert read_settings(base_port=0).base_port == 0


def test_every_variable_of_the_services_and_of_the_tests_is_let_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in SHARED_DATA.values():
        monkeypatch.setenv(name, "somewhere")
    for name, value in {
        "CASEWRIGHT_WEBHOOK__MAX_BODY_BYTES": "2048",
        "CASEWRIGHT_MODEL__MAX_CALLS": "2",
        "CASEWRIGHT_POSTGRES__POOL_SIZE": "3",
        "CASEWRIGHT_KAFKA__MAX_IN_FLIGHT": "7",
        "CASEWRIGHT_SIMULATOR_FSYNC": "true",
        "CASEWRIGHT_KAFKA__PARTITIONS": "2",
        "CASEWRIGHT_ROLE_PASSWORDS": '{"ingest": "x"}',
        "CASEWRIGHT_VAULT__MASTER_KEYS": "new:x,old:y",
    }.items():
        monkeypatch.setenv(name, value)
    assert read_settings().kafka.partitions == 2


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_gets_a_setting_does_not_have_it_refused(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, field in settings_class(service).model_fields.items():
        if field.annotation in {str, int, float}:
            default = field.get_default()
            monkeypatch.setenv(f"CASEWRIGHT_{name.upper()}", str(default))
    read_settings()
