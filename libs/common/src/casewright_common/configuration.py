"""Each service's copy of the configuration: read from the compacted topics into memory, whole, at start.

A consumer without a group reads every partition from its beginning, so each process holds everything, with
no table to migrate and none that can fall behind. The process is not ready until it has read to the end
that the topics had when it started.
"""

import asyncio
import contextlib
import logging
import random
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaError

from casewright_common import kafka
from casewright_common.delivery.runtime import parse
from casewright_common.errors import MalformedMessageError, NotConfiguredYetError, UpstreamUnavailableError
from casewright_common.events import (
    AccountConfiguredV1,
    ConnectionConfiguredV1,
    ConnectionStatus,
    ProjectConfiguredV1,
    PromptsConfiguredV1,
)
from casewright_common.settings import KafkaSettings
from casewright_common.topics import MAX_MESSAGE_BYTES, SPECS, Topic

Configured = ConnectionConfiguredV1 | ProjectConfiguredV1 | AccountConfiguredV1 | PromptsConfiguredV1

_logger = logging.getLogger(__name__)
_FIRST_RETRY_S = 0.2
_LONGEST_RETRY_S = 10.0
_POLL_MS = 500
_FETCH_WAIT_MS = 2000


class Configuration(Protocol):
    """The connections and projects as the latest events tell them; removed ones are not found."""

    def connection(self, connection_id: UUID) -> ConnectionConfiguredV1 | None:
        """The connection, or `None` where it isn't known (yet) or was removed."""
        ...

    def project(self, connection_id: UUID, project_key: str) -> ProjectConfiguredV1 | None:
        """The project with that key on that site, or `None`."""
        ...

    def project_by_id(self, project_id: UUID) -> ProjectConfiguredV1 | None:
        """The project, or `None`."""
        ...

    def is_removed(self, project_id: UUID) -> bool:
        """Whether project or connection is known to be gone, so that nobody need wait for its settings."""
        ...

    def projects_of(self, connection_id: UUID) -> tuple[ProjectConfiguredV1, ...]:
        """All projects of one connection, by key."""
        ...

    def criteria_fields(self, connection_id: UUID) -> frozenset[str]:
        """Ids of the fields that some project of the connection uses for acceptance criteria."""
        ...

    def account(self, org_id: UUID, user_id: str | None = None) -> AccountConfiguredV1 | None:
        """How an organisation, or one of its users, asks models; `None` where nobody said."""
        ...

    def prompts(self, org_id: UUID) -> PromptsConfiguredV1 | None:
        """An organisation's own prompts, if it has any."""
        ...


def require_project(configuration: Configuration, project_id: UUID) -> ProjectConfiguredV1:
    """The project's settings.

    Raises:
        NotConfiguredYetError: They haven't arrived yet: the message waits.
    """
    project = configuration.project_by_id(project_id)
    if project is None:
        raise NotConfiguredYetError(f"project {project_id} is not configured yet")
    return project


class ConfigurationView:
    """`Configuration` in memory; also what tests fill by hand, with `apply`."""

    def __init__(self, *events: Configured) -> None:
        self._connections: dict[UUID, ConnectionConfiguredV1] = {}
        self._projects: dict[UUID, ProjectConfiguredV1] = {}
        self._keys: dict[UUID, dict[str, UUID]] = {}
        self._criteria_fields: dict[UUID, frozenset[str]] = {}
        self._accounts: dict[tuple[UUID, str | None], AccountConfiguredV1] = {}
        self._prompts: dict[UUID, PromptsConfiguredV1] = {}
        for event in events:
            self.apply(event)

    def apply(self, event: Configured) -> None:
        """Take in an event, unless a newer revision is known."""
        if isinstance(event, ConnectionConfiguredV1):
            known_connection = self._connections.get(event.connection_id)
            if known_connection is None or known_connection.revision <= event.revision:
                self._connections[event.connection_id] = event
        elif isinstance(event, AccountConfiguredV1):
            known_account = self._accounts.get((event.org_id, event.user_id))
            if known_account is None or known_account.revision <= event.revision:
                self._accounts[event.org_id, event.user_id] = event
        elif isinstance(event, PromptsConfiguredV1):
            known_prompts = self._prompts.get(event.org_id)
            if known_prompts is None or known_prompts.revision <= event.revision:
                self._prompts[event.org_id] = event
        else:
            self._apply_project(event)

    def _apply_project(self, event: ProjectConfiguredV1) -> None:
        known = self._projects.get(event.project_id)
        if known is not None:
            if known.revision > event.revision:
                return
            keys = self._keys[known.connection_id]
            if keys.get(known.project_key) == known.project_id:
                del keys[known.project_key]
                self._collect_criteria_fields(known.connection_id)
        self._projects[event.project_id] = event
        keys = self._keys.setdefault(event.connection_id, {})
        if event.status is ConnectionStatus.ACTIVE:
            keys[event.project_key] = event.project_id
            self._collect_criteria_fields(event.connection_id)

    def connection(self, connection_id: UUID) -> ConnectionConfiguredV1 | None:
        """See `Configuration.connection`."""
        found = self._connections.get(connection_id)
        return found if found is not None and found.status is ConnectionStatus.ACTIVE else None

    def project(self, connection_id: UUID, project_key: str) -> ProjectConfiguredV1 | None:
        """See `Configuration.project`."""
        project_id = self._keys.get(connection_id, {}).get(project_key)
        return None if project_id is None else self.project_by_id(project_id)

    def project_by_id(self, project_id: UUID) -> ProjectConfiguredV1 | None:
        """See `Configuration.project_by_id`."""
        found = self._projects.get(project_id)
        return found if found is not None and found.status is ConnectionStatus.ACTIVE else None

    def is_removed(self, project_id: UUID) -> bool:
        """See `Configuration.is_removed`."""
        found = self._projects.get(project_id)
        if found is None:
            return False
        connection = self._connections.get(found.connection_id)
        return ConnectionStatus.REMOVED in {found.status, connection.status if connection else None}

    def projects_of(self, connection_id: UUID) -> tuple[ProjectConfiguredV1, ...]:
        """See `Configuration.projects_of`."""
        keys = self._keys.get(connection_id, {})
        return tuple(self._projects[keys[key]] for key in sorted(keys))

    def criteria_fields(self, connection_id: UUID) -> frozenset[str]:
        """See `Configuration.criteria_fields`; collected beforehand: every webhook asks."""
        return self._criteria_fields.get(connection_id, frozenset())

    def account(self, org_id: UUID, user_id: str | None = None) -> AccountConfiguredV1 | None:
        """See `Configuration.account`."""
        found = self._accounts.get((org_id, user_id))
        return found if found is not None and found.status is ConnectionStatus.ACTIVE else None

    def prompts(self, org_id: UUID) -> PromptsConfiguredV1 | None:
        """See `Configuration.prompts`."""
        return self._prompts.get(org_id)

    def _collect_criteria_fields(self, connection_id: UUID) -> None:
        projects = self.projects_of(connection_id)
        self._criteria_fields[connection_id] = frozenset(
            project.criteria_field for project in projects if project.criteria_field
        )


