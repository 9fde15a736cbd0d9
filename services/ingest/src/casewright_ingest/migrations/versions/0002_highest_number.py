"""The highest number that a criterion of a story ever had."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("stories", sa.Column("highest_number", sa.Integer))
