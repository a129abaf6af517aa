"""Tables and replicas: what is sent, what is waited for, and what is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.resource import NotReady
from sbctl.core.kinds.sought import Sought
from sbctl.core.problem import SbctlError
from sbctl.resources.calls.waiting import wait_until
from sbctl.resources.data.dynamodb import wait_active
from sbctl.resources.dynamodb_replica import RESOURCE as REPLICA
from sbctl.resources.dynamodb_replica import ReplicaSpec
from sbctl.resources.dynamodb_table import RESOURCE as TABLE
from tests.unit.resources.aws.scripted import Scripted, failing

IDS = {"name": "customers", "home": "us-east-1"}
SPEC = ReplicaSpec(name="customers", home="us-east-1")
ABSENT = failing("ResourceNotFoundException")


class Regions:
    """DescribeTable by region; each value is a status with the replicas that this region lists, or None."""

    def __init__(self, **views: tuple[str, dict[str, str]] | None) -> None:
        self._views = {name.replace("_", "-"): view for name, view in views.items()}

    def __call__(self, region: str, **_: Any) -> dict[str, Any]:
        view = self._views.get(region)
        if view is None:
            raise ABSENT
        status, others = view
        listed = [{"RegionName": name, "ReplicaStatus": state} for name, state in others.items()]
        table = {"TableName": "customers", "TableStatus": status, "TableArn": f"arn:{region}", "Replicas": listed}
        return {"Table": table if listed else {key: table[key] for key in table if key != "Replicas"}}


def test_a_replica_is_asked_for_alone_and_in_the_home() -> None:
    """DynamoDB takes one replica a call and nothing beside it."""
    aws = Scripted(DescribeTable=Regions(us_east_1=("ACTIVE", {})))
    assert REPLICA.create(aws, "us-west-2", SPEC, "") == IDS
    assert [(region, params) for operation, region, params in aws.calls if operation == "UpdateTable"] == [
        ("us-east-1", {"TableName": "customers", "ReplicaUpdates": [{"Create": {"RegionName": "us-west-2"}}]})
    ]


def test_the_home_needs_no_replica_and_loses_none() -> None:
    """In the home region creation and deletion change nothing."""
    aws = Scripted()
    assert REPLICA.create(aws, "us-east-1", SPEC, "") == IDS
    REPLICA.delete(aws, "us-east-1", IDS)
    assert aws.calls == []


def test_a_table_of_somebody_else_is_refused() -> None:
    """A table of the same name that knows of no replicas is not ours, and no call touches it."""
    aws = Scripted(DescribeTable=Regions(us_east_1=("ACTIVE", {}), us_west_2=("ACTIVE", {})))
    with pytest.raises(SbctlError, match="same name"):
        REPLICA.create(aws, "us-west-2", SPEC, "")
    assert set(aws.order()) == {"DescribeTable"}
    assert REPLICA.read(aws, "us-west-2", IDS) is None


def test_a_replica_that_is_there_is_not_asked_for_again() -> None:
    """After a lost answer the second attempt finds the replica and leaves it."""
    there = Regions(us_east_1=("ACTIVE", {"us-west-2": "CREATING"}), us_west_2=("CREATING", {}))
    aws = Scripted(DescribeTable=there)
    assert REPLICA.create(aws, "us-west-2", SPEC, "") == IDS
    assert "UpdateTable" not in aws.order()


@pytest.mark.parametrize(
    ("home", "there"),
    [
        (("UPDATING", {"us-west-2": "ACTIVE"}), ("ACTIVE", {"us-east-1": "ACTIVE"})),
        (("ACTIVE", {"us-west-2": "CREATING"}), ("ACTIVE", {"us-east-1": "ACTIVE"})),
        (("ACTIVE", {"us-west-2": "ACTIVE"}), ("CREATING", {"us-east-1": "ACTIVE"})),
        (("ACTIVE", {"us-west-2": "ACTIVE"}), None),
    ],
)
def test_a_replica_is_ready_only_when_both_sides_say_so(home: Any, there: Any) -> None:
    """The table, its entry and the table in the other region must all be active."""
    with pytest.raises(NotReady):
        REPLICA.ready(Scripted(DescribeTable=Regions(us_east_1=home, us_west_2=there)), "us-west-2", IDS)


def test_a_replica_that_vanished_is_asked_for_again() -> None:
    """AWS drops an accepted replica without a word; then it is asked for once more."""
    aws = Scripted(DescribeTable=Regions(us_east_1=("ACTIVE", {})))
    with pytest.raises(NotReady, match="again"):
        REPLICA.ready(aws, "us-west-2", IDS)
    assert len(aws.made("UpdateTable")) == 1


def test_deletion_waits_until_both_sides_forget() -> None:
    """The entry in the home and the table in the region must both be gone."""
    views = [
        Regions(us_east_1=("ACTIVE", {"us-west-2": "ACTIVE"}), us_west_2=("ACTIVE", {"us-east-1": "ACTIVE"})),
        Regions(us_east_1=("ACTIVE", {"us-west-2": "DELETING"}), us_west_2=("DELETING", {"us-east-1": "ACTIVE"})),
        Regions(us_east_1=("ACTIVE", {}), us_west_2=("DELETING", {})),
        Regions(us_east_1=("ACTIVE", {})),
    ]
    aws = Scripted()
    aws.answer("DescribeTable", lambda region, **_: views[_steps(aws)](region))
    REPLICA.delete(aws, "us-west-2", IDS)
    wish = [{"Delete": {"RegionName": "us-west-2"}}]
    assert aws.made("UpdateTable") == [{"TableName": "customers", "ReplicaUpdates": wish}]
    assert aws.waits == ["replica being deleted"] * 2


def _steps(aws: Scripted) -> int:
    """How far the deletion has come: the call itself, then each wait."""
    return len(aws.made("UpdateTable")) + len(aws.waits)


def test_the_24_hour_rule_is_explained() -> None:
    """AWS's refusal to delete a recent source becomes a problem that says what to do."""
    view = Regions(us_east_1=("ACTIVE", {"us-west-2": "ACTIVE"}), us_west_2=("ACTIVE", {"us-east-1": "ACTIVE"}))
    text = "Replica cannot be deleted because it has acted as a source region for new replica(s)"
    aws = Scripted(DescribeTable=view, UpdateTable=failing("ValidationException", text))
    with pytest.raises(SbctlError, match="lately copied"):
        REPLICA.delete(aws, "us-west-2", IDS)


