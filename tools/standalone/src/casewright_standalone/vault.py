"""The vault's master key, changed from the command line."""

from urllib.parse import urlsplit

import asyncpg
from pydantic import SecretStr
from sqlalchemy.exc import ProgrammingError

from casewright_common.errors import SecretUnreadableError, UpstreamUnavailableError
from casewright_common.postgres import without_password
from casewright_common.settings import VaultSettings
from casewright_common.vault import Cipher, rotate
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.run_folder import RunFolder
from casewright_standalone.services import Wiring
from casewright_standalone.settings import StandaloneSettings
from casewright_standalone.stack import Tell, engines

KEYS_VARIABLE = "CASEWRIGHT_VAULT__MASTER_KEYS"


async def rotate_master_key(settings: StandaloneSettings, tell: Tell) -> str:
    """Wrap every data key of the vault by the first master key; returns what was done, as a sentence.

    Raises:
        EngineError: Keys or database aren't what they must be; nothing was changed.
    """
    if settings.postgres_admin_url is not None:
        if settings.vault is None:
            raise EngineError(f"{KEYS_VARIABLE} is not set: the new key, then the old ones, new:…,old:….")
        return await _rotated(settings.postgres_admin_url.get_secret_value(), settings.vault, KEYS_VARIABLE)
    folder = RunFolder(settings.run_dir)
    secrets = folder.secrets()
    keys = VaultSettings(master_keys=SecretStr(secrets.master_keys))
    async with engines(settings, folder, tell) as addresses:
        wiring = Wiring(addresses, secrets, folder.ports(settings.base_port), folder)
        return await _rotated(wiring.admin_url, keys, f"master_keys in {folder.path / 'secrets.json'}")


async def _rotated(admin_url: str, keys: VaultSettings, source: str) -> str:
    try:
        first = Cipher(keys).current_key_id
    except ValueError as error:
        raise EngineError(f"{source}: {error}.") from error
    if urlsplit(admin_url).scheme not in {"postgres", "postgresql"}:
        raise EngineError("CASEWRIGHT_POSTGRES_ADMIN_URL must start with postgresql://.")
    where = without_password(admin_url)
    try:
        number = await rotate(admin_url, keys)
    except SecretUnreadableError as error:
        raise EngineError(f"Nothing was changed: {error}. Does {source} lack an older key?") from error
    except UpstreamUnavailableError as error:
        raise EngineError(f"PostgreSQL does not answer at {where}; nothing was changed.") from error
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError) as error:
        raise EngineError(f"PostgreSQL refuses the credentials of {where}.") from error
    except (asyncpg.InvalidCatalogNameError, ProgrammingError) as error:
        raise EngineError(
            f"{where} holds no vault that this role may change; is it the superuser, and was "
            "`casewright migrate` run?"
        ) from error
    if number == 0:
        return f"Every secret is under the master key {first} already."
    return f"{number} secret{' is' if number == 1 else 's are'} now under the master key {first}."
