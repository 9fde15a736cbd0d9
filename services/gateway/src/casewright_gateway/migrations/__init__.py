"""Alembic history of schema `gateway`."""
