"""What holds for all tests: random examples are not timed, since a busy machine is no fault of the code; long tests are sampled."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import settings

from tests.long.sample import sample

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


CACHES = Path(tempfile.gettempdir()) / f"sbctl-caches-{os.getpid()}"
"""In the place of the user's cache folder: kits that tests deploy are no concern of whoever runs them."""


def pytest_configure() -> None:
    """What is deployed outside of a test."""
    os.environ["XDG_CACHE_HOME"] = str(CACHES)


def pytest_unconfigure() -> None:
    """Leave nothing."""
    shutil.rmtree(CACHES, ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder for each test, made when something is put there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(CACHES / uuid.uuid4().hex))


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
