"""The log of runs: a line of JSON for each thing that happens; what cannot be written stops nothing."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sbctl.core.address import Address
from sbctl.core.events import CallMade, Event, StepStarted
from sbctl.core.problem import Exit, Problem
from sbctl.core.report import Report
from sbctl.main import cli
from sbctl.ui.log_file import LogFile


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_events_are_logged_and_passed_on(tmp_path: Path) -> None:
    """With their fields, and the address as it is written."""
    path = tmp_path / "sbctl.log"
    heard: list[Event] = []
    log = LogFile(path)
    log.begin("sbctl deploy")
    listen = log.beside(heard.append)
    step = StepStarted(Address.parse("connect_queue.us-east-1.sales"), "create")
    call = CallMade("connect", "CreateQueue", "us-east-1", "ok", 0.25)
    listen(step)
    listen(call)
    log.end(Report(command="deploy", problems=(Problem(code="x", summary="No", exit=Exit.PARTIAL),)))
    assert heard == [step, call]
    found = lines(path)
    assert [one["event"] for one in found] == ["run-started", "step-started", "call-made", "problem", "run-ended"]
    assert (found[1]["address"], found[1]["action"]) == ("connect_queue.us-east-1.sales", "create")
    assert (found[2]["operation"], found[2]["outcome"], found[2]["seconds"]) == ("CreateQueue", "ok", 0.25)
    assert (found[3]["code"], found[4]["exit"]) == ("x", 4)
    assert all(one["time"].endswith("Z") and one["process"] for one in found)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_run_appends_to_the_log(tmp_path: Path) -> None:
    """Two runs, one after the other, by option and by variable."""
    path = tmp_path / "sbctl.log"
    CliRunner().invoke(cli, ["explain", "exit", "--log-file", str(path)])
    CliRunner().invoke(cli, ["explain", "nothing.like.it"], env={"SBCTL_LOG_FILE": str(path)})
    ends = [one for one in lines(path) if one["event"] == "run-ended"]
    assert [one["command"] for one in ends] == ["explain", "explain"]
    assert ends[1]["exit"] == 2


def test_a_secret_is_not_logged(tmp_path: Path) -> None:
    """The log is redacted as all that is shown."""
    path = tmp_path / "sbctl.log"
    LogFile(path).begin("sbctl --endpoint-url https://me:longsecret@proxy plan")
    assert "longsecret" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["no/such/folder.log", "file/beneath.log"])
def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, place: str) -> None:
    """The command's own exit code stays, and a note names the file."""
    (tmp_path / "file").write_text("")
    found = CliRunner().invoke(cli, ["explain", "--log-file", str(tmp_path / place), "-o", "json"])
    told = json.loads(found.stdout)
    assert found.exit_code == 0
    assert [one["code"] for one in told["problems"]] == ["log-unwritable"]
    assert place in told["problems"][0]["detail"]