def test_backups_and_tags_are_put_right_in_the_replicas_own_region() -> None:
    """Neither is copied by DynamoDB, so both calls go to the replica's region."""
    live = SPEC.model_copy(update={"pitr": False, "tags": {"theirs": "x"}})
    wanted = SPEC.model_copy(update={"pitr": True, "recovery_days": 35, "tags": {"a": "b"}})
    aws = Scripted(DescribeTable=Regions(us_west_2=("ACTIVE", {"us-east-1": "ACTIVE"})))
    REPLICA.update(aws, "us-west-2", IDS, live, wanted, {})
    assert {region for _, region, _ in aws.calls} == {"us-west-2"}
    setting = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35}
    assert aws.made("UpdateContinuousBackups")[0]["PointInTimeRecoverySpecification"] == setting
    assert aws.made("TagResource")[0]["Tags"] == [{"Key": "a", "Value": "b"}]


def test_a_change_of_a_table_never_sends_its_stream() -> None:
    """Once replicas exist even the same stream setting is refused, so an update does not carry it."""
    before, after = TABLE.examples
    aws = Scripted(DescribeTable=Regions(us_east_1=("ACTIVE", {})))
    TABLE.update(aws, "us-east-1", {"name": before.name, "home": "us-east-1"}, before, after, {})
    assert aws.made("UpdateTable") == [{"TableName": before.name, "DeletionProtectionEnabled": True}]


