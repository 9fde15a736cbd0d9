"""Telling all configuration again: the compacted topics are the only copy that services read."""

from dataclasses import dataclass

from casewright_gateway.service.connections import connection_event
from casewright_gateway.service.projects import project_event
from casewright_gateway.service.stores import ConfigurationStore

PAGE = 200


@dataclass(frozen=True)
class Republished:
    """How many events were put into the outbox."""

    connections: int
    projects: int


@dataclass(frozen=True)
class RepublishConfiguration:
    """Send every connection and project once more, removed ones too."""

    store: ConfigurationStore

    async def __call__(self) -> Republished:
        """One transaction per organisation, its rows locked, so that no older state follows a newer one."""
        connections = projects = 0
        cursor: str | None = None
        while True:
            page = await self.store.organisations(limit=PAGE, cursor=cursor)
            for organisation in page.items:
                async with self.store.begin(organisation.id) as unit:
                    all_connections, all_projects = await unit.everything()
                    for connection in all_connections:
                        await unit.send(connection_event(connection))
                    for project in all_projects:
                        await unit.send(project_event(project))
                    connections += len(all_connections)
                    projects += len(all_projects)
            cursor = page.next_cursor
            if cursor is None:
                return Republished(connections=connections, projects=projects)
