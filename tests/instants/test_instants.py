"""SIGKILL, SIGTERM, SIGHUP, SIGINT, SIGSTOP and SIGCONT, closed output, at any instant: the next command comes to an end.

Then nothing is open, nothing is broken or left, traffic is where it belongs, and the history tells what happened.
"""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from sbctl.core.moving.run import Run
from sbctl.drills.restore import is_left
from tests.instants.acts import ACTS, Operator
from tests.instants.process import BROKEN, CLOSED, run_in_process
from tests.unit.failover.scenes import EAST, WEST

NUMBERS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGSTOP, CLOSED)
COUNT, OFTEN = 200, 20
"""Instants in all, and those of them that every run of the tests tries."""
LONGEST = {"failover": 20, "failback": 20, "drill": 84, "restore": 45}
"""About as many instants as an act has: one that comes too late changes nothing."""
CASES = [
    pytest.param(case, marks=() if case < OFTEN else pytest.mark.long, id=f"{[*ACTS][case % len(ACTS)]}-{case}")
    for case in range(COUNT)
]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("case", CASES)
def test_the_next_command_comes_to_an_end(case: int, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The instant is drawn by the case and `--share-seed`."""
    name = [*ACTS][case % len(ACTS)]
    draw = random.Random(1000 * int(request.config.getoption("--share-seed")) + case)
    number, at = draw.choice(NUMBERS), draw.randint(1, LONGEST[name])
    prepared(tmp_path, name, draw)
    code, _ = run_in_process(tmp_path, ACTS[name], number, at)
    assert code != BROKEN, (tmp_path / "error").read_text()
    assert (code == -signal.SIGKILL) <= (number == signal.SIGKILL)
    go_on(tmp_path, name)
    assert_true(tmp_path, WEST if name == "failover" else EAST)


def prepared(folder: Path, name: str, draw: random.Random) -> None:
    """What an act begins from: a failover to return from, or a drill that was killed somewhere."""
    if name == "failback":
        assert run_in_process(folder, ACTS["failover"], CLOSED, 0)[0] == 0
    if name == "restore":
        run_in_process(folder, ACTS["drill"], signal.SIGKILL, draw.randint(10, LONGEST["drill"]))


def go_on(folder: Path, name: str) -> None:
    """As people are told: restore what a drill has left, resume what is open; and the same command where nothing had begun."""

    def again(operator: Operator) -> None:
        operator.restore()
        operator.resume()
        moved = operator.world.answered() != EAST
        if (name, moved) in (("failover", False), ("failback", True)):
            ACTS[name](operator)

    code, _ = run_in_process(folder, again, CLOSED, 0)
    assert code == 0, (folder / "error").read_text()


def assert_true(folder: Path, active: str) -> None:
    """The world and the journals agree."""
    found: list[str] = []

    def look(operator: Operator) -> None:
        runs = operator.runs.all()
        found.extend([f"{run.id} is open" for run in runs if run.status == "open"])
        found.extend([f"{run.id} has left something" for run in runs if is_left(run)])
        found.extend(operator.world.leftovers())
        found.extend(untrue(runs, operator))
        if operator.world.answered() != active:
            found.append(f"DNS answers {operator.world.answered()}")
        (folder / "found").write_text("\n".join(found))

    code, _ = run_in_process(folder, look, CLOSED, 0)
    assert code == 0, (folder / "error").read_text()
    assert (folder / "found").read_text() == ""


def untrue(runs: tuple[Run, ...], operator: Operator) -> list[str]:
    """What the journals say and is not so: moves of ended runs, undone twice, a signal of nobody's run."""
    found = [f"{run.id} ended without {one}" for run in runs if run.kind != "drill" and run.status == "finished"
             for one in ("signal", "served", "moved") if one not in run.done()]  # fmt: skip
    undone = [run.order["undoes"] for run in runs if run.kind == "failback" and run.status == "finished"]
    found += [f"{one} was undone twice" for one in {*undone} if undone.count(one) > 1]
    given = operator.world.signal(EAST).get("run", {}).get("S", "")
    moved = [
        run
        for run in runs
        if run.kind != "drill" and any((event.what, event.move) == ("move-begun", "signal") for event in run.events)
    ]
    if moved and given not in {run.id for run in moved}:
        found.append(f"the signal is of {given or 'nobody'}")
    return found
