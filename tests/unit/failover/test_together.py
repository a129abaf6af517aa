"""Options of `failover` that do not go together are refused, all at once, before anybody is asked anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sbctl.commands.failover.together import check_moves, check_of_run
from sbctl.core.moving.run import Run, RunEvent
from sbctl.core.problem import SbctlError
from sbctl.failover.execution.runner import RunOptions
from sbctl.main import cli
from tests.unit.failover.scenes import EAST, LONDON, NOW, WEST

ORDER = {"target": WEST, "source": "", "mechanism": "standby-takeover"}
RUN = Run(
    id="failover-1",
    kind="failover",
    events=(RunEvent(at=NOW, world=NOW, what="begun", data={"order": ORDER, "source": EAST}),),
)
NOTHING = {"source": "", "mechanism": None}


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("--resume --abort", ["--resume --abort"]),
        ("--abort --rejoin us-west-2", ["--abort --rejoin"]),
        ("--resume --dry-run", ["--dry-run"]),
        ("--abort --dry-run --skip signal", ["--dry-run", "--skip"]),
        ("--rejoin us-west-2 --pause-after signal", ["--pause-after"]),
    ],
)
def test_what_would_not_be_heeded_is_refused(
    line: str, at: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2: above all an abort that was to be a rehearsal."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["failover", *line.split(), "--yes", "--output", "json"], catch_exceptions=False)
    assert (done.exit_code, [one["at"] for one in json.loads(done.stdout)["problems"]]) == (2, at)


@pytest.mark.parametrize(
    ("target", "asked", "at"),
    [
        (None, {}, []),
        (WEST, {"source": EAST, "mechanism": "standby-takeover"}, []),
        (LONDON, {}, ["--to"]),
        (LONDON, {"source": WEST, "mechanism": "records"}, ["--to", "--from", "--mechanism"]),
    ],
)
def test_another_failover_than_the_open_one_is_not_resumed(
    target: str | None, asked: dict[str, str], at: list[str]
) -> None:
    """The options of the open run may stand there: the same command is typed again with --resume."""
    found = []
    try:
        check_of_run(RUN, target, {**NOTHING, **asked})
    except SbctlError as error:
        found = [one.at for one in error.problems]
    assert found == at


def test_a_move_that_is_none_is_refused() -> None:
    """Else traffic would move to the end where a pause was wanted."""
    moves = ("signal", "served", "moved")
    check_moves(RunOptions(frozenset({"served"}), "signal"), moves)
    with pytest.raises(SbctlError) as raised:
        check_moves(RunOptions(frozenset({"serve"}), "dns"), moves)
    assert [(one.at, "signal" in one.detail + one.fix) for one in raised.value.problems] == [
        ("--skip", True),
        ("--pause-after", True),
    ]
