"""Under which number a story's cases were last told anew after a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "stories", sa.Column("decided_generation", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
