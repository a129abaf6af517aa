"""Flows as a console leaves them are adopted: ids without ARNs, texts that look like placeholders, drafts, ids of bots."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.connect_instance import SETTINGS, content
from tests.sandbox.deployed import EAST, WEST, Scene
from tests.worlds import empty_world, make_known, still

ALIAS = "acme-flows"
LEX = f"arn:aws:lex:{EAST}:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST"
TEXT = "Press 1 for ${queue:Sales}, or stay in ${region} with US-East-1, us-east-1."


@dataclass(frozen=True)
class Centre:
    """A contact centre of flows, its ids, and what adopt told of it."""

    scene: Scene
    ids: Mapping[str, str]
    said: Mapping[str, Any]

    def file(self, name: str) -> Any:
        return json.loads((self.scene.folder / "flows" / name).read_text())


def _bot(alias: str) -> str:
    parameters = {"LexV2Bot": {"AliasArn": alias}, "Text": "How can I help?"}
    tree = json.loads(content("ConnectParticipantWithLexBot", parameters))
    tree["Actions"][0]["Transitions"]["Errors"] += [{"ErrorType": "NoMatchingCondition", "NextAction": "end"}]
    return json.dumps(tree)


def _build(scene: Scene) -> dict[str, str]:
    connect = scene.client("connect")
    made = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias=ALIAS,
        InboundCallsEnabled=True,
        OutboundCallsEnabled=False,
    )
    scene.pass_time(60)
    instance = made["Id"]
    week = [{"Day": "MONDAY", "StartTime": {"Hours": 8, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 0}}]
    hours = connect.create_hours_of_operation(InstanceId=instance, Name="Office", TimeZone="UTC", Config=week)
    queue = connect.create_queue(InstanceId=instance, Name="Sales", HoursOfOperationId=hours["HoursOfOperationId"])
    text = json.loads(content("MessageParticipant", {"Text": "Hello"}, "EndFlowModuleExecution"))
    module = connect.create_contact_flow_module(
        InstanceId=instance, Name="Greet }", Content=json.dumps({**text, "Settings": {}}), Settings=SETTINGS
    )
    chosen = json.loads(content("UpdateContactTargetQueue", {"QueueId": queue["QueueId"]}))
    chosen["Metadata"] = {"ActionMetadata": {"do": {"queue": {"id": queue["QueueArn"], "text": "Sales"}}}}
    flows = {
        "Spoken": content("MessageParticipant", {"Text": TEXT}),
        "Chosen": json.dumps(chosen),
        "Greeted": content("InvokeFlowModule", {"FlowModuleId": f"{module['Id']}:$LATEST"}),
        "Asked": _bot(LEX),
    }
    ids = {"instance": instance, "queue": queue["QueueId"]}
    for name, tree in flows.items():
        ids[name] = connect.create_contact_flow(InstanceId=instance, Name=name, Type="CONTACT_FLOW", Content=tree)[
            "ContactFlowId"
        ]
    draft = content("TransferToFlow", {"ContactFlowId": ids["Spoken"]})
    saved = {"Name": "Planned", "Type": "CONTACT_FLOW", "Content": draft, "Status": "SAVED"}
    ids["Planned"] = connect.create_contact_flow(InstanceId=instance, **saved)["ContactFlowId"]
    scene.pass_time(60)
    return ids


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with empty_world(still(), dns_port=0) as running:
        scene = Scene(running, tmp_path_factory.mktemp("flows"))
        make_known(running, scene.state)
        ids = _build(scene)
        code, said = scene.run("adopt", "--region", EAST, "--instance", ALIAS)
        assert code == 0, (said["problems"], said["data"])
        yield Centre(scene, ids, said["data"])


def _parameters(file: Any) -> Any:
    return file["content"]["Actions"][0]["Parameters"]


def test_every_flow_is_adopted_and_drafts_as_drafts(centre: Centre) -> None:
    assert centre.said["left_out"] == []
    assert centre.file("planned.json")["status"] == "SAVED"
    assert _parameters(centre.file("planned.json")) == {"ContactFlowId": "${flow:Spoken}"}
    assert "status" not in centre.file("spoken.json")


def test_ids_become_names_and_texts_stay_texts(centre: Centre) -> None:
    """Live text that looks like a placeholder is escaped, and the region is named in texts as before."""
    assert _parameters(centre.file("spoken.json"))["Text"] == TEXT.replace("${", "$${")
    assert _parameters(centre.file("chosen.json")) == {"QueueId": "${queue:Sales}"}
    assert centre.file("chosen.json")["content"]["Metadata"]["ActionMetadata"]["do"]["queue"]["id"] == "${queue:Sales}"
    assert _parameters(centre.file("greeted.json")) == {"FlowModuleId": "${module:Greet \\}}"}


def test_what_nothing_stands_for_is_told(centre: Centre) -> None:
    """With its place, and how to name it."""
    place = {"flow": "Asked", "block": "do", "at": "Actions[0].Parameters.LexV2Bot.AliasArn"}
    assert centre.said["unresolved"] == [{**place, "value": LEX, "kind": "lex"}]
    (note,) = [one["why"] for one in centre.said["notes"] if one["name"] == "Asked"]
    assert LEX in note
    assert "--map" in note


def test_a_second_region_is_never_deployed_wrong(centre: Centre, tmp_path: Path) -> None:
    """The plan is empty, and refused with a second region until a map has named the bot. Then that has ids of its own."""
    scene = centre.scene
    code, plan = scene.run("plan", "--region", "all", "--exit-code")
    assert (code, {one["code"] for one in plan["problems"]} - {"flow-warnings"}) == (0, set())
    _add_region(scene)
    code, plan = scene.run("plan", "--region", "all")
    assert (code, [LEX in one["detail"] for one in plan["problems"]]) == (2, [True])
    table = tmp_path / "map.json"
    table.write_text(json.dumps({LEX: LEX.replace(EAST, "${region}")}))
    again = Scene(scene.running, tmp_path)
    make_known(scene.running, again.state)
    code, said = again.run("adopt", "--region", EAST, "--instance", ALIAS, "--project", "again", "--map", str(table))
    assert (code, said["data"]["unresolved"]) == (0, []), said["problems"]
    _add_region(again)
    code, deployed = again.run("deploy", "--region", "all")
    assert code == 0, deployed["problems"]
    connect = scene.client("connect", WEST)
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    rows = {one["Name"]: one for one in connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]}
    assert rows["Planned"]["ContactFlowStatus"] == "SAVED"
    live = {name: _described(connect, instance, rows[name]["Id"]) for name in ("Spoken", "Chosen", "Asked")}
    assert live["Spoken"] == TEXT
    assert live["Asked"] == LEX.replace(EAST, WEST)
    assert WEST in live["Chosen"]
    assert centre.ids["queue"] not in live["Chosen"]


def _add_region(scene: Scene) -> None:
    file = scene.folder / "config" / "regions.json"
    config = json.loads(file.read_text())
    config["regions"].append({"name": "US-West-2", "region": WEST, "isPrimary": False, "priority": 2})
    file.write_text(json.dumps(config))


def _described(connect: Any, instance: str, flow: str) -> str:
    found = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=flow)["ContactFlow"]
    parameters = json.loads(found["Content"])["Actions"][0]["Parameters"]
    value = parameters.get("QueueId") or parameters.get("LexV2Bot", {}).get("AliasArn") or parameters["Text"]
    return str(value)
