"""Who sent a webhook: the HMAC of an admin webhook, checked against the connection's secret."""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

from casewright_common.errors import SecretUnreadableError
from casewright_common.events import ConnectionConfiguredV1
from casewright_common.vault import SecretKind, SecretReader

_METHODS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_MAX_SECRETS = 10_000
_UNREADABLE_FOR_S = 5.0


def is_signed(body: bytes, signature: str, secret: bytes) -> bool:
    """Whether `signature` (`sha256=<hex>`) is the HMAC of the raw body; compared in constant time."""
    method, _, given = signature.strip().partition("=")
    if method.lower() not in _METHODS or not secret:
        return False
    expected = hmac.digest(secret, body, method.lower()).hex()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "replace"))


class WebhookSecrets:
    """Secrets of the connections, each read from the vault once.

    A reference never changes its secret (a new secret is a new reference, which arrives with the
    connection's configuration), so what was read holds for the life of the process.
    """

    def __init__(self, vault: SecretReader, clock: Callable[[], float] = time.monotonic) -> None:
        self._vault = vault
        self._clock = clock
        self._known: OrderedDict[tuple[UUID, UUID], bytes] = OrderedDict()
        self._unreadable: dict[tuple[UUID, UUID], float] = {}

    def known(self, connection: ConnectionConfiguredV1) -> bytes | None:
        """The secret, if it has been read."""
        return self._known.get((connection.org_id, connection.webhook_secret_ref))

    async def read(self, connection: ConnectionConfiguredV1) -> bytes:
        """The secret; empty, so that nothing can be signed with it, where the vault has none to give.

        Raises:
            UpstreamUnavailableError: PostgreSQL can't be reached.
        """
        key = (connection.org_id, connection.webhook_secret_ref)
        if self._unreadable.get(key, 0.0) > self._clock():
            return b""
        try:
            secret = await self._vault.reveal(
                org_id=connection.org_id,
                kind=SecretKind.WEBHOOK_SECRET,
                secret_id=connection.webhook_secret_ref,
            )
        except SecretUnreadableError:
            # Asked again soon, not at once: senders without a proof must not load the database.
            while len(self._unreadable) >= _MAX_SECRETS:
                self._unreadable.pop(next(iter(self._unreadable)))
            self._unreadable[key] = self._clock() + _UNREADABLE_FOR_S
            return b""
        self._known[key] = secret.get_secret_value().encode()
        while len(self._known) > _MAX_SECRETS:
            self._known.popitem(last=False)
        return self._known[key]
