"""Connect instances: found by alias, created once, ready when AWS says so, gone when AWS no longer knows them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sbctl.core.aws.one_look import OneLook
from sbctl.core.kinds.resource import NotReady
from sbctl.core.kinds.sought import Sought
from sbctl.core.problem import SbctlError
from sbctl.resources.connect_instance import RESOURCE, SET, InstanceItem, InstanceSpec
from tests.unit.resources.connect.script import Script, project, refused

IDS = {"id": "i-1", "arn": "arn:i-1"}


def row(alias: str = "acme-use1", status: str = "ACTIVE", **more: Any) -> dict[str, Any]:
    """An instance as AWS lists and describes it."""
    return {
        "Id": "i-1",
        "Arn": "arn:i-1",
        "InstanceAlias": alias,
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceStatus": status,
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": True,
        **more,
    }


def attribute_pages() -> list[Any]:
    """The attributes of an instance, in two pages as AWS sends them."""
    return [
        {"Attributes": [{"AttributeType": "INBOUND_CALLS", "Value": "true"}], "NextToken": "2"},
        {
            "Attributes": [
                {"AttributeType": "OUTBOUND_CALLS", "Value": "false"},
                {"AttributeType": "CONTACTFLOW_LOGS", "Value": "true"},
            ]
        },
    ]


def spec(**changed: Any) -> InstanceSpec:
    """A wanted or live instance."""
    values = {
        "alias": "acme-use1",
        "identity": "CONNECT_MANAGED",
        "inbound_calls": True,
        "outbound_calls": True,
        "attributes": {"CONTACTFLOW_LOGS": "true"},
    }
    return InstanceSpec(**{**values, **changed})


def test_alias_and_tags_come_from_project_and_region() -> None:
    """The default alias joins project and region name; the tags say region, primacy and priority."""
    (wanted,) = RESOURCE.expand(InstanceItem(), project(), "us-west-2")
    assert wanted.values["alias"] == "acme-usw2"
    assert wanted.values["tags"] == {
        "Region": "USW2",
        "IsPrimary": "false",
        "Priority": "2",
        "sbctl:project": "acme",
        "sbctl:address": "connect_instance.us-west-2.acme",
    }


def test_one_alias_for_two_regions_is_a_finding() -> None:
    """Aliases are unique over all regions, so a fixed one cannot serve two of them."""
    fixed = InstanceItem(alias="acme")
    findings = list(RESOURCE.check(fixed, replace(project(), items={"instances": (fixed,)})))
    assert [field for field, _, _ in findings] == ["alias"]
    own = InstanceItem(overrides={"us-east-1": {"alias": "acme"}})
    assert list(RESOURCE.check(fixed, replace(project(), items={"instances": (own,)}))) == []
    assert list(RESOURCE.check(InstanceItem(), project())) == []


def test_find_reads_details_of_wanted_instances_only() -> None:
    """Other people's instances cost no calls beyond the list."""
    aws = Script(
        {
            "ListInstances": [{"InstanceSummaryList": [row(alias="theirs") | {"Id": "i-9"}, row()]}],
            "DescribeInstance": [{"Instance": row(Tags={"sbctl:address": "connect_instance.us-east-1.acme"})}],
            "ListInstanceAttributes": attribute_pages(),
        }
    )
    (live,) = RESOURCE.find(aws, "us-east-1", "", Sought(frozenset({"acme-use1"})))
    assert aws.operations == ["ListInstances", "DescribeInstance", "ListInstanceAttributes", "ListInstanceAttributes"]
    assert live.owner == "connect_instance.us-east-1.acme"
    assert live.spec.inbound_calls
    assert not live.spec.outbound_calls
    assert live.spec.attributes == {"CONTACTFLOW_LOGS": "true"}
    assert live.output("access_host") == "acme-use1.my.connect.aws"


@pytest.mark.parametrize(("brief", "pages"), [(True, 1), (False, 2)])
def test_a_plan_reads_attributes_up_to_the_last_that_the_config_sets(brief: bool, pages: int) -> None:
    """Parity compares the others too."""
    entries = [{"AttributeType": name, "Value": "true"} for name in sorted(SET)]
    answers: list[Any] = [
        {"Attributes": entries, "NextToken": "2"},
        {"Attributes": [{**entries[0], "AttributeType": "EARLY_MEDIA"}]},
    ]
    aws = Script(
        {
            "ListInstances": [{"InstanceSummaryList": [row()]}],
            "ListInstanceAttributes": answers,
        }
    )
    look = OneLook(aws, brief=brief)
    look.tags["us-east-1"] = {"arn:i-1": {}}
    (live,) = RESOURCE.find(look, "us-east-1", "", Sought(frozenset({"acme-use1"})))
    assert aws.operations.count("ListInstanceAttributes") == pages
    assert ("EARLY_MEDIA" in live.spec.attributes) == (not brief)


