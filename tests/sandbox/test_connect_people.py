"""What users of the simulated Connect are put into: security profiles, statuses, hierarchy, quick connects, attributes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.connect_calls import Centre
from tests.sandbox.connect_people import flow, queue, user


@pytest.fixture
def centre() -> Centre:
    return Centre()


def test_a_new_instance_has_profiles_and_statuses(centre: Centre) -> None:
    """Four security profiles with permissions, two agent statuses."""
    profiles = centre.ask("ListSecurityProfiles")["SecurityProfileSummaryList"]
    assert [one["Name"] for one in profiles] == ["Admin", "Agent", "CallCenterManager", "QualityAnalyst"]
    every = [
        centre.ask("ListSecurityProfilePermissions", SecurityProfileId=one["Id"])["Permissions"] for one in profiles
    ]
    assert all("BasicAgentAccess" in permissions for permissions in every)
    statuses = centre.ask("ListAgentStatuses")["AgentStatusSummaryList"]
    assert [(one["Name"], one["Type"]) for one in statuses] == [("Available", "ROUTABLE"), ("Offline", "OFFLINE")]


def test_permissions_are_put_whole_and_paged(centre: Centre) -> None:
    """An update puts the whole list; it is read in pages of what is asked for."""
    made = centre.ask("CreateSecurityProfile", SecurityProfileName="Lead", Permissions=["BasicAgentAccess"])
    at = {"SecurityProfileId": made["SecurityProfileId"]}
    centre.ask("UpdateSecurityProfile", **at, Permissions=["Users.View", "Users.Edit", "Queues.View"])
    first = centre.ask("ListSecurityProfilePermissions", **at, MaxResults=2)
    rest = centre.ask("ListSecurityProfilePermissions", **at, MaxResults=2, NextToken=first["NextToken"])
    assert [*first["Permissions"], *rest["Permissions"]] == ["Users.View", "Users.Edit", "Queues.View"]
    shown = centre.ask("DescribeSecurityProfile", **at)["SecurityProfile"]
    assert shown["SecurityProfileName"] == "Lead"
    assert "Permissions" not in shown
    assert centre.refused("UpdateSecurityProfile", **at, Permissions=["a", "a"]) == "InvalidParameterException"


def test_the_admin_profile_is_never_deleted(centre: Centre) -> None:
    """AccessDeniedException, as for nothing else."""
    admin = centre.ask("ListSecurityProfiles")["SecurityProfileSummaryList"][0]["Id"]
    assert centre.refused("DeleteSecurityProfile", SecurityProfileId=admin) == "AccessDeniedException"


def test_a_status_is_disabled_ordered_and_never_deleted(centre: Centre) -> None:
    """Its own order is kept until it is reset; the two that are always there stay enabled."""
    made = centre.ask("CreateAgentStatus", Name="Lunch", State="ENABLED", DisplayOrder=3)["AgentStatusId"]
    centre.ask("UpdateAgentStatus", AgentStatusId=made, State="DISABLED", Description="At noon")
    shown = centre.ask("DescribeAgentStatus", AgentStatusId=made)["AgentStatus"]
    assert (shown["State"], shown["DisplayOrder"], shown["Type"]) == ("DISABLED", 3, "CUSTOM")
    centre.ask("UpdateAgentStatus", AgentStatusId=made, ResetOrderNumber=True)
    assert "DisplayOrder" not in centre.ask("DescribeAgentStatus", AgentStatusId=made)["AgentStatus"]
    offline = centre.ask("ListAgentStatuses", AgentStatusTypes=["OFFLINE"])["AgentStatusSummaryList"][0]["Id"]
    assert centre.refused("UpdateAgentStatus", AgentStatusId=offline, State="DISABLED") == "InvalidRequestException"
    assert "DeleteAgentStatus" not in centre.service.operations


def test_an_instance_has_fifty_statuses(centre: Centre) -> None:
    """The fifty-first is refused; the two that came with the instance count."""
    for number in range(48):
        centre.ask("CreateAgentStatus", Name=f"status {number}", State="ENABLED")
    assert centre.refused("CreateAgentStatus", Name="one more", State="ENABLED") == "LimitExceededException"


def test_groups_stand_on_levels(centre: Centre) -> None:
    """No level, no group; a path leads from the top; a level with groups stays; a group with groups or users stays."""
    assert centre.refused("CreateUserHierarchyGroup", Name="Berlin") == "InvalidRequestException"
    both = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    centre.ask("UpdateUserHierarchyStructure", HierarchyStructure=both)
    site = centre.ask("CreateUserHierarchyGroup", Name="Berlin")["HierarchyGroupId"]
    team = centre.ask("CreateUserHierarchyGroup", Name="VIP", ParentGroupId=site)["HierarchyGroupId"]
    shown = centre.ask("DescribeUserHierarchyGroup", HierarchyGroupId=team)["HierarchyGroup"]
    assert [one["Name"] for one in shown["HierarchyPath"].values()] == ["Berlin", "VIP"]
    deeper = {"Name": "Deep", "ParentGroupId": team}
    assert centre.refused("CreateUserHierarchyGroup", **deeper) == "InvalidRequestException"
    alone = {"LevelOne": {"Name": "Site"}}
    assert centre.refused("UpdateUserHierarchyStructure", HierarchyStructure=alone) == "ResourceInUseException"
    assert centre.refused("DeleteUserHierarchyGroup", HierarchyGroupId=site) == "ResourceInUseException"
    user(centre, HierarchyGroupId=team)
    assert centre.refused("DeleteUserHierarchyGroup", HierarchyGroupId=team) == "ResourceInUseException"


def test_levels_are_renamed_and_taken_away(centre: Centre) -> None:
    """A renamed level keeps its id; one that is not said goes; one above a gap is refused."""
    centre.ask(
        "UpdateUserHierarchyStructure", HierarchyStructure={"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    )
    before = centre.ask("DescribeUserHierarchyStructure")["HierarchyStructure"]
    centre.ask("UpdateUserHierarchyStructure", HierarchyStructure={"LevelOne": {"Name": "Place"}})
    after = centre.ask("DescribeUserHierarchyStructure")["HierarchyStructure"]
    assert (after["LevelOne"]["Name"], after["LevelOne"]["Id"]) == ("Place", before["LevelOne"]["Id"])
    assert "LevelTwo" not in after
    gap = {"LevelTwo": {"Name": "Team"}}
    assert centre.refused("UpdateUserHierarchyStructure", HierarchyStructure=gap) == "InvalidRequestException"


def settings(centre: Centre, kind: str) -> dict[str, Any]:
    """Settings of a quick connect of each type."""
    to_flow = {"ContactFlowId": flow(centre)}
    if kind == "USER":
        return {"QuickConnectType": kind, "UserConfig": {"UserId": user(centre), **to_flow}}
    known: dict[str, dict[str, Any]] = {
        "QUEUE": {"QueueConfig": {"QueueId": queue(centre), **to_flow}},
        "PHONE_NUMBER": {"PhoneConfig": {"PhoneNumber": "+12065550100"}},
        "FLOW": {"FlowConfig": to_flow},
    }
    return {"QuickConnectType": kind, **known[kind]}


@pytest.mark.parametrize("kind", ["USER", "QUEUE", "PHONE_NUMBER", "FLOW"])
def test_a_quick_connect_of_each_type(centre: Centre, kind: str) -> None:
    """It is shown as it was made, listed by its type, and its settings are put whole."""
    made = centre.ask("CreateQuickConnect", Name="x", QuickConnectConfig=settings(centre, kind))["QuickConnectId"]
    shown = centre.ask("DescribeQuickConnect", QuickConnectId=made)["QuickConnect"]["QuickConnectConfig"]
    assert shown["QuickConnectType"] == kind
    assert [
        one["Id"] for one in centre.ask("ListQuickConnects", QuickConnectTypes=[kind])["QuickConnectSummaryList"]
    ] == [made]
    other = settings(centre, "PHONE_NUMBER")
    centre.ask("UpdateQuickConnectConfig", QuickConnectId=made, QuickConnectConfig=other)
    assert centre.ask("DescribeQuickConnect", QuickConnectId=made)["QuickConnect"]["QuickConnectConfig"] == other


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"QuickConnectType": "PHONE_NUMBER"}, "InvalidParameterException"),
        ({"QuickConnectType": "FLOW", "PhoneConfig": {"PhoneNumber": "+12065550100"}}, "InvalidParameterException"),
        ({"QuickConnectType": "FLOW", "FlowConfig": {"ContactFlowId": "nowhere"}}, "ResourceNotFoundException"),
    ],
)
def test_a_quick_connect_needs_its_own_settings(centre: Centre, config: dict[str, Any], code: str) -> None:
    """Settings of no or another type are invalid; what they name must be there."""
    assert centre.refused("CreateQuickConnect", Name="x", QuickConnectConfig=config) == code


def test_a_taken_name_is_a_duplicate_only_when_a_quick_connect_is_made(centre: Centre) -> None:
    """UpdateQuickConnectName has no DuplicateResourceException in AWS's model."""
    config = settings(centre, "PHONE_NUMBER")
    centre.ask("CreateQuickConnect", Name="x", QuickConnectConfig=config)
    other = centre.ask("CreateQuickConnect", Name="y", QuickConnectConfig=config)["QuickConnectId"]
    assert centre.refused("CreateQuickConnect", Name="x", QuickConnectConfig=config) == "DuplicateResourceException"
    assert centre.refused("UpdateQuickConnectName", QuickConnectId=other, Name="x") == "InvalidRequestException"


