"""The life of a random project in a world where somebody else lives too: deploy, change, deploy, destroy, then look around."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fuzz.configurations import Files
from tests.sandbox.deployed import EAST, REGIONS, Scene
from tests.worlds import empty_world, make_known, still

FREELY = ("--allow", "*", "--max-deletes", "10000")


@contextmanager
def empty_scene(folder: Path) -> Iterator[Scene]:
    """A sandbox without a project, found by commands that are run with the state in `folder`."""
    with empty_world(still(), dns_port=0) as running:
        make_known(running, folder / "state")
        yield Scene(running, folder)


def live(scene: Scene, before: Files, after: Files) -> Iterator[str]:
    """Every promise that was broken on the way; it ends with the first."""
    scene.running.reset()
    _forget(scene.state)
    _settle_strangers(scene)
    foreign = inventory(scene)
    for files in (before, after):
        files.write(scene.folder)
        for arguments, wanted in ((("deploy", *FREELY), 0), (("plan", "--exit-code"), 0)):
            code, envelope = scene.run(*arguments)
            if code != wanted:
                yield f"{arguments[0]} ended with {code}: {_why(envelope)}"
                return
    if missing := {one: count for one, count in foreign.items() if one not in inventory(scene)}:
        yield f"what was foreign is gone: {missing}"
    code, envelope = scene.run("destroy", *FREELY)
    if code != 0:
        yield f"destroy ended with {code}: {_why(envelope)}"
    left = inventory(scene)
    if left != foreign:
        yield f"left over: {sorted(set(left) - set(foreign))}, lost: {sorted(set(foreign) - set(left))}, " + (
            f"changed: {[name for name in left if name in foreign and left[name] != foreign[name]]}"
        )


def _why(envelope: dict[str, Any]) -> str:
    steps = [step for step in envelope["data"].get("steps", []) if step.get("action") != "none"]
    return json.dumps(envelope["problems"])[:1500] + json.dumps(steps)[:1500]


def _forget(state: Path) -> None:
    """No state, journal or generation of an earlier life; the sandbox's note stays."""
    for path in sorted(state.rglob("*"), reverse=True):
        if "sandbox" in path.relative_to(state).parts:
            continue
        path.rmdir() if path.is_dir() else path.unlink()


def _settle_strangers(scene: Scene) -> None:
    """Things of the kinds that sbctl makes, with names near its own, made by nobody it knows."""
    scene.client("s3").create_bucket(Bucket="random-recordings-of-others")
    scene.client("dynamodb").create_table(
        TableName="random-orders",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
    )
    scene.client("logs").create_log_group(logGroupName="/aws/lambda/random-other")
    scene.client("iam").create_role(RoleName="random-other", AssumeRolePolicyDocument=json.dumps(_trust()))
    connect = scene.client("connect")
    connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="of-others",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    scene.pass_time(600)


def _trust() -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


LISTS: tuple[tuple[str, str, str, str], ...] = (
    ("dynamodb", "list_tables", "TableNames", ""),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("connect", "list_instances", "InstanceSummaryList", "InstanceAlias"),
)
WORLDWIDE: tuple[tuple[str, str, str, str], ...] = (
    ("iam", "list_roles", "Roles", "RoleName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("route53", "list_health_checks", "HealthChecks", "Id"),
    ("route53", "list_hosted_zones", "HostedZones", "Id"),
)


def inventory(scene: Scene) -> dict[str, str]:
    """Everything in the world by service, region and name, with what it is like where that is cheap to ask."""
    found: dict[str, str] = {}
    for region, lists in [*((code, LISTS) for code in REGIONS), (EAST, WORLDWIDE)]:
        for service, operation, member, name in lists:
            for row in getattr(scene.client(service, region), operation)()[member]:
                key = row[name] if name else row
                found[f"{service} {region} {key}"] = _stable(row)
    route53 = scene.client("route53")
    for zone in route53.list_hosted_zones()["HostedZones"]:
        for row in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]:
            # The serial in the zone's SOA record is Route 53's own.
            found[f"record {row['Name']} {row['Type']} {row.get('SetIdentifier', '')}"] = _stable(row)
    return found


def _stable(row: Any) -> str:
    moving = ("ResourceRecordSetCount", "storedBytes", "ServiceRole")
    kept = {name: value for name, value in row.items() if name not in moving} if isinstance(row, dict) else row
    return json.dumps(kept, sort_keys=True, default=str)
