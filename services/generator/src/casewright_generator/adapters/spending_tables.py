"""Tables of what models cost."""

from sqlalchemy import Column, Float, Table, Text, Uuid

from casewright_generator.adapters.tables import metadata

__all__ = ["catalogues", "metadata", "spending"]

# What was spent, and is kept free for calls under way, by whom in which day and month.
spending = Table(
    "spending",
    metadata,
    Column("org_id", Uuid, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("spent_usd", Float, nullable=False, server_default="0"),
    Column("reserved_usd", Float, nullable=False, server_default="0"),
    Column("announced_usd", Float),
    Column("announced_by", Uuid),
)

# The version of the price table whose models have been told of; of no tenant.
catalogues = Table("catalogues", metadata, Column("version", Text, primary_key=True))
