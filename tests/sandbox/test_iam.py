"""Roles with wrong documents are refused in IAM's own words; right ones keep what was put."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox

ALLOW = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
READ = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> str:
    """A policy document of some statements."""
    return json.dumps({"Version": version, "Statement": list(statements)})


def refusal(act: Any, **params: Any) -> tuple[str, str, int]:
    """Code, message and status of the refusal of a call."""
    with pytest.raises(ClientError) as refused:
        act(**params)
    error = refused.value.response
    return error["Error"]["Code"], error["Error"]["Message"], error["ResponseMetadata"]["HTTPStatusCode"]


BAD_TRUST = [
    ("trust.json", "This policy contains invalid Json"),
    ("[]", "Syntax errors in policy."),
    ('{"Version": "2012-10-17"}', "Missing required field Statement"),
    (document(ALLOW, version="2020-01-01"), "The policy must contain a valid version string: 2020-01-01"),
    (document({**ALLOW, "Effect": "allow"}), "Invalid effect: allow"),
    (document({**ALLOW, "Resource": "*"}), "Has prohibited field Resource"),
    (document({"Effect": "Allow", "Action": "sts:AssumeRole"}), "Missing required field Principal"),
    (document({**ALLOW, "Action": "s3:GetObject"}), "AssumeRole policy may only specify STS AssumeRole actions."),
    (document({**ALLOW, "Principal": {"Service": "lambda"}}), 'Invalid principal in policy: "SERVICE":"lambda"'),
]


@pytest.mark.parametrize(("trust", "message"), BAD_TRUST)
def test_a_malformed_trust_policy_is_refused(sandbox: Sandbox, trust: str, message: str) -> None:
    """CreateRole and UpdateAssumeRolePolicy refuse it alike, and nothing is created or changed."""
    iam = sandbox.client("iam")
    expected = ("MalformedPolicyDocument", message, 400)
    assert refusal(iam.create_role, RoleName="new", AssumeRolePolicyDocument=trust) == expected
    assert refusal(iam.get_role, RoleName="new")[0] == "NoSuchEntity"
    iam.create_role(RoleName="old", AssumeRolePolicyDocument=document(ALLOW))
    assert refusal(iam.update_assume_role_policy, RoleName="old", PolicyDocument=trust) == expected
    assert iam.get_role(RoleName="old")["Role"]["AssumeRolePolicyDocument"]["Statement"] == [ALLOW]


BAD_IDENTITY = [
    ("policy.json", "Syntax errors in policy."),
    ('{"Version": "2012-10-17"}', "Syntax errors in policy."),
    (document({**READ, "Effect": "allow"}), "Syntax errors in policy."),
    (document({**READ, "Principal": "*"}), "Policy document should not specify a principal."),
    (document({"Effect": "Allow", "Action": "dynamodb:GetItem"}), "Policy statement must contain resources."),
]


@pytest.mark.parametrize(("policy", "message"), BAD_IDENTITY)
def test_a_malformed_role_policy_is_refused(sandbox: Sandbox, policy: str, message: str) -> None:
    """PutRolePolicy refuses it, and the role has no policy afterwards."""
    iam = sandbox.client("iam")
    iam.create_role(RoleName="one", AssumeRolePolicyDocument=document(ALLOW))
    found = refusal(iam.put_role_policy, RoleName="one", PolicyName="access", PolicyDocument=policy)
    assert found == ("MalformedPolicyDocument", message, 400)
    assert iam.list_role_policies(RoleName="one")["PolicyNames"] == []


def test_a_role_keeps_what_was_put(sandbox: Sandbox) -> None:
    """Description, tags, trust and inline policy are read back as they were written."""
    iam = sandbox.client("iam")
    tags = [{"Key": "team", "Value": "contact centre"}]
    made = iam.create_role(RoleName="one", Description="d", AssumeRolePolicyDocument=document(ALLOW), Tags=tags)
    assert made["Role"]["Arn"] == "arn:aws:iam::123456789012:role/one"
    iam.put_role_policy(RoleName="one", PolicyName="access", PolicyDocument=document(READ))
    role = iam.get_role(RoleName="one")["Role"]
    assert (role["Description"], role["Tags"]) == ("d", tags)
    assert role["AssumeRolePolicyDocument"]["Statement"] == [ALLOW]
    found = iam.get_role_policy(RoleName="one", PolicyName="access")["PolicyDocument"]
    assert found["Statement"] == [READ]


def test_policies_have_a_size(sandbox: Sandbox) -> None:
    """Trust policies end at 2048 characters, a role's inline policies together at 10240; white space is free."""
    iam = sandbox.client("iam")
    long_trust = document({**ALLOW, "Sid": "s" * 2048})
    assert refusal(iam.create_role, RoleName="one", AssumeRolePolicyDocument=long_trust)[0] == "LimitExceeded"
    iam.create_role(RoleName="one", AssumeRolePolicyDocument=document(ALLOW) + " " * 2048)
    half = document({**READ, "Resource": ["arn:aws:dynamodb:us-east-1:123456789012:table/" + "t" * 6000]})
    iam.put_role_policy(RoleName="one", PolicyName="first", PolicyDocument=half)
    iam.put_role_policy(RoleName="one", PolicyName="first", PolicyDocument=half)
    code, message, status = refusal(iam.put_role_policy, RoleName="one", PolicyName="second", PolicyDocument=half)
    assert (code, status) == ("LimitExceeded", 409)
    assert message == "Maximum policy size of 10240 bytes exceeded for role one"


@pytest.mark.parametrize("name", ["a role", "x" * 65, "rôle!"])
def test_a_bad_name_is_refused(sandbox: Sandbox, name: str) -> None:
    """Names follow IAM's pattern and length."""
    iam = sandbox.client("iam")
    assert refusal(iam.create_role, RoleName=name, AssumeRolePolicyDocument=document(ALLOW))[0] == "ValidationError"


def test_simulated_policies_allow_everything(sandbox: Sandbox) -> None:
    """The sandbox refuses nobody, and says so when it is asked what a caller may do: a decision for each resource."""
    answer = sandbox.client("iam").simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::123456789012:user/ann",
        ActionNames=["dynamodb:PutItem", "dynamodb:GetItem"],
        ResourceArns=[
            "arn:aws:dynamodb:us-east-1:123456789012:table/a",
            "arn:aws:dynamodb:us-east-1:123456789012:table/b",
        ],
    )
    assert [one["EvalDecision"] for one in answer["EvaluationResults"]] == ["allowed"] * 4
