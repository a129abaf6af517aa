"""Every drill holds on the healthy world and puts it back, however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sbctl.app import App, Settings
from sbctl.core.events import silent
from sbctl.failover.execution.open_runs import Runs
from sbctl.sandbox.faults.control import list_faults
from tests.cases.conftest import awake
from tests.cases.test_failover import active
from tests.sandbox.deployed import EAST, REGIONS, Scene
from tests.waits import advanced_until, eventually

TABLE = "connect-config-global"
LONG_RUNNING_SECONDS = 1000.0
"""Of the world's time: longer than a health flag lasts; a sandbox that runs fast is soon so far ahead of real time."""
Instant = Callable[[Scene, Runs], bool]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One world for all: each drill has to leave it as it was."""
    with awake(tmp_path_factory.mktemp("drills")) as found:
        yield found


def assert_as_before(scene: Scene) -> None:
    """Plan empty, no fault, no item of a drill, no canary, no flag, no open run, DNS on the primary."""
    assert active(scene) == EAST
    assert list_faults(scene.world.faults)["faults"] == []
    advanced_until(
        scene.world, lambda: all(leftovers(scene, one) == [] for one in REGIONS), "no item of a drill is left"
    )
    assert not [*scene.state.glob("canaries/*.json")]
    assert scene.run("status", "--cached")[1]["data"]["open_failover"] is None
    assert scene.run("plan", "--exit-code")[0] == 0


def leftovers(scene: Scene, region: str) -> list[str]:
    """Keys in the signal's table beside the signal."""
    items = scene.client("dynamodb", region).scan(TableName=TABLE, ConsistentRead=True)["Items"]
    return [item["PK"]["S"] for item in items if item["PK"]["S"] != "TAKEOVER"]


ALL = (
    *("connect-outage", "control-plane-loss", "dns-flap", "half-done-failover"),
    *("planned-switch", "region-loss", "replication-late"),
)


@pytest.mark.parametrize(
    ("words", "names"), [(("region-loss",), ("region-loss",)), pytest.param(("--all",), ALL, marks=pytest.mark.long)]
)
def test_drills_hold_and_leave_the_world_as_it_was(
    scene: Scene, words: tuple[str, ...], names: tuple[str, ...]
) -> None:
    """The acceptance of the whole: RTO and RPO measured and within the objectives, each with its page."""
    code, said = scene.run("drill", "run", *words)
    rows = {row["name"]: row for row in said["data"].get("drills", [said["data"]])}
    deviated = {
        name: [f"{probe['at_seconds']} {probe['why']}" for probe in row["probes"] if not probe["good"]]
        for name, row in rows.items()
        if row["outcome"] != "held"
    }
    assert code == 0, (deviated, [problem["detail"] for problem in said["problems"]])
    assert {name: row["outcome"] for name, row in rows.items()} == dict.fromkeys(names, "held")
    loss = rows["region-loss"]
    assert 0 < loss["rto_seconds"] < 300
    assert 0 <= loss["rpo_seconds"] < 60
    assert loss["probes_failed"] > 0
    assert all(row["probes_failed"] == 0 for name, row in rows.items() if name == "planned-switch")
    for row in rows.values():
        page = Path(row["report"]).read_text(encoding="utf-8")
        assert row["name"] in page
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page
        assert "<script" not in page
    assert_as_before(scene)


def broken(scene: Scene, _: Runs) -> bool:
    """Something is broken on purpose."""
    return bool(list_faults(scene.world.faults)["faults"])


def under_way(_: Scene, runs: Runs) -> bool:
    """A failover has begun, and perhaps given its signal."""
    return runs.open() is not None


def app_of(scene: Scene) -> App:
    return App(Settings(config=scene.folder / "config", state=scene.state, sandbox=True, yes=True), silent, "test")


def started(scene: Scene, *drill: str) -> subprocess.Popen[str]:
    """A drill in a process of its own."""
    place = ["--config", str(scene.folder / "config"), "--state", str(scene.state), "--sandbox", "--yes"]
    words = [sys.executable, "-m", "sbctl", *place, "--output", "json", "drill", "run", *drill]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ}, text=True)


@pytest.mark.parametrize(
    ("name", "instant"), [("region-loss", broken), pytest.param("planned-switch", under_way, marks=pytest.mark.long)]
)
def test_a_drill_that_is_killed_is_put_back_by_the_next_start(scene: Scene, name: str, instant: Instant) -> None:
    """SIGKILL in the middle: `drill restore` heals what is broken, brings traffic home and removes what was written."""
    runs = app_of(scene).runs
    process = started(scene, name)
    eventually(lambda: instant(scene, runs), f"the middle of {name}")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    code, said = scene.run("drill", "restore")
    assert code == 0, said["problems"]
    assert len(said["data"]["restored"]) == 1
    assert_as_before(scene)


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, *(pytest.param(one, marks=pytest.mark.long) for one in (signal.SIGINT, signal.SIGHUP))]
)
def test_a_drill_that_is_interrupted_puts_everything_back(scene: Scene, number: int) -> None:
    """Ctrl-C in the middle, or a terminal that is closed: exit 130, outcome interrupted, the world as before."""
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("these tests run under nohup, and so does what they start")
    runs = app_of(scene).runs
    process = started(scene, "connect-outage")
    eventually(lambda: broken(scene, runs), "the outage")
    process.send_signal(number)
    said = json.loads(process.communicate()[0])
    assert (process.returncode, said["data"]["outcome"]) == (130, "interrupted")
    assert [one["code"] for one in said["problems"]] == ["drill-interrupted"]  # what was not seen is no finding
    assert {"fault", "mended", "restored"} <= {row["what"] for row in said["data"]["timeline"]}
    assert_as_before(scene)


@pytest.mark.long
def test_levels_below_full_do_what_they_say(scene: Scene) -> None:
    """Tabletop calls nothing, check only reads, and the health flag moves traffic by itself and back."""
    scene.forget_calls()
    code, said = scene.run("drill", "run", "region-loss", "--level", "tabletop")
    assert (code, said["data"]["outcome"]) == (0, None)
    assert not (scene.state / "audit.jsonl").exists()
    code, said = scene.run("drill", "run", "planned-switch", "--level", "check")
    assert (code, said["data"].get("outcome")) == (0, "held"), said["problems"]
    scene.pass_time(LONG_RUNNING_SECONDS)
    code, said = scene.run("drill", "run", "connect-outage", "--level", "health-flag")
    assert (code, said["data"]["outcome"]) == (0, "held"), said["problems"]
    assert_as_before(scene)
