"""Which conditions are tested, by which technique, and how much of them cases cover."""
