"""What a new revision does to the cases that there are; docs/adr/0017 says why."""