def test_a_queue_has_quick_connects_from_the_beginning_or_later(centre: Centre) -> None:
    """Joined twice counts once; a deleted quick connect is in no queue any more; the queue's own time stays."""
    config = settings(centre, "PHONE_NUMBER")
    one, two = (
        centre.ask("CreateQuickConnect", Name=name, QuickConnectConfig=config)["QuickConnectId"] for name in "xy"
    )
    hours = centre.ask("ListHoursOfOperations")["HoursOfOperationSummaryList"][0]["Id"]
    at = centre.ask("CreateQueue", Name="VIP", HoursOfOperationId=hours, QuickConnectIds=[one])["QueueId"]
    before = centre.ask("DescribeQueue", QueueId=at)["Queue"]["LastModifiedTime"]
    centre.clock.advance(10)
    centre.ask("AssociateQueueQuickConnects", QueueId=at, QuickConnectIds=[one, two])
    listed = centre.ask("ListQueueQuickConnects", QueueId=at)
    assert [row["Name"] for row in listed["QuickConnectSummaryList"]] == ["x", "y"]
    assert listed["LastModifiedTime"] > before == centre.ask("DescribeQueue", QueueId=at)["Queue"]["LastModifiedTime"]
    centre.ask("DeleteQuickConnect", QuickConnectId=one)
    centre.ask("DisassociateQueueQuickConnects", QueueId=at, QuickConnectIds=[two])
    assert centre.ask("ListQueueQuickConnects", QueueId=at)["QuickConnectSummaryList"] == []
    gone = {"QueueId": at, "QuickConnectIds": [one]}
    assert centre.refused("AssociateQueueQuickConnects", **gone) == "ResourceNotFoundException"


def test_a_predefined_attribute_is_known_by_its_name(centre: Centre) -> None:
    """It is made, read, changed, found and deleted by name."""
    centre.ask("CreatePredefinedAttribute", Name="language", Values={"StringList": ["german"]}, Purposes=["ROUTING"])
    assert centre.refused("CreatePredefinedAttribute", Name="language") == "DuplicateResourceException"
    centre.ask("UpdatePredefinedAttribute", Name="language", Values={"StringList": ["german", "french"]})
    shown = centre.ask("DescribePredefinedAttribute", Name="language")["PredefinedAttribute"]
    assert (shown["Values"], shown["Purposes"]) == ({"StringList": ["german", "french"]}, ["ROUTING"])
    centre.clock.advance(2)
    assert [one["Name"] for one in centre.ask("SearchPredefinedAttributes")["PredefinedAttributes"]] == ["language"]
    centre.ask("DeletePredefinedAttribute", Name="language")
    assert centre.ask("ListPredefinedAttributes")["PredefinedAttributeSummaryList"] == []
    assert centre.refused("DescribePredefinedAttribute", Name="language") == "ResourceNotFoundException"
