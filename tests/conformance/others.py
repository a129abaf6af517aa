"""What others set beside sbctl: for each kind that writes a whole of which its spec has a part, each other part of it.

A new kind that puts a whole document adds its parts here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.conformance.life import Life

Ids = Mapping[str, str]
DENIAL = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
NIGHT = "arn:aws:sns:us-east-1:123456789012:night"
ALARM = (
    "AlarmName", "AlarmDescription", "MetricName", "Namespace", "Statistic", "Dimensions", "Period",
    "EvaluationPeriods", "Threshold", "ComparisonOperator", "TreatMissingData",
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One setting of others: how it is set, and what is then read of it."""

    kind: str
    name: str
    set: Callable[[Life, Ids], object]
    read: Callable[[Life, Ids], object]


def _alarm(life: Life, ids: Ids) -> dict[str, Any]:
    found: dict[str, Any] = life.client("cloudwatch").describe_alarms(AlarmNames=[ids["name"]])["MetricAlarms"][0]
    return found


def _of_alarm(member: str, value: Any) -> Setting:
    def put(life: Life, ids: Ids) -> object:
        whole = {name: one for name, one in _alarm(life, ids).items() if name in ALARM}
        return life.client("cloudwatch").put_metric_alarm(**{**whole, member: value})

    return Setting("cloudwatch_alarm", member, put, lambda life, ids: _alarm(life, ids).get(member))


def _dashboard(life: Life, ids: Ids) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(
        life.client("cloudwatch").get_dashboard(DashboardName=ids["name"])["DashboardBody"]
    )
    return body


def _add_widget(life: Life, ids: Ids) -> object:
    body = _dashboard(life, ids)
    body["widgets"].append({"type": "text", "x": 0, "y": 90, "width": 6, "height": 2, "properties": {"markdown": "x"}})
    return life.client("cloudwatch").put_dashboard(DashboardName=ids["name"], DashboardBody=json.dumps(body))


def _rules(life: Life, ids: Ids) -> dict[str, Any]:
    found: dict[str, Any] = life.client("s3").get_bucket_replication(Bucket=ids["bucket"])["ReplicationConfiguration"]
    return found


def _of_rule(
    name: str, change: Callable[[dict[str, Any]], object], read: Callable[[dict[str, Any]], object]
) -> Setting:
    def put(life: Life, ids: Ids) -> object:
        configuration = _rules(life, ids)
        change(configuration["Rules"][0])
        return life.client("s3").put_bucket_replication(Bucket=ids["bucket"], ReplicationConfiguration=configuration)

    return Setting("s3_replication", name, put, lambda life, ids: read(_rules(life, ids)["Rules"][0]))


def _encryption(life: Life, ids: Ids) -> dict[str, Any]:
    answer = life.client("s3").get_bucket_encryption(Bucket=ids["name"])
    rule: dict[str, Any] = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
    return rule


def _put_bucket_key(life: Life, ids: Ids) -> object:
    rules = {"Rules": [{**_encryption(life, ids), "BucketKeyEnabled": True}]}
    return life.client("s3").put_bucket_encryption(Bucket=ids["name"], ServerSideEncryptionConfiguration=rules)


def _put_lifecycle(life: Life, ids: Ids) -> object:
    rule = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 3}}
    there = life.client("s3").get_bucket_lifecycle_configuration(Bucket=ids["name"])["Rules"]
    configuration = {"Rules": [*there, rule]}
    return life.client("s3").put_bucket_lifecycle_configuration(
        Bucket=ids["name"], LifecycleConfiguration=configuration
    )


def _lifecycle(life: Life, ids: Ids) -> object:
    rules = life.client("s3").get_bucket_lifecycle_configuration(Bucket=ids["name"])["Rules"]
    return [rule["ID"] for rule in rules if rule["ID"] == "theirs"]


def _configured(**setting: Any) -> Setting:
    (member,) = setting

    def put(life: Life, ids: Ids) -> object:
        return life.client("lambda").update_function_configuration(FunctionName=ids["name"], **setting)

    def read(life: Life, ids: Ids) -> object:
        return life.client("lambda").get_function_configuration(FunctionName=ids["name"]).get(member)

    return Setting("lambda_function", member, put, read)


def _role(life: Life, ids: Ids) -> dict[str, Any]:
    found: dict[str, Any] = life.client("iam").get_role(RoleName=ids["name"])["Role"]
    return found


