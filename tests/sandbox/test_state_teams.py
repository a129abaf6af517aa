"""Many runs on one state, in a folder and in S3: one works, the others wait or say for whom, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.projects import Small, small_on_sandbox

pytestmark = [pytest.mark.served, pytest.mark.slow]

RUNS = 20
BUCKET, COPY = "acme-state", "acme-state-copy"
SHARED = f"s3://{BUCKET}@us-east-1/team,s3://{COPY}@us-west-2/team"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    """A small project, and a sandbox of its own that runs fast; with buckets for its state."""
    with small_on_sandbox(tmp_path / "small") as found:
        found.client("s3").create_bucket(Bucket=BUCKET)
        west = {"LocationConstraint": "us-west-2"}
        found.client("s3", "us-west-2").create_bucket(Bucket=COPY, CreateBucketConfiguration=west)
        yield found


def crowd(small: Small, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Twenty deploys, begun."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.sandbox.crowd", str(RUNS), str(folder), *small.command(*arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=small.environment, cwd=Path(__file__).parents[2]
    )


def ended(runs: subprocess.Popen[str], folder: Path) -> dict[int, tuple[int, dict[str, Any]]]:
    """Exit code and envelope of each, by process id."""
    exits = {int(pid): code for pid, code in json.loads(runs.communicate()[0]).items()}
    texts = {pid: (folder / f"{pid}.json").read_text() for pid in exits}
    return {pid: (code, json.loads(texts[pid]) if texts[pid] else {}) for pid, code in exits.items()}


def assert_whole(small: Small, *place: str) -> None:
    """Everything is there once, on record, and as the config says."""
    code, planned = small.run(*place, "plan", "--exit-code")
    assert (code, planned["problems"]) == (0, [])
    for region in ("us-east-1", "us-west-2"):
        assert len(small.client("connect", region).list_instances()["InstanceSummaryList"]) == 1
    assert len(small.client("route53").list_health_checks()["HealthChecks"]) == wanted(planned, "route53_")
    _, listed = small.run(*place, "state", "list")
    assert len(listed["data"]["records"]) == planned["data"]["summary"]["none"]
    assert {record["status"] for record in listed["data"]["records"]} == {"ready"}


def wanted(planned: dict[str, Any], kind: str) -> int:
    addresses = [step["address"].partition(".")[0] for step in planned["data"]["steps"]]
    return sum(1 for address in addresses if address.startswith(kind) and address.endswith("_check"))


@pytest.mark.parametrize("place", [(), ("--state", SHARED)], ids=["folder", "s3"])
def test_of_many_runs_one_works_and_the_others_say_which(small: Small, tmp_path: Path, place: tuple[str, ...]) -> None:
    """Without patience nineteen are refused and name the process that works, or come later and find nothing to do."""
    found = ended(crowd(small, tmp_path / "out", *place, "deploy"), tmp_path / "out")
    codes = [code for code, _ in found.values()]
    assert set(codes) == {0, 5}
    worked = [pid for pid, (code, said) in found.items() if code == 0 and said["data"]["summary"]["create"]]
    assert len(worked) == 1
    for code, said in found.values():
        if code == 5:
            (problem,) = said["problems"]
            assert problem["code"] == "state-locked"
            named = int(problem["detail"].partition("(pid ")[2].split()[0])
            assert named in found
    assert_whole(small, *place)


def holder(small: Small, runs: subprocess.Popen[str], shared: bool) -> int:
    """The process that holds the lock, once it has written something down."""
    s3 = small.client("s3")
    while runs.poll() is None:
        try:
            if shared:
                lines = s3.get_object(Bucket=BUCKET, Key="team/sbctl.journal")["Body"].read().count(b"\n")
                note = s3.get_object(Bucket=BUCKET, Key="team/sbctl.lock")["Body"].read()
            else:
                lines = (small.folder / "state" / "journal.jsonl").read_bytes().count(b"\n")
                note = (small.folder / "state" / "lock.json").read_bytes()
            if lines > 1:
                return int(json.loads(note)["pid"])
        except (OSError, KeyError, ValueError, s3.exceptions.NoSuchKey):
            pass
        time.sleep(0.02)
    raise AssertionError("all have ended, and nobody was seen at work")


@pytest.mark.parametrize("place", [(), ("--state", SHARED)], ids=["folder", "s3"])
def test_when_the_holder_is_killed_the_next_goes_on(small: Small, tmp_path: Path, place: tuple[str, ...]) -> None:
    """Twenty wait for each other; the one at work is killed in the middle: the next finishes, and all the rest agree."""
    # so slow that it is seen at work, however seldom this process has its turn
    small.on_sandbox("fault", "add", "--kind", "slow", "--region", "us-east-1", "--service", "connect", "--delay", "2s")
    runs = crowd(small, tmp_path / "out", *place, "--lock-timeout", "300", "deploy")
    killed = holder(small, runs, bool(place))
    os.kill(killed, signal.SIGKILL)
    small.on_sandbox("heal")
    found = ended(runs, tmp_path / "out")
    assert found.pop(killed)[0] == -signal.SIGKILL
    assert [code for code, _ in found.values()] == [0] * (RUNS - 1)
    worked = [pid for pid, (_, said) in found.items() if said["data"]["done"]]
    assert len(worked) == 1
    assert_whole(small, *place)
    if place:
        _, history = small.run(*place, "state", "history")
        (copy,) = history["data"]["copies"]
        assert copy["serial"] == history["data"]["generations"][-1]["serial"]
