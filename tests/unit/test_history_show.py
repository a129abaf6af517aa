"""`sbctl history show` without a run: the newest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sbctl.core.clock import FakeClock
from sbctl.main import cli
from sbctl.store.runs import RunStore


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
