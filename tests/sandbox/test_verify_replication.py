"""`sbctl verify-replication` on a deployed sandbox: all green, and then each fault by itself is found, named, and healed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from sbctl.aws.reads import is_read
from sbctl.checks.lag.published_latency import RECENT
from sbctl.checks.replication.verify import CALLS
from sbctl.sandbox.faults.fault import Fault
from sbctl.store.readings import ReadingCache
from tests.sandbox.replicating import (
    BUCKETS,
    EAST,
    LONDON,
    NUMBERS,
    REGIONS,
    TABLE,
    TABLES,
    WEST,
    Scene,
    deployed,
    failing,
    fixes,
    readings,
)

ROLE = "enterprise-replication-recordings"
PAIRS = 6


@pytest.fixture(scope="module")
def broken_and_healed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("project")) as scene:
        yield scene


@pytest.fixture
def scene(broken_and_healed: Scene) -> Iterator[Scene]:
    """The deployed project, in which nothing is broken; whatever a test does, no canary may be left."""
    yield broken_and_healed
    broken_and_healed.world.faults.heal()
    if broken_and_healed.notes():
        broken_and_healed.pass_time(30)
        broken_and_healed.verify(*ONE_TABLE, "--to", WEST)
    assert broken_and_healed.canaries() == []
    # what CloudWatch tells of these minutes is none of the next test's present
    broken_and_healed.pass_time(2 * RECENT.total_seconds())


ONE_TABLE = ("--table", TABLE)
ONE_BUCKET = ("--bucket", BUCKETS[0])
FEW = (*ONE_TABLE, *ONE_BUCKET)


def heals(scene: Scene, scope: Sequence[str], *fix: str) -> None:
    """After these remedies everything holds again."""
    for one in fix:
        scene.follow(one)
    code, envelope = scene.verify(*scope)
    assert (code, failing(envelope)) == (0, []), envelope["problems"]


def test_all_of_it_is_green(scene: Scene) -> None:
    """A deployed project holds: a lag for every pair of everything, within the objective, and every check looked at."""
    code, envelope = scene.verify("--samples", "2")
    data = envelope["data"]
    assert (code, envelope["problems"]) == (0, [])
    assert data["objectives"] == {"rpo_seconds": 60}
    assert data["rpo_seconds"] == max(lag["max"] for lag in data["lags"])
    assert len(data["lags"]) == PAIRS * (len(TABLES) + len(BUCKETS))
    for lag in data["lags"]:
        assert lag["samples"] == 2
        assert 0 <= lag["p50"] <= lag["p95"] <= lag["max"] <= 60
    assert {one["check"] for one in data["readings"]} == {
        "canary-item", "canary-object", "table-status", "replica-status", "stream", "pitr", "ttl", "published-latency",
        "write-rate", "bucket-versioning", "replication-rule", "replication-role", "backlog", "oldest-pending",
        "failed-objects", "predating-objects",
    }  # fmt: skip
    assert {one["verdict"] for one in data["readings"]} == {"ok"}
    assert scene.canaries() == []


def test_lags_are_measured_in_the_worlds_time(scene: Scene) -> None:
    """When every change takes 30 seconds of the sandbox, 30 seconds are measured, whatever passes here."""
    lag = scene.tables.replication.lag
    before = lag.mean, lag.jitter
    lag.mean, lag.jitter = 30.0, 0.0
    try:
        _, envelope = scene.verify("--table", TABLE, "--from", EAST, timeout="60s")
    finally:
        lag.mean, lag.jitter = before
    for measured in envelope["data"]["lags"]:
        assert measured["max"] >= 29.9
        assert measured["max"] - measured["resolution"] <= 30.1


def test_a_lag_above_the_objective_is_late(scene: Scene) -> None:
    """What takes 90 seconds arrives, and is late by an objective of 60: exit 8 with the figure."""
    lag = scene.tables.replication.lag
    before = lag.mean, lag.jitter
    lag.mean, lag.jitter = 90.0, 0.0
    try:
        code, envelope = scene.verify("--table", TABLE, "--from", EAST, "--to", WEST, timeout="150s")
    finally:
        lag.mean, lag.jitter = before
    assert code == 8
    assert readings(envelope, "late")[0] == ("canary-item", TABLE, EAST, WEST)
    assert envelope["data"]["lags"][0]["max"] >= 89


@pytest.mark.long
def test_replication_paused_on_one_table_in_one_direction(scene: Scene) -> None:
    """Exactly that pair is bad; the way back and the other regions hold."""
    scene.world.faults.add(Fault("", "replication-paused", EAST, "dynamodb", target=WEST, resource=TABLE))
    code, envelope = scene.verify(*ONE_TABLE)
    assert code == 8
    assert failing(envelope) == [("canary-item", TABLE, EAST, WEST)]
    (problem,) = envelope["problems"]
    assert problem["at"] == f"{TABLE} {EAST} → {WEST}"
    assert "did not arrive within" in problem["detail"]
    assert "sandbox heal" in problem["fix"]
    scene.world.faults.heal()
    heals(scene, ONE_TABLE)


@pytest.mark.long
def test_replication_paused_between_buckets(scene: Scene) -> None:
    """The copies that wait are found, and once the way is free the canary that still arrives is removed by the next run."""
    scene.world.faults.add(Fault("", "replication-paused", EAST, "s3", target=LONDON, resource=scene.bucket(EAST)))
    code, envelope = scene.verify(*ONE_BUCKET)
    assert code == 8
    assert failing(envelope) == [("canary-object", BUCKETS[0], EAST, LONDON)]
    assert scene.notes(), "a copy may still arrive, and nobody knows of it"
    scene.world.faults.heal()
    scene.pass_time(30)
    heals(scene, ONE_BUCKET)
    assert scene.canaries() == []


def test_a_removed_rule(scene: Scene) -> None:
    """The pair without a rule is named, by configuration and by canary; the other rule of the bucket goes on."""
    s3, bucket = scene.client("s3", WEST), scene.bucket(WEST)
    found = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    found["Rules"] = [rule for rule in found["Rules"] if not rule["Destination"]["Bucket"].endswith(LONDON)]
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=found)
    code, envelope = scene.verify(*ONE_BUCKET)
    assert code == 8
    assert failing(envelope) == [
        ("canary-object", BUCKETS[0], WEST, LONDON),
        ("replication-rule", BUCKETS[0], WEST, LONDON),
    ]
    (fix,) = fixes(envelope, "replication-rule")
    assert fix.endswith(f" --sandbox replication apply --region {WEST}")
    heals(scene, ONE_BUCKET, *fixes(envelope, "replication-rule"))


@pytest.mark.long
def test_a_bucket_without_any_rule(scene: Scene) -> None:
    """Every pair from that bucket is bad, and no canary is waited for in vain."""
    scene.client("s3", EAST).delete_bucket_replication(Bucket=scene.bucket(EAST))
    code, envelope = scene.verify(*ONE_BUCKET)
    assert code == 8
    pairs = [(BUCKETS[0], EAST, WEST), (BUCKETS[0], EAST, LONDON)]
    assert sorted(failing(envelope)) == sorted(
        (check, *pair) for pair in pairs for check in ("canary-object", "replication-rule")
    )
    details = {one["detail"] for one in envelope["data"]["readings"] if one["check"] == "canary-object"}
    assert "it did not arrive: no rule of the source bucket takes it" in details
    heals(scene, ONE_BUCKET, *fixes(envelope, "replication-rule"))


@pytest.mark.long
def test_a_disabled_rule(scene: Scene) -> None:
    """A rule that is switched off is named by its id."""
    s3, bucket = scene.client("s3", WEST), scene.bucket(WEST)
    found = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    for rule in found["Rules"]:
        rule["Status"] = "Disabled"
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=found)
    code, envelope = scene.verify("--bucket", BUCKETS[0], "--from", WEST)
    assert code == 8
    details = [one["detail"] for one in envelope["data"]["readings"] if one["check"] == "replication-rule"]
    assert details == [f"rule to-{EAST} in {WEST} is disabled", f"rule to-{LONDON} in {WEST} is disabled"]
    heals(scene, ONE_BUCKET, *fixes(envelope, "replication-rule"))


def delete_role(iam: Any) -> str:
    iam.delete_role_policy(RoleName=ROLE, PolicyName="access")
    iam.delete_role(RoleName=ROLE)
    return "does not exist"


def distrust(iam: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=document)
    return "does not let S3 of account 123456789012 assume it"


def remove_policy(iam: Any) -> str:
    iam.delete_role_policy(RoleName=ROLE, PolicyName="access")
    return "does not allow s3:GetReplicationConfiguration, s3:ListBucket"


@pytest.mark.parametrize(
    "harm", [delete_role, *(pytest.param(one, marks=pytest.mark.long) for one in (distrust, remove_policy))]
)
def test_a_broken_role(scene: Scene, harm: Any) -> None:
    """A role that is gone, distrusts S3 or lost its policy is named with what is wrong, for each way that it serves."""
    said = harm(scene.client("iam"))
    scene.pass_time(10)  # S3 believes for a while what it read of a role
    code, envelope = scene.verify("--bucket", BUCKETS[0])
    assert code == 8
    broken = [one for one in envelope["data"]["readings"] if one["check"] == "replication-role"]
    assert len(broken) == PAIRS
    for one in broken:
        assert (one["verdict"], said in one["detail"], ROLE in one["detail"]) == ("bad", True, True)
    assert len(readings(envelope, "bad")) == 2 * PAIRS, "the canaries do not arrive either"
    assert len(envelope["problems"]) == 2, "one for the role and one for the canaries"
    heals(scene, ONE_BUCKET, *fixes(envelope, "replication-role"))


@pytest.mark.long
def test_backups_off_in_one_replica(scene: Scene) -> None:
    """Point-in-time recovery that is off in one region is found there, and its remedy switches it on."""
    backups = {"PointInTimeRecoveryEnabled": False}
    scene.client("dynamodb", LONDON).update_continuous_backups(
        TableName=TABLE, PointInTimeRecoverySpecification=backups
    )
    code, envelope = scene.verify(*ONE_TABLE)
    assert (code, failing(envelope)) == (8, [("pitr", TABLE, LONDON, "")])
    assert envelope["problems"][0]["at"] == f"{TABLE} {LONDON}"
    heals(scene, ONE_TABLE, *fixes(envelope, "pitr"))


def test_ttl_is_told_by_its_attribute(scene: Scene) -> None:
    """TTL that is on in all replicas holds, and canaries still run_canary through the table."""
    spec = {"Enabled": True, "AttributeName": "ttl"}
    scene.client("dynamodb", EAST).update_time_to_live(TableName=NUMBERS, TimeToLiveSpecification=spec)
    code, envelope = scene.verify("--table", NUMBERS)
    assert code == 0
    assert {one["value"] for one in envelope["data"]["readings"] if one["check"] == "ttl"} == {"ttl"}


@pytest.mark.long
def test_a_missing_replica(scene: Scene) -> None:
    """A replica that was deleted is missing as every region sees it, and its remedy makes it anew."""
    gone = [{"Delete": {"RegionName": LONDON}}]
    scene.client("dynamodb", EAST).update_table(TableName=TABLE, ReplicaUpdates=gone)
    scene.pass_time(600)
    code, envelope = scene.verify("--table", TABLE)
    assert code == 8
    found = failing(envelope)
    assert ("table-status", TABLE, LONDON, "") in found
    assert {("replica-status", TABLE, EAST, LONDON), ("replica-status", TABLE, WEST, LONDON)} <= set(found)
    assert {one[1:] for one in found if one[0] == "canary-item"} == {
        (TABLE, one, other) for one in REGIONS for other in REGIONS if one != other and LONDON in (one, other)
    }
    assert fixes(envelope, "table-status")[0].endswith(f" deploy --region {LONDON}")
    heals(scene, ONE_TABLE, f"sbctl replica apply --region {LONDON}")


@pytest.mark.parametrize("kind", [pytest.param("down", marks=pytest.mark.long), "hang"])
def test_a_region_that_does_not_answer(scene: Scene, kind: Any) -> None:
    """It is unknown, named in one problem, and never healthy; the ways between the others are measured all the same."""
    scene.world.faults.add(Fault("", kind, WEST))
    code, envelope = scene.verify(*FEW)
    assert code == 8
    touching = [
        one
        for one in envelope["data"]["readings"]
        if one["check"].startswith("canary") and WEST in (one["from"], one["to"])
    ]
    assert {(one["verdict"], one["value"], one["detail"]) for one in touching} == {
        ("unknown", None, f"{WEST} does not answer")
    }
    others = [one for one in envelope["data"]["readings"] if WEST not in (one["from"], one["to"])]
    assert {one["verdict"] for one in others} == {"ok"}
    problem, *others = envelope["problems"]
    assert others == []
    assert problem["detail"].startswith(f"{WEST} does not answer")
    scene.world.faults.heal()
    scene.pass_time(30)
    heals(scene, FEW)


@pytest.mark.long
def test_the_first_region_that_does_not_answer(scene: Scene) -> None:
    """The primary may be the lost one: roles, which live there too, are unknown, and the others are measured."""
    scene.world.faults.add(Fault("", "down", EAST))
    code, envelope = scene.verify(*FEW)
    assert code == 8
    assert readings(envelope, "bad") == []
    measured = {(lag["from"], lag["to"]) for lag in envelope["data"]["lags"]}
    assert measured == {(WEST, LONDON), (LONDON, WEST)}
    scene.world.faults.heal()
    scene.pass_time(30)
    heals(scene, FEW)


@pytest.mark.long
def test_objects_that_predate_the_rule_and_failed_ones(scene: Scene) -> None:
    """What S3 will never copy by itself is counted, with the remedy; it is not touched."""
    s3, bucket = scene.client("s3", EAST), scene.bucket(EAST)
    rules = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    s3.delete_bucket_replication(Bucket=bucket)
    version = s3.put_object(Bucket=bucket, Key="calls/early.wav", Body=b"voice")["VersionId"]
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=rules)
    code, envelope = scene.verify("--bucket", BUCKETS[0], "--from", EAST)
    assert code == 8
    assert failing(envelope) == [("predating-objects", BUCKETS[0], EAST, other) for other in (WEST, LONDON)]
    assert "Batch Replication" in envelope["problems"][0]["fix"]
    assert scene.versions(BUCKETS[0], EAST) == ["calls/early.wav"]
    s3.delete_object(Bucket=bucket, Key="calls/early.wav", VersionId=version)
    heals(scene, ONE_BUCKET)


@pytest.mark.long
def test_an_object_pending_for_long(scene: Scene) -> None:
    """A recording that has waited longer than the objective is late, with its age and the count of what waits."""
    scene.world.faults.add(Fault("", "replication-paused", EAST, "s3", target=WEST, resource=scene.bucket(EAST)))
    s3, bucket = scene.client("s3", EAST), scene.bucket(EAST)
    version = s3.put_object(Bucket=bucket, Key="calls/waiting.wav", Body=b"voice")["VersionId"]
    scene.pass_time(300)
    code, envelope = scene.verify("--bucket", BUCKETS[0], "--from", EAST, timeout="5s")
    assert code == 8
    oldest = [one for one in envelope["data"]["readings"] if one["check"] == "oldest-pending" and one["to"] == WEST]
    assert oldest[0]["verdict"] == "late"
    assert oldest[0]["value"] >= 300
    waiting = [one for one in envelope["data"]["readings"] if (one["check"], one["to"]) == ("backlog", WEST)]
    assert {one["unit"]: one["value"] for one in waiting}["objects"] == 1
    scene.world.faults.heal()
    scene.pass_time(60)
    for region in REGIONS:
        scene.client("s3", region).delete_object(
            Bucket=scene.bucket(region), Key="calls/waiting.wav", VersionId=version
        )
    heals(scene, ONE_BUCKET)


@pytest.mark.long
def test_users_data_is_left_alone(scene: Scene) -> None:
    """Items and objects of others, even under names that look alike, are the same afterwards."""
    dynamodb, s3 = scene.client("dynamodb", EAST), scene.client("s3", EAST)
    item = {"CustomerId": {"S": "sbctl-canary"}, "Name": {"S": "Ann"}}
    dynamodb.put_item(TableName=TABLE, Item=item)
    version = s3.put_object(Bucket=scene.bucket(EAST), Key="sbctl/canaries.txt", Body=b"birds")["VersionId"]
    scene.pass_time(30)
    code, envelope = scene.verify(*FEW)
    assert (code, failing(envelope)) == (0, []), envelope["problems"]
    assert all(scene.items(TABLE, region) == [item] for region in REGIONS)
    assert all(scene.versions(BUCKETS[0], region) == ["sbctl/canaries.txt"] for region in REGIONS)
    dynamodb.delete_item(TableName=TABLE, Key={"CustomerId": item["CustomerId"]})
    for region in REGIONS:
        place = {"Bucket": scene.bucket(region), "Key": "sbctl/canaries.txt", "VersionId": version}
        scene.client("s3", region).delete_object(**place)


def test_names_that_nothing_has(scene: Scene) -> None:
    """Wrong tables, buckets and regions are all told at once, with what was probably meant; nothing is called."""
    code, envelope = scene.verify("--table", "customer-global", "--bucket", "recording", "--to", "us-west-1")
    assert code == 2
    assert [problem["fix"] for problem in envelope["problems"]] == [
        "Did you mean customers-global?",
        "Did you mean recordings?",
        "Did you mean us-west-2?",
    ]


def test_only_declared_operations_are_called(scene: Scene) -> None:
    """What a policy for this command would allow is enough, and of all that it calls only canaries' writes are writes."""
    audit = scene.folder / "state" / "audit.jsonl"
    before = len(audit.read_text(encoding="utf-8").splitlines())
    code, envelope = scene.verify(*FEW)
    assert (code, failing(envelope)) == (0, []), envelope["problems"]
    lines = audit.read_text(encoding="utf-8").splitlines()[before:]
    made = {json.loads(line)["call"] for line in lines}
    assert made <= CALLS | {"sts:GetCallerIdentity"}
    writes = {call for call in made if not is_read(call.partition(":")[2])}
    assert writes == {"dynamodb:PutItem", "dynamodb:DeleteItem", "s3:PutObject", "s3:DeleteObject"}


@pytest.mark.long
def test_what_was_measured_is_kept_with_its_age(scene: Scene) -> None:
    """A narrow run renews its own readings in the cache, and leaves those that it did not look at as old as they are."""
    cache = ReadingCache(scene.folder / "state" / "readings.json")
    scene.verify()
    before = {one: one.at for one in cache.load()["verify-replication"]}
    scene.verify(*ONE_TABLE, "--from", EAST, "--to", WEST)
    after = cache.load()["verify-replication"]
    kept = [one for one in after if one in before]
    renewed = [one for one in after if one not in before]
    assert len(after) == len(before)
    assert {one.subject for one in renewed} == {TABLE}
    assert {one.subject for one in kept} == {*TABLES, *BUCKETS}
