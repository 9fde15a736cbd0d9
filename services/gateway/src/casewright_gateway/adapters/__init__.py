"""What the gateway keeps, sends and asks outside of itself."""
