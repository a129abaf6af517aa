"""Judges calls by policy documents, as IAM would: action, resource, and the condition keys that sbctl's policies use.

The resource of a call is found from its parameters here, and not by the product's own naming.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

ACCOUNT = "123456789012"
Document = Mapping[str, Any]


def allowed(documents: Iterable[Document], action: str, resource: str, context: Mapping[str, Sequence[str]]) -> bool:
    """Whether any statement allows it."""
    return any(
        _covers(statement, action, resource, context) for document in documents for statement in document["Statement"]
    )


def _covers(statement: Document, action: str, resource: str, context: Mapping[str, Sequence[str]]) -> bool:
    return (
        any(fnmatchcase(action, pattern) for pattern in _listed(statement["Action"]))
        and any(fnmatchcase(resource, pattern) for pattern in _listed(statement["Resource"]))
        and all(
            any(fnmatchcase(given, one) for one in _listed(values))
            for tests in statement.get("Condition", {}).values()
            for key, values in tests.items()
            for given in context.get(key, ())
        )
    )


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def resource_of(service: str, operation: str, region: str, params: Mapping[str, Any]) -> str:
    """The ARN that a call is about; "*" where it names nothing."""
    if "Delete" in params:  # S3's DeleteObjects: all keys of a call are alike
        params = {**params, "Key": params["Delete"]["Objects"][0]["Key"]}
    if service == "route53" and "Id" in params:
        return f"arn:aws:route53:::{'change' if operation == 'GetChange' else 'hostedzone'}/{params['Id']}"
    for member, shape in SHAPES.get(service, {}).items():
        value = params.get(member)
        if value is not None:
            first = value[0] if isinstance(value, list) else value
            text = str(first)
            return (
                text if text.startswith("arn:") else shape.format(region=region, account=ACCOUNT, value=text, **params)
            )
    return "*"


SHAPES: Mapping[str, Mapping[str, str]] = {
    "cloudwatch": {
        "AlarmName": "arn:aws:cloudwatch:{region}:{account}:alarm:{value}",
        "AlarmNames": "arn:aws:cloudwatch:{region}:{account}:alarm:{value}",
        "AlarmNamePrefix": "arn:aws:cloudwatch:{region}:{account}:alarm:*",
        "DashboardName": "arn:aws:cloudwatch::{account}:dashboard/{value}",
        "DashboardNames": "arn:aws:cloudwatch::{account}:dashboard/{value}",
        "ResourceARN": "{value}",
    },
    "connect": {"InstanceId": "arn:aws:connect:{region}:{account}:instance/{value}", "resourceArn": "{value}"},
    "dynamodb": {
        "TableName": "arn:aws:dynamodb:{region}:{account}:table/{value}",
        "ResourceArn": "{value}",
    },
    "iam": {"RoleName": "arn:aws:iam::{account}:role/{value}"},
    "lambda": {
        "FunctionName": "arn:aws:lambda:{region}:{account}:function:{value}",
        "Resource": "{value}",
    },
    "logs": {
        "logGroupName": "arn:aws:logs:{region}:{account}:log-group:{value}",
        "resourceArn": "{value}",
        "logGroupNamePrefix": "arn:aws:logs:{region}:{account}:log-group:",
    },
    "route53": {
        "HostedZoneId": "arn:aws:route53:::hostedzone/{value}",
        "HealthCheckId": "arn:aws:route53:::healthcheck/{value}",
        "ResourceId": "arn:aws:route53:::healthcheck/{value}",
        "ResourceIds": "arn:aws:route53:::healthcheck/{value}",
    },
    "s3": {"Key": "arn:aws:s3:::{Bucket}/{value}", "Bucket": "arn:aws:s3:::{value}"},
}


def context_of(service: str, operation: str, region: str, params: Mapping[str, Any]) -> dict[str, list[str]]:
    """The condition keys of a call."""
    found = {"aws:RequestedRegion": [region]}
    key = params.get("Key") or params.get("Item") or {}
    if service == "dynamodb" and "PK" in key:
        found["dynamodb:LeadingKeys"] = [key["PK"]["S"]]
    if operation == "ChangeResourceRecordSets":
        sets = [change["ResourceRecordSet"] for change in params["ChangeBatch"]["Changes"]]
        found["route53:ChangeResourceRecordSetsNormalizedRecordNames"] = [one["Name"].rstrip(".") for one in sets]
    return found
