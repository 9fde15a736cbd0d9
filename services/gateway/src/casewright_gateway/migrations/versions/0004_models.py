"""Accounts with providers of models, their prices and budgets; prompts; project documents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from casewright_common.postgres import isolate_tenants

revision = "0004"
down_revision = "0003"


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _settings() -> sa.Column[object]:
    return sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False)


def upgrade() -> None:
    """New tables only."""
    op.create_table(
        "accounts",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        _settings(),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("org_id", "user_id"),
    )
    op.create_table(
        "documents",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("org_id", "id"),
    )
    op.create_index("documents_page", "documents", ["org_id", "project_id", "created_at", "id"], unique=False)
    op.create_table(
        "prompts",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        _settings(),
        sa.Column("revision", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("org_id"),
    )
    op.create_table(
        "exhausted_budgets",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("limit_usd", sa.Float(), nullable=False),
        sa.Column("spent_usd", sa.Float(), nullable=False),
        _moment("resets_at"),
        _moment("told_at"),
        sa.PrimaryKeyConstraint("org_id", "scope", "owner"),
    )
    op.create_table(
        "models",
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("input_usd_per_million_tokens", sa.Float(), nullable=True),
        sa.Column("output_usd_per_million_tokens", sa.Float(), nullable=True),
        sa.Column("context_tokens", sa.Integer(), nullable=True),
        _moment("told_at"),
        sa.PrimaryKeyConstraint("model"),
    )
    op.create_index("models_by_provider", "models", ["provider", "model"], unique=False)
    for table in ("accounts", "documents", "prompts", "exhausted_budgets"):
        isolate_tenants(op, table)
