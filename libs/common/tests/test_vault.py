import base64
import logging
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy.exc import ProgrammingError

from casewright_common.errors import SecretUnreadableError
from casewright_common.postgres import Database, migrate, prepare
from casewright_common.settings import VaultSettings
from casewright_common.telemetry import masked
from casewright_common.vault import READERS, WRITER, Cipher, SecretKind, Vault, rotate
from casewright_standalone.testing import ServiceDatabase

OLD = VaultSettings(master_keys=SecretStr("old:" + base64.b64encode(b"o" * 32).decode()))
NEW = VaultSettings(
    master_keys=SecretStr(
        f"new:{base64.b64encode(b'n' * 32).decode()},old:{base64.b64encode(b'o' * 32).decode()}"
    )
)
ONLY_NEW = VaultSettings(master_keys=SecretStr("new:" + base64.b64encode(b"n" * 32).decode()))
KEY = SecretStr("sample-key-0123456789")


@pytest.fixture(scope="module")
def prepared(new_database: Callable[[], str]) -> ServiceDatabase:
    return ServiceDatabase(new_database())


@pytest.fixture
async def databases(prepared: ServiceDatabase) -> AsyncIterator[Callable[[str], Database]]:
    await prepare(prepared.admin_url, dict.fromkeys((*READERS, WRITER), "only-for-tests"))
    await migrate(prepared.admin_url, "vault", "casewright_common")
    opened: list[Database] = []

    def connect(service: str) -> Database:
        opened.append(Database(prepared.settings(service), service=service))
        return opened[-1]

    yield connect
    for database in opened:
        await database.close()


@pytest.mark.connected
async def test_what_the_gateway_stores_the_service_that_needs_it_reads(
    databases: Callable[[str], Database],
) -> None:
    org_id = uuid4()
    secret_id = await Vault(databases("gateway"), OLD).put(
        org_id=org_id, kind=SecretKind.PROVIDER_KEY, value=KEY
    )
    reader = Vault(databases("generator"), OLD)
    for _ in range(2):  # the second from memory
        found = await reader.reveal(org_id=org_id, kind=SecretKind.PROVIDER_KEY, secret_id=secret_id)
        assert found.get_secret_value() == KEY.get_secret_value()


@pytest.mark.connected
async def test_a_service_can_not_read_a_kind_that_it_does_not_need(
    databases: Callable[[str], Database],
) -> None:
    org_id = uuid4()
    secret_id = await Vault(databases("gateway"), OLD).put(
        org_id=org_id, kind=SecretKind.PROVIDER_KEY, value=KEY
    )
    with pytest.raises(SecretUnreadableError):
        await Vault(databases("jira-sync"), OLD).reveal(
            org_id=org_id, kind=SecretKind.PROVIDER_KEY, secret_id=secret_id
        )


@pytest.mark.connected
async def test_the_gateway_reads_nothing_back(databases: Callable[[str], Database]) -> None:
    vault = Vault(databases("gateway"), OLD)
    org_id = uuid4()
    secret_id = await vault.put(org_id=org_id, kind=SecretKind.PROVIDER_KEY, value=KEY)
    with pytest.raises(ProgrammingError, match="permission denied"):
        await vault.reveal(org_id=org_id, kind=SecretKind.PROVIDER_KEY, secret_id=secret_id)


@pytest.mark.connected
async def test_another_organisation_can_not_read_it(databases: Callable[[str], Database]) -> None:
    secret_id = await Vault(databases("gateway"), OLD).put(
        org_id=uuid4(), kind=SecretKind.PROVIDER_KEY, value=KEY
    )
    with pytest.raises(SecretUnreadableError):
        await Vault(databases("generator"), OLD).reveal(
            org_id=uuid4(), kind=SecretKind.PROVIDER_KEY, secret_id=secret_id
        )


