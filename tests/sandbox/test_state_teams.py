"""Many runs on one state, in a folder and in S3: one works, the others wait or say for whom, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

from tests.sandbox.projects import Small, environment_of_a_user, small_on_sandbox
from tests.waits import eventually

BUCKET, COPY = "acme-state", "acme-state-copy"
SHARED = f"s3://{BUCKET}@us-east-1/team,s3://{COPY}@us-west-2/team"
PLACES = pytest.mark.parametrize(
    "place", [pytest.param((), marks=pytest.mark.long), ("--state", SHARED)], ids=["folder", "s3"]
)
TEAMS = pytest.mark.parametrize("runs", [5, pytest.param(20, marks=pytest.mark.long)])


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    """A small project, and a sandbox of its own; with buckets for its state."""
    with small_on_sandbox(tmp_path / "small") as found:
        found.client("s3").create_bucket(Bucket=BUCKET)
        west = {"LocationConstraint": "us-west-2"}
        found.client("s3", "us-west-2").create_bucket(Bucket=COPY, CreateBucketConfiguration=west)
        yield found


@dataclass(frozen=True)
class Crowd:
    """Processes of sbctl that have begun. What they print is in `folder`; `ends` tells the end of each when it comes."""

    folder: Path
    ends: IO[str]

    def next_end(self) -> tuple[int, int]:
        """Wait for the next of them to end: its process id and exit code."""
        pid, code = self.ends.readline().split()
        return int(pid), int(code)

    def said(self, pid: int) -> dict[str, Any]:
        """The envelope that one which has ended printed."""
        found: dict[str, Any] = json.loads((self.folder / f"{pid}.json").read_text())
        return found


@contextmanager
def crowd(small: Small, folder: Path, runs: int, *arguments: str) -> Iterator[Crowd]:
    """So many deploys at once, and their ends."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.sandbox.crowd", str(runs), str(folder), *small.command(*arguments)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment_of_a_user(), cwd=root, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Crowd(folder, process.stdout)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise


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


@contextmanager
def nothing_gets_ready(small: Small) -> Iterator[None]:
    """Meanwhile the world's time stands, whoever waits for it: a deploy waits for the instance that it has made."""
    with small.running.world.stepper.asked():
        yield


@PLACES
@TEAMS
def test_of_many_runs_one_works_and_the_others_say_which(
    small: Small, tmp_path: Path, place: tuple[str, ...], runs: int
) -> None:
    """Without patience all but one are refused, and name the process that works."""
    with crowd(small, tmp_path / "out", runs, *place, "deploy") as found:
        with nothing_gets_ready(small):
            refused = dict(found.next_end() for _ in range(runs - 1))
        worked, code = found.next_end()
    assert (code, set(refused.values())) == (0, {5})
    assert found.said(worked)["data"]["summary"]["create"]
    for pid in refused:
        (problem,) = found.said(pid)["problems"]
        assert problem["code"] == "state-locked"
        assert f"(pid {worked} " in problem["detail"]
    assert_whole(small, *place)


def holder(small: Small, shared: bool) -> int:
    """The process that holds the lock, once it has written something down; 0 before that."""
    s3 = small.client("s3")
    try:
        if shared:
            lines = s3.get_object(Bucket=BUCKET, Key="team/sbctl.journal")["Body"].read().count(b"\n")
            note = s3.get_object(Bucket=BUCKET, Key="team/sbctl.lock")["Body"].read()
        else:
            lines = (small.folder / "state" / "journal.jsonl").read_bytes().count(b"\n")
            note = (small.folder / "state" / "lock.json").read_bytes()
        return int(json.loads(note)["pid"]) if lines > 1 else 0
    except (OSError, KeyError, ValueError, s3.exceptions.NoSuchKey):
        return 0


@PLACES
@TEAMS
def test_when_the_holder_is_killed_the_next_goes_on(
    small: Small, tmp_path: Path, place: tuple[str, ...], runs: int
) -> None:
    """They wait for each other; the one at work is killed in the middle: the next finishes, and all the rest agree."""
    with crowd(small, tmp_path / "out", runs, *place, "--lock-timeout", "3000", "deploy") as found:
        with nothing_gets_ready(small):
            killed = eventually(lambda: holder(small, bool(place)), "a run at work")
            os.kill(killed, signal.SIGKILL)
            assert found.next_end() == (killed, -signal.SIGKILL)
        ends = dict(found.next_end() for _ in range(runs - 1))
    assert list(ends.values()) == [0] * (runs - 1), [found.said(pid)["problems"] for pid in ends]
    assert sum(1 for pid in ends if found.said(pid)["data"]["done"]) == 1
    assert_whole(small, *place)
    if place:
        _, history = small.run(*place, "state", "history")
        (copy,) = history["data"]["copies"]
        assert copy["serial"] == history["data"]["generations"][-1]["serial"]
