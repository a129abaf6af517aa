"""`sbctl flow test` on a sandbox: it passes in each region, and names region and block of what was changed in one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sbctl.sandbox.faults.control import add_fault
from sbctl.sandbox.http.server import Running
from tests.sandbox.projects import SETTINGS, Small, known, small_project
from tests.saved import restored

EAST, WEST = "us-east-1", "us-west-2"
FUNCTION = "def handler(event, context):\n    return {'tier': 'VIP'}\n"
FLOW = """
from sbctl.flows.builder import FlowBuilder

FLOW = (
    FlowBuilder("Hello")
    .on_error("sorry")
    .play("Welcome.")
    .invoke_lambda("lookup", on_error="hours")
    .check_attribute("$.External.tier", {"VIP": "vip"}, otherwise="hours")
    .label("vip")
    .set_attributes(tier="$.External.tier")
    .label("hours")
    .check_hours("Always", open_="queue", closed="closed", on_error="sorry")
    .label("queue")
    .transfer_to_queue("Support")
    .label("closed")
    .play("We are closed.")
    .disconnect()
    .label("sorry")
    .play("We are sorry.")
    .disconnect()
)
"""
TESTS = """
from sbctl.flows.testing.builder import FlowTest

TESTS = [
    FlowTest("vip", flow="Hello").call().hears("Welcome").checks_hours("Always").has_attribute("tier", "VIP").ends(),
    FlowTest("open", flow="Hello").call().lambda_fails("lookup").hears("Welcome").reaches_queue("Support"),
    FlowTest("closed", flow="Hello")
    .call()
    .lambda_fails("lookup")
    .out_of_hours("Always")
    .hears("Welcome")
    .hears("We are closed")
    .ends(),
]
"""


def _project(folder: Path) -> Path:
    small_project(folder)
    config = folder / "config" / "regions.json"
    regions = json.loads(config.read_text(encoding="utf-8"))
    del regions["flows"]
    regions["lambdas"] = [{"name": "lookup", "timeoutSeconds": 5}]
    config.write_text(json.dumps(regions), encoding="utf-8")
    for path, text in {
        "flows/hello.py": FLOW,
        "flows/tests/hello.py": TESTS,
        "lambdas/lookup/handler.py": FUNCTION,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def _deployed(running: Running, folder: Path) -> None:
    code, envelope = known(running, _project(folder)).run("deploy")
    assert (code, envelope["problems"]) == (0, []), envelope


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    with restored("flow-tests", _deployed, SETTINGS, tmp_path) as running:
        yield known(running, tmp_path)


def outcomes(envelope: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """(test, region) → (outcome, block)."""
    rows = envelope["data"]["tests"]
    return {(one["name"], one["region"]): (one["outcome"], one["block"]) for one in rows}


def instance(small: Small, region: str) -> tuple[Any, str]:
    """A client of Connect there, and the instance's id."""
    client = small.client("connect", region)
    return client, str(client.list_instances()["InstanceSummaryList"][0]["Id"])


def test_all_pass_in_every_region(small: Small, tmp_path: Path) -> None:
    """The function is really invoked; JUnit has a suite for each region; coverage names what no test takes."""
    report = tmp_path / "out" / "junit.xml"
    code, envelope = small.run("flow", "test", "--junit", str(report), "--coverage")
    assert (code, envelope["problems"]) == (0, []), envelope["problems"]
    assert set(outcomes(envelope).values()) == {("passed", "")}
    assert len(outcomes(envelope)) == 6
    suites = ElementTree.fromstring(report.read_text(encoding="utf-8"))
    assert [(one.get("name"), one.get("tests"), one.get("failures")) for one in suites] == [
        (EAST, "3", "0"),
        (WEST, "3", "0"),
    ]
    (covered,) = envelope["data"]["coverage"]
    assert "hours.hours: NoMatchingError" in covered["missed_branches"]
    assert "hours.hours: False" not in covered["missed_branches"]


def close(client: Any, there: str) -> None:
    """Leave the hours without a single open one."""
    rows = client.list_hours_of_operations(InstanceId=there)["HoursOfOperationSummaryList"]
    (hours,) = [one["Id"] for one in rows if one["Name"] == "Always"]
    client.update_hours_of_operation(InstanceId=there, HoursOfOperationId=hours, Config=[])


def say_otherwise(client: Any, there: str) -> None:
    """Publish the flow with another text."""
    rows = client.list_contact_flows(InstanceId=there)["ContactFlowSummaryList"]
    (flow,) = [one["Id"] for one in rows if one["Name"] == "Hello"]
    content = client.describe_contact_flow(InstanceId=there, ContactFlowId=flow)["ContactFlow"]["Content"]
    changed = content.replace("We are closed.", "We are open.")
    client.update_contact_flow_content(InstanceId=there, ContactFlowId=flow, Content=changed)


def test_what_was_changed_in_one_region_is_named_with_its_block(small: Small) -> None:
    """By plain boto3: a function's association, hours, and a text of the flow. Doctor then knows of the failed tests."""
    client, there = instance(small, WEST)
    (function,) = client.list_lambda_functions(InstanceId=there)["LambdaFunctions"]
    client.disassociate_lambda_function(InstanceId=there, FunctionArn=function)
    close(client, there)
    say_otherwise(client, there)
    code, envelope = small.run("flow", "test")
    assert code == 8
    assert outcomes(envelope) == {
        **dict.fromkeys([(name, EAST) for name in ("vip", "open", "closed")], ("passed", "")),
        ("vip", WEST): ("failed", "lambda-1"),
        ("open", WEST): ("failed", "hours.hours"),
        ("closed", WEST): ("failed", "closed.play"),
    }
    parted = {one["name"]: (one["branch"], one["other_branch"]) for one in envelope["data"]["differences"]}
    assert (parted["vip"], parted["open"]) == (("NoMatchingError", ""), ("False", "True"))
    _, doctor = small.run("doctor", "--to", WEST)
    (reading,) = [one for one in doctor["data"]["readings"] if one["check"] == "flow-test"]
    assert (reading["verdict"], reading["to"]) == ("bad", WEST)
    assert reading["detail"].startswith("closed, open, vip failed")


def test_a_case_that_is_older_than_its_file(small: Small) -> None:
    """It is not run: 6; with --deploy it is deployed first."""
    path = small.folder / "flows" / "tests" / "hello.py"
    path.write_text(path.read_text(encoding="utf-8").replace('hears("Welcome")', 'hears("welcome.")'), encoding="utf-8")
    code, envelope = small.run("flow", "test", "open")
    assert (code, [one["code"] for one in envelope["problems"]]) == (6, ["flow-test-stale"])
    code, envelope = small.run("flow", "test", "open", "--deploy")
    assert (code, set(outcomes(envelope).values())) == (0, {("passed", "")})


def test_a_region_that_is_silent(small: Small) -> None:
    """The other is tested all the same: 4."""
    add_fault(small.running.world.faults, {"kind": "down", "region": WEST, "service": "connect"})
    code, envelope = small.run("flow", "test", "open")
    assert code == 4
    assert outcomes(envelope) == {("open", EAST): ("passed", ""), ("open", WEST): ("unknown", "")}


def test_a_name_that_there_is_none_of(small: Small) -> None:
    """Usage, with a suggestion."""
    code, envelope = small.run("flow", "test", "opne")
    assert (code, envelope["problems"][0]["code"]) == (2, "unknown-flow-test")
    assert "open" in envelope["problems"][0]["fix"]
