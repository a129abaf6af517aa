"""No canary is left: not by a run that is killed, interrupted, or loses answers, once another run has followed it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from sbctl.core.moving.canary import OBJECT_PREFIX
from sbctl.sandbox.faults.fault import Fault
from tests.sandbox.replicating import BUCKETS, EAST, REGIONS, TABLE, TABLES, WEST, Scene, deployed
from tests.waits import PATIENCE_SECONDS, eventually

ARRIVING_SECONDS = 60.0
"""Of the world, in which what was written and deleted in one region is so in all."""

IN_FLIGHT = (len(TABLES) + len(BUCKETS)) * len(REGIONS)
"""Canaries that are on their way at the same time: one from each region, of each table and bucket."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("project")) as found:
        yield found


@pytest.fixture
def waiting(scene: Scene) -> Iterator[subprocess.Popen[str]]:
    """A run of its own, all of whose canaries are under way and cannot arrive."""
    scene.world.faults.heal()
    scene.world.faults.add(Fault("", "replication-paused"))
    command = [sys.executable, "-m", "sbctl", *scene.options, "--quiet", "verify-replication", "--timeout", "1h"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ) as run:
        eventually(lambda: len(written(scene)) == IN_FLIGHT, "all canaries in flight")
        yield run
        run.kill()
    scene.world.faults.heal()


def written(scene: Scene) -> list[str]:
    """The canaries that exist in AWS, wherever."""
    return [found for found in scene.canaries() if not found.endswith(".json")]


def next_run(scene: Scene) -> int:
    """A small run once everything that was under way has arrived; how many canaries of others it removed."""
    scene.world.faults.heal()
    scene.pass_time(60)
    code, envelope = scene.verify("--table", TABLE, "--from", EAST, "--to", WEST)
    assert code == 0
    swept: int = envelope["data"]["summary"]["swept"]
    return swept


def test_a_killed_run_is_cleaned_up_by_the_next(scene: Scene, waiting: subprocess.Popen[str]) -> None:
    """Killed with every canary in flight at once, it leaves them all, and copies of them come; the next run removes all."""
    waiting.kill()
    waiting.wait()
    scene.world.faults.heal()
    scene.pass_time(60)
    assert len(written(scene)) == IN_FLIGHT * len(REGIONS), "every canary has arrived everywhere"
    assert next_run(scene) == IN_FLIGHT
    assert scene.canaries() == []


@pytest.mark.long
def test_a_run_beside_another_leaves_its_canaries_alone(scene: Scene, waiting: subprocess.Popen[str]) -> None:
    """While a run is at work its canaries are its own."""
    scene.run("verify-replication", "--table", TABLE, "--from", EAST, "--to", WEST, "--timeout", "1s")
    assert len(written(scene)) == IN_FLIGHT
    waiting.kill()
    waiting.wait()
    assert next_run(scene) == IN_FLIGHT


@pytest.mark.long
def test_an_interrupted_run_cleans_up_behind_itself(scene: Scene, waiting: subprocess.Popen[str]) -> None:
    """After Ctrl-C nothing is left in AWS, the exit code says so, and what might still arrive is noted for the next run."""
    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=PATIENCE_SECONDS)
    assert waiting.returncode == 130, said
    assert written(scene) == []
    next_run(scene)
    assert scene.canaries() == []


def test_a_write_whose_answer_is_lost_is_removed_all_the_same(scene: Scene) -> None:
    """The canary may have been written although nobody heard of it: the pair is unknown, and nothing is left."""
    scene.world.faults.heal()
    for service, operation in (("dynamodb", "PutItem"), ("s3", "PutObject")):
        scene.world.faults.add(Fault("", "lost-answer", EAST, service, operation, count=1))
    chosen = ("--table", TABLE, "--bucket", BUCKETS[0], "--from", EAST, "--to", WEST)
    code, envelope = scene.verify(*chosen)
    assert code == 8
    canaries = [one for one in envelope["data"]["readings"] if one["check"].startswith("canary")]
    assert {one["verdict"] for one in canaries} == {"unknown"}
    next_run(scene)
    assert scene.canaries() == []


def test_a_copy_that_arrives_late_is_removed_in_every_version(scene: Scene) -> None:
    """Only canaries' own keys are touched in the copies, and of those every version and delete marker."""
    s3, bucket, key = scene.client("s3", WEST), scene.bucket(WEST), f"{OBJECT_PREFIX}somebody-elses"
    scene.world.faults.heal()
    scene.world.faults.add(Fault("", "replication-paused", EAST, "s3", target=WEST))
    scene.verify("--bucket", BUCKETS[0], "--from", EAST, timeout="5s")
    assert scene.notes()
    version = s3.put_object(Bucket=bucket, Key=key, Body=b"not noted anywhere")["VersionId"]
    next_run(scene)
    assert set(scene.canaries()) == {f"{BUCKETS[0]} {region}" for region in REGIONS}, "what is not ours to remove stays"
    for region in REGIONS:
        place = {"Bucket": scene.bucket(region), "Key": key}
        scene.client("s3", region).delete_object(**place, VersionId=version)


@pytest.mark.long
def test_watching_goes_on_until_it_is_ended(scene: Scene) -> None:
    """Round after round is shown; Ctrl-C ends it with the exit code of the last whole round, and nothing is left."""
    scene.world.faults.heal()
    chosen = ["--table", TABLE, "--from", EAST, "--to", WEST, "--watch"]
    command = [sys.executable, "-u", "-m", "sbctl", *scene.options, "--quiet", "verify-replication", *chosen]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        assert run.stdout is not None
        rounds = 0
        while rounds < 2:
            line = run.stdout.readline()
            assert line, "it ended by itself"
            rounds += line.startswith("Replication is ok")
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=PATIENCE_SECONDS)
    assert run.returncode == 0
    scene.world.scheduler.advance(ARRIVING_SECONDS)
    assert scene.canaries() == []
