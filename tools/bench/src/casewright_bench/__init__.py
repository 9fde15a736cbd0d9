"""Benchmarks, each beside its yardstick."""
