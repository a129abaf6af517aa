"""AWS's request rates by service and operation, with their sources, and the errors in which services say "too fast".

A row is (requests a second, burst). Where AWS publishes no figure for an operation the row says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.sandbox.moto_bridge.allowed_operations import DYNAMODB_ITEMS

Rate = tuple[float, float]

SERVICES: dict[str, Rate] = {
    # https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html (connect-api 4)
    "connect": (2, 5),
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/throttling-api-requests.html (dr-primitives 3.5): the newer
    # buckets of 10 a second, burst 50; the classic figure of 5 a second is inside them for any run of normal length
    "route53": (10, 50),
    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: control plane, 15 a second over all operations
    "lambda": (15, 30),
    # not published; about where tools that create many roles begin to be throttled
    "iam": (20, 40),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html: most operations 10 or more
    "cloudwatch": (10, 20),
    # not published by operation; data operations below are bounded by a table's capacity, not by a rate
    "dynamodb": (50, 100),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html: 5 to 10 a second
    "logs": (10, 20),
    # https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/: GetResources 15 a second, as it is commonly seen
    "resourcegroupstaggingapi": (15, 15),
}
OPERATIONS: dict[tuple[str, str], Rate] = {
    # the exceptions of connect-api 4
    ("connect", "GetMetricData"): (5, 8),
    ("connect", "GetCurrentMetricData"): (5, 8),
    ("connect", "GetMetricDataV2"): (10, 10),
    ("connect", "SearchContacts"): (0.5, 1),
    ("connect", "StartChatContact"): (5, 8),
    ("connect", "StartContactStreaming"): (5, 8),
    ("connect", "StopContactStreaming"): (5, 8),
    ("connect", "CreateParticipant"): (5, 8),
    ("connect", "GetContactAttributes"): (10, 15),
    ("connect", "UpdateContactAttributes"): (10, 15),
    ("connect", "DescribeContact"): (10, 15),
    ("connect", "ListContactReferences"): (10, 15),
    ("connect", "StopContact"): (10, 15),
    ("connect", "UpdateContact"): (10, 15),
    ("connect", "TagContact"): (20, 25),
    ("connect", "UntagContact"): (20, 25),
    ("connect", "UpdateContactRoutingData"): (20, 20),
    ("connect", "ListIntegrationAssociations"): (25, 50),
    # each instance has buckets of its own; here they are those of the region
    ("connectparticipant", "CreateParticipantConnection"): (6, 9),
    ("connectparticipant", "DisconnectParticipant"): (3, 5),
    ("connectparticipant", "GetTranscript"): (8, 12),
    ("connectparticipant", "SendEvent"): (10, 15),
    ("connectparticipant", "SendMessage"): (10, 15),
    ("route53", "CreateHostedZone"): (2, 40),
    ("route53", "DeleteHostedZone"): (5, 40),
    ("cloudwatch", "PutMetricAlarm"): (3, 10),
    ("cloudwatch", "PutMetricData"): (500, 1000),
    ("cloudwatch", "GetMetricData"): (50, 100),
}
UNBOUNDED: dict[str, frozenset[str]] = {
    "dynamodb": DYNAMODB_ITEMS,
    "lambda": frozenset({"Invoke", "InvokeAsync", "InvokeWithResponseStream"}),
    "logs": frozenset({"PutLogEvents"}),
}
"""Data operations, which have no request rate."""


@dataclass(frozen=True)
class Throttle:
    """How a service answers a request that comes too fast."""

    code: str
    status: int
    message: str = "Rate exceeded"


THROTTLES: dict[str, Throttle] = {
    "connect": Throttle("ThrottlingException", 429, "Too Many Requests"),
    "connectparticipant": Throttle("ThrottlingException", 429, "Too Many Requests"),
    "lambda": Throttle("TooManyRequestsException", 429),
    "route53": Throttle("Throttling", 400),
    "iam": Throttle("Throttling", 400),
    "cloudwatch": Throttle("Throttling", 400),
    "resourcegroupstaggingapi": Throttle("ThrottledException", 400),
    "s3": Throttle("SlowDown", 503, "Please reduce your request rate."),
    "sts": Throttle("Throttling", 400),
}
DEFAULT_THROTTLE = Throttle("ThrottlingException", 400)


def rate_of(service: str, operation: str) -> Rate | None:
    """The rate of an operation in one account and region; None where there is none."""
    if operation in UNBOUNDED.get(service, ()):
        return None
    return OPERATIONS.get((service, operation), SERVICES.get(service))
