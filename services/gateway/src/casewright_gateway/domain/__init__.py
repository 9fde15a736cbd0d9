"""Pure values and functions of the gateway."""
