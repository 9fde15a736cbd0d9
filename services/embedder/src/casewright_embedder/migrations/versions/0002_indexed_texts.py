"""What has been indexed of documents and cases."""

import sqlalchemy as sa
from alembic import op

from casewright_common.postgres import isolate_tenants

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "indexed_texts",
        sa.Column("org_id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("collection", sa.Text, nullable=False, server_default=""),
        sa.Column("indexed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    isolate_tenants(op, "indexed_texts")
