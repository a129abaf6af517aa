"""Failing over from the kit alone: no code of the project, no config, no disk that can be written, a terminal of ASCII.

Each command is a process of its own, as an operator starts it; us-east-1 hangs.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.faults.control import add_fault, heal
from tests.cases.test_failover import active, codes
from tests.sandbox.deployed import EAST, WEST, Scene

FORCED = ("failover", "--to", WEST, "--mode", "forced", "--reason", "lost")
BACK = ("failback", "--override", "cooldown", "--reason", "it is back")
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
Prefix = Callable[[Scene], list[str]]
Done = subprocess.CompletedProcess[str]


def _full() -> None:
    """A disk on which no file can grow, wherever it is."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read_only(scene: Scene) -> list[str]:
    """The words that run a command where the whole project, its state included, is on a read-only disk."""
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, str(scene.folder)]


def typed(
    scene: Scene,
    *words: str,
    full: bool = False,
    before: list[str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Done:
    """A command as it is typed, with the terminal's letters limited to ASCII."""
    place = ["--config", str(scene.folder / "config"), "--state", str(scene.state), "--sandbox", "--yes"]
    keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "PYTHONIOENCODING": "ascii"}
    return subprocess.run(
        [*(before or []), sys.executable, "-m", "sbctl", *place, *words],
        env={**os.environ, **keys, **(environment or {})},
        preexec_fn=_full if full else None,
        capture_output=True,
        text=True,
        check=False,
    )


def envelope(done: Done) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def booby_trapped(scene: Scene) -> Path:
    """Flow files that loop once they are run; the file that then exists."""
    ran = scene.folder / "ran"
    for name in ("aaa.py", "modules/aaa.py"):
        path = scene.folder / "flows" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"open({str(ran)!r}, 'w')\nwhile True: pass\n", encoding="utf-8")
    return ran


def no_config(scene: Scene) -> Callable[[], None]:
    """The config is a link round in a circle: nobody can read it. Call the answer to have it back."""
    config, away = scene.folder / "config", scene.folder / "away"
    shutil.move(config, away)
    config.symlink_to("config")

    def back() -> None:
        config.unlink()
        shutil.move(away, config)

    return back


def test_with_a_full_disk_looping_flows_and_no_config(scene: Scene) -> None:
    """status answers, the signal is given, the report says where the run is; then failback works, by the signal."""
    ran, back = booby_trapped(scene), no_config(scene)
    hanging = add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
    shown = typed(scene, "status", full=True)
    assert shown.returncode == 0, shown.stderr
    assert f"failover --to {WEST} --mode forced" in shown.stdout
    moved = typed(scene, *FORCED, "--output", "json", full=True)
    said = envelope(moved)
    assert (moved.returncode, said["data"]["status"], active(scene)) == (0, "finished", WEST), said["problems"]
    assert {"journal-elsewhere", "audit-unwritable"} <= {*codes(said)}
    assert said["data"]["kit"]["from"] == "state"
    events = [json.loads(line) for line in moved.stderr.splitlines() if line.startswith('{"run"')]
    assert [event["event"]["what"] for event in events][::7] == ["begun", "finished"]
    assert {event["run"] for event in events} == {said["data"]["run"]}
    back()
    heal(scene.world.faults, {"id": hanging["id"]})
    scene.pass_time(60)
    code, home = scene.run(*BACK)
    assert (code, codes(home), active(scene)) == (0, ["from-signal"], EAST), home["problems"]
    assert home["data"]["undoes"] == said["data"]["run"] == home["data"]["from_signal"]["run"]
    assert scene.run(*BACK)[1]["problems"][0]["code"] == "nothing-to-undo"
    assert not ran.exists()


@pytest.mark.long
@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs Linux's unshare to mount a disk read-only")
def test_on_a_read_only_disk_a_run_is_journaled_elsewhere_and_comes_home(scene: Scene, tmp_path: Path) -> None:
    """Paused there, resumed there by the next process; the journal goes to the state with the first run that can write."""
    spare = {"TMPDIR": str(tmp_path)}
    hanging = add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
    words = {"before": read_only(scene), "environment": spare}
    paused = typed(scene, *FORCED, "--pause-after", "signal", "--output", "json", **words)  # type: ignore[arg-type]
    said = envelope(paused)
    assert (paused.returncode, codes(said)[0]) == (130, "paused"), said["problems"]
    assert str(tmp_path) in next(one["detail"] for one in said["problems"] if one["code"] == "journal-elsewhere")
    assert envelope(typed(scene, "status", "--output", "json", **words))["data"]["open_failover"]  # type: ignore[arg-type]
    ended = typed(scene, "failover", "--resume", "--output", "json", **words)  # type: ignore[arg-type]
    assert (ended.returncode, envelope(ended)["data"]["run"]) == (0, said["data"]["run"])
    heal(scene.world.faults, {"id": hanging["id"]})
    scene.pass_time(60)
    assert typed(scene, *BACK, "--output", "json", environment=spare).returncode == 0
    assert [row["kind"] for row in scene.run("history")[1]["data"]["runs"]] == ["failback", "failover"]


