"""Flows on a sandbox: published whole, a version of each content, and an earlier one brought back in all regions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.faults.control import add_fault, heal
from sbctl.sandbox.http.server import Running
from tests.sandbox.projects import SETTINGS, Small, known, small_project
from tests.saved import restored

EAST, WEST = "us-east-1", "us-west-2"


def content(text: str, leads_to: str = "") -> dict[str, Any]:
    """A flow that says something, and leads to another."""
    error = [{"NextAction": "end", "ErrorType": "NoMatchingError"}]
    play = {
        "Identifier": "play",
        "Type": "MessageParticipant",
        "Parameters": {"Text": text},
        "Transitions": {"NextAction": "go" if leads_to else "end", "Errors": error, "Conditions": []},
    }
    go = {
        "Identifier": "go",
        "Type": "TransferToFlow",
        "Parameters": {"ContactFlowId": f"${{flow:{leads_to}}}"},
        "Transitions": {"NextAction": "end", "Errors": error, "Conditions": []},
    }
    end: dict[str, Any] = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
    return {
        "Version": "2019-10-30",
        "StartAction": "play",
        "Metadata": {},
        "Actions": [play, *([go] if leads_to else []), end],
    }


class Flows:
    """The small project with three flows: Hello leads to Menu, and Menu and Sales to each other."""

    def __init__(self, small: Small) -> None:
        self.small = small

    def write_all(self) -> None:
        small = self.small
        config = small.folder / "config" / "regions.json"
        regions = json.loads(config.read_text(encoding="utf-8"))
        del regions["flows"]
        config.write_text(json.dumps(regions), encoding="utf-8")
        (small.folder / "flows").mkdir(exist_ok=True)
        self.write("Hello", "Hello.", "Menu")
        self.write("Menu", "Menu.", "Sales")
        self.write("Sales", "Sales.", "Menu")

    def write(self, name: str, text: str, leads_to: str = "", x: int | None = None) -> None:
        layout = {} if x is None else {"entryPointPosition": {"x": x, "y": 40}}
        document = {
            "name": name,
            "type": "CONTACT_FLOW",
            "content": {**content(text, leads_to), "Metadata": layout},
        }
        path = self.small.folder / "flows" / f"{name}.json"
        path.write_text(json.dumps(document), encoding="utf-8")

    def write_module(self, name: str, text: str) -> None:
        """A module that says something."""
        play, end = content(text)["Actions"]
        end = {**end, "Type": "EndFlowModuleExecution"}
        document = {"name": name, "content": {**content(text), "Actions": [play, end]}}
        folder = self.small.folder / "flows" / "modules"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")

    def greetings(self) -> list[str]:
        """What the module Greeting says, in each region."""
        records = json.loads(self.small.state_file.read_text(encoding="utf-8"))["state"]["records"]
        found = []
        for region in (EAST, WEST):
            ids = records[f"connect_flow_module.{region}.greeting"]["ids"]
            named = {"InstanceId": ids["instance"], "ContactFlowModuleId": ids["id"]}
            module = self.small.client("connect", region).describe_contact_flow_module(**named)["ContactFlowModule"]
            found.append(str(json.loads(module["Content"])["Actions"][0]["Parameters"]["Text"]))
        return found

    def deploy(self, *options: str) -> tuple[int, dict[str, Any]]:
        return self.small.run("deploy", *options)

    def rollback(self, *options: str) -> tuple[int, dict[str, Any]]:
        return self.small.run("flow", "rollback", *options)

    def texts(self, name: str) -> list[str]:
        """What the published flow says, in each region."""
        return [str(one["Actions"][0]["Parameters"]["Text"]) for one in self._contents(name)]

    def positions(self, name: str) -> list[int | None]:
        """Where the console begins to draw it, in each region."""
        return [one["Metadata"].get("entryPointPosition", {}).get("x") for one in self._contents(name)]

    def versions(self, name: str, region: str = EAST) -> list[int]:
        aws, ids = self.small.client("connect", region), self._ids(name, region)
        found = aws.list_contact_flow_versions(InstanceId=ids["instance"], ContactFlowId=ids["id"])
        return [row["Version"] for row in found["ContactFlowVersionSummaryList"]]

    def plan(self) -> dict[str, dict[str, Any]]:
        """The pending steps of a plan."""
        code, said = self.small.run("plan")
        assert code == 0, said["problems"]
        return {step["address"]: step for step in said["data"]["steps"] if step["action"] != "none"}

    def plan_reasons(self) -> dict[str, str]:
        """Why there are steps, whatever else is wrong."""
        return {step["address"]: step["reason"] for step in self.small.run("plan")[1]["data"]["steps"]}

    def published_stubs(self) -> list[str]:
        """The project's flows that hang up and do nothing else, or lead to one that was never published."""
        aws = self.small.client("connect", EAST)
        instance = self._ids("Menu", EAST)["instance"]
        rows = aws.search_contact_flows(InstanceId=instance, MaxResults=100)["ContactFlows"]
        ours = [row for row in rows if row["Name"] in ("Hello", "Menu", "Sales", "Left", "Right")]
        drafts = [row["Arn"] for row in ours if row.get("Status") == "SAVED"]
        published = {row["Name"]: row["Content"] for row in ours if row["Arn"] not in drafts}
        entries = [published[name] for name in ("Hello", "Menu", "Sales") if name in published]
        assert not any(arn in entry for arn in drafts for entry in entries), "what callers reach leads to a draft"
        return [name for name, text in published.items() if len(json.loads(text)["Actions"]) == 1]

    def _ids(self, name: str, region: str) -> dict[str, str]:
        records = json.loads(self.small.state_file.read_text(encoding="utf-8"))["state"]["records"]
        found: dict[str, str] = records[f"connect_flow.{region}.{name.lower()}"]["ids"]
        return found

    def _contents(self, name: str) -> Iterator[dict[str, Any]]:
        for region in (EAST, WEST):
            aws, ids = self.small.client("connect", region), self._ids(name, region)
            found = aws.describe_contact_flow(InstanceId=ids["instance"], ContactFlowId=ids["id"])["ContactFlow"]
            yield json.loads(found["Content"])


