"""Each service's copy of the configuration: read from the compacted topics into memory, whole, at start.

A consumer without a group reads every partition from its beginning, so each process holds everything, with
no table to migrate and none that can fall behind. The process is not ready until it has read to the end
that the topics had when it started.
"""

from typing import Protocol
from uuid import UUID

from casewright_common.events import ConnectionConfiguredV1, ProjectConfiguredV1


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

    def projects_of(self, connection_id: UUID) -> tuple[ProjectConfiguredV1, ...]:
        """All projects of one connection, by key."""
        ...


class ConfigurationTables:
    """`Configuration` from the compacted topics; a `runtime` resource.

    Args:
        bootstrap_servers: Where Kafka is.
        connections: Whether to read `connection.configured.v1` too.
    """

    # async with tables: … ; tables.ready() -> str | None ; implements Configuration
