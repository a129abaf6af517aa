"""A region that does not answer is asked once by each command, for each service, and is named in what the command says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from sbctl.sandbox.faults.fault import Fault
from tests.sandbox.deployed import EAST, LONDON, WEST, Scene, deployed

ONCE = {"hang": 1, "down": 2}
"""Calls to a service: a connection that is cut at once may be an accident, and is tried a second time."""
LOOKS = ("drift", "parity", "verify-replication --timeout 1s", "deploy --region all")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("silent")) as scene:
        yield scene


def silenced(scene: Scene, kind: Any, region: str, line: str) -> tuple[int, dict[str, Any], Counter[str]]:
    """Exit code and envelope of a command while a region is silent, and how often it called each service there."""
    scene.forget_calls()
    scene.world.faults.add(Fault("", kind, region))
    code, envelope = scene.run(*line.split())
    scene.world.faults.heal()
    asked = Counter(call["call"].partition(":")[0] for call in scene.calls() if call["region"] == region)
    scene.pass_time(150.0)
    return code, envelope, asked


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        *(("plan", "hang"), ("doctor", "hang"), ("plan", "down")),
        *(pytest.param(line, "hang", marks=pytest.mark.long) for line in LOOKS),
        pytest.param("doctor", "down", marks=pytest.mark.long),
    ],
)
def test_a_silent_region_is_asked_once(scene: Scene, line: str, kind: str) -> None:
    """The home of Route 53 and IAM, too; and the report says that it does not answer."""
    code, envelope, asked = silenced(scene, kind, EAST, line)
    assert code in (4, 8)
    assert max(asked.values()) <= ONCE[kind], asked
    told = [problem for problem in envelope["problems"] if EAST in f"{problem['at']} {problem['detail']}"]
    assert any("does not answer" in f"{problem['summary']} {problem['detail']}" for problem in told)


@pytest.mark.parametrize("region", [EAST, WEST])
def test_a_planned_failover_is_refused_after_one_look(scene: Scene, region: str) -> None:
    """Whichever side is silent, nothing is measured."""
    code, envelope, asked = silenced(scene, "hang", region, f"failover --to {WEST} --reason maintenance")
    assert code == 7
    assert sum(asked.values()) <= 4, asked
    assert {problem["code"] for problem in envelope["problems"]} & {"source-unhealthy", "target-unhealthy"}
    assert not {problem["code"] for problem in envelope["problems"]} & {"lag", "parity"}


def test_a_refused_planned_failover_says_the_whole_command(scene: Scene) -> None:
    """With the options of this run, to be pasted."""
    code, envelope, _ = silenced(scene, "hang", EAST, f"failover --to {WEST} --reason maintenance")
    assert code == 7
    fix = next(one["fix"] for one in envelope["problems"] if one["code"] == "source-unhealthy")
    place = f"--config {scene.folder / 'config'} --state {scene.state} --sandbox"
    assert f"sbctl {place} failover --to {WEST} --mode forced --reason maintenance" in fix


def test_one_silent_service_is_no_silent_region(scene: Scene) -> None:
    """The others are read, and what was not read is named."""
    scene.forget_calls()
    scene.world.faults.add(Fault("", "hang", LONDON, "lambda"))
    code, envelope = scene.run("plan")
    scene.world.faults.heal()
    assert code == 4
    asked = Counter(call["call"].partition(":")[0] for call in scene.calls() if call["region"] == LONDON)
    assert asked["lambda"] == 1
    assert asked["connect"] > 1
    (problem,) = envelope["problems"]
    assert problem["summary"] == "A service does not answer"
    assert problem["at"] == LONDON
    assert "lambda" in problem["detail"]


def test_a_slow_region_is_no_silent_one(scene: Scene) -> None:
    """Its answers come late, and are read."""
    scene.world.faults.add(Fault("", "slow", WEST, delay=2.0))
    code, envelope = scene.run("plan", "--exit-code")
    scene.world.faults.heal()
    assert code == 0, envelope["problems"]


def test_status_tells_a_monitor_whether_anything_is_wrong(scene: Scene) -> None:
    """With --exit-code, from a look and from what is known; without it a look that succeeds is done."""
    code, envelope = scene.run("status", "--exit-code")
    assert (code, envelope["data"]["faults"]) == (0, [])
    code, envelope, _ = silenced(scene, "down", WEST, "status --exit-code")
    assert (code, envelope["exit"]) == (8, 8)
    assert any(WEST in json.dumps(fault) for fault in envelope["data"]["faults"])
    assert scene.run("status", "--cached", "--exit-code")[0] == 8
    assert scene.run("status", "--cached")[0] == 0
