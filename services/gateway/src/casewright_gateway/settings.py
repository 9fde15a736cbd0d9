"""Settings of the gateway."""

from pydantic import Field, HttpUrl, PostgresDsn, SecretStr, field_validator

from casewright_common.settings import ServiceSettings, SettingsGroup, TrustedSites, VaultSettings


class RedisSettings(SettingsGroup):
    """Where generations are watched live; nothing is lost without it.

    Attributes:
        url: `redis://…`, the same as the generator's; `None` where nobody watches.
        timeout_s: Longest wait for Redis.
    """

    url: SecretStr | None = None
    timeout_s: float = Field(default=1, gt=0)


class GatewaySettings(ServiceSettings):
    """What the gateway needs. Read from variables such as `CASEWRIGHT_API_TOKEN`.

    Attributes:
        api_token: The one bearer token that the API accepts; at least 16 characters.
        vault: Master keys of the vault, which the gateway only writes to.
        relay_url: `postgresql://…` of the outbox relay: straight to PostgreSQL, never through PgBouncer,
            because it listens and holds a session lock; `None` takes `postgres.url`.
        public_ingest_url: Base address at which Jira reaches the ingest service.
        trusted_sites: Jira sites that may be private and without TLS; the same as in jira-sync.
        max_body_bytes: Largest request body.
        cors_origins: Origins whose pages may call the API; none by default.
        jira_timeout_s: Longest wait for Jira's answer, attempts together.
        outbox_poll_s: Longest time that a committed event waits when its notification got lost.
        prompt_versions: Versions of the prompt that the generator brings.
        model_calls: Most calls of one generation: the generator's `model.max_calls`, for estimates.
        model_output_tokens: Most tokens of one answer where nobody says: the generator's
            `model.max_output_tokens`, for estimates.
        redis: Where generations are watched live.
        retired_secret_hours: How long a replaced secret stays readable, for events that still name it.
    """

    api_token: SecretStr = Field(min_length=16)
    vault: VaultSettings
    relay_url: SecretStr | None = None
    public_ingest_url: str = "http://127.0.0.1:8081"
    trusted_sites: TrustedSites = ()
    max_body_bytes: int = Field(default=256 * 1024, ge=1024)
    cors_origins: tuple[str, ...] = ()
    jira_timeout_s: float = Field(default=10, gt=0)
    outbox_poll_s: float = Field(default=1, gt=0)
    prompt_versions: tuple[str, ...] = ("v1", "v2")
    model_calls: int = Field(default=6, ge=1)
    model_output_tokens: int = Field(default=6000, ge=1)
    redis: RedisSettings = RedisSettings()
    retired_secret_hours: float = Field(default=24, ge=0)

    @field_validator("public_ingest_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        return str(HttpUrl(value)).rstrip("/")

    @field_validator("relay_url")
    @classmethod
    def _is_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            PostgresDsn(value.get_secret_value())
        return value

    @property
    def direct_url(self) -> str:
        """Where the relay connects."""
        return (self.relay_url or self.postgres.url).get_secret_value()
