"""Test cases in, Jira comments and sub-tasks out."""
