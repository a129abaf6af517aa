"""The deployed default project: traffic in us-east-1, nothing broken, no run open, no cooldown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.sandbox.deployed import REGIONS, Scene, deployed


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A world of its own for each test."""
    with awake(tmp_path / "project") as found:
        yield found


@contextmanager
def awake(folder: Path) -> Iterator[Scene]:
    """A world whose health functions' processes have started, side by side."""
    with deployed(folder) as found:
        with ThreadPoolExecutor() as pool:
            assert set(pool.map(partial(health_in, found), REGIONS)) == {200}
        yield found


def health_in(scene: Scene, region: str) -> int:
    """What the health function of a region answers, asked past its address."""
    event = json.dumps({"rawPath": "/health"})
    answer = scene.client("lambda", region).invoke(FunctionName="enterprise-health", Payload=event)
    return int(json.loads(answer["Payload"].read())["statusCode"])
