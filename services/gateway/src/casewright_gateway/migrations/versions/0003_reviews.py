"""What a case carries besides its steps, decisions of people, and what a story's author should answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from casewright_common.postgres import isolate_tenants

revision = "0003"
down_revision = "0002"


def _json(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(
        name, postgresql.JSONB(astext_type=sa.Text()), nullable=default is None, server_default=default
    )


def upgrade() -> None:
    """Columns with defaults, so that the gateway before this one goes on writing its rows."""
    for column in (
        sa.Column("gherkin", sa.Text(), nullable=False, server_default=""),
        _json("tags", "[]"),
        _json("scores"),
        sa.Column("score", sa.Float(), nullable=True),
        _json("findings", "[]"),
        sa.Column("change", sa.Text(), nullable=False, server_default="new"),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("reviews", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("proposal_for", sa.Uuid(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("prompt_version", sa.Text(), nullable=True),
    ):
        op.add_column("cases", column)
    op.create_index("cases_by_prompt", "cases", ["org_id", "prompt_version"], unique=False)
    for name in ("open_questions", "omitted", "generated_criteria"):
        op.add_column("stories", _json(name, "[]"))
    op.create_table(
        "reviews",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=True),
        sa.Column("case", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "case_id", "review"),
    )
    op.create_index("reviews_by_id", "reviews", ["org_id", "id"], unique=True)
    op.create_index("reviews_by_story", "reviews", ["org_id", "story_id", "case_id", "review"], unique=False)
    op.create_index("reviews_by_prompt", "reviews", ["org_id", "prompt_version"], unique=False)
    isolate_tenants(op, "reviews")
