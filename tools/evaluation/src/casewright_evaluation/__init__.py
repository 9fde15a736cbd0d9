"""How good the cases are: stories with answers made by hand, real issues, planted faults."""