def _put_policy(life: Life, ids: Ids) -> object:
    return life.client("iam").put_role_policy(
        RoleName=ids["name"], PolicyName="theirs", PolicyDocument=json.dumps(DENIAL)
    )


def _attach(life: Life, ids: Ids) -> object:
    arn = life.client("iam").create_policy(PolicyName="theirs", PolicyDocument=json.dumps(DENIAL))["Policy"]["Arn"]
    return life.client("iam").attach_role_policy(RoleName=ids["name"], PolicyArn=arn)


def _profile(life: Life, ids: Ids) -> list[dict[str, Any]]:
    at = {"InstanceId": ids["instance"], "RoutingProfileId": ids["id"]}
    found: list[dict[str, Any]] = life.client("connect").describe_routing_profile(**at)["RoutingProfile"][
        "MediaConcurrencies"
    ]
    return found


def _set_behaviour(life: Life, ids: Ids) -> object:
    behaviour = {"CrossChannelBehavior": {"BehaviorType": "ROUTE_ANY_CHANNEL"}}
    rows = [{**row, **behaviour} for row in _profile(life, ids)]
    at = {"InstanceId": ids["instance"], "RoutingProfileId": ids["id"]}
    return life.client("connect").update_routing_profile_concurrency(**at, MediaConcurrencies=rows)


def _storage(life: Life, ids: Ids) -> dict[str, Any]:
    at = {"InstanceId": ids["instance"], "AssociationId": ids["id"], "ResourceType": ids["type"]}
    found: dict[str, Any] = life.client("connect").describe_instance_storage_config(**at)["StorageConfig"]
    return found


def _encrypt_storage(life: Life, ids: Ids) -> object:
    at = {"InstanceId": ids["instance"], "AssociationId": ids["id"], "ResourceType": ids["type"]}
    key = {"EncryptionType": "KMS", "KeyId": life.needed.make_key(life.region)}
    config = {name: value for name, value in _storage(life, ids).items() if name != "AssociationId"}
    config["S3Config"]["EncryptionConfig"] = key
    return life.client("connect").update_instance_storage_config(**at, StorageConfig=config)


SETTINGS: tuple[Setting, ...] = (
    _of_alarm("InsufficientDataActions", [NIGHT]),
    _of_alarm("Unit", "Bytes"),
    Setting("cloudwatch_dashboard", "widget", _add_widget, lambda life, ids: len(_dashboard(life, ids)["widgets"])),
    _of_rule(
        "ReplicaModifications",
        lambda rule: rule.update(SourceSelectionCriteria={"ReplicaModifications": {"Status": "Enabled"}}),
        lambda rule: rule.get("SourceSelectionCriteria"),
    ),
    _of_rule(
        "StorageClass",
        lambda rule: rule["Destination"].update(StorageClass="GLACIER"),
        lambda rule: rule["Destination"].get("StorageClass"),
    ),
    _of_rule("Filter", lambda rule: rule.update(Filter={"Prefix": "x/"}), lambda rule: rule["Filter"]),
    Setting(
        "s3_bucket", "BucketKeyEnabled", _put_bucket_key, lambda life, ids: _encryption(life, ids)["BucketKeyEnabled"]
    ),
    Setting("s3_bucket", "rule", _put_lifecycle, _lifecycle),
    _configured(TracingConfig={"Mode": "Active"}),
    _configured(EphemeralStorage={"Size": 1024}),
    _configured(Environment={"Variables": {"THEIRS": "x"}}),
    Setting(
        "iam_role",
        "MaxSessionDuration",
        lambda life, ids: life.client("iam").update_role(RoleName=ids["name"], MaxSessionDuration=7200),
        lambda life, ids: _role(life, ids)["MaxSessionDuration"],
    ),
    Setting(
        "iam_role",
        "policy",
        _put_policy,
        lambda life, ids: "theirs" in life.client("iam").list_role_policies(RoleName=ids["name"])["PolicyNames"],
    ),
    Setting(
        "iam_role",
        "attached",
        _attach,
        lambda life, ids: life.client("iam").list_attached_role_policies(RoleName=ids["name"])["AttachedPolicies"],
    ),
    Setting(
        "connect_routing_profile",
        "CrossChannelBehavior",
        _set_behaviour,
        lambda life, ids: _profile(life, ids)[0].get("CrossChannelBehavior"),
    ),
    Setting(
        "connect_storage",
        "key",
        _encrypt_storage,
        lambda life, ids: _storage(life, ids)["S3Config"].get("EncryptionConfig"),
    ),
)
