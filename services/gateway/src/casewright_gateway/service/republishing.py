"""Telling all configuration again: the compacted topics are the only copy that services read."""

from dataclasses import dataclass

from casewright_gateway.service.accounts import account_event
from casewright_gateway.service.connections import connection_event
from casewright_gateway.service.projects import project_event
from casewright_gateway.service.prompts import prompts_event
from casewright_gateway.service.stores import ConfigurationStore

PAGE = 200


@dataclass(frozen=True)
class Republished:
    """How many events were put into the outbox."""

    connections: int
    projects: int
    accounts: int
    prompts: int


@dataclass(frozen=True)
class RepublishConfiguration:
    """Send every connection, project, account and set of prompts once more, removed ones too."""

    store: ConfigurationStore

    async def __call__(self) -> Republished:
        """One transaction per organisation, its rows locked, so that no older state follows a newer one."""
        connections = projects = accounts = prompts = 0
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
                    all_accounts, own_prompts = await unit.accounts(), await unit.prompts()
                    for account in all_accounts:
                        await unit.send(account_event(account))
                    if own_prompts is not None:
                        await unit.send(prompts_event(own_prompts))
                        prompts += 1
                    accounts += len(all_accounts)
                    connections += len(all_connections)
                    projects += len(all_projects)
            cursor = page.next_cursor
            if cursor is None:
                return Republished(
                    connections=connections, projects=projects, accounts=accounts, prompts=prompts
                )
