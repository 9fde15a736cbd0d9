"""What people decided on earlier cases, and what follows for the next ones; docs/adr/0017 says why."""
