"""Random projects, the short form: one life each run, always the same. The long form is `make random`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.configurations import Files, projects
from tests.fuzz.lives import empty_scene, live
from tests.sandbox.deployed import Scene

SEED = 20260301
LIVES = 1


def test_random_projects_live_and_leave_nothing() -> None:
    """Deploy, change, deploy, destroy: each plan afterwards is empty, all that was made goes, what is foreign stays."""
    with tempfile.TemporaryDirectory(prefix="sbctl-random-") as folder, empty_scene(Path(folder)) as scene:
        _lives(scene)


def _lives(scene: Scene) -> None:
    @seed(SEED)
    @settings(
        max_examples=LIVES,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(projects(), projects())
    def one(before: Files, after: Files) -> None:
        assert not list(live(scene, before, after))

    one()
