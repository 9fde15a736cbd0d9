"""Settings of the command `casewright`; those of the services are read beside them."""

from pathlib import Path
from typing import Self

from pydantic import ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from casewright_common.settings import (
    ENV_PREFIX,
    NESTED_DELIMITER,
    KafkaSecurity,
    TelemetrySettings,
    VaultSettings,
    disagreement,
)

DEFAULT_RUN_DIR = Path(".casewright")
SHARED_DATA = {
    "jira/openapi-v3.json": "CASEWRIGHT_JIRA_OPENAPI",
    "jira/adf-schema-v1.json": "CASEWRIGHT_ADF_SCHEMA",
    "qdrant/openapi.json": "CASEWRIGHT_QDRANT_OPENAPI",
    "issues": "CASEWRIGHT_ISSUES",
    "requirements/fullteaching.txt": "CASEWRIGHT_REQUIREMENTS",
}
"""What tests read: path under `../shared/data`, and the variable that names another place."""


class BrokerSettings(KafkaSecurity):
    """How topics are made, and whose broker is used. The services read more from the same variables.

    Attributes:
        bootstrap_servers: Somebody else's broker; without it an embedded one is started.
        partitions: Partitions of a topic that we create.
        replication_factor: Copies of a topic that we create.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    bootstrap_servers: str | None = None
    partitions: int = Field(default=6, ge=1)
    replication_factor: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _is_about_a_broker(self) -> Self:
        if self.bootstrap_servers is None and self.security_protocol != "PLAINTEXT":
            raise disagreement("the embedded broker is PLAINTEXT; name yours in bootstrap_servers")
        return self


class StandaloneSettings(BaseSettings):
    """Read from variables such as `CASEWRIGHT_RUN_DIR`.

    Attributes:
        run_dir: Folder of all data, generated secrets and logs.
        base_port: Port of the gateway; the others follow it. 0 chooses free ones. `None` keeps what the run
            folder knows, or 8080.
        postgres_admin_url: For `migrate` and `vault rotate`: `postgresql://…` of a role that may create
            roles, instead of the embedded server's.
        vault: For `vault rotate` with that address: the master keys, new one first.
        role_passwords: For `migrate` with that address: the password of each service's role.
    """

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter=NESTED_DELIMITER, frozen=True, extra="ignore"
    )

    run_dir: Path = DEFAULT_RUN_DIR
    base_port: int | None = Field(default=None, ge=0, le=65_000)
    kafka: BrokerSettings = BrokerSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    postgres_admin_url: SecretStr | None = None
    vault: VaultSettings | None = None
    role_passwords: dict[str, SecretStr] = Field(default_factory=dict)
