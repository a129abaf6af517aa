"""`flow diff` against what AWS has: published contents of regions, and the draft that an editor in the console left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.deployed import EAST, WEST, Scene, deployed

FLOW = "connect_flow.{}.salesinbound"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with deployed(tmp_path / "project") as found:
        yield found


def place(scene: Scene, region: str) -> dict[str, Any]:
    """The members that name the flow in a request to this region."""
    _, envelope = scene.run("state", "show", FLOW.format(region))
    ids = envelope["data"]["ids"]
    return {"InstanceId": ids["instance"], "ContactFlowId": ids["id"]}


def content(scene: Scene, region: str) -> str:
    described = scene.client("connect", region).describe_contact_flow(**place(scene, region))
    return str(described["ContactFlow"]["Content"])


def changes(scene: Scene, *sides: str) -> tuple[int, dict[str, Any]]:
    code, envelope = scene.run("flow", "diff", "SalesInbound", *sides, "--exit-code")
    assert envelope["problems"] == []
    return code, envelope["data"]


def test_sides_of_aws_have_names_in_place_of_ids(scene: Scene) -> None:
    """Neither the file nor another region differs; what an editor saved is told with names, and so is what a plan changes."""
    for sides in ((), ("--from", f"published:{WEST}", "--to", f"region:{EAST}")):
        code, data = changes(scene, *sides)
        assert (code, data["same"], data["changes"]) == (0, True, [])
    text = content(scene, WEST)
    edited = json.loads(text)
    queues = [action for action in edited["Actions"] if "QueueId" in action["Parameters"]]
    ids = sorted({action["Parameters"]["QueueId"] for action in queues})
    assert len(ids) == 2
    for action in queues:
        action["Parameters"]["QueueId"] = ids[0]
    client = scene.client("connect", WEST)
    members = {**place(scene, WEST), "ContactFlowId": f"{place(scene, WEST)['ContactFlowId']}:$SAVED"}
    client.update_contact_flow_content(**members, Content=json.dumps(edited))
    code, data = changes(scene, "--from", f"published:{WEST}", "--to", f"draft:{WEST}")
    assert code == 3
    (change,) = data["changes"]
    assert set(change["before"]) == set(change["after"]) == {"QueueId"}
    named = {change["before"]["QueueId"], change["after"]["QueueId"]}
    assert named == {"${queue:Sales}", "${queue:VIP-Sales}"}
    assert "calls go to the queue" in change["notice"]
    assert changes(scene, "--from", f"region:{WEST}")[1]["same"]
    client.update_contact_flow_content(**place(scene, WEST), Content=json.dumps(edited))
    _, envelope = scene.run("flow", "plan", "--region", WEST)
    notes = [note for step in envelope["data"]["steps"] for one in step["changes"] for note in one["notes"]]
    (note,) = notes
    assert note.partition(": ")[2] in {
        'calls go to the queue "sales" instead of "vip-sales"',
        'calls go to the queue "vip-sales" instead of "sales"',
    }
