"""The journal file and the webhook sender."""
