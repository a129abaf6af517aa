"""Adoption of users and what they are made of. A module of its own: its second world would empty that of test_people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.sandbox.projects import known, small_on_sandbox
from tests.sandbox.test_people import FIRST, LAST, LOGIN, MAIL, SECRETS, pending
from tests.waits import advanced_until


def test_an_instance_made_by_hand_is_adopted_with_its_people(tmp_path: Path) -> None:
    """Users with all that they have, groups with slashes, quick connects of each type: the plan is empty afterwards."""
    with small_on_sandbox(tmp_path / "unused") as started:
        connect = started.client("connect")
        where = connect.create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias="old-centre",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )["Id"]
        ready = lambda: connect.describe_instance(InstanceId=where)["Instance"]["InstanceStatus"] == "ACTIVE"  # noqa: E731
        advanced_until(started.running.world, ready, "an active instance", step=10.0)
        people(connect, where)
        started.running.world.scheduler.advance(60)
        adopted = known(started.running, tmp_path / "adopted")
        code, said = adopted.run("adopt", "--region", "us-east-1", "--instance", "old-centre")
        assert code == 0, said["problems"]
        assert [secret for secret in SECRETS if secret in json.dumps(said)] == []
        config = json.loads((adopted.folder / "config/regions.json").read_text())
        assert [one["name"] for one in config["hierarchyGroups"]] == ["A//B", "A//B/Voice"]
        (user,) = config["users"]
        assert (user["name"], user["email"], user["hierarchyGroup"]) == (LOGIN, MAIL, "A//B/Voice")
        assert user["proficiencies"] == [{"attribute": "Skill", "value": "x", "level": 2}]
        assert user["afterContactWorkSeconds"] == 7
        ends = {one["name"]: sorted(one.keys() - {"name"}) for one in config["quickConnects"]}
        assert ends == {"Person": ["flow", "user"], "Line": ["flow", "queue"], "Bank": ["phoneNumber"]}
        assert [one["name"] for one in config["agentStatuses"]] == ["Lunch"]
        assert pending(adopted) == []


def people(connect: Any, where: str) -> None:
    """Users and the like in an instance, by boto3 alone."""
    at = {"InstanceId": where}
    content = json.dumps(
        {
            "Version": "2019-10-30",
            "StartAction": "end",
            "Metadata": {},
            "Actions": [{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}],
        }
    )
    flows = {
        kind: connect.create_contact_flow(**at, Name=kind.title(), Type=kind, Content=content)["ContactFlowId"]
        for kind in ("AGENT_TRANSFER", "QUEUE_TRANSFER")
    }
    levels = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    connect.update_user_hierarchy_structure(**at, HierarchyStructure=levels)
    top = connect.create_user_hierarchy_group(**at, Name="A/B")["HierarchyGroupId"]
    group = connect.create_user_hierarchy_group(**at, Name="Voice", ParentGroupId=top)["HierarchyGroupId"]
    connect.create_predefined_attribute(**at, Name="Skill", Values={"StringList": ["x", "y"]})
    connect.create_agent_status(**at, Name="Lunch", State="ENABLED")
    profiles = connect.list_security_profiles(**at)["SecurityProfileSummaryList"]
    user = connect.create_user(
        **at,
        Username=LOGIN,
        Password="Correct-Horse-7",
        IdentityInfo={"FirstName": FIRST, "LastName": LAST, "Email": MAIL},
        PhoneConfig={"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": 7},
        SecurityProfileIds=[row["Id"] for row in profiles[:2]],
        RoutingProfileId=connect.list_routing_profiles(**at)["RoutingProfileSummaryList"][0]["Id"],
        HierarchyGroupId=group,
    )["UserId"]
    skills = [{"AttributeName": "Skill", "AttributeValue": "x", "Level": 2.0}]
    connect.associate_user_proficiencies(**at, UserId=user, UserProficiencies=skills)
    queue = connect.list_queues(**at, QueueTypes=["STANDARD"])["QueueSummaryList"][0]["Id"]
    ends = {
        "Person": {
            "QuickConnectType": "USER",
            "UserConfig": {"UserId": user, "ContactFlowId": flows["AGENT_TRANSFER"]},
        },
        "Line": {
            "QuickConnectType": "QUEUE",
            "QueueConfig": {"QueueId": queue, "ContactFlowId": flows["QUEUE_TRANSFER"]},
        },
        "Bank": {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+18005550111"}},
    }
    for name, config in ends.items():
        connect.create_quick_connect(**at, Name=name, QuickConnectConfig=config)
