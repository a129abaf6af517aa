"""What a plan costs: services let few calls a second through, so resources have to be read by the page and not one by one."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.sandbox.faults.fault import ANY, Fault
from tests.sandbox.connect_instance import wav
from tests.sandbox.deployed import EAST, LONDON, WEST, Scene, deployed
from tests.sandbox.projects import CONFIG, SETTINGS, small_project
from tests.sandbox.test_prompts_and_modules import flow
from tests.worlds import empty_world, make_known

PAGE = 500
"""Of a search for queues."""
SETTLED_SECONDS = 150
"""After this what a search index shows is believed, so that nothing is read a second time."""
MOST = 120
"""Calls of a plan that changes nothing in the default project."""
HANG_UP = {
    "Version": "2019-10-30",
    "StartAction": "end",
    "Metadata": {},
    "Actions": [{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}],
}
KINDS = discover("sbctl.resources", "RESOURCE")
SINGLY = frozenset().union(*(kind.singly for kind in KINDS.values()))
ONCE = {
    "connect_hierarchy",
    "connect_instance",
    "connect_storage",
    "route53_calculated_check",
    "route53_health_check",
    "route53_metric_check",
    "route53_record",
    "route53_zone",
}
"""Kinds of which a region, or the project, has a fixed number."""


def settled_plan(scene: Scene, *options: str) -> tuple[Counter[str], dict[str, Any]]:
    """The calls of a plan that changes nothing, by operation, and what it said."""
    scene.pass_time(SETTLED_SECONDS)
    scene.forget_calls()
    code, said = scene.run("plan", "--exit-code", *options)
    assert code == 0, said["problems"]
    return Counter(str(call["call"]) for call in scene.calls()), said


def connect_calls(said: dict[str, Any]) -> dict[str, int]:
    return {region: services.get("connect", 0) for region, services in said["data"]["calls"]["by_region"].items()}


@pytest.mark.long
def test_queues_cost_a_plan_their_pages(tmp_path: Path) -> None:
    with deployed(tmp_path) as scene:
        few = connect_calls(settled_plan(scene)[1])
        path = scene.folder / "config" / "regions.json"
        config = json.loads(path.read_text())
        config["queues"] += [{"name": f"Line {n}", "hours": "24x7", "regions": [WEST]} for n in range(PAGE)]
        path.write_text(json.dumps(config))
        assert scene.run("deploy", "--region", "all")[0] == 0
        many = connect_calls(settled_plan(scene)[1])
    assert few[WEST] < 20
    assert {region: many[region] - few[region] for region in (EAST, WEST, LONDON)} == {EAST: 0, WEST: 1, LONDON: 0}


def test_what_a_plan_costs_and_skips(tmp_path: Path) -> None:
    """In pages; fast, without what costs a call a function; and one by one where there are no pages, which is told."""
    with deployed(tmp_path) as scene:
        calls, said = settled_plan(scene)
        assert sum(calls.values()) == said["data"]["calls"]["total"] <= MOST
        assert said["problems"] == []
        fast, said = settled_plan(scene, "--fast")
        assert not {"lambda:GetFunction", "lambda:GetPolicy", "lambda:GetFunctionUrlConfig"} & fast.keys()
        ((code, told),) = [(one["code"], one["detail"]) for one in said["problems"]]
        assert (code, "9 function permission" in told, "6 function URL" in told) == ("not-read", False, True)
        for service, operation in (
            ("resourcegroupstaggingapi", "GetResources"),
            ("iam", "GetAccountAuthorizationDetails"),
        ):
            scene.world.faults.add(Fault("", "error", ANY, service, operation, code="AccessDeniedException"))
        slow, said = settled_plan(scene)
        assert (slow["cloudwatch:ListTagsForResource"], slow["iam:GetRole"]) == (56, 4)
        assert [one["code"] for one in said["problems"]] == ["read-one-by-one"] * 2
        assert all("Allow " in one["fix"] for one in said["problems"])


def doubled(config: dict[str, Any], size: int) -> dict[str, Any]:
    """The config with so many of each kind, in the west alone where that can be."""
    names = [f"{chr(97 + n)}-kind" for n in range(size)]
    west = {"regions": [WEST]}
    return config | {
        "hours": [{"name": name, "timeZone": "UTC", "always": True, **west} for name in names] + config["hours"],
        "hoursOverrides": [
            {"name": name, "hours": ["Always"], "first": f"2031-12-{n + 1:02}", "closed": True, **west}
            for n, name in enumerate(names)
        ],
        "queues": [{"name": name, "hours": "Always", **west} for name in names] + config["queues"],
        "routingProfiles": [
            {
                "name": name,
                "description": name,
                "defaultOutboundQueue": "Support",
                "concurrency": {"VOICE": 1},
                "queues": [{"queue": "Support", "priority": 1}],
                **west,
            }
            for name in names
        ],
        "flows": [{"name": name, **west} for name in names],
        "prompts": [{"name": name, **west} for name in names],
        "modules": [{"name": f"m{name}", **west} for name in names],
        "lambdas": [{"name": name, "reservedConcurrency": 1, "url": True, **west} for name in names],
        "tables": [{"name": name, "partitionKey": {"name": "K"}, **west} for name in names],
        "buckets": [{"name": name} for name in names] + config["buckets"],
        "alarms": [
            {"name": name, "namespace": "N", "metric": "M", "threshold": 1, "scope": "flow", **west} for name in names
        ],
        "dashboards": [{"name": name} for name in names],
        **people(names, west),
    }


def people(names: list[str], west: dict[str, Any]) -> dict[str, Any]:
    """Agents, what they are and may do, the numbers that are called, and tests of flows."""
    return {
        "hierarchy": [{"levels": ["Site"]}],
        "hierarchyGroups": [{"name": name, **west} for name in names],
        "securityProfiles": [{"name": name, "permissions": ["BasicAgentAccess"], **west} for name in names],
        "agentStatuses": [{"name": name, **west} for name in names],
        "predefinedAttributes": [{"name": name, "values": ["Best"], **west} for name in names],
        "quickConnects": [{"name": name, "phoneNumber": "+18005550199", **west} for name in names],
        "users": [
            {
                "name": name,
                "firstName": name,
                "lastName": name,
                "email": f"{name}@example.com",
                "securityProfiles": [name],
                "routingProfile": name,
                "hierarchyGroup": name,
                "proficiencies": [{"attribute": name, "value": "Best", "level": 3}],
                **west,
            }
            for name in names
        ],
        "numbers": [{"name": name, "country": "US", "type": "TOLL_FREE", "flow": name, **west} for name in names],
        "flowTests": [{"name": name, **west} for name in names],
    }


def write(folder: Path, size: int) -> None:
    config = doubled(CONFIG, size)
    (folder / "config" / "regions.json").write_text(json.dumps(config), encoding="utf-8")
    for item in config["flows"]:
        path = folder / "flows" / f"{item['name']}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            json.dumps({"name": item["name"], "type": "CONTACT_FLOW", "content": HANG_UP}), encoding="utf-8"
        )
    for place in ("prompts", "flows/modules"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    for item in config["prompts"]:
        (folder / "prompts" / f"{item['name']}.wav").write_bytes(wav())
    for item in config["modules"]:
        path = folder / "flows" / "modules" / f"{item['name']}.json"
        path.write_text(flow(item["name"], "MessageParticipant", {"Text": "Hello"}, module=True), encoding="utf-8")
    (folder / "flows" / "tests").mkdir(exist_ok=True)
    for item in config["flowTests"]:
        lines = f"TEST = FlowTest({item['name']!r}, flow={item['name']!r}).call().ends()\n"
        text = f"from sbctl.flows.testing.builder import FlowTest\n\n{lines}"
        (folder / "flows" / "tests" / f"{item['name'].replace('-', '_')}.py").write_text(text, encoding="utf-8")
    for item in config["lambdas"]:
        code = folder / "lambdas" / str(item["name"])
        code.mkdir(parents=True, exist_ok=True)
        (code / "handler.py").write_text("def handler(event, context): return {}\n", encoding="utf-8")


def records(scene: Scene) -> list[str]:
    """The addresses that the state knows."""
    state = json.loads((scene.state / "sbctl.json").read_text(encoding="utf-8"))
    return list(state["state"]["records"])


def test_twice_as_many_of_each_kind_cost_no_further_calls(tmp_path: Path) -> None:
    """But for what kinds declare as `singly`, since AWS has no page of it."""
    with empty_world(SETTINGS, dns_port=0) as running:
        scene = Scene(running, small_project(tmp_path))
        make_known(running, scene.state)
        counted, kinds = [], []
        for size in (2, 4):
            write(scene.folder, size)
            code, said = scene.run("deploy", "--allow", "connect_phone_number.*")
            assert (code, said["problems"]) == (0, []), said["problems"]
            counted.append(settled_plan(scene)[0])
            kinds.append(Counter(address.partition(".")[0] for address in records(scene)))
    assert {kind for kind in KINDS if kinds[1][kind] == kinds[0][kind]} == ONCE
    few, many = counted
    grown = {call for call in many if many[call] > few[call]}
    assert grown <= SINGLY, {call: (few[call], many[call]) for call in grown - SINGLY}
    assert {"lambda:GetFunction", "lambda:GetPolicy", "s3:GetBucketPolicy"} <= grown


@pytest.mark.long  # a deploy of 600 resources; the test above holds that nothing costs a call a resource
def test_two_hundred_flows_with_their_alarms_and_two_hundred_queues(tmp_path: Path) -> None:
    """At most 40 calls more a region, also with their tags."""
    with deployed(tmp_path) as scene:
        few = sum(settled_plan(scene)[0].values())
        path = scene.folder / "config" / "regions.json"
        config = json.loads(path.read_text())
        config["queues"] += [{"name": f"Line {n}", "hours": "24x7", "regions": [WEST]} for n in range(200)]
        names = [f"Bulk{n}" for n in range(200)]
        config["flows"] = [{"name": name} for name in ("AfterHours", "SalesInbound", "SupportInbound")]
        config["flows"] += [{"name": name, "regions": [WEST]} for name in names]
        path.write_text(json.dumps(config))
        for name in names:
            text = json.dumps({"name": name, "type": "CONTACT_FLOW", "content": HANG_UP})
            (scene.folder / "flows" / f"{name}.json").write_text(text, encoding="utf-8")
        assert scene.run("deploy", "--region", "all")[0] == 0
        assert sum(settled_plan(scene)[0].values()) - few <= 40
