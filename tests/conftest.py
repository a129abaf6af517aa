"""What holds for all tests: random examples are not timed, since a busy machine is no fault of the code; long tests are sampled."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.long.sample import sample

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options that `make test-long` gives."""
    group = parser.getgroup("long tests")
    group.addoption("--share", type=float, default=1.0, help="part of each file's long tests that is run")
    group.addoption("--share-seed", type=int, default=0, help="which part")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long tests that are not in the share."""
    share: float = config.getoption("--share")
    if share >= 1:
        return
    long = [item.nodeid for item in items if item.get_closest_marker("long")]
    kept = sample(long, share, config.getoption("--share-seed"))
    left_out = {*long} - kept
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]
