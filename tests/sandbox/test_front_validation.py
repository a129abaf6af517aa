"""Requests are refused as AWS refuses them, with the service's own code, before anything answers them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.validate import validate
from tests.sandbox.conftest import Sandbox

ROLE = "arn:aws:iam::123456789012:role/lambda"
INSTANCE = "11111111-2222-3333-4444-555555555555"
QUEUE = {"InstanceId": INSTANCE, "Name": "Sales", "HoursOfOperationId": "h"}
ALARM = {"AlarmName": "a", "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"}
TABLE = {
    "TableName": "customers",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}

REFUSED: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("connect", "CreateQueue", {**QUEUE, "Name": "n" * 128}, "InvalidParameterException", "'name'.*length less than"),
    ("connect", "CreateQueue", {"InstanceId": INSTANCE}, "InvalidParameterException", "null at 'name'"),
    ("connect", "CreateQueue", {**QUEUE, "Colour": "red"}, "InvalidParameterException", "'colour' is not a parameter"),
    ("connect", "CreateQueue", {**QUEUE, "MaxContacts": -1}, "InvalidParameterException", "greater than or equal to 0"),
    ("connect", "CreateQueue", {**QUEUE, "Name": 7}, "InvalidParameterException", "'name'.*be a string"),
    ("connect", "CreateQueue", {**QUEUE, "Tags": {"aws:x": "1"}}, "InvalidParameterException", "'tags.key'.*pattern"),
    ("connect", "CreateInstance", {"IdentityManagementType": "NONE"}, "InvalidRequestException", "enum value set"),
    ("route53", "CreateHostedZone", {"Name": "a" * 1025, "CallerReference": "x"}, "InvalidInput", "'name'"),
    ("dynamodb", "CreateTable", {**TABLE, "BillingMode": "FREE"}, "ValidationException", "'billingMode'.*enum"),
    ("lambda", "CreateFunction", {"Runtime": "php1"}, "InvalidParameterValueException", "'runtime'.*enum"),
    ("lambda", "CreateFunction", {"Timeout": 901}, "ValidationException", "'functionName'"),
    ("cloudwatch", "PutMetricAlarm", {**ALARM, "ComparisonOperator": "Above"}, "ValidationError", "enum value set"),
    ("iam", "CreateRole", {"RoleName": "bad name", "AssumeRolePolicyDocument": "{}"}, "ValidationError", "'roleName'"),
    (
        "s3",
        "PutBucketVersioning",
        {"Bucket": "b", "VersioningConfiguration": {"Status": "On"}},
        "MalformedXML",
        "enum value set",
    ),
]


@pytest.mark.parametrize(("service", "operation", "params", "code", "text"), REFUSED)
def test_what_does_not_fit_the_model_is_refused(
    service: str, operation: str, params: dict[str, Any], code: str, text: str
) -> None:
    """Required members, unknown members, types, enums, patterns, lengths and ranges, under the service's own code."""
    with pytest.raises(ApiError, match=text) as refused:
        validate(service, operation, params)
    assert (refused.value.code, refused.value.status) == (code, 400)


ACCEPTED: list[tuple[str, str, dict[str, Any]]] = [
    ("connect", "CreateQueue", {**QUEUE, "Tags": {"Région EU": "ja"}, "MaxContacts": 0}),
    (
        "connect",
        "ClaimPhoneNumber",
        {"InstanceId": INSTANCE, "PhoneNumber": "+442071838750"},
    ),
    ("dynamodb", "CreateTable", {**TABLE, "BillingMode": "PAY_PER_REQUEST"}),
    ("cloudwatch", "PutMetricAlarm", {**ALARM, "TreatMissingData": "notBreaching", "Threshold": 0.5}),
]


@pytest.mark.parametrize(("service", "operation", "params"), ACCEPTED)
def test_what_fits_is_let_through(service: str, operation: str, params: dict[str, Any]) -> None:
    """Doubly escaped patterns (phone numbers) and letters of any alphabet (tags) are read as AWS means them."""
    validate(service, operation, params)


def test_all_findings_come_in_one_message() -> None:
    """Two mistakes in one request are both named."""
    with pytest.raises(ApiError) as refused:
        validate("connect", "CreateQueue", {"InstanceId": INSTANCE, "Name": "", "MaxContacts": -1})
    assert refused.value.message.startswith("3 validation errors detected:")


def test_a_refused_request_has_no_effect(sandbox: Sandbox) -> None:
    """A table with a wrong billing mode is not made, although moto alone would have made it."""
    tables = sandbox.client("dynamodb", "us-west-2")
    with pytest.raises(ClientError, match="ValidationException"):
        tables.create_table(**TABLE, BillingMode="FREE")
    assert tables.list_tables()["TableNames"] == []


def test_a_body_that_cannot_be_read_is_the_callers_error(sandbox: Sandbox) -> None:
    """A type that the protocol itself cannot carry is a 400, not a failure of the sandbox."""
    with pytest.raises(ClientError) as refused:
        client = sandbox.client("iam")
        client.meta.events.register("before-call.iam.ListRoles", _spoil)
        client.list_roles()
    assert refused.value.response["Error"]["Code"] == "SerializationException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def _spoil(params: dict[str, Any], **_: Any) -> None:
    params["body"]["MaxItems"] = "many"
