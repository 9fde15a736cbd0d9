"""What models cost and who pays, and which catalogue of models was published."""

import sqlalchemy as sa
from alembic import op

from casewright_common.postgres import isolate_tenants

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("model_calls", sa.Column("model", sa.Text))
    op.add_column("model_calls", sa.Column("payer", sa.Text))
    op.add_column("model_calls", sa.Column("failure", sa.Text))
    op.add_column("model_calls", sa.Column("cached", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "spending",
        sa.Column("org_id", sa.Uuid, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("spent_usd", sa.Float, nullable=False, server_default="0"),
        sa.Column("reserved_usd", sa.Float, nullable=False, server_default="0"),
        sa.Column("announced_usd", sa.Float),
        sa.Column("announced_by", sa.Uuid),
    )
    isolate_tenants(op, "spending")
    op.create_table("catalogues", sa.Column("version", sa.Text, primary_key=True))