_EVENTS: dict[Topic, type[Configured]] = {
    Topic.CONNECTION_CONFIGURED: ConnectionConfiguredV1,
    Topic.PROJECT_CONFIGURED: ProjectConfiguredV1,
    Topic.ACCOUNT_CONFIGURED: AccountConfiguredV1,
    Topic.PROMPTS_CONFIGURED: PromptsConfiguredV1,
}


def configuration_topics(service: str) -> tuple[Topic, ...]:
    """The topics of configuration that a service reads."""
    return tuple(topic for topic in _EVENTS if service in SPECS[topic].consumers)


class ConfigurationTables(ConfigurationView):
    """`Configuration` that follows the compacted topics; a resource of `runtime`.

    Entering starts the reader and returns at once; `not_ready` tells when everything has been read. A broker
    that is away is waited for, before and after that, while the last known configuration holds.
    """

    def __init__(self, settings: KafkaSettings, *, service: str) -> None:
        super().__init__()
        self._settings = settings
        self._service = service
        self._topics = configuration_topics(service)
        self._caught_up = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._problem: str | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._follow_for_ever(), name="configuration")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def not_ready(self) -> str | None:
        """Why the configuration can't be relied on, or `None` when it can."""
        if self._task is None or self._task.done():
            return "the reader of the configuration is not running"
        if self._caught_up.is_set():
            return None
        return "the configuration is still being read" + (f": {self._problem}" if self._problem else "")

    async def wait(self) -> None:
        """Return when everything that stood in the topics at the start has been read."""
        await self._caught_up.wait()

    async def _follow_for_ever(self) -> None:
        pause_s = _FIRST_RETRY_S
        while True:
            try:
                await self._follow_once()
            except (KafkaError, OSError, UpstreamUnavailableError) as error:
                told = isinstance(error, UpstreamUnavailableError)
                self._problem = str(error) if told else type(error).__name__
                if pause_s > 1:
                    _logger.warning("Waiting for the configuration topics: %s", self._problem)
            await asyncio.sleep(pause_s * random.uniform(0.7, 1.3))  # noqa: S311  # jitter
            pause_s = min(pause_s * 2, _LONGEST_RETRY_S)

    async def _follow_once(self) -> None:
        """Read until something ends it."""
        settings = self._settings
        consumer = AIOKafkaConsumer(
            *(topic.value for topic in self._topics),
            **kafka.connection(settings.bootstrap_servers, settings),
            client_id=f"casewright-{self._service}-configuration",
            group_id=None,  # every partition, for this process alone
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            request_timeout_ms=int(settings.request_timeout_s * kafka.MILLISECONDS),
        )
        try:
            await kafka.start(consumer, settings.bootstrap_servers, settings)
            self._problem = None
            await self._follow(consumer)
        finally:
            with contextlib.suppress(KafkaError, OSError):
                await consumer.stop()

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        partitions = consumer.assignment()
        if {partition.topic for partition in partitions} != {topic.value for topic in self._topics}:
            return  # not made yet: asked again soon
        ends = await consumer.end_offsets(list(partitions))
        while True:
            for records in (await consumer.getmany(timeout_ms=_POLL_MS)).values():
                for record in records:
                    self._take(record)
            if not self._caught_up.is_set():
                positions = [await consumer.position(partition) >= end for partition, end in ends.items()]
                if all(positions):
                    self._caught_up.set()

    def _take(self, record: "ConsumerRecord[bytes, bytes]") -> None:
        if record.value is None:
            return  # a tombstone; removal is a status
        try:
            self.apply(parse(_EVENTS[Topic(record.topic)], record.value))
        except MalformedMessageError as error:
            # One bad configuration must not hide all others; what it names keeps its last good one.
            where = f"{record.topic}/{record.partition}/{record.offset}"
            _logger.error("Unreadable configuration at %s: %s", where, error)  # noqa: TRY400  # its place is enough
