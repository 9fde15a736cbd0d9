"""Values and pure functions of the simulated Jira."""