@pytest.fixture
def flows(tmp_path: Path) -> Iterator[Flows]:
    """Deployed, and once more with another menu: deployed once, then restored."""
    with restored("flows", _deployed, SETTINGS, tmp_path / "flows") as running:
        yield Flows(known(running, tmp_path / "flows"))


def _deployed(running: Running, folder: Path) -> None:
    flows = Flows(known(running, small_project(folder)))
    flows.write_all()
    code, said = flows.deploy()
    assert (code, said["problems"]) == (0, [])
    flows.write("Menu", "New menu.", "Sales")
    assert flows.deploy()[0] == 0


def codes(said: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in said["problems"]]


def test_every_content_has_a_version_and_the_plan_is_empty(flows: Flows) -> None:
    """One for each deploy that changed the flow, in each region."""
    assert (flows.versions("Menu"), flows.versions("Menu", WEST)) == ([2, 1], [2, 1])
    assert flows.versions("Hello") == [1]
    assert flows.plan() == {}


def test_a_rollback_changes_all_regions_and_the_plan_says_so(flows: Flows) -> None:
    """The version before the published one; the history has the run, and a dry run changes nothing."""
    code, said = flows.rollback("menu", "--dry-run")
    assert (code, said["data"]["to"], said["data"]["run"]) == (0, "1", "")
    assert flows.texts("Menu") == ["New menu.", "New menu."]
    code, said = flows.rollback("menu", "--reason", "wrong menu")
    assert (code, said["problems"]) == (0, [])
    assert [(one["region"], one["outcome"]) for one in said["data"]["regions"]] == [(EAST, "done"), (WEST, "done")]
    assert flows.texts("Menu") == ["Menu.", "Menu."]
    steps = flows.plan()
    assert set(steps) == {f"connect_flow.{region}.menu" for region in (EAST, WEST)}
    assert all(step["reason"].startswith("rolled back to version 1 on ") for step in steps.values())
    drifted = flows.small.run("drift")[1]
    assert "rolled back to version 1" in json.dumps(drifted["data"])
    (run,) = flows.small.run("history")[1]["data"]["runs"]
    assert (run["run"], run["kind"], run["reason"]) == (said["data"]["run"], "rollback", "wrong menu")


def test_a_deploy_does_not_undo_it_unasked(flows: Flows) -> None:
    """The file is still what was rolled back. Named, it is published again; no version is made of it twice."""
    assert flows.rollback("Menu", "--reason", "wrong menu")[0] == 0
    code, said = flows.deploy()
    assert (code, codes(said)) == (7, ["rolled-back"])
    assert "wrong menu" in said["problems"][0]["detail"]
    assert flows.texts("Menu") == ["Menu.", "Menu."]
    assert flows.deploy("--allow", "connect_flow.*.menu")[0] == 0
    assert flows.texts("Menu") == ["New menu.", "New menu."]
    assert (flows.versions("Menu"), flows.plan()) == ([2, 1], {})


def test_a_corrected_file_is_deployed_after_a_rollback(flows: Flows) -> None:
    """It is not what was rolled back, so nobody need be asked. Each version is listed with the regions that have it."""
    assert flows.rollback("Menu", "--to", "1")[0] == 0
    flows.write("Menu", "Right menu.", "Sales")
    assert all("has changed since" in step["reason"] for step in flows.plan().values())
    assert flows.deploy()[0] == 0
    assert flows.texts("Menu") == ["Right menu.", "Right menu."]
    code, said = flows.rollback("Menu", "--list")
    rows = said["data"]["versions"]
    assert (code, [row["version"] for row in rows]) == (0, ["3", "2", "1"])
    assert rows[0]["regions"] == [{"region": one, "version": 3, "published": True} for one in (EAST, WEST)]
    assert len({row["digest"] for row in rows}) == 3


