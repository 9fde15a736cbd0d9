"""The REST API and the read model behind it."""
