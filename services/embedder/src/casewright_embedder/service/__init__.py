"""The use cases of the embedder."""
