"""The sweep itself: it breaks a run and passes a sound product, and it finds a broken one out. `make test-long` sweeps more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.long.figures import Figures, read_figures
from tests.long.stages import STAGES
from tests.sweeps.moving import MOVING
from tests.sweeps.operations import OPERATIONS

ROOT = Path(__file__).parents[2]
SEED = "11"
LAZY = """
import json, sys
from sbctl.core.report import Report
from tests.sweeps.operations import deploy
from tests.sweeps.sweep import Wish, sweep

runs = []

def lazy(app):
    runs.append(app)
    return deploy(app) if len(runs) <= 2 else Report(command="deploy")

wish = Wish("deploy", faults=("crash",), share=0.003, seed=3)
sys.stdout.write(json.dumps(sweep(wish, operations={"deploy": lazy}).as_json()))
"""
"""A product that does nothing on the second run of a child: the first two runs are the clean one and the walk."""

STUCK = """
import dataclasses, json, sys
from sbctl.core.report import Report
from tests.sweeps.moving import MOVING
from tests.sweeps.sweep import Wish, sweep

whole, runs = MOVING["failover"], []

def stuck(app):
    runs.append(app)
    return whole.act(app) if len(runs) <= 1 else Report(command="failover")

wish = Wish("failover", faults=("crash",), share=0.04, seed=1)
found = sweep(wish, moving={"failover": dataclasses.replace(whole, act=stuck)})
sys.stdout.write(json.dumps(found.as_json()))
"""
"""The first run in this process is the walk's; how a clean one ends was found out in a fork."""


def swept(*words: str) -> Any:
    """What a sweep found. In a process of its own, since it forks and must have one thread."""
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_every_operation_is_a_long_stage() -> None:
    """An operation that is new is swept too."""
    found = {one.name.removeprefix("sweep-") for one in STAGES if one.name.startswith("sweep-")}
    assert found == {*OPERATIONS, *MOVING}


@pytest.mark.long
def test_a_sound_deploy_is_broken_and_ended_by_the_next_run(tmp_path: Path) -> None:
    """Two points of more than a thousand: the same world, nothing twice, next plan empty; the figures say so."""
    figures = tmp_path / "figures"
    words = ["--operation", "deploy", "--turns", "--share", "0.0015", "--seed", SEED, "--figures", str(figures)]
    [found] = swept("-m", "tests.sweeps", *words, "--output", "json")
    assert found["wrong"] == []
    runs = sum(row["runs"] for row in found["rows"])
    assert read_figures(figures) == Figures(runs, 0)
    assert runs >= 1
    assert sum(row["points"] for row in found["rows"]) > 1000


@pytest.mark.long
def test_a_failover_that_does_not_go_on_is_found_out() -> None:
    """A same command that does nothing leaves the run open: every way that rests on it says so."""
    found = swept("-c", STUCK)
    runs = sum(row["runs"] for row in found["rows"])
    assert runs >= 2
    assert len(found["wrong"]) == runs
    assert any("same: " in text and "still open" in text for one in found["wrong"] for text in one["wrong"])


@pytest.mark.long
def test_a_product_that_does_not_go_on_is_found_out() -> None:
    """A second run that does nothing leaves what the first one did not do: every point that was killed early says so."""
    found = swept("-c", LAZY)
    runs = sum(row["runs"] for row in found["rows"])
    assert runs >= 1
    assert len(found["wrong"]) >= runs / 2
    assert any("missing" in text for one in found["wrong"] for text in one["wrong"])
