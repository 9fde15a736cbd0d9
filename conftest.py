"""Fixtures and hooks of every test in the workspace; the code is in `casewright_standalone.testing`."""

pytest_plugins = ["casewright_standalone.testing"]
