"""One deployment for a module; each test begins with the regions as the config wants them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.parity.scene import Scene, deployed


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("project")) as found:
        yield found


@pytest.fixture
def scene(world: Scene) -> Iterator[Scene]:
    """The deployment; what a test broke is put right after it."""
    yield world
    if not world.touched:
        return
    code, envelope = world.run("drift", "--revert")
    assert code == 0, envelope["problems"]
    world.touched.clear()
