"""An answer has the types of AWS's model; what is null is left out; what AWS may leave out is empty."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from sbctl.aws.answer import read
from sbctl.core.aws.error import AwsError

CALL = ("iam", "ListRoles", "us-east-1")
ROLE = {"Path": "/", "RoleName": "r", "RoleId": "i", "Arn": "a", "CreateDate": datetime(2026, 3, 1, tzinfo=UTC)}


@cache
def shape() -> Any:
    model = ServiceModel(Loader().load_service_model("iam", "service-2"))
    return model.operation_model("ListRoles").output_shape


def test_empty_lists_maps_and_what_is_false_may_be_absent() -> None:
    """Also where the model says that a list is required; a text is not made up."""
    answer = read({}, CALL, shape())
    assert (answer["Roles"], answer["IsTruncated"], answer.get("Roles")) == ([], False, None)
    with pytest.raises(AwsError, match="iam:ListRoles in us-east-1: Unreadable: the answer has no Marker"):
        answer["Marker"]
    with pytest.raises(AwsError, match="no Nothing"):
        answer["Nothing"]


def test_null_is_absent() -> None:
    """At any depth, in lists too."""
    answer = read({"Roles": [None, {**ROLE, "Description": None}], "Marker": None}, CALL, shape())
    assert "Marker" not in answer
    assert answer["Roles"] == [ROLE]


@pytest.mark.parametrize(
    "answer",
    [
        {"Roles": {}},
        {"Roles": "text"},
        {"Roles": ["text"]},
        {"Roles": [{**ROLE, "RoleName": 5}]},
        {"Roles": [{**ROLE, "Tags": [["Key"]]}]},
        {"Roles": [{**ROLE, "MaxSessionDuration": True}]},
        {"Roles": [{**ROLE, "CreateDate": "yesterday"}]},
        {"IsTruncated": "false"},
    ],
    ids=str,
)
def test_another_type_than_aws_has_is_unreadable(answer: dict[str, Any]) -> None:
    """It is told once, at the door, with the call's name."""
    with pytest.raises(AwsError) as error:
        read(answer, CALL, shape())
    assert (error.value.code, error.value.operation) == ("Unreadable", "ListRoles")


def test_policies_and_what_is_no_member_stay() -> None:
    """botocore reads IAM's documents as JSON, and adds its own metadata."""
    role = {**ROLE, "AssumeRolePolicyDocument": {"Statement": []}}
    answer = read({"Roles": [role], "ResponseMetadata": {"RequestId": "x"}}, CALL, shape())
    assert answer["Roles"][0]["AssumeRolePolicyDocument"] == {"Statement": []}
    assert answer["ResponseMetadata"]["RequestId"] == "x"


def test_a_half_of_a_surrogate_pair_is_replaced() -> None:
    """JSON can spell one, and no file takes it: it would end a run that writes down what AWS said."""
    role = {**ROLE, "RoleName": "a\ud800b", "Description": "Größe 営業 🎧", "Tags": [{"Key": "\udfff", "Value": "v"}]}
    found = read({"Roles": [role]}, CALL, shape())["Roles"][0]
    assert (found["RoleName"], found["Description"]) == ("a\ufffdb", "Größe 営業 🎧")
    assert found["Tags"] == [{"Key": "\ufffd", "Value": "v"}]
    assert read({"Roles": [], "\ud800": 1}, CALL, shape()) == {"Roles": [], "\ufffd": 1}
