"""`python -m casewright_gateway.openapi > FILE`: the API's OpenAPI description, without starting anything."""

import base64
import json
import sys
from typing import Any

from pydantic import SecretStr

from casewright_common.settings import PostgresSettings, VaultSettings
from casewright_gateway.app import build
from casewright_gateway.settings import GatewaySettings


def describe() -> dict[str, Any]:
    """The description. Nothing is connected, so any settings will do."""
    nobody = SecretStr("k:" + base64.b64encode(bytes(32)).decode())
    settings = GatewaySettings(
        api_token=nobody,
        postgres=PostgresSettings(url=SecretStr("postgresql://127.0.0.1/nowhere")),
        vault=VaultSettings(master_keys=nobody),
    )
    return build(settings).openapi()


def main() -> None:
    """Print it as JSON."""
    json.dump(describe(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
