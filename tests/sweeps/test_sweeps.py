"""The sweeps in their short form: some of the points at which a run can be broken. `make sweep` breaks it at all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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

wish = Wish("failover", faults=("read-only",), share=0.15, seed=1)
found = sweep(wish, moving={"failover": dataclasses.replace(whole, act=stuck)})
sys.stdout.write(json.dumps(found.as_json()))
"""
"""The first run in this process is the walk's; how a clean one ends was found out in a fork."""


def swept(*words: str) -> Any:
    """What a sweep found. In a process of its own, since it forks and must have one thread."""
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("operation", "share"),
    [("deploy", "0.006"), ("update", "0.012"), ("destroy", "0.012"), ("adopt", "0.004"), ("adopt-instance", "0.01")],
)
def test_wherever_a_run_is_broken_the_next_one_ends_it(operation: str, share: str) -> None:
    """Killed, stopped, throttled, unanswered or without a disk at any point: the same world, nothing twice, next plan empty."""
    words = ["--operation", operation, "--turns", "--share", share, "--seed", SEED, "--output", "json"]
    [found] = swept("-m", "tests.sweeps", *words)
    assert found["wrong"] == []
    assert sum(row["runs"] for row in found["rows"]) >= 5
    assert sum(row["points"] for row in found["rows"]) > 1000


def test_wherever_a_failover_is_broken_it_is_gone_on_with_or_taken_back() -> None:
    """As status says, by the same command, and by an abort: the same world, the signal once, the run closed."""
    words = ["--operation", "failover", "--turns", "--share", "0.1", "--seed", SEED, "--output", "json"]
    [found] = swept("-m", "tests.sweeps", *words)
    assert found["wrong"] == []
    assert sum(row["runs"] for row in found["rows"]) >= 5
    assert sum(row["points"] for row in found["rows"]) > 200


def test_a_failover_that_does_not_go_on_is_found_out() -> None:
    """A same command that does nothing leaves the run open: every way that rests on it says so."""
    found = swept("-c", STUCK)
    runs = sum(row["runs"] for row in found["rows"])
    assert runs >= 2
    assert len(found["wrong"]) == runs
    assert any("same: " in text and "still open" in text for one in found["wrong"] for text in one["wrong"])


def test_a_product_that_does_not_go_on_is_found_out() -> None:
    """A second run that does nothing leaves what the first one did not do: every point that was killed early says so."""
    found = swept("-c", LAZY)
    runs = sum(row["runs"] for row in found["rows"])
    assert runs >= 1
    assert len(found["wrong"]) >= runs / 2
    assert any("missing" in text for one in found["wrong"] for text in one["wrong"])
