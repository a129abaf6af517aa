"""Failovers that are refused: nothing is moved, and the world stays as it was, so that all share one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sbctl.sandbox.faults.control import add_fault, heal
from tests.cases.conftest import awake
from tests.cases.test_failover import FORCED, active, codes
from tests.sandbox.deployed import EAST, LONDON, WEST, Scene


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with awake(tmp_path_factory.mktemp("refusals")) as found:
        yield found


@contextmanager
def broken(scene: Scene, **fault: Any) -> Iterator[None]:
    made = add_fault(scene.world.faults, fault)
    try:
        yield
    finally:
        heal(scene.world.faults, {"id": made["id"]})


def test_refusals_name_the_figure_and_the_override(scene: Scene) -> None:
    """Exit 7 each: the active region, another one than the active, an unhealthy target."""
    found = scene.run("failover", "--to", EAST, *FORCED)
    assert (found[0], codes(found[1])) == (7, ["already-active"])
    found = scene.run("failover", "--to", WEST, "--from", LONDON, *FORCED)
    assert (found[0], codes(found[1])) == (7, ["not-active"])
    with broken(scene, kind="down", region=WEST):
        code, said = scene.run("failover", "--to", WEST, *FORCED)
    assert (code, codes(said)) == (7, ["target-unhealthy"])
    assert "--override health" in said["problems"][0]["fix"]
    assert active(scene) == EAST


def test_replication_that_stands_still_refuses_a_planned_failover(scene: Scene) -> None:
    """The canaries do not arrive, so the guard for lag refuses with the time that was waited."""
    with broken(scene, kind="replication-paused", target=WEST):
        code, said = scene.run("failover", "--to", WEST, "--reason", "maintenance")
    assert (code, codes(said)) == (7, ["lag"])
    assert "did not arrive within" in said["problems"][0]["detail"]


def test_an_edit_that_is_not_deployed_refuses_no_failover(scene: Scene) -> None:
    """A new queue, and another limit in one region alone: both regions are as they were deployed, and alike."""
    path = scene.folder / "config" / "regions.json"
    before = path.read_text(encoding="utf-8")
    config = json.loads(before)
    config["queues"].append({**config["queues"][0], "name": "Of tomorrow"})
    config["queues"][0].setdefault("overrides", {})[WEST] = {"maxContacts": 7}
    path.write_text(json.dumps(config), encoding="utf-8")
    try:
        assert codes(scene.run("parity")[1]) != []
        code, said = scene.run("failover", "--to", WEST, "--reason", "maintenance", "--dry-run")
    finally:
        path.write_text(before, encoding="utf-8")
    assert (code, codes(said)) == (0, []), said["problems"]


def test_regions_that_are_not_alike_refuse_a_planned_failover(scene: Scene) -> None:
    """A queue that was changed by hand in the target is named; the override lets it go."""
    state = json.loads((scene.state / "sbctl.json").read_text())["state"]["records"]
    ids = state[f"connect_queue.{WEST}.support"]["ids"]
    connect = scene.client("connect", WEST)
    connect.update_queue_max_contacts(InstanceId=ids["instance"], QueueId=ids["id"], MaxContacts=1)
    code, said = scene.run("failover", "--to", WEST, "--reason", "maintenance")
    assert (code, codes(said)) == (7, ["parity"])
    assert "connect_queue" in said["problems"][0]["detail"]
    assert scene.run("failover", "--to", WEST, "--reason", "x", "--override", "parity", "--dry-run")[0] == 0
    connect.update_queue_max_contacts(InstanceId=ids["instance"], QueueId=ids["id"], MaxContacts=100)
