"""Tags in pages: shared by a look, read one by one where pages do not have them, and never a reason to fail."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.aws.one_look import OneLook
from sbctl.core.kinds.sought import Sought
from sbctl.engine.planning.one_by_one import one_by_one
from sbctl.resources.cloudwatch_alarm import RESOURCE as ALARM
from sbctl.resources.iam_role import RESOURCE as ROLE
from tests.unit.resources.aws.scripted import Scripted, failing

NAMES = ("a", "b")
ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def alarms(**answers: Any) -> Scripted:
    rows = [{"AlarmName": name, "AlarmArn": f"{ARN}{name}"} for name in NAMES]
    mine = {"Tags": [{"Key": "sbctl:address", "Value": "cloudwatch_alarm.us-east-1.direct"}]}
    return Scripted(DescribeAlarms={"MetricAlarms": rows}, ListTagsForResource=mine, **answers)


def page(*names: str, token: str = "") -> dict[str, Any]:
    tags = [{"Key": "sbctl:address", "Value": "cloudwatch_alarm.us-east-1.paged"}]
    rows = [{"ResourceARN": f"{ARN}{name}", "Tags": tags} for name in names]
    return {"ResourceTagMappingList": rows, "PaginationToken": token}


def owners(look: Any) -> list[str]:
    found = ALARM.find(look, "us-east-1", "", Sought(frozenset(NAMES)))
    return [live.owner.rpartition(".")[2] for live in found]


def test_a_page_has_the_tags_of_all() -> None:
    """To the last page, narrowed to the project, once for the whole look."""
    aws = alarms(GetResources=[page("a", token="next"), page("b")])
    look = OneLook(aws, "ours")
    assert owners(look) == owners(look) == ["paged", "paged"]
    first, second = aws.made("GetResources")
    assert first["TagFilters"] == [{"Key": "sbctl:project", "Values": ["ours"]}]
    assert second["PaginationToken"] == "next"
    assert not aws.made("ListTagsForResource")
    assert [*one_by_one(look)] == []


def test_what_pages_do_not_have_is_read_from_its_service() -> None:
    """They are behind a new resource."""
    aws = alarms(GetResources=page("a"))
    assert owners(OneLook(aws)) == ["paged", "direct"]
    assert aws.made("ListTagsForResource") == [{"ResourceARN": f"{ARN}b"}]


def test_a_type_that_a_region_does_not_know_is_no_obstacle() -> None:
    """The Tagging API refuses a filter for a type that it does not support; then all types are asked for."""
    aws = alarms(GetResources=[failing("InvalidParameterException", "unsupported type"), page("a", "b")])
    look = OneLook(aws)
    assert owners(look) == ["paged", "paged"]
    assert ["ResourceTypeFilters" in asked for asked in aws.made("GetResources")] == [True, False]
    assert [*one_by_one(look)] == []


def test_a_direct_read_asks_no_page() -> None:
    """What is read to confirm a surprise is read from its service, in a look too."""
    live = ALARM.read(OneLook(alarms(GetResources=page("a"))), "us-east-1", {"name": "a"})
    assert live is not None
    assert live.owner.endswith("direct")


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "NotModelled", "InternalServiceException", "UnknownOperation"]
)
def test_without_pages_everything_is_read_one_by_one(code: str) -> None:
    """Asked once, and told with what allows it, or that nothing needs to be done."""
    aws = alarms(GetResources=failing(code))
    look = OneLook(aws)
    assert owners(look) == owners(look) == ["direct", "direct"]
    assert len(aws.made("GetResources")) == 1
    (note,) = one_by_one(look)
    assert (note.code, note.exit) == ("read-one-by-one", 0)
    assert ("Allow tag:GetResources" in note.fix) == (code == "AccessDeniedException")


def role(name: str, **more: Any) -> dict[str, Any]:
    return {"RoleName": name, "Arn": f"arn:{name}", "AssumeRolePolicyDocument": TRUST, **more}


def test_roles_come_in_pages_with_their_policies() -> None:
    """The description is in the one list, the rest in the other; what neither has yet is read by its name."""
    sequential = [{"PolicyName": "access", "PolicyDocument": TRUST}]
    attached = [{"PolicyName": "z", "PolicyArn": "arn:z"}, {"PolicyName": "b", "PolicyArn": "arn:b"}]
    described = role("a", RolePolicyList=sequential, AttachedManagedPolicies=attached)
    aws = Scripted(
        GetAccountAuthorizationDetails={"RoleDetailList": [described, role("theirs")]},
        ListRoles={"Roles": [role("a", Description="ours"), role("theirs")]},
        GetRole={"Role": role("new")},
        ListAttachedRolePolicies={"AttachedPolicies": [{"PolicyArn": "arn:late"}]},
        ListRolePolicies={"PolicyNames": []},
    )
    found = list(ROLE.find(OneLook(aws), "us-east-1", "", Sought(frozenset({"a", "new"}))))
    assert [(live.spec.name, live.spec.description, [*live.spec.policies], live.spec.attached) for live in found] == [
        ("a", "ours", ["access"], ("arn:b", "arn:z")),
        ("new", "", [], ("arn:late",)),
    ]
    assert aws.made("GetRole") == [{"RoleName": "new"}]


def test_roles_without_pages() -> None:
    aws = Scripted(
        GetAccountAuthorizationDetails=failing("AccessDenied"),
        GetRole={"Role": role("a")},
        ListAttachedRolePolicies={"AttachedPolicies": []},
        ListRolePolicies={"PolicyNames": []},
    )
    look = OneLook(aws)
    assert [live.spec.name for live in ROLE.find(look, "us-east-1", "", Sought(frozenset({"a"})))] == ["a"]
    (note,) = one_by_one(look)
    assert "Allow iam:GetAccountAuthorizationDetails" in note.fix
