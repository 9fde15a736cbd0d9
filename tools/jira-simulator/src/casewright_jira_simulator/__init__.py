"""A Jira Cloud good enough to develop against."""
