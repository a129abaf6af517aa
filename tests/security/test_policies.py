"""What is deployed may do the least that it needs, and is private: roles, functions' permissions, buckets."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.core.project import INSTANCE_TAG
from sbctl.failover.kit.publish import keep_kit
from sbctl.permissions.actions import dependent_actions
from sbctl.resources.data.bucket_settings import tls_only
from sbctl.resources.lambda_function import RESOURCE as FUNCTION
from sbctl.resources.s3_bucket import BucketSpec
from tests.security.ground import EAST, OURS
from tests.unit.failover.scenes import kit
from tests.unit.resources.aws.projects import project, wanted

WRITES = re.compile(r"dynamodb:(Put|Update|Delete|BatchWrite|Transact|Partiql)|lambda:|iam:|s3:Put|route53:")
PROJECT = project()
WANTED = wanted(PROJECT)
DEPENDENT = dependent_actions(discover("sbctl.resources", "RESOURCE").values())


def of_kind(kind: str) -> list[Any]:
    return [desired.spec for desired in WANTED if desired.address.kind == kind]


def statements(role: Any) -> list[dict[str, Any]]:
    return [statement for policy in role.policies.values() for statement in policy["Statement"]]


ROLES = {role.name: role for role in of_kind("iam_role")}


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_assumed_by_one_service_for_one_account(name: str) -> None:
    """The confused deputy: a service that acts for somebody else does not get our role."""
    (statement,) = ROLES[name].trust["Statement"]
    assert len(statement["Principal"]) == 1
    assert isinstance(statement["Principal"]["Service"], str)
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": OURS}}


@pytest.mark.parametrize("name", ROLES)
def test_a_role_names_what_it_acts_on(name: str) -> None:
    """No action with a wildcard, no resource that is not ours by its name; instances by the project's tag alone."""
    for statement in statements(ROLES[name]):
        assert not [action for action in statement["Action"] if "*" in action]
        if statement["Action"] == ["cloudwatch:PutMetricData"]:  # takes no resource, and is limited by its namespace
            assert statement["Condition"] == {"StringEquals": {"cloudwatch:namespace": "sbctl"}}
            continue
        if statement["Action"] == ["ds:DescribeDirectories"]:  # takes no resource, and is limited to the regions
            regions = [region.region for region in PROJECT.by_priority]
            assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": regions}}
            continue
        for resource in statement["Resource"]:
            _, _, service, region, account, rest = resource.split(":", 5)
            if service == "s3":
                assert rest.startswith(f"{PROJECT.name}-")
                assert OURS in rest
                continue
            assert (account, region.count("*")) == (OURS, 0)
            if service == "connect":
                assert statement["Condition"]["StringEquals"] == {f"aws:ResourceTag/{INSTANCE_TAG}": PROJECT.name}
            else:
                assert "*" not in rest.removesuffix(":*").removesuffix("/index/*")


@pytest.mark.parametrize("name", [name for name in ROLES if "-lambda-" in name])
def test_a_role_allows_what_its_calls_depend_on(name: str) -> None:
    """AWS asks for dependent actions too: without ds:DescribeDirectories no instance can be described.

    Keys are asked for where tables have some: tests/unit/desired/test_keys.py.
    """
    granted = {action for statement in statements(ROLES[name]) for action in statement["Action"]}
    needed = {action for call in granted for action in DEPENDENT.get(call, ()) if not action.startswith("kms:")}
    assert needed <= granted
    assert ("connect:DescribeInstance" in granted) == ("ds:DescribeDirectories" in granted)


def test_the_functions_behind_public_addresses_cannot_write() -> None:
    """Whoever may call the health function may not have it give the takeover signal: its role only reads."""
    health = ROLES[f"{PROJECT.name}-lambda-health"]
    actions = {action for statement in statements(health) for action in statement["Action"]}
    assert not [action for action in actions if WRITES.match(action)]
    assert actions <= {
        "connect:DescribeInstance", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query",
        "ds:DescribeDirectories", "logs:CreateLogStream", "logs:PutLogEvents",
    }  # fmt: skip
    takeover = ROLES[f"{PROJECT.name}-lambda-takeover"]
    found = {action: statement for statement in statements(takeover) for action in statement["Action"]}
    assert {action for action in found if WRITES.match(action)} <= {"cloudwatch:PutMetricData"}
    assert found.keys() <= actions - {"connect:DescribeInstance", "ds:DescribeDirectories"} | {
        "cloudwatch:PutMetricData"
    }
    assert found["cloudwatch:PutMetricData"]["Condition"] == {"StringEquals": {"cloudwatch:namespace": "sbctl"}}


def test_connect_may_call_from_its_own_instance_alone() -> None:
    """Account and instance are both named."""
    found = [spec for spec in of_kind("lambda_permission") if spec.principal == "connect.amazonaws.com"]
    assert found
    for spec in found:
        assert spec.source_account == OURS
        assert str(spec.source_arn)
        assert spec.action == "lambda:InvokeFunction"


def test_anybody_may_call_through_the_address_and_not_past_it() -> None:
    """Only functions that want a URL have such statements, and each is bound to the URL."""
    public = [spec for spec in of_kind("lambda_permission") if spec.principal == "*"]
    with_url = {item.name for item in FUNCTION.defaults(PROJECT) if item.url}
    assert {spec.function.address.name for spec in public} == with_url == {"health", "takeover"}
    conditions = {(spec.action, spec.url_auth_type, spec.through_url) for spec in public}
    assert conditions == {("lambda:InvokeFunctionUrl", "NONE", False), ("lambda:InvokeFunction", "", True)}


def test_buckets_are_private_encrypted_and_tls_only_in_every_region() -> None:
    """Replicas too: each is a bucket of its own with the same settings, and no config can ask for less."""
    buckets: list[BucketSpec] = of_kind("s3_bucket")
    assert {bucket.region for bucket in buckets} == {region.region for region in PROJECT.regions}
    for bucket in buckets:
        assert (bucket.private, bucket.encryption, bucket.ownership) == (True, "AES256", "BucketOwnerEnforced")
        assert bucket.policy == tls_only(bucket.name)
    (statement,) = tls_only("b")["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Resource"] == ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]


class Puts:
    """Takes note of what is put where."""

    def __init__(self) -> None:
        self.buckets: list[str] = []

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        assert (service, operation) == ("s3", "PutObject"), region
        assert "ACL" not in params
        self.buckets.append(params["Bucket"])
        return {}

    def wait(self, seconds: float, reason: str) -> None:
        raise AssertionError(f"{seconds} s for {reason}")


def test_the_failover_kit_is_kept_in_such_buckets(tmp_path: Any) -> None:
    """It goes into the first of the project's own buckets in each region, and into no bucket of its own."""
    calls = Puts()
    assert keep_kit(kit(), tmp_path, calls) == []
    assert calls.buckets == [region.buckets[0] for region in kit().regions]
    assert PROJECT.bucket_name("recordings", EAST) in {bucket.name for bucket in of_kind("s3_bucket")}
