"""Use cases of the gateway, and the Protocols that they need."""
