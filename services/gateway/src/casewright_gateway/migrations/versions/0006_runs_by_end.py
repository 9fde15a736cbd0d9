"""What a period's runs cost is summed up by when they ended."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("runs_by_end", "runs", ["org_id", "finished_at"])
