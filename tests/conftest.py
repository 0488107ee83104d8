"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings

# How long an example may take is no matter of right or wrong, and a busy machine is slow.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --update` rewrites what fixtures expect; the diff is to be reviewed."""
    parser.addoption("--update", action="store_true", help="rewrite the expected parts of fixtures")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether fixtures are to be rewritten."""
    return bool(request.config.getoption("--update"))
