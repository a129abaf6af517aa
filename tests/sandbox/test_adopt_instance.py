"""`sbctl adopt --instance`: a contact centre made by boto3 is taken over, and taken into a second region."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.server import serve
from sbctl.sandbox.world import World, WorldSettings
from tests.sandbox.deployed import SPEED, Scene
from tests.sandbox.foreign_centre import ALIAS, FLOWS, QUEUES, build

pytestmark = [pytest.mark.served, pytest.mark.slow]
WRITES = ("Create", "Update", "Put", "Delete", "Tag", "Untag", "Associate", "Disassociate", "Add", "Remove")
ADOPT = ("adopt", "--region", "us-east-1", "--instance", ALIAS)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A world with the foreign centre, and an empty project folder."""
    with serve(World(WorldSettings(speed=SPEED, limits=False)), dns_port=0) as running:
        running.reset()
        scene = Scene(running, tmp_path)
        build(lambda service: scene.client(service), scene.pass_time)
        note = {"port": running.port, "endpoint": running.endpoint, "instance": running.world.instance}
        place = tmp_path / "state" / "sandbox"
        place.mkdir(parents=True)
        (place / "sandbox.json").write_text(json.dumps({**note, "dns": f"127.0.0.1:{running.dns_port}"}))
        yield scene


def written(scene: Scene) -> list[str]:
    """The operations of the audit log that change something in AWS."""
    return [one["call"] for one in scene.calls() if one["call"].partition(":")[2].startswith(WRITES)]


def config(scene: Scene) -> Any:
    return json.loads((scene.folder / "config" / "regions.json").read_text())


def test_what_was_made_by_hand_is_adopted_and_deployed_elsewhere(scene: Scene) -> None:
    """Adopting writes nothing in AWS, the plan is empty after it, and a second region comes out alike in meaning."""
    code, said = scene.run(*ADOPT)
    assert code == 0, (said["problems"], said["data"])
    assert said["data"]["left_out"] == []
    assert said["data"]["adopted"]["queue"] >= QUEUES
    assert said["data"]["adopted"]["contact flow"] >= FLOWS
    assert written(scene) == []
    text = "".join(path.read_text() for path in (scene.folder / "flows").rglob("*.json"))
    assert "arn:aws" not in text
    named = (
        "${queue:Line 2 (EN)}",
        "${flow:Step 0}",
        "${prompt:Greeting 0}",
        "${module:Say 1}",
        "${lambda:acme-lookup}",
    )
    assert [name for name in named if name not in text] == []
    code, plan = scene.run("plan", "--region", "all", "--exit-code")
    assert (code, plan["problems"]) == (0, [])

    chosen = config(scene)
    chosen["regions"].append({"name": "US-West-2", "region": "us-west-2", "isPrimary": False, "priority": 2})
    chosen["buckets"][0]["regions"] = ["us-west-2"]
    (scene.folder / "config" / "regions.json").write_text(json.dumps(chosen))
    handler = scene.folder / "lambdas" / "acme-lookup" / "handler.py"
    handler.parent.mkdir(parents=True)
    handler.write_text("def handler(event, context):\n    return {}\n")
    code, deployed = scene.run("deploy", "--region", "all")
    assert code == 0, deployed["problems"]
    changed = {step["address"] for step in deployed["data"]["steps"] if step["action"] not in ("none", "create")}
    assert not [address for address in changed if ".us-east-1." in address]
    code, parity = scene.run("parity")
    assert code == 0, [one["detail"] for one in parity["problems"]]
