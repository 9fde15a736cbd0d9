"""An index for the latest event of a story, from which a decision makes the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index(
        "generations_latest",
        "generations",
        ["org_id", "connection_id", "issue_id", sa.text("((event ->> 'generation')::integer)")],
        postgresql_where=sa.text("NOT failed"),
    )
