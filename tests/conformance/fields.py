"""Values of fields in which the two examples of a kind do not differ, so that each field is tried alone.

A new field that an update changes in place is added here, or to the second example of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.conformance.life import Life, a_key

TOPIC = "arn:aws:sns:us-east-1:123456789012:night"
S3_TOO = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["lambda.amazonaws.com", "s3.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}


def _open_to_all(life: Life) -> dict[str, Any]:
    """The example's policy with one more statement."""
    policy: dict[str, Any] = life.before.policy  # type: ignore[attr-defined]
    (one,) = policy["Statement"]
    return {**policy, "Statement": [one, {**one, "Sid": "Others", "Action": "s3:DeleteBucket", "Condition": {}}]}


VALUES: Mapping[str, Any] = {
    "cloudwatch_alarm.description": "At night",
    "cloudwatch_alarm.namespace": "Custom",
    "cloudwatch_alarm.metric": "Throttles",
    "cloudwatch_alarm.statistic": "Maximum",
    "cloudwatch_alarm.dimensions": {"FunctionName": "other"},
    "cloudwatch_alarm.period": 60,
    "cloudwatch_alarm.evaluation_periods": 3,
    "cloudwatch_alarm.unit": "Count",
    "cloudwatch_alarm.comparison": "LessThanThreshold",
    "cloudwatch_alarm.enabled": False,
    "cloudwatch_alarm.actions": (TOPIC,),
    "cloudwatch_alarm.ok_actions": (TOPIC,),
    "connect_flow.state": "ARCHIVED",
    "connect_flow_module.state": "ARCHIVED",
    "connect_hours_override.first": "2026-12-23",
    "connect_instance.inbound_calls": False,
    "connect_storage.key_arn": a_key,
    "connect_test_case.entry": {"type": "CHAT"},
    "dynamodb_replica.deletion_protection": True,
    "dynamodb_table.key": a_key,
    "dynamodb_table.ttl": "gone",
    "iam_role.description": "Another",
    "iam_role.trust": S3_TOO,
    "lambda_function.description": "Another",
    "lambda_function.runtime": "python3.12",
    "lambda_function.handler": "handler.other",
    "lambda_function.timeout": 9,
    "lambda_function.reserved": 3,
    "lambda_permission.action": "lambda:GetFunction",
    "lambda_permission.principal": "s3.amazonaws.com",
    "lambda_permission.source_account": "210987654321",
    "lambda_url.invoke_mode": "RESPONSE_STREAM",
    "route53_calculated_check.inverted": True,
    "route53_calculated_check.disabled": True,
    "route53_health_check.fqdn": "other.example.com",
    "route53_health_check.port": 8443,
    "route53_health_check.inverted": True,
    "route53_health_check.disabled": True,
    "route53_health_check.sni": False,
    "route53_health_check.checkers": ("us-east-1", "us-west-1", "us-west-2"),
    "route53_metric_check.inverted": True,
    "route53_metric_check.disabled": True,
    "route53_record.weight": 2,
    "route53_record.values": ("other.example.net",),
    "s3_bucket.encryption": "aws:kms",
    "s3_bucket.ownership": "ObjectWriter",
    "s3_bucket.private": False,
    "s3_bucket.policy": _open_to_all,
    "s3_replication.replica_keys": {"to-us-west-2": "arn:aws:kms:us-west-2:123456789012:key/1"},
}
ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("connect_flow.draft", "connect_flow.status"), "of flows that were never published"),
    "connect_hours_override.type": "OPEN and CLOSED are of those that recur, which sbctl does not make",
    **dict.fromkeys(
        (
            "cloudwatch_alarm.name", "cloudwatch_dashboard.name", "dynamodb_table.name", "iam_role.name",
            "lambda_function.name", "log_group.name", "route53_zone.name", "s3_bucket.name",
        ),
        "the natural key",
    ),
    **dict.fromkeys(
        (
            "connect_flow.name", "connect_flow_module.name", "connect_hours.name", "connect_hours_override.name",
            "connect_prompt.name", "connect_agent_status.name", "connect_hierarchy_group.name", "connect_quick_connect.name",
            "connect_queue.name", "connect_routing_profile.name", "connect_test_case.name",
        ),
        "a rename",
    ),
    **dict.fromkeys(
        (
            "connect_storage.bucket", "lambda_function.role", "route53_metric_check.alarm", "s3_replication.role",
            "route53_metric_check.alarm_region", "route53_record.health_check",
        ),
        "a reference, of which there is one",
    ),
    **dict.fromkeys(
        ("lambda_permission.url_auth_type", "lambda_permission.through_url"), "a condition of a URL's statement"
    ),
    **dict.fromkeys(
        (
            "route53_record.failover", "route53_record.latency_region", "route53_record.alias",
            "route53_record.evaluate_target_health",
        ),
        "another routing policy",
    ),
    "cloudwatch_alarm.datapoints": "fewer than one period of the example",
    "connect_flow_module.settings": "with its content",
    **dict.fromkeys(("connect_quick_connect.type", "connect_quick_connect.flow"), "with its target"),
    "dynamodb_replica.key": "with its table's",
    "dynamodb_replica.pitr": "with its days",
    "dynamodb_table.billing": "once a day",
    "iam_role.attached": "foreign alone",
    "lambda_function.code_sha256": "with its package",
    "lambda_permission.strangers": "foreign alone",
    "route53_record.type": "of the natural key: a rename",
    "s3_bucket.key": "with its encryption",
    "s3_bucket.versioning": "never off while it replicates",
}  # fmt: skip
"""Fields that are not tried alone here, and why."""


def value_of(life: Life, field: str) -> Any:
    """Another value for a field of a kind."""
    found = VALUES[f"{life.kind.name}.{field}"]
    return found(life) if isinstance(found, Callable) else found  # type: ignore[arg-type]
