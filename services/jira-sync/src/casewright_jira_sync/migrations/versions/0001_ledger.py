"""The ledger: claims per story, and what stands in Jira."""

import sqlalchemy as sa
from alembic import op

from casewright_common.postgres import isolate_tenants

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "stories",
        sa.Column("org_id", sa.Uuid, primary_key=True),
        sa.Column("connection_id", sa.Uuid, primary_key=True),
        sa.Column("issue_id", sa.Text, primary_key=True),
        sa.Column("generation", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.Uuid),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("suspect", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("settled_generation", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("settled_outcome", sa.Text),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="lease_is_whole"),
    )
    op.create_table(
        "targets",
        sa.Column("org_id", sa.Uuid, primary_key=True),
        sa.Column("connection_id", sa.Uuid, primary_key=True),
        sa.Column("issue_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("jira_id", sa.Text, nullable=False),
        sa.Column("jira_key", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    isolate_tenants(op, "stories")
    isolate_tenants(op, "targets")
