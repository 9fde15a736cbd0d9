"""What touches the world outside: PostgreSQL, Redis, Jira."""