def test_a_table_is_made_in_its_home_whatever_region_is_primary() -> None:
    """All calls about a table go to the home that its spec names."""
    spec = TABLE.examples[0].model_copy(update={"home": "eu-west-2"})
    aws = Scripted(DescribeTable=ABSENT)
    ids = TABLE.create(aws, "us-east-1", spec, "")
    TABLE.find(aws, "us-east-1", "eu-west-2", Sought(frozenset({spec.name})))
    assert ids == {"name": spec.name, "home": "eu-west-2"}
    assert {region for _, region, _ in aws.calls} == {"eu-west-2"}
    assert aws.made("CreateTable")[0]["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"


def test_errors_of_aws_that_are_no_rule_pass_through() -> None:
    """Deleting a table that AWS refuses for another reason raises AWS's own error."""
    aws = Scripted(DescribeTable=Regions(us_east_1=("ACTIVE", {})), DeleteTable=failing("AccessDenied"))
    with pytest.raises(AwsError, match="AccessDenied"):
        TABLE.delete(aws, "us-east-1", IDS)


FAILED = Regions(us_east_1=("ACTIVE", {"us-west-2": "CREATION_FAILED"}))


def test_a_replica_that_could_not_be_made_is_told_and_not_created_again() -> None:
    """Its own region does not know it: the home says why, and what to remove first. It can be deleted."""
    live = REPLICA.read(Scripted(DescribeTable=FAILED), "us-west-2", IDS)
    assert live is not None and live.failed is not None
    assert "CREATION_FAILED" in live.failed.detail
    assert "aws dynamodb update-table --table-name customers" in live.failed.fix
    with pytest.raises(SbctlError, match="CREATION_FAILED"):
        REPLICA.ready(Scripted(DescribeTable=FAILED), "us-west-2", IDS)


def test_a_table_that_dynamodb_gives_up_is_not_waited_for() -> None:
    """Its key may not be used any more: no change of it comes to its end."""
    gone = Regions(us_east_1=("INACCESSIBLE_ENCRYPTION_CREDENTIALS", {}))
    with pytest.raises(SbctlError, match="INACCESSIBLE_ENCRYPTION_CREDENTIALS"):
        wait_active(Scripted(DescribeTable=gone), "us-east-1", "customers", "change under way")


def test_a_deletion_that_does_not_end_is_a_problem() -> None:
    """Waiting has its end, whatever AWS says."""
    aws = Scripted()
    with pytest.raises(SbctlError, match="still: being deleted, after 30 minutes"):
        wait_until(aws, lambda: False, 60.0, "being deleted", "it")
    assert len(aws.waits) == 30


KEY = "arn:aws:kms:us-west-2:123456789012:key/1"


def test_a_replica_is_asked_for_with_the_key_of_its_region() -> None:
    """At first, and when AWS dropped it without a word."""
    aws = Scripted(DescribeTable=Regions(us_east_1=("ACTIVE", {})))
    ids = REPLICA.create(aws, "us-west-2", SPEC.model_copy(update={"key": KEY}), "token")
    with pytest.raises(NotReady):
        REPLICA.ready(aws, "us-west-2", ids)
    wish = {"Create": {"RegionName": "us-west-2", "KMSMasterKeyId": KEY}}
    assert [made["ReplicaUpdates"] for made in aws.made("UpdateTable")] == [[wish], [wish]]


def _table(**more: Any) -> dict[str, Any]:
    return {"Table": {"TableName": "customers", "TableStatus": "ACTIVE", "TableArn": "arn", **more}}


@pytest.mark.parametrize(("key", "refused"), [(None, 1), (KEY, 0)])
def test_a_replica_without_a_key_of_a_table_with_one_is_refused_before(key: str | None, refused: int) -> None:
    """DynamoDB would: the plan says so, and which field is missing."""
    encrypted = {"SSEType": "KMS", "KMSMasterKeyArn": "arn:aws:kms:us-east-1:123456789012:key/2"}
    wanted = {"name": "customers", "home": "us-east-1", "key": key}
    found = list(REPLICA.refused(Scripted(DescribeTable=_table(SSEDescription=encrypted)), "us-west-2", wanted))
    assert len(found) == refused
    assert all('"us-west-2"' in fix for _, fix in found)
    assert list(REPLICA.refused(Scripted(DescribeTable=_table()), "us-west-2", {**wanted, "key": None})) == []


def test_protection_and_key_of_a_replica_are_put_in_its_own_region() -> None:
    """Each alone in its call; what is not wanted stays."""
    aws = Scripted(DescribeTable=_table())
    wanted = SPEC.model_copy(update={"deletion_protection": True, "key": KEY})
    live = SPEC.model_copy(update={"deletion_protection": False, "key": ""})
    REPLICA.update(aws, "us-west-2", IDS, live, wanted, {})
    REPLICA.update(aws, "us-west-2", IDS, live, SPEC, {})
    specification = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    assert [(region, params) for name, region, params in aws.calls if name == "UpdateTable"] == [
        ("us-west-2", {"TableName": "customers", "DeletionProtectionEnabled": True}),
        ("us-west-2", {"TableName": "customers", "SSESpecification": specification}),
    ]


def test_an_alias_is_the_key_that_dynamodb_tells() -> None:
    """DynamoDB tells the key behind an alias, so that no plan differs for ever."""
    alias = "arn:aws:kms:us-west-2:123456789012:alias/customers"
    assert REPLICA.same("key", alias, KEY)
    assert not REPLICA.same("key", alias, "")
    assert not TABLE.same("key", alias, "arn:aws:kms:us-east-1:123456789012:key/2")


def test_a_global_table_is_the_same_through_each_of_its_regions() -> None:
    """So its home moves with the primary region, and what is deleted then goes through the new home."""
    view = Regions(us_east_1=("ACTIVE", {"us-west-2": "ACTIVE"}), us_west_2=("ACTIVE", {"us-east-1": "ACTIVE"}))
    aws = Scripted(DescribeTable=view)
    live = REPLICA.read(aws, "us-west-2", {"name": "customers", "home": "us-west-2"})
    assert live is not None
    assert live.also == (IDS,)
    alone = REPLICA.read(Scripted(DescribeTable=Regions(us_east_1=("ACTIVE", {}))), "us-east-1", IDS)
    assert alone is not None
    assert alone.also == ()
