"""What others set beside sbctl and could break a failover: drift names each, and a revert puts it back and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.sandbox.deployed import WEST, Scene, deployed

DENIAL = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
NIGHT = ["arn:aws:sns:us-west-2:123456789012:night"]
PUT = (
    "AlarmName", "AlarmDescription", "MetricName", "Namespace", "Statistic", "Dimensions", "Period",
    "EvaluationPeriods", "Threshold", "ComparisonOperator", "TreatMissingData",
)  # fmt: skip
LATCH = "enterprise-takeover-latch-us-west-2"


def latch(scene: Scene) -> dict[str, Any]:
    found: dict[str, Any] = scene.client("cloudwatch", WEST).describe_alarms(AlarmNames=[LATCH])["MetricAlarms"][0]
    return found


def test_what_others_set_is_seen_and_put_back(tmp_path: Path) -> None:
    """A function stopped and opened, a role denied, an alarm and a check blinded, items that expire, a table unprotected."""
    with deployed(tmp_path / "project") as scene:
        function, iam = scene.client("lambda", WEST), scene.client("iam")
        function.put_function_concurrency(FunctionName="enterprise-customer_lookup", ReservedConcurrentExecutions=0)
        function.add_permission(
            FunctionName="enterprise-health", StatementId="open", Action="lambda:InvokeFunction", Principal="*"
        )
        policy = iam.create_policy(PolicyName="deny", PolicyDocument=json.dumps(DENIAL))["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="enterprise-replication-recordings", PolicyArn=policy)
        alarm = {name: value for name, value in latch(scene).items() if name in PUT}
        scene.client("cloudwatch", WEST).put_metric_alarm(**alarm, Unit="Bytes", InsufficientDataActions=NIGHT)
        checks = scene.client("route53").list_health_checks()["HealthChecks"]
        check = next(one["Id"] for one in checks if one["HealthCheckConfig"]["Type"] == "HTTPS")
        scene.client("route53").update_health_check(
            HealthCheckId=check, Regions=["us-east-1", "us-west-1", "us-west-2"]
        )
        expiry = {"Enabled": True, "AttributeName": "gone"}
        tables = scene.client("dynamodb", WEST)
        tables.update_time_to_live(TableName="customers-global", TimeToLiveSpecification=expiry)
        tables.update_table(TableName="customers-global", DeletionProtectionEnabled=True)
        code, envelope = scene.run("drift", "--exit-code")
        found = {(one["address"].partition(".")[0], one["field"]) for one in envelope["data"]["drifted"]}
        assert code == 3
        assert found == {
            ("lambda_function", "reserved"),
            ("lambda_permission", "strangers"),
            ("iam_role", "attached"),
            ("cloudwatch_alarm", "unit"),
            ("route53_health_check", "checkers"),
            ("dynamodb_table", "ttl"),
            ("dynamodb_replica", "deletion_protection"),
        }
        code, envelope = scene.run("drift", "--revert")
        assert (code, envelope["problems"]) == (0, [])
        assert scene.run("plan", "--exit-code")[0] == 0
        assert (latch(scene)["InsufficientDataActions"], "Unit" in latch(scene)) == (NIGHT, False)


def test_a_permissions_boundary_is_told_and_left(tmp_path: Path) -> None:
    """It may cut what functions need, and an organisation may want it: a note at every plan, and no change."""
    boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    with deployed(tmp_path / "project") as scene:
        role = "enterprise-replication-recordings"
        scene.client("iam").put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
        for command in ("plan", "drift"):
            code, envelope = scene.run(command)
            (told,) = [one for one in envelope["problems"] if one["code"] == "permissions-boundary"]
            assert (code, told["at"]) == (0, "iam_role.global.replication-recordings")
            assert boundary in told["detail"]
