"""`sbctl history show` without a run: the newest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sbctl.core.clock import FakeClock
from sbctl.main import cli
from sbctl.store.runs.store import RunStore


def shown(state: Path, *words: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(cli, ["--state", str(state), "--output", "json", "history", "show", *words])
    return done.exit_code, json.loads(done.stdout)


def test_without_a_name_it_is_the_newest_run(tmp_path: Path) -> None:
    """Of two runs the one that began last, whatever their names; a name still finds the other."""
    clock = FakeClock()
    runs = RunStore(tmp_path / "runs", clock, clock, "test")
    runs.begin("failover", "failover-1", order={}, source="us-east-1")
    clock.sleep(60)
    runs.begin("drill", "drill-1", order={}, source="us-east-1")
    assert shown(tmp_path)[1]["data"]["run"] == "drill-1"
    assert shown(tmp_path, "failover")[1]["data"]["run"] == "failover-1"


def test_without_any_run_there_is_none_to_show(tmp_path: Path) -> None:
    """Exit 2, and no word of a name that nobody gave."""
    exit_code, told = shown(tmp_path)
    assert (exit_code, told["problems"][0]["code"], told["problems"][0]["detail"]) == (
        2,
        "no-such-run",
        "no run has been made yet",
    )


def test_of_several_runs_the_one_that_waits_is_acknowledged(tmp_path: Path) -> None:
    """A drill's own failover is acknowledged already: the beginning of a name can only mean the other."""
    clock = FakeClock()
    runs = RunStore(tmp_path / "runs", clock, clock, "test")
    for name in ("failover-1", "failover-2"):
        runs.add(runs.begin("failover", name, order={}, source="us-east-1"), "finished")
    runs.add(runs.load("failover-1"), "acknowledged")
    done = CliRunner().invoke(
        cli, ["--state", str(tmp_path), "--output", "json", "history", "ack", "failover", "--note", "reviewed"]
    )
    assert done.exit_code == 0, done.stdout
    assert json.loads(done.stdout)["data"]["run"] == "failover-2"
    assert all(run.acknowledged for run in runs.all())
