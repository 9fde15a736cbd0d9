"""Generated requests against the real application: what is answered is what the description says."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from casewright_common.runtime import server
from casewright_common.settings import HttpSettings
from casewright_gateway.app import build
from casewright_gateway.settings import GatewaySettings
from casewright_standalone.testing import ServiceDatabase

pytestmark = pytest.mark.connected

DESCRIPTION = json.loads((Path(__file__).parents[1] / "openapi.json").read_text())
for operation in [each for path in DESCRIPTION["paths"].values() for each in path.values()]:
    del operation["security"]  # every request has the token; what happens without is tested elsewhere


@schemathesis.serializer("text/markdown")
def as_it_is(ctx: Any, value: Any) -> bytes:  # noqa: ARG001  # the signature is schemathesis's
    """Schemathesis knows plain text, but no Markdown."""
    return str(value).encode(errors="replace")


SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
START_S = 20


@pytest.fixture(scope="module")
def address(
    service_database: Callable[[str], ServiceDatabase], make_settings: Callable[..., GatewaySettings]
) -> Iterator[str]:
    """A gateway behind a real web server, in a thread."""
    chosen = make_settings(service_database("gateway")).model_copy(
        update={"http": HttpSettings(host="127.0.0.1", port=0)}
    )
    running: uvicorn.Server = server(build(chosen), chosen)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    until = time.monotonic() + START_S
    while not running.started:
        assert time.monotonic() < until
        time.sleep(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(START_S)


@pytest.fixture(scope="module")
def headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def organisation_id(address: str, headers: dict[str, str]) -> str:
    made = httpx.post(f"{address}/api/v1/organisations", json={"name": "Generated"}, headers=headers)
    assert made.status_code == 201, made.text
    found: str = made.json()["id"]
    return found


def is_id(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


@SCHEMA.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_keep_to_the_description(
    case: schemathesis.Case[Any], address: str, headers: dict[str, str], organisation_id: str
) -> None:
    if is_id((case.path_parameters or {}).get("organisation_id")):
        case.path_parameters["organisation_id"] = organisation_id
    case.call_and_validate(
        base_url=address,
        headers=headers,
        # What a description can't say: an engine's fields that go together, sites that are public.
        excluded_checks=[positive_data_acceptance],
        timeout=20,
    )
