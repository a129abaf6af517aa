"""Security profiles, statuses, attributes, the hierarchy and quick connects: what each does otherwise than most kinds."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.flow_document import FlowDocument
from sbctl.resources.connect_agent_status import RESOURCE as STATUS
from sbctl.resources.connect_agent_status import AgentStatusItem
from sbctl.resources.connect_hierarchy import RESOURCE as LEVELS
from sbctl.resources.connect_hierarchy import HierarchyItem, HierarchySpec
from sbctl.resources.connect_hierarchy_group import RESOURCE as GROUP
from sbctl.resources.connect_hierarchy_group import HierarchyGroupItem, path_of, segments
from sbctl.resources.connect_predefined_attribute import RESOURCE as ATTRIBUTE
from sbctl.resources.connect_predefined_attribute import PredefinedAttributeSpec
from sbctl.resources.connect_queue import QueueItem
from sbctl.resources.connect_quick_connect import RESOURCE as QUICK
from sbctl.resources.connect_quick_connect import QuickConnectItem
from sbctl.resources.connect_security_profile import RESOURCE as PROFILE
from sbctl.resources.connect_security_profile import SecurityProfileSpec
from tests.unit.resources.connect.script import Script, project, refused

REGION = "us-east-1"
AT = {"instance": "i", "id": "x", "arn": "arn:x"}


def profile(**changed: Any) -> SecurityProfileSpec:
    """A security profile as it is wanted."""
    return SecurityProfileSpec.model_validate({"instance": "i", "name": "Supervisors", **changed})


def test_permissions_are_read_of_those_alone_whom_it_concerns() -> None:
    """A list is pages; a profile that AWS manages, or that is gone, has none to read."""
    row = {"Id": "x", "Arn": "arn:x", "SecurityProfileName": "Supervisors"}
    aws = Script(
        {
            "SearchSecurityProfiles": [{"SecurityProfiles": [row, {**row, "Id": "a", "Type": "AWS_MANAGED"}]}],
            "ListSecurityProfilePermissions": [{"Permissions": ["A"]}, refused("ResourceNotFoundException")],
        }
    )
    ours, theirs = PROFILE.list(aws, REGION, "i")
    assert aws.operations == ["SearchSecurityProfiles"]
    fields = frozenset({"permissions"})
    whole = PROFILE.complete(aws, REGION, ours, fields)
    assert whole is not None
    assert whole.spec.permissions == ("A",)
    assert PROFILE.complete(aws, REGION, theirs, fields) == theirs
    assert PROFILE.complete(aws, REGION, ours, fields) is None


def test_permissions_that_the_config_does_not_say_are_never_sent() -> None:
    """An item without them names a profile that is there, such as AWS's Admin."""
    aws = Script()
    PROFILE.update(aws, REGION, AT, profile(permissions=("A",)), profile(), {})
    assert aws.operations == []
    PROFILE.update(aws, REGION, AT, profile(permissions=("A",)), profile(permissions=("B", "A")), {})
    (sent,) = aws.params("UpdateSecurityProfile")
    assert sent["Permissions"] == ["B", "A"]
    assert "Description" not in sent


def test_a_status_is_disabled_since_aws_cannot_delete_it() -> None:
    """Nor is it an error when it is gone."""
    aws = Script({"UpdateAgentStatus": [{}, refused("ResourceNotFoundException")]})
    STATUS.delete(aws, REGION, AT)
    STATUS.delete(aws, REGION, AT)
    assert {params["State"] for params in aws.params("UpdateAgentStatus")} == {"DISABLED"}


def test_statuses_of_aws_are_none_of_ours() -> None:
    """Available and Offline are in every instance."""
    rows = [
        {"Name": name, "AgentStatusId": name, "AgentStatusARN": f"arn:{name}", "Type": kind}
        for name, kind in (("Available", "ROUTABLE"), ("Offline", "OFFLINE"), ("Lunch", "CUSTOM"))
    ]
    found = STATUS.list(Script({"SearchAgentStatuses": [{"AgentStatuses": rows}]}), REGION, "i")
    assert [live.spec.name for live in found] == ["Lunch"]
    assert [field for field, _, _ in STATUS.remarks(AgentStatusItem(name="offline"), project())] == ["name"]


def test_an_instance_has_fifty_statuses() -> None:
    """One too many is told, once; the quota cannot be raised."""
    items = tuple(AgentStatusItem(name=f"s{number}") for number in range(51))
    full = project(agentStatuses=items)
    assert [one.name for one in items if [*STATUS.check(one, full)]] == ["s50"]


