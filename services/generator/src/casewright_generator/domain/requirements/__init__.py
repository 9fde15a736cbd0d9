"""What a story requires: criteria with their places, constraints, roles, states and what it excludes."""
