"""Tables of the schema `ingest`."""

from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, Uuid, func

metadata = MetaData()

stories = Table(
    "stories",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("connection_id", Uuid, primary_key=True),
    Column("issue_id", Text, primary_key=True),
    # 0 and no event: somebody is reading the story for the first time, or the issue is no story.
    Column("revision", Integer, nullable=False),
    # Text, not JSONB: a redelivery publishes these very bytes again.
    Column("event", Text),
    # What a criterion may never be called again; none in rows from before criteria kept their numbers.
    Column("highest_number", Integer),
    Column("seen_at", DateTime(timezone=True)),
    Column("stored_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
