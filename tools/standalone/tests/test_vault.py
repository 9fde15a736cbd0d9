import asyncio
import base64
import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from casewright_common.errors import SecretUnreadableError
from casewright_common.postgres import Database
from casewright_common.settings import VaultSettings
from casewright_common.vault import SecretKind, Vault
from casewright_standalone.cli import app
from casewright_standalone.testing import ServiceDatabase

ORG = uuid4()
OLD, NEW = (f"{name}:{base64.b64encode(bytes([number] * 32)).decode()}" for number, name in enumerate("on"))


@pytest.fixture(scope="module")
def database(service_database: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return service_database("gateway")


def rotate(url: str, keys: str | None, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setenv("CASEWRIGHT_POSTGRES_ADMIN_URL", url)
    if keys is None:
        monkeypatch.delenv("CASEWRIGHT_VAULT__MASTER_KEYS", raising=False)
    else:
        monkeypatch.setenv("CASEWRIGHT_VAULT__MASTER_KEYS", keys)
    result = CliRunner().invoke(app, ["vault", "rotate"])
    return result.exit_code, " ".join(result.output.split())


async def stored(database: ServiceDatabase, keys: str) -> UUID:
    gateway = Database(database.settings("gateway"), service="gateway")
    try:
        vault = Vault(gateway, VaultSettings(master_keys=SecretStr(keys)))
        return await vault.put(org_id=ORG, kind=SecretKind.JIRA_CREDENTIAL, value=SecretStr("jira-token"))
    finally:
        await gateway.close()


async def revealed(database: ServiceDatabase, secret_id: UUID, keys: str) -> str:
    reader = Database(database.settings("jira-sync"), service="jira-sync")
    try:
        vault = Vault(reader, VaultSettings(master_keys=SecretStr(keys)))
        found = await vault.reveal(org_id=ORG, kind=SecretKind.JIRA_CREDENTIAL, secret_id=secret_id)
        return found.get_secret_value()
    finally:
        await reader.close()


@pytest.mark.connected
def test_after_a_rotation_the_old_key_can_be_dropped(
    database: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret_id = asyncio.run(stored(database, OLD))
    with pytest.raises(SecretUnreadableError):
        asyncio.run(revealed(database, secret_id, NEW))
    status, said = rotate(database.admin_url, NEW, monkeypatch)
    assert (status, said.startswith("Nothing was changed: there is no master key o")) == (1, True)
    assert rotate(database.admin_url, f"{NEW},{OLD}", monkeypatch) == (
        0,
        "1 secret is now under the master key n.",
    )
    assert asyncio.run(revealed(database, secret_id, NEW)) == "jira-token"
    again = rotate(database.admin_url, f"{NEW},{OLD}", monkeypatch)
    assert again == (0, "Every secret is under the master key n already.")


@pytest.mark.connected
def test_a_database_without_a_vault_is_said_so(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database()
    status, said = rotate(url, NEW, monkeypatch)
    assert (status, "was `casewright migrate` run?" in said) == (1, True)
    nowhere = f"{url.rpartition('/')[0]}/none"
    assert rotate(nowhere, NEW, monkeypatch)[0] == 1


@pytest.mark.parametrize(
    ("url", "keys", "said"),
    [
        ("postgresql://me:secret@127.0.0.1:1/x", NEW, "PostgreSQL does not answer at postgresql://me@127.0.0.1:1"),
        ("postgresql://127.0.0.1:1/x", None, "CASEWRIGHT_VAULT__MASTER_KEYS is not set"),
        ("postgresql://127.0.0.1:1/x", "n:c2hvcnQ=", "CASEWRIGHT_VAULT__MASTER_KEYS: a master key must"),
        ("http://127.0.0.1:1/x", NEW, "CASEWRIGHT_POSTGRES_ADMIN_URL must start with postgresql://."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_clear_sentence_without_a_secret(
    url: str, keys: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, output = rotate(url, keys, monkeypatch)
    assert status == 1
    assert output.startswith(said)
    assert "secret" not in output
    assert "c2hvcnQ" not in output


def test_the_keys_of_a_run_folder_are_checked_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CASEWRIGHT_POSTGRES_ADMIN_URL", raising=False)
    kept = dict.fromkeys(("master_keys", "api_token", "webhook_secret", "jira_token"), "x")
    (tmp_path / "secrets.json").write_text(json.dumps(kept | {"role_passwords": {}}))
    result = CliRunner().invoke(app, ["vault", "rotate", "--run-dir", str(tmp_path)])
    assert result.exit_code == 1
    assert "secrets.json: a master key must be key-id" in " ".join(result.output.split())
