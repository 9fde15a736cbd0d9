import stat
from pathlib import Path

import pytest

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.run_folder import SERVICES, RunFolder


def test_secrets_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    first = RunFolder(tmp_path / "run").secrets()
    assert RunFolder(tmp_path / "run").secrets() == first
    assert stat.S_IMODE((tmp_path / "run" / "secrets.json").stat().st_mode) == 0o600
    assert first.role_passwords.keys() == set(SERVICES)
    assert len({first.api_token, first.webhook_secret, first.jira_token, *first.role_passwords.values()}) == 8


def test_two_folders_have_different_secrets(tmp_path: Path) -> None:
    assert RunFolder(tmp_path / "a").secrets() != RunFolder(tmp_path / "b").secrets()


def test_ports_start_at_8080_and_stay_as_they_were_first_chosen(tmp_path: Path) -> None:
    assert RunFolder(tmp_path / "a").ports()["gateway"] == 8080
    chosen = RunFolder(tmp_path / "b").ports(9000)
    assert (chosen["gateway"], chosen["ingest"], chosen["simulator"]) == (9000, 9001, 9010)
    assert RunFolder(tmp_path / "b").ports() == chosen
    assert RunFolder(tmp_path / "b").ports(9100)["gateway"] == 9100


def test_free_ports_are_chosen_once(tmp_path: Path) -> None:
    chosen = RunFolder(tmp_path).ports(0)
    assert len(set(chosen.values())) == len(chosen)
    assert RunFolder(tmp_path).ports(0) == chosen


@pytest.mark.parametrize("content", ["{half", "[]", '{"gateway": "x"}'])
def test_a_damaged_file_is_one_clear_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "ports.json").write_text(content)
    (tmp_path / "secrets.json").write_text(content)
    with pytest.raises(
        EngineError, match=r"ports.json is not readable as Casewright wrote it; restore it, or"
    ):
        RunFolder(tmp_path).ports()
    with pytest.raises(
        EngineError, match=r"secrets.json is not readable as Casewright wrote it; restore it, or"
    ):
        RunFolder(tmp_path).secrets()


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match=r"^The folder .* can't be made: Not a directory\.$"):
        RunFolder(tmp_path / "file" / "run")
