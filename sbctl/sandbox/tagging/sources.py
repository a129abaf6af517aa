"""Where the tags of each service are read, and which operations change them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.service import Answer, ApiError

Ask = Callable[[str, str, str, Mapping[str, Any]], Answer]
"""An operation of a service in a region, as a caller of the API sees it."""
Tags = dict[str, str]
HOME = "us-east-1"
"""Where the resources of global services are listed, and nowhere else."""

WRITES: Mapping[str, frozenset[str]] = {
    "cloudwatch": frozenset({"DeleteAlarms", "PutCompositeAlarm", "PutMetricAlarm", "TagResource", "UntagResource"}),
    "connect": frozenset({"TagResource", "UntagResource"}),
    "dynamodb": frozenset({"CreateTable", "DeleteTable", "TagResource", "UntagResource", "UpdateTable"}),
    "lambda": frozenset({"CreateFunction", "DeleteFunction", "TagResource", "UntagResource"}),
    "logs": frozenset({"CreateLogGroup", "DeleteLogGroup", "TagResource", "UntagResource"}),
    "route53": frozenset(
        {"ChangeTagsForResource", "CreateHealthCheck", "CreateHostedZone", "DeleteHealthCheck", "DeleteHostedZone"}
    ),
    "s3": frozenset({"CreateBucket", "DeleteBucket", "DeleteBucketTagging", "PutBucketTagging"}),
}
"""Operations after which a service's tags are other ones. Of Connect also all that make or delete (`changes`)."""
MAKES = ("Create", "Delete", "Claim", "Release")


def changes(service: str, operation: str) -> bool:
    """Whether tags may be other ones after this operation."""
    makes = service == "connect" and operation.startswith(MAKES)
    return makes or operation in WRITES.get(service, ())


@dataclass(frozen=True)
class Asked:
    """A resource, and the call that answers its tags, in a member of the answer."""

    arn: str
    operation: str
    params: Mapping[str, Any]
    member: str


def read(ask: Ask, service: str, region: str) -> dict[str, Tags]:
    """Tags by ARN of what a service of moto's has in a region."""
    found: dict[str, Tags] = {}
    for one in READERS[service](ask, region):
        with suppress(ApiError):  # deleted meanwhile, or a bucket without tags
            found[one.arn] = _as_map(ask(service, one.operation, region, one.params).get(one.member))
    return found


def _as_map(tags: Any) -> Tags:
    return dict(tags or {}) if isinstance(tags, Mapping) else {pair["Key"]: pair["Value"] for pair in tags or ()}


def _pages(ask: Ask, called: tuple[str, str, str], member: str, token: str, announced: str = "") -> Iterator[Any]:
    asked: dict[str, Any] = {}
    while True:
        answer = ask(*called, asked)
        yield from answer.get(member) or ()
        following = answer.get(announced or token)
        if not following:
            return
        asked = {token: following}


def _alarms(ask: Ask, region: str) -> Iterator[Asked]:
    for alarm in _pages(ask, ("cloudwatch", "DescribeAlarms", region), "MetricAlarms", "NextToken"):
        arn = alarm["AlarmArn"]
        yield Asked(arn, "ListTagsForResource", {"ResourceARN": arn}, "Tags")


def _log_groups(ask: Ask, region: str) -> Iterator[Asked]:
    for group in _pages(ask, ("logs", "DescribeLogGroups", region), "logGroups", "nextToken"):
        arn = group["arn"].removesuffix(":*")
        yield Asked(arn, "ListTagsForResource", {"resourceArn": arn}, "tags")


def _tables(ask: Ask, region: str) -> Iterator[Asked]:
    token = ("ExclusiveStartTableName", "LastEvaluatedTableName")
    for name in _pages(ask, ("dynamodb", "ListTables", region), "TableNames", *token):
        with suppress(ApiError):
            arn = ask("dynamodb", "DescribeTable", region, {"TableName": name})["Table"]["TableArn"]
            yield Asked(arn, "ListTagsOfResource", {"ResourceArn": arn}, "Tags")


def _functions(ask: Ask, region: str) -> Iterator[Asked]:
    for function in _pages(ask, ("lambda", "ListFunctions", region), "Functions", "Marker", "NextMarker"):
        arn = function["FunctionArn"]
        yield Asked(arn, "ListTags", {"Resource": arn}, "Tags")


def _buckets(ask: Ask, region: str) -> Iterator[Asked]:
    for bucket in ask("s3", "ListBuckets", region, {})["Buckets"]:
        name = {"Bucket": bucket["Name"]}
        with suppress(ApiError):
            place = ask("s3", "GetBucketLocation", region, name).get("LocationConstraint") or HOME
            if place == region:
                yield Asked(f"arn:aws:s3:::{bucket['Name']}", "GetBucketTagging", name, "TagSet")


READERS: Mapping[str, Callable[[Ask, str], Iterator[Asked]]] = {
    "cloudwatch": _alarms,
    "dynamodb": _tables,
    "lambda": _functions,
    "logs": _log_groups,
    "s3": _buckets,
}
