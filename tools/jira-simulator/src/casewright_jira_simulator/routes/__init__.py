"""HTTP: the REST API as Jira has it, the admin API and the pages."""
