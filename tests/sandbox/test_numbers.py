"""Telephone numbers by the real commands: claimed and released by name alone, found again, led to their flows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.faults.fault import Fault
from sbctl.sandbox.http.server import Running
from tests.sandbox.deployed import EAST, WEST, Scene
from tests.sandbox.projects import CONFIG, SETTINGS, small_project
from tests.saved import restored
from tests.worlds import empty_world, make_known

ALLOW = ("--allow", "connect_phone_number.*")
ADDRESS = "connect_phone_number.us-east-1.main"
HANG_UP = {
    "Version": "2019-10-30",
    "StartAction": "end",
    "Metadata": {},
    "Actions": [{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}],
}
CLAIM = "ClaimPhoneNumber"


def configured(folder: Path, **sections: Any) -> None:
    """The small project with two flows and one number a region, which its queue shows to whom it calls."""
    queue = {"name": "Support", "hours": "Always", "outboundNumber": "main"}
    number = {"name": "main", "country": "US", "type": "TOLL_FREE", "description": "Sales", "flow": "One"}
    config = {**CONFIG, "queues": [queue], "numbers": [number], "flows": [{"name": "One"}, {"name": "Two"}], **sections}
    (folder / "config" / "regions.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "flows").mkdir(exist_ok=True)
    for name in ("One", "Two"):
        text = json.dumps({"name": name, "type": "CONTACT_FLOW", "content": HANG_UP})
        (folder / "flows" / f"{name}.json").write_text(text, encoding="utf-8")


def deploy(running: Running, folder: Path) -> None:
    scene = Scene(running, small_project(folder))
    configured(folder)
    make_known(running, scene.state)
    code, said = scene.run("deploy", *ALLOW)
    assert (code, said["problems"]) == (0, []), said["problems"]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """The project, deployed with its numbers once, then restored."""
    with restored("numbers", deploy, SETTINGS, tmp_path) as running:
        make_known(running, tmp_path / "state")
        yield Scene(running, tmp_path)


@pytest.fixture
def unborn(tmp_path: Path) -> Iterator[Scene]:
    """The project, of which nothing is deployed."""
    with empty_world(SETTINGS, dns_port=0) as running:
        scene = Scene(running, small_project(tmp_path))
        configured(tmp_path)
        make_known(running, scene.state)
        yield scene


def held(scene: Scene, region: str = EAST) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = scene.client("connect", region).list_phone_numbers_v2()["ListPhoneNumbersSummaryList"]
    return rows


def codes(said: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in said["problems"]]


def edited(scene: Scene, change: Callable[[dict[str, Any]], object]) -> None:
    path = scene.folder / "config" / "regions.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    change(config)
    path.write_text(json.dumps(config), encoding="utf-8")


def test_nothing_is_claimed_without_its_name(unborn: Scene) -> None:
    """--yes is no consent to a claim: nothing is deployed, and the whole command that allows it is told."""
    code, said = unborn.run("deploy")
    assert (code, codes(said)) == (7, ["claim-not-allowed"])
    assert ADDRESS in said["problems"][0]["fix"]
    assert held(unborn) == []
    assert unborn.run("plan")[0] == 0


def test_a_deployed_number_leads_to_its_flow_and_plans_nothing(scene: Scene) -> None:
    """Both regions have one of their own, the queue shows it, outputs tell it, and regions are alike."""
    code, said = scene.run("deploy")
    assert (code, said["data"]["summary"]["create"]) == (0, 0)
    (row,) = held(scene)
    assert said["data"]["outputs"]["regions"][EAST]["numbers"] == {"main": row["PhoneNumber"]}
    connect = scene.client("connect")
    (link,) = connect.list_flow_associations(InstanceId=row["InstanceId"], ResourceType="VOICE_PHONE_NUMBER")[
        "FlowAssociationSummaryList"
    ]
    assert link["ResourceId"] == row["PhoneNumberArn"]
    (queue,) = (
        one for one in connect.search_queues(InstanceId=row["InstanceId"])["Queues"] if one["Name"] == "Support"
    )
    assert queue["OutboundCallerConfig"]["OutboundCallerIdNumberId"] == row["PhoneNumberId"]
    assert held(scene, WEST)[0]["PhoneNumber"] != row["PhoneNumber"]
    code, said = scene.run("parity")
    assert [one for one in said["data"]["differences"] if "number" in one["address"]] == [], said["data"]


def test_another_flow_is_drift_and_a_difference_between_regions(scene: Scene) -> None:
    """Somebody leads the number elsewhere by hand: both say so, and a deploy leads it back."""
    (row,) = held(scene)
    connect = scene.client("connect")
    flows = connect.search_contact_flows(InstanceId=row["InstanceId"])["ContactFlows"]
    other = next(one["Id"] for one in flows if one["Name"] == "Two")
    at = {"PhoneNumberId": row["PhoneNumberId"], "InstanceId": row["InstanceId"]}
    connect.associate_phone_number_contact_flow(**at, ContactFlowId=other)
    code, said = scene.run("drift", "--exit-code")
    assert (code, [(one["address"], one["field"]) for one in said["data"]["drifted"]]) == (3, [(ADDRESS, "flow")])
    assert scene.run("deploy")[0] == 0
    assert scene.run("plan", "--exit-code")[0] == 0


def test_a_number_that_is_no_longer_wanted_is_kept_until_it_is_named(scene: Scene) -> None:
    """The refusal says that there is no way back; named, it is released."""
    edited(scene, lambda config: (config["queues"][0].pop("outboundNumber"), config.update(numbers=[])))
    code, said = scene.run("deploy", "--max-deletes", "9")
    assert (code, set(codes(said))) == (7, {"protected"})
    assert "180 days" in said["problems"][0]["detail"]
    assert len(held(scene)) == 1
    code, said = scene.run("deploy", *ALLOW)
    assert (code, said["problems"]) == (0, [])
    assert held(scene) == []


def test_destroy_keeps_numbers_unless_they_are_named(scene: Scene) -> None:
    """Deleting their instance would release them, so neither goes without both names."""
    others = [option for kind in ("connect_instance", "s3_bucket") for option in ("--allow", f"{kind}.*")]
    code, said = scene.run("destroy", *others)
    assert (code, set(codes(said))) == (7, {"protected"})
    assert len(held(scene)) == 1
    code, said = scene.run("destroy", *others, *ALLOW)
    assert (code, held(scene), held(scene, WEST)) == (0, [], []), said["problems"]


def test_a_claim_whose_answer_was_lost_is_one_number(unborn: Scene) -> None:
    """AWS claimed it and the answer never came: the same run finds it, and claims no second one."""
    unborn.world.faults.add(Fault("", "lost-answer", EAST, "connect", CLAIM, count=1))
    code, said = unborn.run("deploy", *ALLOW)
    assert (code, said["problems"]) == (0, [])
    assert len(held(unborn)) == 1
    claims = [call for call in unborn.calls() if call["call"] == f"connect:{CLAIM}" and call["region"] == EAST]
    assert claims, "no claim was broken"
    assert unborn.run("plan", "--exit-code")[0] == 0


def test_a_state_that_is_lost_takes_the_number_over(scene: Scene) -> None:
    """Known by its tags: no second one is claimed."""
    before = held(scene)
    code, said = scene.run("state", "rebuild")
    assert code == 0, said["problems"]
    assert scene.run("plan", "--exit-code")[0] == 0
    assert held(scene) == before


def test_a_number_of_the_account_is_taken_over_and_never_deleted(scene: Scene) -> None:
    """Named by its digits in its region: adopted, and destroy forgets it."""
    connect, (row,) = scene.client("connect"), held(scene)
    at = {"InstanceId": row["InstanceId"], "PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    offered = connect.search_available_phone_numbers(**at)["AvailableNumbersList"][0]["PhoneNumber"]
    connect.claim_phone_number(InstanceId=row["InstanceId"], PhoneNumber=offered)
    scene.pass_time(10)
    theirs = {"name": "old", "number": offered, "flow": "Two", "regions": [EAST]}
    edited(scene, lambda config: config["numbers"].append(theirs))
    code, said = scene.run("deploy")
    assert (code, said["data"]["summary"]["adopt"]) == (0, 1), said["problems"]
    assert scene.run("plan", "--exit-code")[0] == 0
    edited(scene, lambda config: config["numbers"].pop())
    assert scene.run("deploy")[0] == 0
    assert offered in [one["PhoneNumber"] for one in held(scene)]


def test_a_number_that_nobody_has_is_refused_before_anything_is_done(scene: Scene) -> None:
    """It is never claimed in place of the one that was meant."""
    edited(scene, lambda config: config["numbers"].append({"name": "x", "number": "+12065550142", "regions": [EAST]}))
    code, said = scene.run("deploy", *ALLOW)
    assert (code, codes(said)) == (7, ["item-remark", "creation-refused"])
    assert len(held(scene)) == 1


def test_the_quota_is_told_before_it_is_met(scene: Scene) -> None:
    """Six numbers where five are allowed: a note at the plan, with the value and where it is from."""
    more = [{"name": f"n{at}", "country": "US", "type": "DID", "flow": "One", "regions": [EAST]} for at in range(5)]
    edited(scene, lambda config: config["numbers"].extend(more))
    code, said = scene.run("plan")
    (note,) = [one for one in said["problems"] if one["code"] == "quota-exceeded"]
    assert (code, note["at"]) == (0, EAST)
    assert note["detail"] == "phone numbers per instance: 6 with the 5 new ones, 5 allowed (Service Quotas)"
    assert "L-8F812903" in note["fix"]
    code, said = scene.run("deploy", *ALLOW)
    assert code == 4
    assert "number-not-claimed" in codes(said)


def test_an_adopted_instance_brings_its_numbers_and_what_names_them(scene: Scene, tmp_path: Path) -> None:
    """By its digits in its region, with its flow; the queue still shows it, and the plan is empty."""
    others = Scene(scene.running, tmp_path / "others")
    make_known(scene.running, others.state)
    (row,) = held(scene)
    code, said = others.run("adopt", "--region", EAST, "--instance", "small-east", "--project", "small")
    assert code == 0, said["problems"]
    config = json.loads((others.folder / "config" / "regions.json").read_text(encoding="utf-8"))
    name = row["PhoneNumber"].removeprefix("+")
    assert [(one["name"], one["number"], one["flow"]) for one in config["numbers"]] == [
        (name, row["PhoneNumber"], "One")
    ]
    assert [one.get("outboundNumber") for one in config["queues"] if one["name"] == "Support"] == [name]
    assert others.run("plan", "--exit-code")[0] == 0
