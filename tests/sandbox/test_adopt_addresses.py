"""Every kind's `adopt`, by single addresses: what was forgotten comes back, whoever made it, and AWS is not touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sbctl.cli.nouns import noun
from sbctl.core.address import Address
from tests.sandbox.deployed import REGIONS, Scene, deployed

READS = ("List", "Describe", "Get", "BatchGet", "Search", "Head")


def one_of_each(scene: Scene) -> dict[str, str]:
    """An address of every kind of which the project has something."""
    _, said = scene.run("state", "list")
    return {Address.parse(row["address"]).kind: row["address"] for row in said["data"]["records"]}


def tag_all_queues(scene: Scene) -> None:
    """What another tool does: a tag of its own on every queue."""
    for region in REGIONS:
        connect = scene.client("connect", region)
        (instance,) = connect.list_instances()["InstanceSummaryList"]
        for queue in connect.list_queues(InstanceId=instance["Id"], QueueTypes=["STANDARD"])["QueueSummaryList"]:
            connect.tag_resource(resourceArn=queue["Arn"], tags={"CostCentre": "4711"})


def adopted(scene: Scene, kind: str, address: str) -> list[dict[str, Any]]:
    """Forget an address and adopt it again; the problems of it."""
    assert scene.run("state", "forget", address)[0] == 0
    code, said = scene.run(noun(kind), "adopt", address)
    return [{"kind": kind, **problem} for problem in said["problems"]] if code else []


@pytest.mark.long
def test_what_was_forgotten_is_adopted_by_its_address(tmp_path: Path) -> None:
    """One of each kind of the default project: no call but reads is made, and the plan after it is empty.

    That somebody else has tagged one of them is nothing that the plan would undo.
    """
    with deployed(tmp_path) as scene:
        tag_all_queues(scene)
        scene.forget_calls()
        found = one_of_each(scene)
        assert len(found) > 20
        assert [problem for kind, address in found.items() for problem in adopted(scene, kind, address)] == []
        made = {line["call"] for line in scene.calls()}
        assert [call for call in made if not call.partition(":")[2].startswith(READS)] == []
        code, said = scene.run("plan", "--region", "all")
        assert code == 0, said["problems"]
        assert [step["address"] for step in said["data"]["steps"] if step["action"] != "none"] == []
