"""`flow pull`: a flow that somebody changed in the console goes back into its file, in words that hold in every region."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.deployed import EAST, LONDON, WEST, Scene, deployed

FLOW = "AfterHours"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with deployed(tmp_path) as found:
        yield found


def change(scene: Scene, text: str, region: str) -> str:
    """Edit the flow's first text as the console does; the whole content."""
    connect = scene.client("connect", region)
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    rows = connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]
    place = {"InstanceId": instance, "ContactFlowId": next(one["Id"] for one in rows if one["Name"] == FLOW)}
    content = json.loads(connect.describe_contact_flow(**place)["ContactFlow"]["Content"])
    action = next(one for one in content["Actions"] if "Text" in one["Parameters"])
    action["Parameters"]["Text"] = text
    connect.update_contact_flow_content(**place, Content=json.dumps(content))
    return json.dumps(content)


def text_in_file(scene: Scene) -> Any:
    file = json.loads((scene.folder / "flows" / "AfterHours.json").read_text())
    return next(one["Parameters"]["Text"] for one in file["content"]["Actions"] if "Text" in one["Parameters"])


def test_an_edit_of_one_region_becomes_the_file_of_all(scene: Scene) -> None:
    """The region's name stays a word where it was one, what looks like a placeholder stays text, and the plan brings it on."""
    name = "US-East-1"
    change(scene, f"Closed in {name}. Say ${{region}}.", EAST)
    code, said = scene.run("flow", "pull", FLOW)
    assert code == 0, said["problems"]
    assert (said["data"]["region"], said["data"]["written"]) == (EAST, True)
    assert len(said["data"]["changes"]) == 1
    assert text_in_file(scene) == "Closed in ${region-name}. Say $${region}."
    code, plan = scene.run("plan", "--region", "all")
    pending = {step["address"] for step in plan["data"]["steps"] if step["action"] != "none"}
    assert pending == {f"connect_flow.{region}.afterhours" for region in (WEST, LONDON)}
    code, again = scene.run("flow", "pull", FLOW, "--region", EAST)
    assert (code, again["data"]["written"], again["data"]["changes"]) == (0, False, [])


@pytest.mark.long  # three plans of a whole project
def test_regions_that_differ_are_a_question(scene: Scene) -> None:
    before = text_in_file(scene)
    change(scene, "One.", EAST)
    change(scene, "Two.", WEST)
    code, said = scene.run("flow", "pull", FLOW)
    assert (code, said["problems"][0]["code"], text_in_file(scene)) == (2, "regions-differ", before)
    code, said = scene.run("flow", "pull", FLOW, "--region", WEST)
    assert (code, text_in_file(scene)) == (0, "Two.")
    code, said = scene.run("flow", "pull", FLOW)
    assert (code, said["data"]["region"], text_in_file(scene)) == (0, EAST, "One.")  # WEST has what the file says


@pytest.mark.long  # three plans of a whole project
def test_a_program_and_a_flow_that_is_not_there_are_told(scene: Scene) -> None:
    """So is one with nothing to pull."""
    code, said = scene.run("flow", "pull", "SalesInbound", "--region", EAST)
    assert (code, said["problems"][0]["code"]) == (4, "not-expressible")
    code, said = scene.run("flow", "pull", "SalesInbond")
    assert (code, said["problems"][0]["code"]) == (2, "unknown-flow")
    code, said = scene.run("flow", "pull", FLOW)
    assert (code, said["data"]["written"], said["data"]["changes"]) == (0, False, [])


def test_exports_are_imported_by_the_instance_that_knows_their_ids(scene: Scene, tmp_path: Path) -> None:
    """A description of AWS, without any name of the console."""
    connect = scene.client("connect", EAST)
    instance = connect.list_instances()["InstanceSummaryList"][0]
    queues = connect.list_queues(InstanceId=instance["Id"], QueueTypes=["STANDARD"])["QueueSummaryList"]
    sales = next(one["Id"] for one in queues if one["Name"] == "Sales")
    content = json.loads(change(scene, "Hello", EAST))
    content["Actions"][0] = {
        **content["Actions"][0],
        "Type": "UpdateContactTargetQueue",
        "Parameters": {"QueueId": sales},
    }
    file = tmp_path / "described.json"
    row = {"Name": "Described", "Type": "CONTACT_FLOW", "Content": json.dumps(content)}
    file.write_text(json.dumps({"ContactFlow": row}))
    assert scene.run("flow", "import", str(file))[0] == 2
    code, said = scene.run("flow", "import", str(file), "--instance", instance["InstanceAlias"], "--region", EAST)
    assert code == 0, said["problems"]
    written = json.loads((scene.folder / "flows" / "described.json").read_text())
    assert written["content"]["Actions"][0]["Parameters"] == {"QueueId": "${queue:Sales}"}
