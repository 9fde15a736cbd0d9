"""The command `casewright`: everything on one machine."""
