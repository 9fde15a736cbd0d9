"""An organisation that is connected to the simulator, made through the gateway's API and found again."""

import asyncio
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer

from casewright_common import kafka
from casewright_common.settings import KafkaSecurity
from casewright_common.topics import Topic
from casewright_standalone.clients import Gateway, Simulator
from casewright_standalone.engines.errors import CommandError
from casewright_standalone.services import ACCOUNT_EMAIL, SIMULATOR, Wiring

ORGANISATION = "Demo"
CRITERIA_FIELD = "customfield_10100"
EVENTS = ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted")
_CONFIGURED_TIMEOUT_S = 30
_SETTLE_S = 1.0


@dataclass(frozen=True)
class Workspace:
    """Where stories go in.

    Attributes:
        path: Of the organisation in the gateway's API.
    """

    path: str
    project_id: str
    project_key: str


async def ensure_workspace(
    wiring: Wiring,
    gateway: Gateway,
    simulator: Simulator,
    *,
    project_key: str,
    project_name: str,
    security: KafkaSecurity = kafka.PLAINTEXT,
) -> Workspace:
    """Organisation, connection, project and webhook: found if they are there, else made.

    Raises:
        CommandError: If one of the two sides refuses.
    """
    await simulator.put_project(
        {
            "key": project_key,
            "name": project_name,
            "custom_fields": [
                {"id": CRITERIA_FIELD, "name": "Acceptance criteria", "issue_types": ["Story"]},
            ],
        }
    )
    organisation = await gateway.find_or_create(
        "/organisations", {"name": ORGANISATION}, {"name": ORGANISATION}
    )
    path = f"/organisations/{organisation['id']}"
    site = wiring.url(SIMULATOR)
    connection = await gateway.find_or_create(
        f"{path}/connections",
        {"site_url": site},
        {
            "site_url": site,
            "account_email": ACCOUNT_EMAIL,
            "api_token": wiring.secrets.jira_token,
            "webhook_secret": wiring.secrets.webhook_secret,
        },
    )
    wanted = {"connection_id": connection["id"], "project_key": project_key}
    project = await gateway.find_or_create(
        f"{path}/projects", wanted, {**wanted, "criteria_field": CRITERIA_FIELD}
    )
    await _configured(wiring, project["id"], security)
    await simulator.register_webhook(
        {
            "url": connection["webhook_url"],
            "secret": wiring.secrets.webhook_secret,
            "events": list(EVENTS),
        }
    )
    return Workspace(path, project["id"], project_key)


async def _configured(wiring: Wiring, project_id: str, security: KafkaSecurity) -> None:
    """Wait until the project's configuration is on its topic, where every service reads it.

    The door ignores projects that it doesn't know, as it must: Jira sends it those of the whole site.
    """
    consumer = AIOKafkaConsumer(
        Topic.PROJECT_CONFIGURED.value,
        **kafka.connection(wiring.addresses.kafka, security),
        group_id=None,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        async with asyncio.timeout(_CONFIGURED_TIMEOUT_S):
            while True:
                batches: dict[Any, Any] = await consumer.getmany(timeout_ms=200)
                keys = {record.key for records in batches.values() for record in records}
                if project_id.encode() in keys:
                    break
    except TimeoutError as error:
        raise CommandError(
            "The project's configuration did not reach Kafka; see the gateway's log."
        ) from error
    finally:
        await consumer.stop()
    await asyncio.sleep(_SETTLE_S)  # the services read the same topic, each in its own time
