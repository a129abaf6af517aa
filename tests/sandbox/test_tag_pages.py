"""GetResources and GetAccountAuthorizationDetails: what a page holds, what is refused, and how far they are behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.tagging.index import LAG_SECONDS
from tests.sandbox.conftest import Sandbox

Client = Callable[..., Any]
WEST = "us-west-2"
OURS = {"team": "a"}
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def groups(sandbox: Sandbox, *names: str, tags: Mapping[str, str] = OURS, region: str = WEST) -> None:
    """Tagged log groups, and the time after which the index has them."""
    for name in names:
        sandbox.client("logs", region).create_log_group(logGroupName=name, tags=dict(tags))
    sandbox.running.world.scheduler.advance(LAG_SECONDS)


def listed(sandbox: Sandbox, region: str = WEST, **asked: Any) -> dict[str, dict[str, str]]:
    """Tags by the last part of the ARN, of one page."""
    answer = sandbox.client("resourcegroupstaggingapi", region).get_resources(**asked)
    return {
        row["ResourceARN"].rpartition(":")[2]: {tag["Key"]: tag["Value"] for tag in row["Tags"]}
        for row in answer["ResourceTagMappingList"]
    }


def refused(sandbox: Sandbox, **asked: Any) -> str:
    with pytest.raises(ClientError) as caught:
        sandbox.client("resourcegroupstaggingapi", WEST).get_resources(**asked)
    return str(caught.value.response["Error"]["Code"])


def test_tags_are_of_a_region_across_services(sandbox: Sandbox) -> None:
    """Global resources are listed in us-east-1 alone, and what never had a tag nowhere."""
    groups(sandbox, "one")
    sandbox.client("logs", WEST).create_log_group(logGroupName="bare")
    sandbox.client("s3", WEST).create_bucket(Bucket="a-bucket", CreateBucketConfiguration={"LocationConstraint": WEST})
    sandbox.client("s3", WEST).put_bucket_tagging(
        Bucket="a-bucket", Tagging={"TagSet": [{"Key": "team", "Value": "b"}]}
    )
    route53 = sandbox.client("route53")
    check = route53.create_health_check(
        CallerReference="c", HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "example.com"}
    )["HealthCheck"]["Id"]
    tags = [{"Key": "team", "Value": "c"}]
    route53.change_tags_for_resource(ResourceType="healthcheck", ResourceId=check, AddTags=tags)
    sandbox.running.world.scheduler.advance(LAG_SECONDS)
    assert listed(sandbox) == {"one": OURS, "a-bucket": {"team": "b"}}
    assert listed(sandbox, "us-east-1") == {f"healthcheck/{check}": {"team": "c"}}


def test_filters_of_tags_and_types(sandbox: Sandbox) -> None:
    """All filters must fit, one value of each; a type is written as in an ARN."""
    groups(sandbox, "a", "b")
    groups(sandbox, "c", tags={"team": "z", "stage": "live"})
    assert set(listed(sandbox, TagFilters=[{"Key": "team"}])) == {"a", "b", "c"}
    assert set(listed(sandbox, TagFilters=[{"Key": "team", "Values": ["z", "y"]}, {"Key": "stage"}])) == {"c"}
    assert set(listed(sandbox, ResourceTypeFilters=["logs"])) == {"a", "b", "c"}
    assert set(listed(sandbox, ResourceTypeFilters=["logs:log-group"])) == {"a", "b", "c"}
    assert listed(sandbox, ResourceTypeFilters=["dynamodb:table", "s3:bucket"]) == {}
    arn = "arn:aws:logs:us-west-2:123456789012:log-group:b"
    assert listed(sandbox, ResourceARNList=[arn, arn + "x"]) == {"b": OURS}


def test_pages(sandbox: Sandbox) -> None:
    """A page has at most a hundred resources, and a token names the next."""
    groups(sandbox, "a", "b", "c")
    tagging = sandbox.client("resourcegroupstaggingapi", WEST)
    first = tagging.get_resources(ResourcesPerPage=2)
    second = tagging.get_resources(ResourcesPerPage=2, PaginationToken=first["PaginationToken"])
    assert [len(page["ResourceTagMappingList"]) for page in (first, second)] == [2, 1]
    assert second["PaginationToken"] == ""


@pytest.mark.parametrize(
    "asked",
    [
        {"ResourcesPerPage": 101},
        {"ResourcesPerPage": 0},
        {"TagsPerPage": 99},
        {"ResourceTypeFilters": ["s3"] * 101},
        {"ResourceARNList": ["arn:aws:s3:::a"], "TagFilters": [{"Key": "a"}]},
        {"ResourceARNList": ["arn:aws:s3:::a"] * 101},
        {"PaginationToken": "no token"},
        {"ExcludeCompliantResources": True},
    ],
)
def test_what_aws_refuses(sandbox: Sandbox, asked: dict[str, Any]) -> None:
    assert refused(sandbox, **asked) == "InvalidParameterException"


def test_the_index_is_behind(sandbox: Sandbox) -> None:
    """A new tag, and one that was taken away, are seen some seconds later; what had a tag once stays, without any."""
    groups(sandbox, "one")
    assert listed(sandbox) == {"one": OURS}
    arn = "arn:aws:logs:us-west-2:123456789012:log-group:one"
    sandbox.client("logs", WEST).untag_resource(resourceArn=arn, tagKeys=["team"])
    sandbox.client("logs", WEST).create_log_group(logGroupName="two", tags=OURS)
    assert listed(sandbox) == {"one": OURS}
    sandbox.running.world.scheduler.advance(LAG_SECONDS)
    assert listed(sandbox) == {"one": {}, "two": OURS}


def test_roles_with_all_that_is_in_them(sandbox: Sandbox) -> None:
    """Pages count over all lists; documents come as they were written."""
    iam = sandbox.client("iam")
    for name in ("a", "b", "c"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, Tags=[{"Key": "team", "Value": name}])
    policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
    iam.put_role_policy(RoleName="b", PolicyName="access", PolicyDocument=policy)
    first = iam.get_account_authorization_details(Filter=["Role"], MaxItems=2)
    assert ([role["RoleName"] for role in first["RoleDetailList"]], first["IsTruncated"]) == (["a", "b"], True)
    role = first["RoleDetailList"][1]
    assert role["Tags"] == [{"Key": "team", "Value": "b"}]
    assert role["RolePolicyList"][0]["PolicyDocument"]["Statement"][0]["Action"] == "s3:GetObject"
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == "sts:AssumeRole"
    last = iam.get_account_authorization_details(Filter=["Role"], MaxItems=2, Marker=first["Marker"])
    assert ([role["RoleName"] for role in last["RoleDetailList"]], last["IsTruncated"]) == (["c"], False)
    with pytest.raises(ClientError, match="ValidationError"):
        iam.get_account_authorization_details(Filter=["Role"], Marker="no marker")
    with pytest.raises(ClientError, match="ValidationError"):
        iam.get_account_authorization_details(Filter=["Robot"])
