"""What people decided about cases, what each case was made from, and what else a generation announced."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from casewright_common.postgres import isolate_tenants

revision = "0002"
down_revision = "0001"

_EMPTY = sa.text("'[]'")
_OF_THE_CASES = """
    SELECT g.event FROM generations g
    WHERE NOT g.failed AND g.org_id = {0}.org_id AND g.connection_id = {0}.connection_id
      AND g.issue_id = {0}.issue_id AND g.event ->> 'outcome' = 'cases'
    ORDER BY (g.event ->> 'generation')::int DESC LIMIT 1
"""


def upgrade() -> None:
    op.add_column("stories", sa.Column("made_from", JSONB, nullable=False, server_default=_EMPTY))
    op.add_column("stories", sa.Column("engine", JSONB))
    op.add_column("generations", sa.Column("announced", JSONB, nullable=False, server_default=_EMPTY))
    op.add_column("cases", sa.Column("basis", JSONB, nullable=False, server_default=_EMPTY))
    op.add_column("cases", sa.Column("listed", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("cases", sa.Column("place", sa.Integer, nullable=False, server_default="0"))
    _remember_what_cases_were_made_from()
    op.create_table(
        "reviews",
        sa.Column("org_id", sa.Uuid, primary_key=True),
        sa.Column("connection_id", sa.Uuid, primary_key=True),
        sa.Column("issue_id", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("project_id", sa.Uuid, nullable=False),
        sa.Column("issue_key", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("draft", JSONB, nullable=False),
        sa.Column("criteria", JSONB, nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("reviews_by_project", "reviews", ["org_id", "project_id", "decision", "reviewed_at"])
    isolate_tenants(op, "reviews")


def _remember_what_cases_were_made_from() -> None:
    of_stories, of_cases = _OF_THE_CASES.format("stories"), _OF_THE_CASES.format("cases")
    op.execute(
        "UPDATE stories SET (made_from, engine) = (SELECT coalesce(latest.event -> 'criteria', '[]'),"  # noqa: S608  # no input
        f" latest.event -> 'engine' FROM ({of_stories}) latest)"
        " WHERE EXISTS (SELECT FROM cases c WHERE c.org_id = stories.org_id"
        " AND c.connection_id = stories.connection_id AND c.issue_id = stories.issue_id)"
    )
    op.execute(
        "UPDATE cases SET basis = coalesce((SELECT latest.event -> 'criteria'"  # noqa: S608  # no input
        f" FROM ({of_cases}) latest), '[]')"
    )
