"""Settings of the service."""

from pydantic import Field, SecretStr

from casewright_common.settings import ServiceSettings, SettingsGroup, TrustedSites, VaultSettings

_LEASE_MARGIN_S = 5.0


class JiraSettings(SettingsGroup):
    """How Jira is asked.

    Attributes:
        connect_timeout_s: Longest wait for a connection.
        read_timeout_s: Longest wait for an answer.
        max_wait_s: A longer pause that Jira or the rate budget asks for is left to the delivery runtime.
        first_retry_s: Pause before the first further try, doubling, where Jira names none.
        reads_per_s: Most reads in any second to one site; Jira allows 100.
        writes_per_s: Most writes in any second to one site; Jira allows 50.
        issue_writes_per_2s: Most writes in any two seconds to one issue; Jira allows 20.
        stories_at_once: Stories that this process works on at the same time.
    """

    connect_timeout_s: float = Field(default=5, gt=0)
    read_timeout_s: float = Field(default=20, gt=0)
    max_wait_s: float = Field(default=20, ge=0)
    first_retry_s: float = Field(default=2, gt=0)
    reads_per_s: int = Field(default=80, ge=1, le=100)
    writes_per_s: int = Field(default=40, ge=1, le=50)
    issue_writes_per_2s: int = Field(default=16, ge=1, le=20)
    stories_at_once: int = Field(default=64, ge=1)

    @property
    def call_s(self) -> float:
        """Longest time of one call."""
        return self.connect_timeout_s + self.read_timeout_s

    @property
    def lease_s(self) -> float:
        """Time that a story is kept from others: longer than a call, so that they find its effect."""
        return self.call_s + _LEASE_MARGIN_S


class RedisSettings(SettingsGroup):
    """Where the rate budget is shared.

    Attributes:
        url: `redis://…`; `None` keeps the budget in each process.
        timeout_s: Longest wait for Redis before a call goes on without it.
    """

    url: SecretStr | None = None
    timeout_s: float = Field(default=0.5, gt=0)


class JiraSyncSettings(ServiceSettings):
    """Everything that the service can be told.

    Attributes:
        trusted_sites: Jira sites that may be private and without TLS; the same as in the gateway.
    """

    vault: VaultSettings
    redis: RedisSettings = RedisSettings()
    jira: JiraSettings = JiraSettings()
    trusted_sites: TrustedSites = ()
