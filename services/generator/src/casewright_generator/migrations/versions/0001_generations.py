"""Stories, claims on them, generations, cases, and the calls that were paid for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from casewright_common.postgres import isolate_tenants

revision = "0001"
down_revision = None


def _story_key() -> list[sa.Column[object]]:
    return [
        sa.Column("org_id", sa.Uuid, primary_key=True),
        sa.Column("connection_id", sa.Uuid, primary_key=True),
        sa.Column("issue_id", sa.Text, primary_key=True),
    ]


def upgrade() -> None:
    op.create_table(
        "stories",
        *_story_key(),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False, server_default="0"),
        sa.Column("event", JSONB, nullable=False),
    )
    op.create_table(
        "claims",
        *_story_key(),
        sa.Column("cause_id", sa.Uuid, nullable=False),
        sa.Column("token", sa.Uuid, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "generations",
        sa.Column("org_id", sa.Uuid, primary_key=True),
        sa.Column("cause_id", sa.Uuid, primary_key=True),
        sa.Column("connection_id", sa.Uuid, nullable=False),
        sa.Column("issue_id", sa.Text, nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
        sa.Column("event", JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_index("generations_by_story", "generations", ["org_id", "connection_id", "issue_id"])
    op.create_table(
        "cases",
        *_story_key(),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("draft", JSONB, nullable=False),
    )
    op.create_table(
        "model_calls",
        sa.Column("org_id", sa.Uuid, primary_key=True),
        sa.Column("cause_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("answer", sa.Text),
        sa.Column("input_tokens", sa.Integer, nullable=False, server_default="0"),
        sa.Column("output_tokens", sa.Integer, nullable=False, server_default="0"),
        sa.Column("cost_usd", sa.Float),
    )
    for table in ("stories", "claims", "generations", "cases", "model_calls"):
        isolate_tenants(op, table)
