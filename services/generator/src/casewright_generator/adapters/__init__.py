"""PostgreSQL, Qdrant, the models, and metrics."""
