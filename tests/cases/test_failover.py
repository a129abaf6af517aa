"""Failing over and back as an operator does, on the deployed default project, with regions that hang."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sbctl.failover.data.failover import FailoverTold
from sbctl.probes.dns import Dns
from sbctl.probes.name_server import NameServer
from sbctl.sandbox.faults.control import add_fault, heal
from sbctl.ui.draw.failover import draw_failover
from sbctl.ui.views import FailoverShown
from tests.sandbox.deployed import EAST, LONDON, WEST, Scene
from tests.waits import advanced_until, eventually
from tests.worlds import make_known

NAME = "connect.example.com"
FORCED = ("--mode", "forced", "--reason", "lost")
RUNNING_SPEED = 20.0
WHOLE_JOURNAL = 8
"""Lines of a failover that has come to its end."""


def opened(scene: Scene) -> dict[str, Any] | None:
    found: dict[str, Any] | None = scene.run("status", "--cached")[1]["data"]["open_failover"]
    return found


def active(scene: Scene) -> str:
    """The region that DNS answers."""
    values = Dns(NameServer("127.0.0.1", scene.running.dns_port)).ask(NAME).values
    return next((region for region in (EAST, WEST, LONDON) if any(region in value for value in values)), "")


def codes(envelope: dict[str, Any]) -> list[str]:
    return [*dict.fromkeys(problem["code"] for problem in envelope["problems"])]


@pytest.mark.parametrize(("target", "lost"), [(WEST, [EAST]), (LONDON, [EAST]), (LONDON, [EAST, WEST])])
def test_a_lost_region_is_left_without_asking_it(scene: Scene, target: str, lost: list[str]) -> None:
    """With its endpoints hanging, and Route 53's and IAM's control planes with it: no call goes there, traffic moves in time."""
    for region in lost:
        add_fault(scene.world.faults, {"kind": "hang", "region": region})
    scene.forget_calls()
    code, said = scene.run("failover", "--to", target, *FORCED)
    assert code == 0, said["problems"]
    data = said["data"]
    assert [move["status"] for move in data["moves"]] == ["done", "done", "done"]
    assert active(scene) == target
    assert 0 < data["rto_seconds"] < 300
    assert data["rto_seconds"] <= data["decision"]["expected_seconds"]
    assert EAST not in {call["region"] for call in scene.calls()}
    assert not [call for call in scene.calls() if call["call"].startswith(("route53:", "iam:"))]


def drawn(data: dict[str, Any]) -> list[str]:
    """What a terminal shows of a failover."""
    console = Console(file=io.StringIO(), width=80)
    with console.capture() as shown:
        draw_failover(console, FailoverShown(FailoverTold.model_validate(data), data["status"]))
    return shown.get().splitlines()


def test_a_planned_failover_and_the_way_back(scene: Scene) -> None:
    """Lag and parity are measured first; failback is tied to the run, and the plan is empty afterwards."""
    code, said = scene.run("failover", "--to", WEST, "--reason", "maintenance")
    assert code == 0, said["problems"]
    assert active(scene) == WEST
    assert said["data"]["estimated_loss"]["seconds"] is not None
    known = scene.run("status", "--cached")[1]["data"]
    assert [row["to"] for row in known["lag"]] == [WEST]  # what its guard measured
    assert "verify-replication" not in known["proofs"]  # which looks at more than two regions
    assert {one["what"] for one in said["data"]["not_moved"]} >= {"telephone numbers", "agents' sign-in"}
    assert scene.run("failback", "--reason", "at once")[1]["problems"][0]["code"] == "cooldown"
    assert scene.run("history", "ack", said["data"]["run"])[0] == 0
    code, back = scene.run("failback", "--reason", "done")
    assert code == 0, back["problems"]
    assert (back["data"]["undoes"], back["data"]["from"], back["data"]["to"]) == (said["data"]["run"], WEST, EAST)
    assert active(scene) == EAST
    assert scene.run("plan", "--exit-code")[0] == 0
    assert scene.run("failback", "--reason", "again")[1]["problems"][0]["code"] == "nothing-to-undo"


def test_a_cooldown_holds_until_it_is_over(scene: Scene) -> None:
    """A planned failover within half an hour is refused; a forced one is told who was first, when and why, and goes on.

    So it is for an operator who has nothing but the kit.
    """
    planned = ("failover", "--to", LONDON, "--reason", "maintenance", "--dry-run")
    first = scene.run("failover", "--to", WEST, *FORCED)[1]["data"]["run"]
    code, said = scene.run(*planned)
    assert (code, codes(said)) == (7, ["cooldown"])
    assert "1800 s" in said["problems"][0]["detail"]
    code, said = scene.run("failover", "--to", LONDON, *FORCED, "--dry-run")
    assert (code, codes(said)) == (0, ["recent-order"])
    from_kit = ("--state", str(scene.folder / "elsewhere"), "--kit", str(scene.state / "failover-kit.json"))
    make_known(scene.running, scene.folder / "elsewhere")
    code, said = scene.run("failover", "--to", LONDON, *FORCED, "--dry-run", *from_kit)
    assert (code, codes(said)) == (0, ["recent-order"])
    assert first in said["problems"][0]["detail"]
    assert said["problems"][0]["detail"].count("lost") == 1
    assert "cooldown" in codes(scene.run(*planned, *from_kit)[1])
    scene.pass_time(1800)  # of the world: every age is by the clock by which RTO and lag are
    assert scene.run("kit", "show")[1]["data"]["kit"]["age_seconds"] > 1800
    known = scene.run("status", "--cached")[1]["data"]
    ages = [known[name]["age_seconds"] for name in ("kit", "ordered", "last_failover")]
    assert min(*ages, known["age_seconds"]) > 1800
    assert scene.run(*planned)[0] == 0


def test_an_open_run_holds_up_deploys_and_is_resumed(scene: Scene) -> None:
    """Paused after the signal: deploy is refused, a second failover too; resumed, it ends."""
    code, said = scene.run("failover", "--to", WEST, *FORCED, "--pause-after", "signal")
    assert (code, codes(said)) == (130, ["paused"])
    assert codes(scene.run("failover", "--to", LONDON, *FORCED)[1]) == ["failover-open"]
    code, said = scene.run("failover", "--resume")
    assert (code, said["data"]["status"]) == (0, "finished")
    assert drawn(said["data"])[-1] == f"finished: {EAST} → {WEST}"
    assert active(scene) == WEST


def test_an_aborted_run_leaves_traffic_where_it_was(scene: Scene) -> None:
    """The signal is given back; what is drawn says where traffic goes, and nothing of the move that was decided."""
    scene.run("failover", "--to", WEST, *FORCED, "--pause-after", "signal")
    code, said = scene.run("failover", "--abort", "--reason", "no need")
    assert (code, said["data"]["status"]) == (0, "aborted")
    lines = drawn(said["data"])
    assert lines[1].startswith(f"Taken back: traffic goes back to {EAST}")
    assert not any("until traffic has moved" in line for line in lines)
    assert not any(line.startswith(WEST) and "active" in line for line in lines[2:])
    advanced_until(scene.world, lambda: active(scene) == EAST, "DNS answers us-east-1 again")


def test_a_target_that_is_lost_too_is_left_for_the_third_region(scene: Scene) -> None:
    """us-east-1 hangs, then us-west-2 in the middle: neither resumed nor aborted, replaced; status tells it, a command mends it."""
    add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
    old = scene.run("failover", "--to", WEST, *FORCED, "--pause-after", "signal")[1]["data"]["run"]
    code, said = scene.run("failover", "--to", LONDON, *FORCED)
    assert (code, codes(said)) == (7, ["failover-open"])
    assert "--override open" in said["problems"][0]["fix"]
    gone = add_fault(scene.world.faults, {"kind": "hang", "region": WEST})
    code, said = scene.run("failover", "--abort", "--reason", "lost")
    assert (code, codes(said)) == (4, ["target-silent", "account-unconfirmed"])
    assert f"failover --to {LONDON} --mode forced" in said["problems"][0]["fix"]
    scene.forget_calls()
    code, said = scene.run("failover", "--to", LONDON, *FORCED)
    assert (code, said["data"]["status"]) == (0, "finished"), said["problems"]
    assert EAST not in {call["region"] for call in scene.calls()}
    assert not [call for call in scene.calls() if call["call"].startswith(("route53:", "iam:"))]
    assert said["data"]["left_behind"]["fix"].endswith(f"failover --rejoin {WEST}")
    assert (active(scene), opened(scene)) == (LONDON, None)
    assert scene.run("history", "show", old)[1]["data"]["events"][-1]["data"]["superseded_by"] == said["data"]["run"]
    assert WEST in left_behind(scene, "status", "faults")
    heal(scene.world.faults, {"id": gone["id"]})
    assert scene.run("failover", "--rejoin", WEST)[0] == 0
    assert (signal_of(scene)["region"], active(scene)) == (LONDON, LONDON)
    assert left_behind(scene, "status", "faults") == ""


def left_behind(scene: Scene, command: str, rows: str) -> str:
    """What is said of copies of the signal that are not in order."""
    found = scene.run(command)[1]["data"][rows]
    return " ".join(one["detail"] for one in found if one.get("check") == "signal-copy" and one["verdict"] != "ok")


def command(scene: Scene, state: Path, *arguments: str) -> list[str]:
    """A command line that works from a kit alone, with a state of its own, against the served world."""
    make_known(scene.running, state)
    return from_kit(scene, ["--state", str(state), "--sandbox"], *arguments)


def from_kit(scene: Scene, place: list[str], *arguments: str) -> list[str]:
    kit = ["--kit", str(scene.state / "failover-kit.json"), *FORCED]
    return [sys.executable, "-m", "sbctl", *place, "--yes", "--output", "json", "failover", *arguments, *kit]


def started(words: list[str]) -> subprocess.Popen[str]:
    keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
    return subprocess.Popen(
        words, env={**os.environ, **keys}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


@pytest.mark.parametrize("lines", [2, 5])
def test_killed_after_a_line_of_its_journal_a_run_is_resumed(scene: Scene, tmp_path: Path, lines: int) -> None:
    """SIGKILL of a real process when its journal has so many lines: --resume ends it, with one signal. The sweeps do all points."""
    before, state = signal_of(scene), tmp_path / "operator"
    process = started(command(scene, state, "--to", WEST))
    eventually(lambda: journal_lines(state) >= lines or process.poll() is not None, f"{lines} lines of a journal")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    if journal_lines(state) < WHOLE_JOURNAL:
        resumed = started(command(scene, state, "--resume"))
        said = json.loads(resumed.communicate()[0])
        assert (resumed.returncode, said["data"].get("status")) == (0, "finished"), said["problems"]
    assert active(scene) == WEST
    assert (signal_of(scene)["region"], signal_of(scene)["generation"]) == (WEST, before["generation"] + 1)


def journal_lines(state: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in state.glob("runs/*.run"))


def signal_of(scene: Scene, region: str = WEST) -> dict[str, Any]:
    key = {"PK": {"S": "TAKEOVER"}, "SK": {"S": "SIGNAL"}}
    item = scene.client("dynamodb", region).get_item(TableName="connect-config-global", Key=key).get("Item", {})
    generation = int(item.get("generation", {}).get("N", 0))
    return {"region": item.get("region", {}).get("S", ""), "generation": generation}


def test_of_two_operators_one_wins(scene: Scene, tmp_path: Path) -> None:
    """Two machines, the same target, the same moment: one finishes, the other is told who was first (exit 5) or finds it done."""
    places = [tmp_path / "one", tmp_path / "two"]
    processes = [started(command(scene, place, "--to", WEST)) for place in places]
    results = [(process.communicate()[0], process.returncode) for process in processes]
    ended = sorted(code for _, code in results)
    assert ended in ([0, 5], [0, 7]), results
    loser = next(json.loads(text) for text, code in results if code != 0)
    assert codes(loser) in (["other-operator"], ["already-active"])
    assert active(scene) == WEST


@pytest.mark.long
def test_a_kit_alone_moves_traffic_by_real_time(scene: Scene, tmp_path: Path) -> None:
    """By an endpoint and a resolver, as on AWS: the run waits by real time, so that the world's clock has to run by itself."""
    scene.world.clock.run_at(RUNNING_SPEED)
    resolver = f"127.0.0.1:{scene.running.dns_port}"
    place = ["--state", str(tmp_path / "operator"), "--endpoint-url", scene.running.endpoint, "--resolver", resolver]
    process = started(from_kit(scene, place, "--to", WEST))
    said = json.loads(process.communicate()[0])
    assert (process.returncode, said["data"].get("status")) == (0, "finished"), said["problems"]
    assert active(scene) == WEST


@pytest.mark.long
def test_records_can_be_edited_instead(scene: Scene) -> None:
    """The original's mechanism: it says on what it depends, moves traffic, and the plan is empty after the failback."""
    code, said = scene.run("failover", "--to", LONDON, *FORCED, "--mechanism", "records")
    assert code == 0, said["problems"]
    assert "Route 53's control plane in us-east-1" in {move["depends_on"] for move in said["data"]["moves"]}
    assert active(scene) == LONDON
    assert scene.run("failback", "--override", "cooldown", "--reason", "done")[0] == 0
    assert active(scene) == EAST
    assert scene.run("plan", "--exit-code")[0] == 0
