"""Tables of the schema `jira_sync`."""

from uuid import UUID

import sqlalchemy as sa

metadata = sa.MetaData()

NO_CASE = UUID(int=0)
"""Stands for the comment, which belongs to no case, in a primary key that knows no NULL."""

stories = sa.Table(
    "stories",
    metadata,
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
)

targets = sa.Table(
    "targets",
    metadata,
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
