"""Two machines on one state in S3: what one does is seen by the other, gone on with there, and refused over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.clock import FakeClock
from sbctl.failover.kit.kit import FILE
from sbctl.sandbox.faults.fault import Fault
from sbctl.store.runs.lines import lines_of, run_in
from sbctl.store.runs.store import RunStore
from tests.sandbox.deployed import EAST, LONDON, ROOT, WEST, Scene, deployed
from tests.worlds import make_known

BUCKET = "acme-team-state"
PLACE = f"s3://{BUCKET}@{EAST}/prod"
WHY = ("--reason", "test")


@dataclass(frozen=True)
class Machine:
    """A clone of the project, and its own folder for what is kept beside a shared state."""

    scene: Scene

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        return self.scene.run("--state", PLACE, *arguments)

    def runs(self) -> list[tuple[str, str]]:
        code, said = self.run("history")
        assert code == 0
        return [(row["kind"], row["status"]) for row in said["data"]["runs"]]


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Machine]:
    """The default project, deployed; its state is in S3 since."""
    with deployed(tmp_path / "first") as scene:
        scene.client("s3").create_bucket(Bucket=BUCKET)
        assert scene.run("state", "move", "--to", PLACE)[0] == 0
        yield Machine(scene)


@pytest.fixture
def second(first: Machine, tmp_path: Path) -> Machine:
    """A fresh clone on another machine."""
    folder = tmp_path / "second"
    for name in ("config", "flows", "lambdas"):
        shutil.copytree(ROOT / name, folder / name)
    make_known(first.scene.running, folder / "state")
    return Machine(Scene(first.scene.running, folder))


def test_a_state_that_moves_takes_the_kit_along(first: Machine) -> None:
    """The first failover from another machine looks for it there, and has neither config nor cache."""
    kept = first.scene.client("s3").get_object(Bucket=BUCKET, Key=f"prod/{FILE}")["Body"].read()
    assert kept == (first.scene.state / FILE).read_bytes()


def codes(said: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in said["problems"]]


def test_an_open_failover_is_seen_and_gone_on_with_elsewhere(first: Machine, second: Machine) -> None:
    """Status, history and the refusal of a deploy on a fresh clone; resumed there, it is finished for the first machine."""
    code, _ = first.run("failover", "--to", WEST, "--mode", "forced", *WHY, "--pause-after", "signal")
    assert code == 130
    code, said = second.run("status")
    assert (code, said["data"]["open_failover"] is not None) == (0, True), said
    assert second.runs() == [("failover", "open")]
    code, said = second.run("deploy")
    assert (code, codes(said)) == (7, ["failover-open"])
    code, said = second.run("failover", "--resume")
    assert (code, codes(said)) == (0, [])
    assert first.runs() == second.runs() == [("failover", "finished")]
    assert first.run("status")[1]["data"]["open_failover"] is None
    code, said = first.run("history", "show")
    who = [event["data"]["caller"] for event in said["data"]["events"] if event["what"] in ("begun", "resumed")]
    assert len(who) == 2 and all(arn.startswith("arn:aws:") for arn in who)


def test_a_drill_that_another_machine_plays_is_left_alone(first: Machine, second: Machine) -> None:
    """To begin one beside it would restore it in the middle; what a killed one left is put back by order."""
    clock = FakeClock()
    bucket = first.scene.client("s3")
    order = {"name": "region-loss", "level": "check", "target": WEST, "mode": "planned", "by": "kim@laptop"}
    run = RunStore(first.scene.folder / "elsewhere", clock, clock, "x").begin(
        "drill", "drill-20260101T000000-1a2b", order=order, source=EAST, faults=[], flag="", state=PLACE
    )
    body = "".join(lines_of(run.events)).encode()
    bucket.put_object(Bucket=BUCKET, Key=f"prod/runs/{run.id}.run", Body=body)
    code, said = second.run("drill", "run", "planned-switch", "--level", "check")
    assert (code, codes(said)) == (5, ["drill-elsewhere"])
    assert "kim@laptop" in said["problems"][0]["detail"]


@pytest.mark.long
def test_who_deployed_stands_in_the_history_of_the_state(first: Machine) -> None:
    """User and host, the caller, and the run that the lines of the audit log name."""
    code, said = first.run("deploy", "--region", WEST)
    code, said = first.run("state", "history")
    row = said["data"]["generations"][-1]
    assert (code, row["by"].partition("@")[2]) == (0, row["host"])
    lines = [line for line in first.scene.calls() if line["run"] == row["run"]]
    assert lines and {line["by"] for line in lines} == {row["by"]}


def test_a_forced_failover_goes_on_without_the_states_region(first: Machine, second: Machine) -> None:
    """With the bucket's region silent it says what could not be shared; the next command shares it once the region is back."""
    first.scene.world.faults.add(Fault("", "down", EAST))
    first.scene.forget_calls()
    code, said = first.run("failover", "--to", WEST, "--mode", "forced", *WHY)
    assert (code, codes(said).count("runs-not-shared")) == (0, 1), said["problems"]
    calls = [line["call"] for line in first.scene.calls()]
    assert [call for call in calls if call.startswith("s3:")] == ["s3:GetObject"]
    assert calls.index("s3:GetObject") > calls.index("dynamodb:PutItem")
    first.scene.world.faults.heal()
    assert second.runs() == []
    assert first.runs() == [("failover", "finished")]
    assert second.runs() == [("failover", "finished")]


def test_the_same_forced_order_elsewhere_goes_on_with_the_open_run(first: Machine, second: Machine) -> None:
    """It asks nobody, finds that somebody was first, and then hears of whose run it is."""
    forced = ("failover", "--to", WEST, "--mode", "forced", *WHY)
    assert first.run(*forced, "--pause-after", "signal")[0] == 130
    code, said = second.run(*forced)
    assert (code, codes(said)) == (0, [])
    assert first.runs() == second.runs() == [("failover", "finished")]


def test_a_journal_in_s3_is_one_object_a_run(first: Machine) -> None:
    """Beside the state, with who, from where, and of which state."""
    first.run("failover", "--to", LONDON, "--mode", "forced", *WHY, "--pause-after", "signal")
    s3 = first.scene.client("s3")
    (row,) = s3.list_objects_v2(Bucket=BUCKET, Prefix="prod/runs/")["Contents"]
    body = s3.get_object(Bucket=BUCKET, Key=row["Key"])["Body"].read()
    run = run_in(row["Key"].rpartition("/")[2], body)
    assert run is not None
    begun = run.begun.data
    assert (begun["state"], begun["by"].partition("@")[2]) == (PLACE, begun["host"])
    elsewhere = first.scene.folder / "moved"
    assert first.run("state", "move", "--to", str(elsewhere))[0] == 0
    make_known(first.scene.running, elsewhere)  # else a sandbox of that state's own is started, and left
    code, said = first.scene.run("--state", str(elsewhere), "history")
    assert (code, [row["run"] for row in said["data"]["runs"]]) == (0, [run.id])
