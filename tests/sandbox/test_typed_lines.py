"""What is printed to be typed works as it is printed, in every state of a run: lines are typed as they stand, and lead on."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sbctl.failover.guidance.runbooks import RUNBOOKS
from sbctl.main import cli
from sbctl.sandbox.faults.control import add_fault, heal
from tests.cases.test_failover import active
from tests.sandbox.deployed import EAST, LONDON, ROOT, WEST, Scene, deployed
from tests.terminal import in_terminal
from tests.typed.commands import refusal
from tests.typed.lines import lines_in
from tests.waits import advanced_until

FORCED = ("--mode", "forced", "--reason", "lost")
CONSENT = {"needs-consent", "usage"}
"""Problems of a line that is whole, and asks for more before it does anything: their remedy is the next line."""
STEPS = 4
"""Remedies that one line may lead through: consent, a reason."""


def texts(value: Any, name: str = "") -> Iterator[str]:
    """Everything in a report that tells people what to type."""
    if isinstance(value, str):
        if name in ("fix", "next", "commands"):
            yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, str(key))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, name)


def lines(said: Mapping[str, Any]) -> list[str]:
    """Its lines of sbctl; each is one that sbctl takes."""
    found = [line for text in texts([said["data"], said["problems"]]) for line in lines_in(text)]
    assert [(line.text, line.wrong or refusal(line.words)) for line in found if line.wrong or refusal(line.words)] == []
    return [line.text for line in found]


def typed(scene: Scene, line: str) -> tuple[int, dict[str, Any]]:
    """A line as it stands, and what comes of the remedies that it leads to."""
    for _ in range(STEPS):
        scene.pass_time(5.0)
        done = CliRunner().invoke(cli, [*shlex.split(line)[1:], "--output", "json"], catch_exceptions=False)
        said = json.loads(done.stdout)
        if not done.exit_code or not {one["code"] for one in said["problems"]} <= CONSENT:
            break
        line = lines(said)[-1]
    return done.exit_code, said


def told(found: list[str], *words: str) -> str:
    """The line with these words."""
    return next(line for line in found if {*words} <= {*shlex.split(line)})


def called(scene: Scene, kit: Path | None) -> list[str]:
    """What every line has to carry on, to reach the same project, world, name server and kit."""
    there = ["--config", str(scene.folder / "config"), "--state", str(scene.state), "--sandbox"]
    there += ["--resolver", f"127.0.0.1:{scene.running.dns_port}"]
    return [*there, *(["--kit", str(kit)] if kit else [])]


def test_a_run_by_kit_is_gone_on_with_by_its_kit(tmp_path: Path) -> None:
    """Paused after its signal: the lines to go on and to take back carry the kit and the name server."""
    with deployed(tmp_path / "project") as scene:
        kit = tmp_path / "my kit.json"
        shutil.copy(scene.state / "failover-kit.json", kit)
        server = ("--resolver", f"127.0.0.1:{scene.running.dns_port}")
        by_kit = ("failover", *server, "--kit", str(kit), "--to", WEST, *FORCED, "--pause-after", "signal")
        code, said = scene.run(*by_kit)
        assert code == 130
        for word in ("--resume", "--abort"):
            line = shlex.split(told(lines(said), word))
            assert set(called(scene, kit)) <= set(line)
        for book in RUNBOOKS:
            found = lines(scene.run("runbook", book, *server, "--kit", str(kit))[1])
            assert all(set(called(scene, None)) <= set(shlex.split(line)) for line in found)
            assert all(str(kit) in line or "failover-kit.json" in line for line in found if " failover " in line)
        code, said = typed(scene, told(lines(said), "--resume"))
        assert (code, said["data"]["status"]) == (0, "finished"), said["problems"]


def test_without_a_region_the_first_healthy_one_is_named(tmp_path: Path) -> None:
    """The first standby by priority, not the last; by force where the active region is lost; by health where a standby is, too."""
    with deployed(tmp_path / "project") as scene:
        for lost, words in (
            ([], ["--to", WEST]),
            ([EAST], [WEST, "--mode", "forced"]),
            ([EAST, WEST], [LONDON, "forced"]),
        ):
            for region in lost:
                add_fault(scene.world.faults, {"kind": "hang", "region": region})
            code, said = scene.run("failover")
            assert code == 2
            assert {*words} <= {*shlex.split(lines(said)[-1])}


def test_where_health_checks_moved_traffic_an_order_keeps_it_there(tmp_path: Path) -> None:
    """Without a region: not a third one, but the order that status names too."""
    with deployed(tmp_path / "project") as scene:
        add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
        advanced_until(scene.world, lambda: active(scene) == WEST, "health checks have moved traffic")
        code, said = scene.run("failover")
        assert code == 2
        assert {"--to", WEST, "--mode", "forced"} <= {*shlex.split(lines(said)[-1])}


def test_status_says_what_others_have_seen(tmp_path: Path) -> None:
    """From the cache, right after each command: a forced failover, a comparison that a silent region spoils."""
    with deployed(tmp_path / "project") as scene:
        assert scene.run("status")[1]["data"]["active"] == EAST
        add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
        scene.run("parity")
        seen = scene.run("status", "--cached")[1]["data"]
        assert seen["verdict"] == f"Traffic is in {EAST}, the primary; {EAST} is silent."
        assert [row["check"] for row in seen["faults"]] == ["health"]
        assert scene.run("failover", "--to", WEST, *FORCED)[0] == 0
        book = scene.run("runbook", "region-down")[1]["data"]
        assert (book["source"], book["target"]) == (WEST, LONDON)
        seen = scene.run("status", "--cached")[1]["data"]
        assert seen["verdict"].startswith(f"Traffic is in {WEST} by order of ")
        assert seen["verdict"].endswith(f"; {EAST} is silent.")
        assert seen["next"].endswith(" status --watch")
        heal(scene.world.faults, {})
        scene.pass_time(60)
        seen = scene.run("status")[1]["data"]
        assert [row["what"] for row in seen["faults"] if "not the primary" not in row["what"]] == []


def test_a_walk_looks_again_at_what_was_not_observed(tmp_path: Path) -> None:
    """us-east-1 is healthy, so the first step does not come true: again, by default, then on, and a stop at the next one."""
    with deployed(tmp_path / "project") as scene:
        words = [sys.executable, "-m", "sbctl", *called(scene, None), "runbook", "region-down", "--walk"]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
        shown = in_terminal(words, tmp_path, env, rows=50, columns=200, typed=b"done\n\non\nstop\n")
        text = shown.sent.decode()
        assert shown.exit == 8, text
        assert text.count("not observed") == 3  # twice in the walk, once in what is reported of it
        assert "again, on or stop" in text
        assert "2 of " in text
        assert "3 of " not in text


def test_status_replaces_the_old_picture_on_a_terminal_and_prints_none_elsewhere(tmp_path: Path) -> None:
    """Of what is known already nothing is left on the screen, and nothing goes into a pipe."""
    with deployed(tmp_path / "project") as scene:
        scene.run("status")
        words = [sys.executable, "-m", "sbctl", *called(scene, None), "status"]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
        piped = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
        assert (piped.stdout.count("Traffic is in"), piped.stdout.count("as seen"), piped.stderr) == (1, 0, "")
        sent = in_terminal(words, tmp_path, env).sent.decode()
        old, _, new = sent.rpartition("\x1b[2K")  # up to here everything is taken away, line by line
        assert "as seen" in old
        assert "looking ..." in old
        assert (new.count("Traffic is in"), new.count("as seen")) == (1, 0)


@pytest.mark.long  # every state of a run, each begun anew
def test_every_line_leads_on_from_every_state(tmp_path: Path) -> None:
    """Paused after each move, superseded, aborted, finished: what status and the report name is typed, and helps."""
    with deployed(tmp_path / "project") as scene:
        for move in ("signal", "served"):
            said = scene.run("failover", "--to", WEST, *FORCED, "--override", "cooldown", "--pause-after", move)[1]
            assert typed(scene, told(lines(said), "--abort"))[1]["data"]["status"] == "aborted"
        assert scene.run("failover", "--to", WEST, *FORCED, "--pause-after", "served")[0] == 130
        add_fault(scene.world.faults, {"kind": "hang", "region": WEST})
        following = scene.run("status")[1]["data"]["next"]
        code, said = typed(scene, following)
        assert (code, said["data"]["to"]) == (0, LONDON), (following, said["problems"])
        heal(scene.world.faults, {})
        scene.pass_time(120)
        back = scene.run("status")[1]["data"]["next"]
        code, said = typed(scene, back)
        assert code == 0, (back, said["problems"])
        assert scene.run("status")[1]["data"]["active"] in (EAST, LONDON)


@pytest.mark.long  # the AWS CLI takes seconds a line
@pytest.mark.skipif(
    shutil.which("curl") is None or shutil.which("aws") is None, reason="curl and the AWS CLI are no part of this"
)
def test_the_signal_is_given_by_hand_as_often_as_needed(tmp_path: Path) -> None:
    """The runbook's lines for a shell, typed for one region and then for another: each time it is that region's."""
    with deployed(tmp_path / "project") as scene:
        for target in (WEST, LONDON, WEST):
            book = scene.run("runbook", "region-down", "--to", target)[1]["data"]
            step = next(one for one in book["steps"] if "by hand" in one["title"])
            shell = "\n".join(step["commands"][:-1])
            done = subprocess.run(["bash", "-ec", shell], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            scene.pass_time(60)
            answer = subprocess.run(["bash", "-c", step["commands"][-1]], capture_output=True, text=True, check=True)
            assert "200" in answer.stdout.splitlines()[0]
            assert scene.run("status")[1]["data"]["active"] == target
