"""Tables of the schema `embedder`."""

from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

indexed_stories = Table(
    "indexed_stories",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("connection_id", Uuid, primary_key=True),
    Column("issue_id", Text, primary_key=True),
    # 0 and no event: somebody is indexing the story's first revision.
    Column("revision", Integer, nullable=False),
    Column("event", JSONB(none_as_null=True)),
    Column("indexed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# What was last done about documents and cases.
indexed_texts = Table(
    "indexed_texts",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    # The values that name it, joined by colons.
    Column("source", Text, primary_key=True),
    # 0: somebody is indexing it for the first time.
    Column("revision", Integer, nullable=False),
    # Empty: it has no points.
    Column("collection", Text, nullable=False, server_default=""),
    Column("indexed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
