"""Settings of ingest."""

from pydantic import Field

from casewright_common.settings import ServiceSettings, SettingsGroup, VaultSettings

JIRA_MAX_BODY_BYTES = 25 * 1024 * 1024
"""Jira drops webhooks above this size itself."""


class WebhookSettings(SettingsGroup):
    """The door.

    Attributes:
        max_body_bytes: Larger bodies are refused with 413.
        publish_timeout_s: Longest wait for Kafka's acknowledgement; Jira itself gives up after 20 s.
        retry_after_s: What a refused sender is asked to wait while Kafka or PostgreSQL is away.
    """

    max_body_bytes: int = Field(default=1024 * 1024, ge=1024, le=JIRA_MAX_BODY_BYTES)
    publish_timeout_s: float = Field(default=10, gt=0, le=18)
    retry_after_s: int = Field(default=5, ge=1)


class IngestSettings(ServiceSettings):
    """What ingest needs; variables such as `CASEWRIGHT_WEBHOOK__MAX_BODY_BYTES`."""

    vault: VaultSettings
    webhook: WebhookSettings = WebhookSettings()
