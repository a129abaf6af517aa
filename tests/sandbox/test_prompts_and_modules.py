"""A project with recordings and modules, as a user deploys it: flows and modules that name each other in a circle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.http.server import Running
from tests.sandbox.connect_instance import content, wav
from tests.sandbox.projects import CONFIG, SETTINGS, Small, known, small_project
from tests.saved import restored
from tests.worlds import empty_world

PROMPTS = [{"name": "Hello"}, {"name": "Music", "s3": "s3://others-${region}/music.wav"}]


def flow(name: str, kind: str, parameters: dict[str, Any], **more: Any) -> str:
    """A flow file of one action."""
    ends = "EndFlowModuleExecution" if more.pop("module", False) else "DisconnectParticipant"
    return json.dumps({"name": name, **more, "content": json.loads(content(kind, parameters, ends))})


def filled(running: Running, folder: Path) -> Small:
    """Two prompts, and a flow that runs a module that goes back to the flow; buckets of others hold the music."""
    small = known(running, small_project(folder))
    for region in ("us-east-1", "us-west-2"):
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        small.client("s3", region).create_bucket(Bucket=f"others-{region}", **place)
        small.client("s3", region).put_object(Bucket=f"others-{region}", Key="music.wav", Body=wav())
    config = {name: value for name, value in CONFIG.items() if name != "flows"}
    (folder / "config" / "regions.json").write_text(json.dumps({**config, "prompts": PROMPTS}))
    for place_of_files in ("prompts", "flows/modules"):
        (folder / place_of_files).mkdir(parents=True)
    (folder / "prompts" / "Hello.wav").write_bytes(wav())
    files = {
        "Main.json": flow("Main", "InvokeFlowModule", {"FlowModuleId": "${module:Back}"}),
        "Play.json": flow("Play", "MessageParticipant", {"PromptId": "${prompt:Music}"}),
        "modules/Back.json": flow("Back", "TransferToFlow", {"ContactFlowId": "${flow:Main}"}, module=True),
        "modules/Say.json": flow("Say", "MessageParticipant", {"PromptId": "${prompt:Hello}"}, module=True),
        "modules/Both.json": flow("Both", "InvokeFlowModule", {"FlowModuleId": "${module:Say}"}, module=True),
    }
    for name, text in files.items():
        (folder / "flows" / name).write_text(text)
    return small


def deploy(running: Running, folder: Path) -> None:
    code, said = filled(running, folder).run("deploy", "--region", "all")
    assert code == 0, said["problems"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Small]:
    """The project in an empty world."""
    with empty_world(SETTINGS, dns_port=0) as running:
        yield filled(running, tmp_path)


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Small]:
    """The project after a deploy."""
    with restored("recordings", deploy, SETTINGS, tmp_path) as running:
        yield known(running, tmp_path)


def planned(small: Small) -> list[tuple[str, str]]:
    """What a plan would change: action and address."""
    code, said = small.run("plan", "--region", "all")
    assert code in (0, 3), said["problems"]
    return [(step["action"], step["address"]) for step in said["data"]["steps"] if step["action"] != "none"]


def test_a_circle_of_flows_and_modules_deploys_and_is_then_as_wanted(project: Small) -> None:
    """The plan after the deploy is empty, the regions are alike, and everything can be destroyed again."""
    code, said = project.run("deploy", "--region", "all")
    assert code == 0, said["problems"]
    assert planned(project) == []
    code, said = project.run("parity")
    assert code == 0, said
    code, said = project.run("destroy", "--allow", "*", "--max-deletes", "1000")
    assert code == 0, said["problems"]


@pytest.mark.long
def test_another_recording_is_a_change(deployed: Small) -> None:
    """The file's hash tells it, in every region; a new plan after the deploy is empty again."""
    (deployed.folder / "prompts" / "Hello.wav").write_bytes(wav(0.3))
    changed = [(("update"), f"connect_prompt.{region}.hello") for region in ("us-east-1", "us-west-2")]
    assert sorted(planned(deployed)) == sorted(changed)
    assert deployed.run("deploy", "--region", "all")[0] == 0
    assert planned(deployed) == []


def test_prompts_and_modules_are_adopted_one_by_one(deployed: Small) -> None:
    """Of a state that was lost each comes back by its address; nothing is written in AWS, nothing is left to plan."""
    code, said = deployed.run("state", "forget", "connect_prompt.us-east-1.hello", "connect_flow_module.us-east-1.say")
    assert code == 0, said["problems"]
    for noun, address in (
        ("prompt", "connect_prompt.us-east-1.hello"),
        ("flow-module", "connect_flow_module.us-east-1.say"),
    ):
        code, said = deployed.run(noun, "adopt", address)
        assert code == 0, said["problems"]
    assert planned(deployed) == []