@pytest.mark.connected
async def test_a_ciphertext_copied_to_another_owner_stays_unreadable(
    databases: Callable[[str], Database], prepared: ServiceDatabase
) -> None:
    org_id = uuid4()
    writer = Vault(databases("gateway"), OLD)
    secret_id = await writer.put(org_id=org_id, kind=SecretKind.PROVIDER_KEY, value=KEY)
    thief = uuid4()
    admin = await asyncpg.connect(prepared.admin_url)
    await admin.execute("UPDATE vault.secrets SET org_id = $1 WHERE id = $2", thief, secret_id)
    with pytest.raises(SecretUnreadableError, match="owner"):
        await Vault(databases("generator"), OLD).reveal(
            org_id=thief, kind=SecretKind.PROVIDER_KEY, secret_id=secret_id
        )
    await admin.execute("DELETE FROM vault.secrets WHERE id = $1", secret_id)
    await admin.close()


@pytest.mark.connected
async def test_after_a_rotation_the_old_key_may_go(
    databases: Callable[[str], Database], prepared: ServiceDatabase
) -> None:
    org_id = uuid4()
    secret_id = await Vault(databases("gateway"), OLD).put(
        org_id=org_id, kind=SecretKind.PROVIDER_KEY, value=KEY
    )
    with pytest.raises(SecretUnreadableError, match="master key old"):
        await Vault(databases("generator"), ONLY_NEW).reveal(
            org_id=org_id, kind=SecretKind.PROVIDER_KEY, secret_id=secret_id
        )
    assert await rotate(prepared.admin_url, NEW) >= 1
    assert await rotate(prepared.admin_url, NEW) == 0
    found = await Vault(databases("generator"), ONLY_NEW).reveal(
        org_id=org_id, kind=SecretKind.PROVIDER_KEY, secret_id=secret_id
    )
    assert found.get_secret_value() == KEY.get_secret_value()


@pytest.mark.connected
async def test_a_forgotten_secret_is_gone(databases: Callable[[str], Database]) -> None:
    org_id = uuid4()
    writer = Vault(databases("gateway"), OLD)
    secret_id = await writer.put(org_id=org_id, kind=SecretKind.PROVIDER_KEY, value=KEY)
    await writer.delete(org_id=org_id, secret_id=secret_id)
    await writer.delete(org_id=org_id, secret_id=secret_id)
    with pytest.raises(SecretUnreadableError, match="holds no"):
        await Vault(databases("generator"), OLD).reveal(
            org_id=org_id, kind=SecretKind.PROVIDER_KEY, secret_id=secret_id
        )


@pytest.mark.connected
async def test_what_was_stored_is_masked_in_log_lines(
    databases: Callable[[str], Database], caplog: pytest.LogCaptureFixture
) -> None:
    value = SecretStr('odd "quoted" value')
    with caplog.at_level(logging.DEBUG):
        await Vault(databases("gateway"), OLD).put(
            org_id=uuid4(), kind=SecretKind.JIRA_CREDENTIAL, value=value
        )
    assert value.get_secret_value() not in caplog.text
    assert masked('{"message": "odd \\"quoted\\" value"}') == '{"message": "[secret]"}'


@pytest.mark.parametrize(
    "keys", ["", "nocolon", "id:notbase64!", "id:" + base64.b64encode(b"short").decode(), "a:,b:"]
)
def test_a_wrong_master_key_is_refused(keys: str) -> None:
    with pytest.raises(ValueError, match="master key"):
        Cipher(VaultSettings(master_keys=SecretStr(keys)))


def test_two_master_keys_of_one_name_are_refused() -> None:
    one = OLD.master_keys.get_secret_value()
    with pytest.raises(ValueError, match="two master keys"):
        Cipher(VaultSettings(master_keys=SecretStr(f"{one},{one}")))


def test_every_encryption_of_one_value_differs() -> None:
    cipher = Cipher(OLD)
    assert cipher.encrypt("same", b"owner") != cipher.encrypt("same", b"owner")
