"""The option of the long runs."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--proof", action="store_true", help="run the proofs at full size instead of their short form"
    )


@pytest.fixture(scope="session")
def full_size(pytestconfig: pytest.Config) -> bool:
    """Whether the proofs run at full size."""
    return bool(pytestconfig.getoption("--proof"))
