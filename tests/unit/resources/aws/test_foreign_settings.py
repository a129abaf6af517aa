"""Settings of others beside sbctl's: those that could break a failover are differences, and the rest survives an update."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from sbctl.core.kinds.compare import changes
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.values import plain
from sbctl.resources.cloudwatch_alarm import RESOURCE as ALARM
from sbctl.resources.dynamodb_table import RESOURCE as TABLE
from sbctl.resources.functions.concurrency import NONE
from sbctl.resources.functions.function import FunctionSpec
from sbctl.resources.iam_role import RESOURCE as ROLE
from sbctl.resources.lambda_function import RESOURCE as FUNCTION
from sbctl.resources.lambda_permission import RESOURCE as PERMISSION
from sbctl.resources.lambda_permission import PermissionSpec
from sbctl.resources.monitoring.alarm_items import AlarmItem, far_topics
from sbctl.resources.route53_health_check import ALL_CHECKERS
from sbctl.resources.route53_health_check import RESOURCE as CHECK
from tests.unit.resources.aws.projects import project, wanted
from tests.unit.resources.aws.scripted import Scripted

EAST = "us-east-1"


def differing(kind: Kind[Any, Any], wants: Any, live: Any) -> list[str]:
    """The fields that a plan would name."""
    return [change.field for change in changes(kind, plain(wants), plain(live), {})]


def _alarm(**more: Any) -> dict[str, Any]:
    spec, _ = ALARM.examples
    return {
        "AlarmName": spec.name,
        "AlarmArn": "arn",
        "Namespace": spec.namespace,
        "MetricName": spec.metric,
        "Statistic": spec.statistic,
        "Dimensions": [{"Name": name, "Value": value} for name, value in spec.dimensions.items()],
        "Period": spec.period,
        "EvaluationPeriods": 3,
        "Threshold": spec.threshold,
        "ComparisonOperator": spec.comparison,
        "TreatMissingData": spec.missing,
        **more,
    }


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({}, []),
        ({"DatapointsToAlarm": 3}, []),
        ({"DatapointsToAlarm": 1}, ["datapoints"]),
        ({"Unit": "Bytes"}, ["unit"]),
        ({"InsufficientDataActions": ["arn:aws:sns:us-east-1:123456789012:night"]}, []),
    ],
)
def test_units_and_datapoints_of_an_alarm_are_seen(more: Mapping[str, Any], fields: list[str]) -> None:
    """A wrong unit matches no data; what is said otherwise and means the same is none."""
    live = ALARM.read(Scripted(DescribeAlarms={"MetricAlarms": [_alarm(**more)]}), EAST, {"name": "x"})
    assert live is not None
    spec = ALARM.examples[0].model_copy(update={"evaluation_periods": 3, "tags": {}})
    assert differing(ALARM, spec, live.spec) == fields


def test_what_is_done_without_data_survives_an_update_of_the_alarm() -> None:
    """A put writes all of an alarm."""
    night = ["arn:aws:sns:us-east-1:123456789012:night"]
    aws = Scripted(DescribeAlarms={"MetricAlarms": [_alarm(InsufficientDataActions=night, Unit="Bytes")]})
    live = ALARM.read(aws, EAST, {"name": "x"})
    assert live is not None
    spec = live.spec.model_copy(update={"threshold": 9.0, "unit": "", "datapoints": 2})
    ALARM.update(aws, EAST, live.ids, live.spec, spec, {})
    (put,) = aws.made("PutMetricAlarm")
    assert (put["InsufficientDataActions"], put["Threshold"], put["DatapointsToAlarm"]) == (night, 9.0, 2)
    assert "Unit" not in put


def _check(**more: Any) -> dict[str, Any]:
    spec, _ = CHECK.examples
    config = {
        "Type": spec.type,
        "FullyQualifiedDomainName": spec.fqdn,
        "Port": spec.port,
        "ResourcePath": spec.path,
        "RequestInterval": spec.interval,
        "FailureThreshold": spec.threshold,
        "EnableSNI": True,
        **more,
    }
    return {"HealthCheck": {"Id": "one", "HealthCheckVersion": 1, "HealthCheckConfig": config}}


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({}, []),
        ({"Regions": sorted(ALL_CHECKERS)}, []),
        ({"Regions": ["us-east-1", "us-west-1", "us-west-2"]}, ["checkers"]),
        ({"EnableSNI": False}, ["sni"]),
    ],
)
def test_the_regions_of_a_health_check_are_seen_and_put_back(more: Mapping[str, Any], fields: list[str]) -> None:
    """Checkers of one continent do not see what callers of another see."""
    aws = Scripted(GetHealthCheck=_check(**more), ListTagsForResources={"ResourceTagSets": []})
    live = CHECK.read(aws, EAST, {"id": "one"})
    assert live is not None
    spec = CHECK.examples[0].model_copy(update={"tags": {}})
    assert differing(CHECK, spec, live.spec) == fields
    CHECK.update(aws, EAST, live.ids, live.spec, spec, {})
    made = aws.made("UpdateHealthCheck")
    assert len(made) == len(fields)
    assert all(("ResetElements" in put) == ("checkers" in fields) and put["EnableSNI"] for put in made)


def test_a_policy_that_others_attached_to_a_role_is_seen_and_taken_off() -> None:
    """It may deny what replication or a function needs; the length of sessions, which nobody asked about, stays."""
    spec, _ = ROLE.examples
    role = {"RoleName": spec.name, "Arn": "arn", "AssumeRolePolicyDocument": spec.trust, "MaxSessionDuration": 7200}
    aws = Scripted(
        GetRole={"Role": {**role, "Description": "old"}},
        ListRolePolicies={"PolicyNames": ["access"]},
        GetRolePolicy={"PolicyDocument": spec.policies["access"]},
        ListAttachedRolePolicies={"AttachedPolicies": [{"PolicyArn": "arn:foreign"}]},
    )
    live = ROLE.read(aws, EAST, {"name": spec.name})
    assert live is not None
    changed = spec.model_copy(update={"tags": {}, "description": "new"})
    assert differing(ROLE, changed, live.spec) == ["description", "attached"]
    ROLE.update(aws, EAST, live.ids, live.spec, changed, {})
    assert aws.made("DetachRolePolicy") == [{"RoleName": spec.name, "PolicyArn": "arn:foreign"}]
    assert [put["MaxSessionDuration"] for put in aws.made("UpdateRole")] == [7200]


PUBLIC = {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "arn:fn"}
OURS = {**PUBLIC, "Sid": "sbctl-url-invoke", "Condition": {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}}


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ({**PUBLIC, "Sid": "x"}, True),
        ({**PUBLIC, "Sid": "x", "Principal": {"AWS": "*"}}, True),
        ({**PUBLIC, "Sid": "x", "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}}, True),
        ({**OURS, "Sid": "x"}, False),
        ({**PUBLIC, "Sid": "x", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, False),
        ({**PUBLIC, "Sid": "x", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, False),
        ({**PUBLIC, "Sid": "x", "Effect": "Deny"}, False),
    ],
)
def test_a_statement_that_lets_anybody_call_is_seen_and_taken_away(statement: dict[str, Any], seen: bool) -> None:
    """Of others; what they limit, or what sbctl allows too, is left alone."""
    policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [OURS, statement]})}
    aws = Scripted(GetPolicy=policy)
    live = next(one for one in PERMISSION.list(aws, EAST, "f") if one.spec.statement_id == OURS["Sid"])
    spec = live.spec.model_copy(update={"strangers": ()})
    assert differing(PERMISSION, spec, live.spec) == (["strangers"] if seen else [])
    PERMISSION.update(aws, EAST, live.ids, live.spec, spec, {})
    assert [made["StatementId"] for made in aws.made("RemovePermission")] == (["x"] if seen else [])
    PERMISSION.update(aws, EAST, live.ids, live.spec, live.spec.model_copy(update={"strangers": None}), {})
    assert len(aws.made("RemovePermission")) == seen


def test_one_statement_of_each_function_tells_of_strangers() -> None:
    """Told once."""
    found = [one.spec for one in PERMISSION.derive(project()) if one.address.region == "us-west-2"]
    specs = [spec for spec in found if isinstance(spec, PermissionSpec)]
    telling = [str(spec.function) for spec in specs if spec.strangers is not None]
    assert len(telling) == len(set(telling)) == len({str(spec.function) for spec in specs})


@pytest.mark.parametrize("name", ["customer_lookup", "health"])
def test_a_function_that_others_stopped_is_seen_and_started(name: str) -> None:
    """Reserved concurrency 0, whether the config reserves some or says nothing of it."""
    found = [
        one.spec for one in wanted(project()) if one.address.kind == "lambda_function" and one.address.name == name
    ]
    assert isinstance(found[0], FunctionSpec)
    spec = found[0].model_copy(update={"tags": {}})
    live = spec.model_copy(update={"reserved": "0 (the account can reserve 900 more)"})
    assert differing(FUNCTION, spec, live) == ["reserved"]
    aws = Scripted()
    FUNCTION.update(aws, EAST, {"name": spec.name}, live, spec, {})
    given_back = spec.reserved == NONE
    assert aws.order() == ["DeleteFunctionConcurrency" if given_back else "PutFunctionConcurrency"]
    FUNCTION.update(aws, EAST, {"name": spec.name}, live, spec.model_copy(update={"reserved": None}), {})
    assert len(aws.calls) == 1


def test_expiry_that_others_switched_on_is_seen_and_switched_off() -> None:
    """Items would expire at an unwanted time; one that the config names is switched on in its place."""
    described = {
        "TableName": "table",
        "TableArn": "arn",
        "TableStatus": "ACTIVE",
        "AttributeDefinitions": [],
        "KeySchema": [],
    }
    keys = {
        "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
    }
    expiry = {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLING", "AttributeName": "gone"}}
    aws = Scripted(DescribeTable={"Table": {**described, **keys}}, DescribeTimeToLive=expiry)
    live = TABLE.read(aws, EAST, {"name": "table", "home": EAST})
    assert live is not None
    for attribute, settings in (("", [("gone", False)]), ("at", [("gone", False), ("at", True)]), ("gone", [])):
        spec = live.spec.model_copy(update={"ttl": attribute})
        assert differing(TABLE, spec, live.spec) == (["ttl"] if settings else [])
        before = len(aws.made("UpdateTimeToLive"))
        TABLE.update(aws, EAST, live.ids, live.spec, spec, {})
        made = [put["TimeToLiveSpecification"] for put in aws.made("UpdateTimeToLive")[before:]]
        assert [(put["AttributeName"], put["Enabled"]) for put in made] == settings


TOPIC = "arn:aws:sns:us-east-1:123456789012:night"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"actions": [TOPIC]}, ["actions"]),
        ({"okActions": [TOPIC]}, ["okActions"]),
        ({"actions": ["arn:aws:sns:${region}:123456789012:night"]}, []),
        ({"actions": [TOPIC], "overrides": {"us-west-2": {"actions": []}, "eu-west-2": {"actions": []}}}, []),
        ({"actions": [TOPIC], "scope": "health-check"}, []),
    ],
)
def test_an_alarm_that_would_tell_a_topic_of_another_region_is_remarked(
    given: Mapping[str, Any], fields: list[str]
) -> None:
    """CloudWatch tells topics of the alarm's own region; alarms of health checks stand in us-east-1."""
    values = {"name": "night", "namespace": "AWS/Lambda", "metric": "Errors", "threshold": 1, **given}
    item = AlarmItem.model_validate(values)
    assert [field for field, _, _ in far_topics(item, project())] == fields
