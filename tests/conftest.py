"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --update` rewrites what fixtures expect; the diff is to be reviewed."""
    parser.addoption("--update", action="store_true", help="rewrite the expected parts of fixtures")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether fixtures are to be rewritten."""
    return bool(request.config.getoption("--update"))
