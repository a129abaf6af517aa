"""AWS's documented request rates, as (requests a second, burst), by service and operation. One bucket a region each.

Connect: connect-api 4, https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
Route 53: dr-primitives 3.5, https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
Others are not documented by operation; the figures are what common tools keep to without being throttled.
"""

from __future__ import annotations

Rate = tuple[float, int]

SERVICE_RATES: dict[str, Rate] = {
    "connect": (2.0, 5),
    "route53": (5.0, 5),
    "iam": (10.0, 20),
    "lambda": (10.0, 15),
    "dynamodb": (10.0, 20),
    "s3": (50.0, 100),
    "cloudwatch": (9.0, 15),
    "logs": (5.0, 10),
    "resourcegroupstaggingapi": (10.0, 10),
    "sts": (50.0, 100),
}
OPERATION_RATES: dict[tuple[str, str], Rate] = {
    ("connect", "GetMetricData"): (5.0, 8),
    ("connect", "GetCurrentMetricData"): (5.0, 8),
    ("connect", "GetMetricDataV2"): (10.0, 10),
    ("connect", "ListIntegrationAssociations"): (25.0, 50),
    ("cloudwatch", "PutMetricAlarm"): (3.0, 5),
    ("cloudwatch", "GetMetricData"): (50.0, 50),
    # Data operations have no request rate but a table's capacity and a prefix's 5,500 reads a second; these are brakes.
    ("dynamodb", "GetItem"): (500.0, 500),
    ("dynamodb", "PutItem"): (200.0, 200),
    ("dynamodb", "DeleteItem"): (200.0, 200),
    ("s3", "HeadObject"): (500.0, 500),
}
DEFAULT: Rate = (10.0, 20)


def rate_of(service: str, operation: str) -> Rate:
    """The rate that an operation is kept to in one region."""
    return OPERATION_RATES.get((service, operation), SERVICE_RATES.get(service, DEFAULT))
