"""How a replication role is judged: statements, resources, attached policies, and how long a reading is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sbctl.sandbox.s3.permissions import BELIEVED_SECONDS, BucketRoles, Copying
from sbctl.sandbox.service import Answer, ApiError
from sbctl.sandbox.time.clock import WorldClock
from tests.sandbox.s3_buckets import ALLOWED, ROLE, TRUST

ANYWHERE: dict[str, Any] = {"Effect": "Allow", "Action": ALLOWED, "Resource": "*"}


class Iam:
    """IAM with one role: its inline statements, those of an attached policy, and a count of readings."""

    def __init__(self, *sequential: Mapping[str, Any], attached: Mapping[str, Any] | None = None) -> None:
        self.sequential = list(sequential)
        self.attached = attached
        self.readings = 0

    def call(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> Answer:
        assert service == "iam"
        assert region == "us-east-1"
        answer: Answer = getattr(self, operation)(params)
        return answer

    def GetRole(self, params: Mapping[str, Any]) -> Answer:
        self.readings += 1
        if params["RoleName"] != "copy":
            raise ApiError("NoSuchEntity", "no such role", 404)
        return {"Role": {"AssumeRolePolicyDocument": {"Statement": TRUST}}}

    def ListRolePolicies(self, _: Mapping[str, Any]) -> Answer:
        return {"PolicyNames": ["inline"]}

    def GetRolePolicy(self, _: Mapping[str, Any]) -> Answer:
        return {"PolicyDocument": {"Statement": self.sequential}}

    def ListAttachedRolePolicies(self, _: Mapping[str, Any]) -> Answer:
        return {"AttachedPolicies": [{"PolicyArn": "arn"}] if self.attached else []}

    def GetPolicy(self, _: Mapping[str, Any]) -> Answer:
        return {"Policy": {"DefaultVersionId": "v2"}}

    def GetPolicyVersion(self, params: Mapping[str, Any]) -> Answer:
        assert params["VersionId"] == "v2"
        return {"PolicyVersion": {"Document": {"Statement": self.attached}}}


def refusal(iam: Iam, role: str = ROLE, target: str = "into-1") -> str:
    """What a fresh reading says about copying an object."""
    return BucketRoles(WorldClock(), iam).refusal(role, Copying("object", "from-1", target, "calls/1.wav"))


def on(actions: list[str], *resources: str, effect: str = "Allow", **members: Any) -> dict[str, Any]:
    """A statement."""
    return {"Effect": effect, "Action": actions, "Resource": list(resources), **members}


def test_the_minimum_of_the_page_is_enough() -> None:
    """Actions on the source bucket, its objects and the destination's objects, each where it belongs."""
    minimum = (
        on(ALLOWED[:2], "arn:aws:s3:::from-1"),
        on(ALLOWED[2:5], "arn:aws:s3:::from-1/*"),
        on(ALLOWED[5:], "arn:aws:s3:::into-1/*"),
    )
    assert refusal(Iam(*minimum)) == ""
    assert refusal(Iam(*minimum), target="other-1") == "DstPutObjectNotPermitted"


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        ([], "SrcGetObjectNotPermitted"),
        ([on(["S3:*"], "*")], ""),
        ([on(["s3:Get*", "s3:List?ucket", "s3:Replicate*"], "*")], ""),
        ([ANYWHERE, on(["s3:ReplicateTags"], "arn:aws:s3:::into-1/*", effect="Deny")], "DstPutObjectNotPermitted"),
        ([ANYWHERE, on(["s3:*"], "*", effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})], ""),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], ""),
        ([{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::into-1/*"}], "DstPutObjectNotPermitted"),
        ([on(["s3:*"], "arn:aws:s3:::[if]*")], "SrcGetObjectNotPermitted"),
    ],
)
def test_statements_are_read_as_iam_reads_them(statements: list[Mapping[str, Any]], reason: str) -> None:
    """Wildcards, Deny before Allow, NotAction and NotResource; a bracket is a bracket."""
    assert refusal(Iam(*statements)) == reason


def test_attached_policies_count() -> None:
    """The default version of an attached policy is read as the inline ones are."""
    assert refusal(Iam(attached=ANYWHERE)) == ""


def test_a_role_that_is_not_there_cannot_be_assumed() -> None:
    """Its name is the last part of the ARN, behind any path."""
    assert refusal(Iam(ANYWHERE), role="arn:aws:iam::123456789012:role/team/copy") == ""
    assert refusal(Iam(ANYWHERE), role="arn:aws:iam::123456789012:role/other") == "AssumeRoleNotPermitted"


def test_a_permission_is_remembered_for_seconds_and_a_refusal_never() -> None:
    """Ten thousand copies do not read the role ten thousand times; a repaired role serves the next copy."""
    iam, clock = Iam(ANYWHERE), WorldClock()
    roles = BucketRoles(clock, iam)

    def ask() -> str:
        return roles.refusal(ROLE, Copying("object", "from-1", "into-1", "k"))

    assert [ask() for _ in range(5)] == [""] * 5
    assert iam.readings == 1
    iam.sequential = []
    clock.advance(BELIEVED_SECONDS)
    assert ask() != ""
    iam.sequential = [ANYWHERE]
    assert ask() == ""
    assert iam.readings == 3
