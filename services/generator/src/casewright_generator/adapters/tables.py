"""Tables of the schema `generator`."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _story_key() -> list[Column[object]]:
    return [
        Column("org_id", Uuid, primary_key=True),
        Column("connection_id", Uuid, primary_key=True),
        Column("issue_id", Text, primary_key=True),
    ]


# The latest revision of each story, for those who ask for its cases again; with the criteria that its latest
# cases were made from, and by what.
stories = Table(
    "stories",
    metadata,
    *_story_key(),
    Column("revision", Integer, nullable=False),
    Column("generation", Integer, nullable=False, server_default="0"),
    Column("event", JSONB, nullable=False),
    Column("made_from", JSONB, nullable=False, server_default="[]"),
    Column("engine", JSONB),
)

# Who works on a story. A row whose time is up counts as none.
claims = Table(
    "claims",
    metadata,
    *_story_key(),
    Column("cause_id", Uuid, nullable=False),
    Column("token", Uuid, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

# What came of each cause, decisions included: what a redelivery publishes again.
generations = Table(
    "generations",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("cause_id", Uuid, primary_key=True),
    Column("connection_id", Uuid, nullable=False),
    Column("issue_id", Text, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("event", JSONB, nullable=False),
    Column("announced", JSONB, nullable=False, server_default="[]"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index(
        "generations_latest",
        "org_id",
        "connection_id",
        "issue_id",
        text("((event ->> 'generation')::integer)"),
        postgresql_where=text("NOT failed"),
    ),
)

# The cases of each story: those of its latest generation are listed, others may come back. The basis is the
# criteria that a case was written from, as they then read.
cases = Table(
    "cases",
    metadata,
    *_story_key(),
    Column("case_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("draft", JSONB, nullable=False),
    Column("basis", JSONB, nullable=False, server_default="[]"),
    Column("listed", Boolean, nullable=False, server_default=true()),
    Column("place", Integer, nullable=False, server_default="0"),
)

# The last thing that a person decided about each case, with the whole case as it then stood.
reviews = Table(
    "reviews",
    metadata,
    *_story_key(),
    Column("case_id", Uuid, primary_key=True),
    Column("project_id", Uuid, nullable=False),
    Column("issue_key", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("draft", JSONB, nullable=False),
    Column("criteria", JSONB, nullable=False),
    Column("reviewed_at", DateTime(timezone=True), nullable=False),
)

# Every call of a model, noted before it is made: what a redelivery need not pay for again.
model_calls = Table(
    "model_calls",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("cause_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("answer", Text),
    Column("input_tokens", Integer, nullable=False, server_default="0"),
    Column("output_tokens", Integer, nullable=False, server_default="0"),
    Column("cost_usd", Float),
    Column("model", Text),
    Column("payer", Text),
    Column("failure", Text),
    Column("cached", Boolean, nullable=False, server_default=false()),
)