def test_what_cannot_be_done_is_said(flows: Flows) -> None:
    """Exit 2, with what there is; nothing is changed and no run is begun."""
    wrong: dict[tuple[str, ...], str] = {
        ("Menue",): "unknown-flow",
        ("Menu", "--to", "9"): "no-such-version",
        ("Menu", "--to", "serial:999"): "no-such-version",
        ("Hello",): "no-earlier-version",
        ("Menu", "--region", "eu-west-2"): "unknown-region",
        ("Menu", "--to", "last"): "usage",
        ("Menu", "--list", "--dry-run"): "usage",
    }
    for options, code in wrong.items():
        found, said = flows.rollback(*options)
        assert (found, codes(said)) == (2, [code]), options
    assert flows.small.run("history")[1]["data"]["runs"] == []
    assert flows.plan() == {}


def test_layout_alone_is_told_and_deployed_where_it_is_asked_for(flows: Flows) -> None:
    """No change by itself and no version of its own; a change of content takes it along."""
    flows.write("Menu", "New menu.", "Sales", x=300)
    said = flows.small.run("plan")[1]["data"]
    assert said["summary"]["update"] == 0
    told = {step["address"]: step["reason"] for step in said["steps"] if step["action"] == "none" and step["reason"]}
    words = "layout or notes alone, deployed with --layout"
    assert told == {f"connect_flow.{region}.menu": words for region in (EAST, WEST)}
    assert flows.deploy()[0] == 0
    assert flows.positions("Menu") == [None, None]
    assert flows.small.run("plan", "--layout")[1]["data"]["summary"]["update"] == 2
    assert flows.deploy("--layout")[0] == 0
    assert (flows.positions("Menu"), flows.versions("Menu")) == ([300, 300], [2, 1])
    assert set(flows.plan_reasons().values()) == {""}
    flows.write("Menu", "Third menu.", "Sales", x=400)
    assert flows.deploy()[0] == 0
    assert (flows.positions("Menu"), flows.versions("Menu")) == ([400, 400], [3, 2, 1])


def test_a_silent_region_is_left_and_gone_on_with(flows: Flows) -> None:
    """The others are changed, exit 4; the same command goes on to the same version, not to the one before that."""
    flows.write("Menu", "Third menu.", "Sales")
    assert flows.deploy()[0] == 0
    faults = flows.small.running.world.faults
    add_fault(faults, {"kind": "down", "region": WEST, "service": "connect"})
    code, said = flows.rollback("Menu")
    assert (code, said["data"]["to"]) == (4, "2")
    assert "--to 2" in said["problems"][0]["fix"]
    assert flows.plan_reasons()[f"connect_flow.{EAST}.menu"].startswith("rolled back")
    heal(faults, {})
    code, said = flows.rollback("Menu")
    assert (code, said["data"]["to"]) == (0, "2")
    assert [one["outcome"] for one in said["data"]["regions"]] == ["already", "done"]
    assert flows.texts("Menu") == ["New menu.", "New menu."]
    assert flows.rollback("Menu")[1]["data"]["to"] == "1"


def test_a_module_has_versions_and_is_rolled_back(flows: Flows) -> None:
    """As a flow is, in every region: each content that was deployed is a version, and the plan says what is rolled back."""
    flows.write_module("Greeting", "Good morning.")
    assert flows.deploy()[0] == 0
    flows.write_module("Greeting", "Good evening.")
    assert flows.deploy()[0] == 0
    assert (flows.greetings(), flows.plan()) == (["Good evening."] * 2, {})
    code, said = flows.rollback("Greeting", "--reason", "wrong time of day")
    assert (code, said["problems"], said["data"]["to"]) == (0, [], "1")
    assert flows.greetings() == ["Good morning."] * 2
    reasons = {address: step["reason"][:24] for address, step in flows.plan().items()}
    assert reasons == {f"connect_flow_module.{one}.greeting": "rolled back to version 1" for one in (EAST, WEST)}
    rows = flows.rollback("Greeting", "--list")[1]["data"]["versions"]
    assert [(row["version"], row["regions"][0]["published"]) for row in rows] == [("2", False), ("1", True)]


@pytest.mark.long
@pytest.mark.parametrize("operation", ["CreateContactFlow", "UpdateContactFlowContent", "CreateContactFlowVersion"])
@pytest.mark.parametrize("kind", ["down", "error", "lost-answer"])
def test_no_caller_meets_a_stub_whatever_breaks(flows: Flows, operation: str, kind: str) -> None:
    """Hello is to lead to a new circle of flows. Where that breaks, it leads where it did, or to all of them, published."""
    flows.write("Hello", "Hello.", "Left")
    flows.write("Left", "Left.", "Right")
    flows.write("Right", "Right.", "Left")
    faults = flows.small.running.world.faults
    for count in range(1, 3):
        add_fault(faults, {"kind": kind, "region": EAST, "service": "connect", "operation": operation, "count": count})
        flows.deploy()
        heal(faults, {})
        assert flows.published_stubs() == []
    code, said = flows.deploy()
    assert (code, said["problems"]) == (0, [])
    assert (flows.published_stubs(), flows.plan()) == ([], {})
    assert flows.texts("Left") == ["Left.", "Left."]
