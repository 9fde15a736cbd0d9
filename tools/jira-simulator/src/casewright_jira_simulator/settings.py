"""Settings of the simulator, from `CASEWRIGHT_SIMULATOR_…` variables or the command line."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SimulatorSettings(BaseSettings):
    """All settings; the defaults suit development on one machine.

    Attributes:
        data: Folder of the journal; without it nothing survives the process.
        base_url: Address in `self` links; default: from host and port.
        email: Of the integration's account.
        token: Its API token; without one, the stored or a new random one is used.
        admin_token: When set, `/simulator/…` wants `Authorization: Bearer <it>`.
        webhook_retry_s: Pause before the first retry, doubling; Jira itself waits 5 to 15 minutes.
        comment_also_updates_issue: Send `jira:issue_updated` besides `comment_created`, as some sites do.
        search_lag_s: How long a new issue stays invisible to search, unless named in `reconcileIssues`.
        fsync: Force every journal line to the disk; off, lines survive the process but not the machine.
    """

    model_config = SettingsConfigDict(env_prefix="CASEWRIGHT_SIMULATOR_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8090, ge=0, le=65_535)
    data: Path | None = None
    base_url: str | None = None
    email: str = "integration@example.com"
    token: SecretStr | None = None
    account_id: str = "712020:integration"
    display_name: str = "Casewright"
    admin_token: SecretStr | None = None
    rate_limits: bool = True
    burst_read_per_s: int = Field(default=100, ge=1)
    burst_write_per_s: int = Field(default=50, ge=1)
    issue_writes_per_2s: int = Field(default=20, ge=1)
    issue_writes_per_30s: int = Field(default=100, ge=1)
    webhook_concurrency: int = Field(default=16, ge=1, le=256)
    webhook_retry_s: float = Field(default=1.0, gt=0)
    webhook_retries: int = Field(default=5, ge=0, le=5)
    webhook_connect_timeout_s: float = Field(default=5.0, gt=0)
    webhook_response_timeout_s: float = Field(default=20.0, gt=0)
    comment_also_updates_issue: bool = False
    search_lag_s: float = Field(default=0.0, ge=0)
    fsync: bool = False

    @property
    def site_url(self) -> str:
        """Address of the site without a trailing slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")
