"""A centre of flows that others made by the API: adopted whole, and deployed to a second region with ids of its own."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.real_flows.generator import FLOW, MODULE, QUEUE_FLOW, Names, flow
from tests.real_flows.samples import SAMPLES
from tests.sandbox.connect_instance import SETTINGS, wav
from tests.sandbox.deployed import EAST, WEST, Scene
from tests.worlds import empty_world, make_known, still

ALIAS = "acme-real"
BOT = f"arn:aws:lex:{EAST}:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST"
COUNT = 60
SETTLES_SECONDS = 60.0
EMPTY = {"Version": "2019-10-30", "StartAction": "a", "Actions": []}
WEEK = [{"Day": "MONDAY", "StartTime": {"Hours": 8, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 0}}]


class Centre:
    """An instance with a queue, hours, a prompt, and flows of many types, which name each other by ids and ARNs."""

    def __init__(self, scene: Scene, count: int, seed: int) -> None:
        self._scene = scene
        self._connect = scene.client("connect")
        made = self._connect.create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias=ALIAS,
            InboundCallsEnabled=True,
            OutboundCallsEnabled=False,
        )
        self.instance = made["Id"]
        scene.pass_time(SETTLES_SECONDS)
        self.words = self._things()
        self.published = self._flows(count, random.Random(seed))
        scene.pass_time(SETTLES_SECONDS)

    def _things(self) -> dict[str, list[str]]:
        connect, instance = self._connect, self.instance
        hours = connect.create_hours_of_operation(InstanceId=instance, Name="Office", TimeZone="UTC", Config=WEEK)
        queue = connect.create_queue(InstanceId=instance, Name="Sales", HoursOfOperationId=hours["HoursOfOperationId"])
        store = self._scene.client("s3")
        store.create_bucket(Bucket="acme-real-audio")
        store.put_object(Bucket="acme-real-audio", Key="hello.wav", Body=wav())
        prompt = connect.create_prompt(InstanceId=instance, Name="Hello", S3Uri="s3://acme-real-audio/hello.wav")
        return {
            "queue": [queue["QueueId"], queue["QueueArn"]],
            "hours": [hours["HoursOfOperationId"], hours["HoursOfOperationArn"]],
            "prompt": [prompt["PromptId"], prompt["PromptARN"]],
            "lex": [BOT],
            "view": ["form"],
        }

    def _flows(self, count: int, rng: random.Random) -> list[str]:
        """First all are drafts, so that each can name any other; then most are published. The names of these."""
        connect, instance = self._connect, self.instance
        types = [MODULE if turn % 9 == 0 else QUEUE_FLOW if turn % 9 == 1 else FLOW for turn in range(count)]
        ids: dict[str, list[str]] = {MODULE: [], QUEUE_FLOW: [], FLOW: []}
        at: list[str] = []
        for turn, type_ in enumerate(types):
            if type_ == MODULE:
                end = {"Identifier": "a", "Type": "EndFlowModuleExecution", "Parameters": {}, "Transitions": {}}
                first = json.dumps({**EMPTY, "Actions": [end], "Settings": json.loads(SETTINGS)})
                made = connect.create_contact_flow_module(InstanceId=instance, Name=f"Flow {turn}", Content=first)
                at.append(made["Id"])
                ids[MODULE] += [made["Arn"], f"{made['Id']}:$LATEST"]
            else:
                made = connect.create_contact_flow(
                    InstanceId=instance, Name=f"Flow {turn}", Type=type_, Content=json.dumps(EMPTY), Status="SAVED"
                )
                at.append(made["ContactFlowId"])
                ids[type_] += [made["ContactFlowId"], made["ContactFlowArn"]]
        kinds = sorted(SAMPLES)
        words = {**self.words, "flow": ids[FLOW], "queue_flow": ids[QUEUE_FLOW], "module": ids[MODULE]}
        published = []
        for turn, type_ in enumerate(types):
            known = {word: values for word, values in words.items() if (word, type_) != ("module", MODULE)}
            wanted = [kinds[(4 * turn + more) % len(kinds)] for more in range(4)]
            content = json.dumps(flow(rng, f"Flow {turn}", type_, Names(known), wanted, size=4).content)
            if type_ == MODULE:
                connect.update_contact_flow_module_content(
                    InstanceId=instance, ContactFlowModuleId=at[turn], Content=content
                )
            else:
                place = at[turn] if turn % 9 != 8 else f"{at[turn]}:$SAVED"
                connect.update_contact_flow_content(InstanceId=instance, ContactFlowId=place, Content=content)
            if type_ == MODULE or turn % 9 != 8:
                published.append(f"Flow {turn}")
        return published


def contents(connect: Any, instance: str) -> dict[str, tuple[str, str]]:
    """Status and content of each flow of an instance, by name."""
    pages = connect.get_paginator("list_contact_flows").paginate(InstanceId=instance)
    found = {}
    for row in (row for page in pages for row in page["ContactFlowSummaryList"]):
        status = row["ContactFlowStatus"]
        at = row["Id"] + (":$SAVED" if status == "SAVED" else "")
        told = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=at)["ContactFlow"]
        found[row["Name"]] = (status, told["Content"])
    return found


def say(envelope: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in envelope["problems"] if one["code"] != "flow-warnings"]


@pytest.mark.long
def test_a_centre_is_adopted_whole_and_deployed_to_a_second_region(tmp_path: Path) -> None:
    """No flow is left behind, the plan is empty; the bot is asked for; flows of the second region name no id of the first."""
    with empty_world(still(), dns_port=0) as running:
        scene = Scene(running, tmp_path)
        make_known(running, scene.state)
        centre = Centre(scene, COUNT, seed=1)
        code, said = scene.run("adopt", "--region", EAST, "--instance", ALIAS, "--project", "real")
        assert (code, said["data"]["left_out"]) == (0, []), say(said)
        assert {one["value"] for one in said["data"]["unresolved"]} == {BOT}
        table = tmp_path / "map.json"
        table.write_text(json.dumps({BOT: BOT.replace(EAST, "${region}")}))
        code, said = scene.run("plan", "--region", "all", "--exit-code")
        assert (code, say(said)) == (0, [])
        again = Scene(running, tmp_path / "again")
        make_known(running, again.state)
        code, said = again.run(
            "adopt", "--region", EAST, "--instance", ALIAS, "--project", "again", "--map", str(table)
        )
        assert (code, said["data"]["unresolved"]) == (0, []), say(said)
        file = again.folder / "config" / "regions.json"
        config = json.loads(file.read_text())
        config["regions"].append({"name": "US-West-2", "region": WEST, "isPrimary": False, "priority": 2})
        for bucket in config["buckets"]:  # through which prompts go
            bucket["regions"] = [EAST, WEST]
        file.write_text(json.dumps(config))
        code, said = again.run("deploy", "--region", "all")
        assert code == 0, say(said)
        first = contents(scene.client("connect"), centre.instance)
        west = scene.client("connect", WEST)
        instance = west.list_instances()["InstanceSummaryList"][0]["Id"]
        second = contents(west, instance)
        ours = {name for name in first if name.startswith("Flow ")}
        assert {name: first[name][0] for name in ours} == {name: second[name][0] for name in ours}
        assert {name for name in ours if first[name][0] == "PUBLISHED"} <= set(centre.published)
        known = [
            EAST,
            centre.instance,
            *(value for word in ("queue", "hours", "prompt") for value in centre.words[word]),
        ]
        assert [name for name in ours if any(one in second[name][1] for one in known)] == []
        assert again.run("plan", "--region", "all", "--exit-code")[0] == 0
