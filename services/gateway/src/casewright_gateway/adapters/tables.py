"""Tables of schema `gateway`. The migrations make them; a test holds the two against each other."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


organisations = Table(
    "organisations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Index("organisations_name", func.lower(text("name")), unique=True),
    Index("organisations_page", "created_at", "id"),
)

connections = Table(
    "connections",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("org_id", Uuid, ForeignKey("organisations.id", name="connections_org"), nullable=False),
    Column("site_url", Text, nullable=False),
    Column("account_email", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("credential_ref", Uuid, nullable=False),
    Column("webhook_secret_ref", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Index("connections_site", "org_id", "site_url", unique=True, postgresql_where=text("status = 'active'")),
    Index("connections_page", "org_id", "created_at", "id"),
)

projects = Table(
    "projects",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("org_id", Uuid, ForeignKey("organisations.id", name="projects_org"), nullable=False),
    Column("connection_id", Uuid, ForeignKey("connections.id", name="projects_connection"), nullable=False),
    Column("project_key", Text, nullable=False),
    Column("settings", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Index(
        "projects_key",
        "org_id",
        "connection_id",
        "project_key",
        unique=True,
        postgresql_where=text("status = 'active'"),
    ),
    Index("projects_page", "org_id", "created_at", "id"),
)

retired_secrets = Table(
    "retired_secrets",
    metadata,
    Column("secret_id", Uuid, primary_key=True),
    Column("org_id", Uuid, nullable=False),
    _moment("retired_at"),
    Index("retired_secrets_due", "org_id", "retired_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("run_id", Uuid, nullable=False),
    _moment("created_at"),
)

# No row-level security: one relay sends the events of all organisations; no request ever reads it.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("traceparent", Text),
    Column("tracestate", Text),
)

seen_events = Table(
    "seen_events",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

stories = Table(
    "stories",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("connection_id", Uuid, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("project_key", Text),
    Column("issue_id", Text, nullable=False),
    Column("issue_key", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("title", Text),
    Column("text", Text),
    Column("issue_type", Text),
    Column("labels", JSONB, nullable=False, server_default="[]"),
    Column("criteria", JSONB, nullable=False, server_default="[]"),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("removed", Boolean, nullable=False, server_default="false"),
    _moment("changed_at", nullable=True),
    Column("generation", Integer, nullable=False, server_default="0"),
    Column("generated_revision", Integer, nullable=False, server_default="0"),
    Column("decided_generation", Integer, nullable=False, server_default="0"),
    Column("outcome", Text),
    _moment("generated_at", nullable=True),
    Column("questions", JSONB, nullable=False, server_default="[]"),
    Column("open_questions", JSONB, nullable=False, server_default="[]"),
    Column("omitted", JSONB, nullable=False, server_default="[]"),
    Column("generated_criteria", JSONB, nullable=False, server_default="[]"),
    Column("case_count", Integer, nullable=False, server_default="0"),
    Column("coverage", JSONB),
    Column("failed_revision", Integer, nullable=False, server_default="0"),
    _moment("failed_at", nullable=True),
    Column("failure_code", Text),
    Column("failure_detail", Text),
    Column("synced_generation", Integer, nullable=False, server_default="0"),
    Column("synced_outcome", Text),
    _moment("synced_at", nullable=True),
    Column("targets", JSONB, nullable=False, server_default="[]"),
    _moment("created_at"),
    _moment("updated_at"),
    Index("stories_page", "org_id", "created_at", "id"),
    Index("stories_by_project", "org_id", "project_id", "created_at", "id"),
    Index("stories_by_status", "org_id", "status", "created_at", "id"),
    Index("stories_by_key", "org_id", "issue_key"),
)

cases = Table(
    "cases",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("story_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, nullable=False),
    Column("issue_key", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("technique", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("negative", Boolean, nullable=False),
    Column("condition", Text, nullable=False),
    Column("criteria", JSONB, nullable=False),
    Column("preconditions", JSONB, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("steps", JSONB, nullable=False),
    Column("provenance", Text, nullable=False),
    Column("gherkin", Text, nullable=False, server_default=""),
    Column("tags", JSONB, nullable=False, server_default="[]"),
    Column("scores", JSONB),
    Column("score", Float),
    Column("findings", JSONB, nullable=False, server_default="[]"),
    Column("change", Text, nullable=False, server_default="new"),
    Column("review", Text),
    Column("reviews", Integer, nullable=False, server_default="0"),
    Column("proposal_for", Uuid),
    Column("model", Text),
    Column("prompt_version", Text),
    Index("cases_by_prompt", "org_id", "prompt_version"),
    Index("cases_page", "org_id", "story_id", "position", "id"),
    Index("cases_by_project", "org_id", "project_id", "story_id", "position", "id"),
    Index("cases_by_id", "org_id", "id"),
)

runs = Table(
    "runs",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("story_id", Uuid, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("issue_key", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("requested_by", Text),
    _moment("requested_at", nullable=True),
    Column("revision", Integer),
    Column("generation", Integer),
    Column("case_count", Integer, nullable=False, server_default="0"),
    Column("engine", JSONB),
    Column("coverage", JSONB),
    Column("failure_code", Text),
    Column("failure_detail", Text),
    _moment("started_at", nullable=True),
    _moment("finished_at", nullable=True),
    _moment("created_at"),
    Index("runs_page", "org_id", "created_at", "id"),
    Index("runs_by_story", "org_id", "story_id", "created_at", "id"),
    Index("runs_by_end", "org_id", "finished_at"),
    Index("runs_by_project", "org_id", "project_id", "created_at", "id"),
)

# What became of a generation in Jira; apart from `runs`, because it may be told before the generation is.
syncs = Table(
    "syncs",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("story_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("targets", JSONB, nullable=False),
    _moment("synced_at"),
)

# Every decision of a person, with the case as it stood after it: what generations must not lose.
reviews = Table(
    "reviews",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("review", Integer, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("story_id", Uuid, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reviewed_by", Text, nullable=False),
    _moment("reviewed_at"),
    Column("revision", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("prompt_version", Text),
    Column("case", JSONB, nullable=False),
    Index("reviews_by_id", "org_id", "id", unique=True),
    Index("reviews_by_story", "org_id", "story_id", "case_id", "review"),
    Index("reviews_by_prompt", "org_id", "prompt_version"),
)

# How an organisation (`user_id` is empty) or one of its users asks models; keys by reference.
accounts = Table(
    "accounts",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("settings", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
)

documents = Table(
    "documents",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Index("documents_page", "org_id", "project_id", "created_at", "id"),
)

prompts = Table(
    "prompts",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("settings", JSONB, nullable=False),
    Column("revision", Integer, nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
)

exhausted_budgets = Table(
    "exhausted_budgets",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("limit_usd", Float, nullable=False),
    Column("spent_usd", Float, nullable=False),
    _moment("resets_at"),
    _moment("told_at"),
)

# The same for all tenants: what providers offer, and for how much.
models = Table(
    "models",
    metadata,
    Column("model", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("input_usd_per_million_tokens", Float),
    Column("output_usd_per_million_tokens", Float),
    Column("context_tokens", Integer),
    _moment("told_at"),
    Index("models_by_provider", "provider", "model"),
)

TENANT_TABLES = (
    connections,
    projects,
    retired_secrets,
    idempotency_keys,
    seen_events,
    stories,
    cases,
    runs,
    syncs,
    reviews,
    accounts,
    documents,
    prompts,
    exhausted_budgets,
)
"""Tables under row-level security."""
