"""PostgreSQL, Qdrant and the embedding models."""
