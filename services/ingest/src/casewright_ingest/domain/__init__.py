"""Pure functions and values of ingest: markup, criteria, revisions, webhooks."""