def test_an_attribute_keeps_what_the_config_does_not_say() -> None:
    """The request carries everything, so purposes that others set are sent along."""
    live = PredefinedAttributeSpec(instance="i", name="Product", values=("A",), purposes=("P",), enforce=True)
    aws = Script()
    ATTRIBUTE.update(aws, REGION, AT, live, PredefinedAttributeSpec(instance="i", name="Product", values=("B",)), {})
    (sent,) = aws.params("UpdatePredefinedAttribute")
    assert sent["Values"] == {"StringList": ["B"]}
    assert sent["Purposes"] == ["P"]
    assert sent["AttributeConfiguration"] == {"EnableValueValidationOnAssociation": True}


@pytest.mark.parametrize(
    ("path", "names"),
    [("North", ["North"]), ("North/Voice", ["North", "Voice"]), ("A//B/C", ["A/B", "C"]), ("A///B", ["A/", "B"])],
)
def test_a_path_is_names_and_back(path: str, names: list[str]) -> None:
    """A single slash parts names, two are one slash of a name."""
    assert segments(path) == names
    assert path_of(names) == path


@pytest.mark.parametrize("path", ["/", "/North", "North/", "North/ /Voice"])
def test_a_part_without_a_name_is_refused(path: str) -> None:
    """Every group has a name."""
    assert [field for field, _, _ in GROUP.check(HierarchyGroupItem(name=path), project())] == ["name"]


def test_a_group_needs_those_above_and_a_level() -> None:
    """Both are told; the group above is an item of its own."""
    there = project(hierarchy=(HierarchyItem(levels=["Site"]),), hierarchyGroups=(HierarchyGroupItem(name="North"),))
    found = [wrong for _, wrong, _ in GROUP.check(HierarchyGroupItem(name="South/Voice"), there)]
    assert [("above" in one, "level 2" in one) for one in found] == [(True, False), (False, True)]
    assert [*GROUP.check(HierarchyGroupItem(name="North"), there)] == []


def test_a_hierarchy_without_levels_is_not_there() -> None:
    """The structure always exists for AWS: without levels a deploy creates it, and a destroy empties it."""
    aws = Script({"DescribeUserHierarchyStructure": [{}, {"HierarchyStructure": {"LevelOne": {"Name": "Site"}}}]})
    assert [*LEVELS.list(aws, REGION, "i")] == []
    assert [live.spec.levels for live in LEVELS.list(aws, REGION, "i")] == [("Site",)]
    LEVELS.create(aws, REGION, HierarchySpec(instance="i", levels=("Site", "Team")), "t")
    LEVELS.delete(aws, REGION, {"instance": "i"})
    sent = [params["HierarchyStructure"] for params in aws.params("UpdateUserHierarchyStructure")]
    assert sent == [{"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}, {}]


def test_a_quick_connect_leads_to_one_thing() -> None:
    """Two ends, no end, a number with a flow, and unknown names are all findings."""
    there = project(queues=(QueueItem(name="Sales", hours="24x7"),))

    def wrong(**item: Any) -> list[str]:
        return [field for field, _, _ in QUICK.check(QuickConnectItem(name="Q", **item), there)]

    assert wrong(phone_number="+18005550100") == []
    assert wrong(user="ann", queue="Sales", flow="F") == ["queue", "user", "flow"]
    assert wrong() == ["name"]
    assert wrong(phone_number="+18005550100", flow="F") == ["flow", "flow"]
    assert wrong(queue="Gone", flow="F") == ["queue", "flow"]


def test_a_flow_of_another_type_is_a_remark() -> None:
    """The console offers only flows of the fitting type; whether AWS refuses others is not known."""
    flow = FlowDocument("F", "CONTACT_FLOW", "", {}, "flows/F.json")
    there = project(queues=(QueueItem(name="Sales", hours="24x7"),))
    there = type(there)(**{**there.__dict__, "flows": {"F": flow}})
    one = QuickConnectItem(name="Q", queue="Sales", flow="F")
    assert [*QUICK.check(one, there)] == []
    assert [field for field, _, _ in QUICK.remarks(one, there)] == ["flow"]


def test_each_type_sends_its_own_block() -> None:
    """AWS takes exactly the block that belongs to the type."""
    for item, block in (
        (QuickConnectItem(name="Q", user="ann", flow="F"), "UserConfig"),
        (QuickConnectItem(name="Q", queue="Sales", flow="F"), "QueueConfig"),
        (QuickConnectItem(name="Q", phone_number="+18005550100"), "PhoneConfig"),
        (QuickConnectItem(name="Q", flow="F"), "FlowConfig"),
    ):
        aws = Script({"CreateQuickConnect": [{"QuickConnectId": "x", "QuickConnectARN": "arn:x"}]})
        (desired,) = QUICK.expand(item, project(), REGION)
        plain = {"instance": "i", "target": str(desired.values["target"]), "flow": str(desired.values["flow"])}
        spec = desired.spec.model_copy(update=plain)
        QUICK.create(aws, REGION, spec, "t")  # type: ignore[arg-type]
        assert set(aws.made[0][1]["QuickConnectConfig"]) == {"QuickConnectType", block}
