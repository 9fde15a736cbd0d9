"""Pure functions: text to chunks, tokens to weights, names and ids."""