@pytest.mark.long
@pytest.mark.parametrize("seconds", [0, 300])
def test_where_nothing_is_left_of_a_run_it_is_resumed_from_the_signal(scene: Scene, seconds: int) -> None:
    """Its journal was in memory alone; a kit from the cache, and the signal, are enough, also when DNS shows it already."""
    assert scene.run("status")[0] == 0
    add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
    (scene.state / "failover-kit.json").unlink()
    paused = envelope(typed(scene, *FORCED, "--pause-after", "signal", "--output", "json", full=True))
    assert paused["data"]["kit"]["from"] == "cache"
    scene.pass_time(seconds)
    assert active(scene) == (WEST if seconds else EAST)
    code, said = scene.run("failover", "--resume")
    assert (code, said["data"]["status"], active(scene)) == (0, "finished", WEST), said["problems"]
    assert said["data"]["run"] == paused["data"]["run"]
    assert said["data"]["rto_seconds"] is None  # when it was decided is not known
    assert "from-signal" in codes(said)
    assert codes(scene.run("failover", "--resume")[1]) == ["no-open-run"]


@pytest.mark.long
def test_a_planned_failover_reads_the_project_and_runs_none_of_it(scene: Scene) -> None:
    """Flows of Python files are compared as deployed. Without a config lag and parity are unknown, and the guards say so."""
    ran = booby_trapped(scene)
    assert scene.run("failover", "--to", WEST, "--reason", "maintenance", "--dry-run")[0] == 0
    flows = scene.client("connect", WEST)
    instance = flows.list_instances()["InstanceSummaryList"][0]["Id"]
    (flow,) = [
        row["Id"]
        for row in flows.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]
        if row["Name"] == "SalesInbound"
    ]
    end = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
    stub: dict[str, Any] = {"Version": "2019-10-30", "StartAction": "end", "Metadata": {}, "Actions": [end]}
    flows.update_contact_flow_content(InstanceId=instance, ContactFlowId=flow, Content=json.dumps(stub))
    refused = scene.run("failover", "--to", WEST, "--reason", "maintenance")[1]
    assert codes(refused) == ["parity"]
    assert "sales" in refused["problems"][0]["detail"].lower()
    back = no_config(scene)
    unknown = scene.run("failover", "--to", WEST, "--reason", "maintenance")[1]
    assert codes(unknown) == ["lag", "parity", "lag-unmeasured", "parity-unmeasured"]
    back()
    assert not ran.exists()


@pytest.mark.long
def test_the_kit_is_shown_verified_and_exported(scene: Scene, tmp_path: Path) -> None:
    """Alike copies hold; one that differs, a silent region and a newer state do not. The exported file is a kit."""
    code, said = scene.run("kit", "verify")
    assert code == 0, said["problems"]
    assert [row["check"] for row in said["data"]["checks"]] == [
        "format", "serial", "account", "endpoint", "copy", "copy", "copy"
    ]  # fmt: skip
    out = tmp_path / "kit.json"
    assert scene.run("kit", "export", "--out", str(out))[0] == 0
    assert out.stat().st_mode & 0o777 == 0o600
    shown = scene.run("kit", "show", "--kit", str(out))[1]["data"]
    assert (shown["kit"]["from"], shown["content"]) == ("told", json.loads(out.read_text(encoding="utf-8")))
    bucket = shown["content"]["regions"][1]["buckets"][0]
    copy = f"s3://{bucket}/sbctl/kit/{WEST}.json"
    assert scene.run("kit", "show", "--kit", copy)[1]["data"]["kit"]["at"] == copy
    scene.client("s3", WEST).put_object(
        Bucket=bucket, Key=f"sbctl/kit/{WEST}.json", Body=json.dumps({**shown["content"], "serial": 99}).encode()
    )
    add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
    code, said = scene.run("kit", "verify")
    verdicts = [row["verdict"] for row in said["data"]["checks"] if row["check"] == "copy"]
    assert (code, verdicts) == (8, ["unknown", "bad", "ok"]), said
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    code, said = scene.run("kit", "export", "--out", str(tmp_path / "notes.txt"))
    assert (code, codes(said)) == (2, ["not-a-kit"])