def test_a_tag_finds_what_no_alias_and_no_id_finds() -> None:
    """All are looked at then; one that the caller may not look at is not ours."""
    ours = row(alias="another", Tags={"sbctl:address": "connect_instance.us-east-1.acme"})
    aws = Script(
        {
            "ListInstances": [{"InstanceSummaryList": [row(alias="theirs") | {"Id": "i-9"}, ours]}],
            "DescribeInstance": [refused("AccessDeniedException"), {"Instance": ours}],
            "ListInstanceAttributes": attribute_pages(),
        }
    )
    sought = Sought(frozenset({"acme-use1"}), owners=frozenset({"connect_instance.us-east-1.acme"}))
    (live,) = RESOURCE.find(aws, "us-east-1", "", sought)
    assert (live.ids["id"], live.spec.alias) == ("i-1", "another")


def test_an_alias_that_sbctl_made_up_is_for_a_creation_alone() -> None:
    """One that the config names is not."""
    (made_up,) = RESOURCE.expand(InstanceItem(), project(), "us-west-2")
    (named,) = RESOURCE.expand(InstanceItem(alias="acme"), project(), "us-west-2")
    assert (set(made_up.initial), set(named.initial)) == ({"alias"}, set())


def test_an_instance_being_created_is_found() -> None:
    """A crash right after CreateInstance does not lead to a second instance, since the first is in the list."""
    answer = row(status="CREATION_IN_PROGRESS")
    aws = Script({"ListInstances": [{"InstanceSummaryList": [answer]}], "DescribeInstance": [{"Instance": answer}]})
    (live,) = RESOURCE.list(aws, "us-east-1", "")
    assert dict(live.ids) == IDS


def test_ready_waits_while_the_instance_is_being_created() -> None:
    """CREATION_IN_PROGRESS is a reason to wait."""
    aws = Script({"DescribeInstance": [{"Instance": row(status="CREATION_IN_PROGRESS")}]})
    with pytest.raises(NotReady, match="being created"):
        RESOURCE.ready(aws, "us-east-1", IDS)


def test_a_failed_creation_says_why() -> None:
    """CREATION_FAILED ends the wait with AWS's own reason."""
    failed = row(status="CREATION_FAILED", StatusReason={"Message": "alias taken"})
    with pytest.raises(SbctlError, match="alias taken"):
        RESOURCE.ready(Script({"DescribeInstance": [{"Instance": failed}]}), "us-east-1", IDS)


def test_creation_carries_the_token() -> None:
    """A repeated attempt sends the same client token, so that AWS makes one instance."""
    aws = Script({"CreateInstance": [{"Id": "i-1", "Arn": "arn:i-1"}]})
    assert RESOURCE.create(aws, "us-east-1", spec(), "token-1") == IDS
    assert aws.params("CreateInstance")[0]["ClientToken"] == "token-1"


def test_only_attributes_that_differ_are_sent() -> None:
    """Each differing attribute is one call; calls in and out are attributes like the others."""
    aws = Script()
    live = spec(attributes={"CONTACTFLOW_LOGS": "false", "EARLY_MEDIA": "true"})
    RESOURCE.update(aws, "us-east-1", IDS, live, spec(outbound_calls=False), {})
    sent = [(call["AttributeType"], call["Value"]) for call in aws.params("UpdateInstanceAttribute")]
    assert sent == [("CONTACTFLOW_LOGS", "true"), ("OUTBOUND_CALLS", "false")]
    assert len(aws.made) == 2


def test_deletion_waits_until_aws_forgets_the_instance() -> None:
    """AWS has no status for a deletion, so the instance is asked for until it is not found."""
    there: Any = {"Instance": row()}
    aws = Script({"DescribeInstance": [there, there, refused("ResourceNotFoundException")]})
    RESOURCE.delete(aws, "us-east-1", IDS)
    assert aws.waits == ["instance being deleted"] * 2


def test_deleting_what_is_gone_is_fine() -> None:
    """A second deletion neither fails nor waits."""
    aws = Script({"DeleteInstance": [refused("ResourceNotFoundException")]})
    RESOURCE.delete(aws, "us-east-1", IDS)
    assert aws.operations == ["DeleteInstance"]
