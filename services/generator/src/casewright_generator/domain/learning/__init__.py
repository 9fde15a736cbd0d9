"""What people decided on earlier cases, and what follows for the next ones."""
