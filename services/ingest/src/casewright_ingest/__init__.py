"""Jira webhooks in, story events out."""
