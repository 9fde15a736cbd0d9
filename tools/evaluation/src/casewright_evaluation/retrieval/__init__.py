"""Hybrid search on passages whose relevance is known."""
