"""Story events in, Qdrant points out."""
