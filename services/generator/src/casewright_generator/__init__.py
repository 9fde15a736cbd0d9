"""Indexed stories in, test cases out."""
