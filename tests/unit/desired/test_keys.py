"""Customers' KMS keys in the config: which are refused, and what follows from those that are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sbctl.core.kinds.spec import Desired
from sbctl.core.project import Project, Region
from sbctl.desired.config.keys import all_keys, elsewhere, former_elsewhere, keyless_replicas, keys_in, replica_key
from sbctl.desired.config.sections import BucketItem, KeyAttribute, LambdaItem, StorageItem, TableItem
from sbctl.resources.iam_role import RESOURCE as ROLE
from sbctl.resources.roles.role_policies import function_policy, replication_policy
from sbctl.resources.s3_replication import RESOURCE as REPLICATION
from tests.unit.resources.aws.projects import EAST, LONDON, WEST, project

KEYS = {region.region: f"arn:aws:kms:{region.region}:123456789012:key/{region.name}" for region in (EAST, WEST, LONDON)}
ALIAS = "arn:aws:kms:us-west-2:123456789012:alias/calls"


def own(*regions: Region, **more: str) -> dict[str, Any]:
    """Overrides that name the key of each of these regions."""
    return {region.region: {"key": more.get(region.region, KEYS[region.region])} for region in regions}


def storage(*regions: Region, name: Any = "call-recordings") -> StorageItem:
    return StorageItem(name=name, overrides=own(*regions))


def bucket_of(of: Project) -> BucketItem:
    (found,) = of.items["buckets"]
    assert isinstance(found, BucketItem)
    return found


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"key": KEYS["us-east-1"]}, ["key", "key"]),
        ({"key": KEYS["us-east-1"], "overrides": own(WEST, LONDON)}, []),
        ({"overrides": {"us-west-2": {"key": KEYS["us-east-1"]}}}, ["overrides.us-west-2.key"]),
        ({"overrides": own(EAST, WEST)}, []),
        ({"key": KEYS["us-east-1"], "regions": ["us-east-1"]}, []),
    ],
)
def test_a_key_is_of_the_region_that_it_is_named_for(given: Mapping[str, Any], fields: list[str]) -> None:
    """Of every item that takes a key; the field that is wrong is named."""
    found = list(elsewhere(BucketItem(name="recordings", **given), (EAST, WEST, LONDON)))
    assert [field for field, _, _ in found] == fields


@pytest.mark.parametrize(("regions", "findings"), [((), 0), ((EAST, WEST, LONDON), 0), ((EAST,), 1)])
def test_a_table_has_a_key_in_every_region_or_in_none(regions: tuple[Region, ...], findings: int) -> None:
    """DynamoDB makes no replica otherwise."""
    item = TableItem(name="customers", partition_key=KeyAttribute(name="Id"), overrides=own(*regions))
    assert len(list(keyless_replicas(item, project()))) == findings


def test_rules_name_the_key_of_the_region_that_they_copy_to() -> None:
    """The bucket's own first, then the storage's; AWS's for S3 where neither names one; nothing where no key is named."""
    both = project(items={"storage": (storage(EAST, WEST),)})
    rules = {one.address.region: one.spec.replica_keys for one in REPLICATION.derive(both)}  # type: ignore[attr-defined]
    london = "arn:aws:kms:eu-west-2:123456789012:alias/aws/s3"
    assert rules == {
        "us-east-1": {"to-us-west-2": KEYS["us-west-2"], "to-eu-west-2": london},
        "us-west-2": {"to-us-east-1": KEYS["us-east-1"], "to-eu-west-2": london},
        "eu-west-2": {"to-us-east-1": KEYS["us-east-1"], "to-us-west-2": KEYS["us-west-2"]},
    }
    none = project(items={"storage": (storage(),)})
    assert [one.spec.replica_keys for one in REPLICATION.derive(none)] == [{}, {}, {}]  # type: ignore[attr-defined]


def test_a_bucket_has_all_keys_of_its_storage_and_its_own_first() -> None:
    """Recordings before reports; a region without Connect stores nothing."""
    items = (storage(WEST, name="scheduled-reports"), storage(EAST, WEST, LONDON))
    other = StorageItem(name="chat-transcripts", bucket="other", overrides=own(EAST))
    data_only = Region("EU-West-2", "eu-west-2", is_primary=False, priority=3, connect=False)
    alias = BucketItem(name="recordings", overrides=own(WEST, **{"us-west-2": ALIAS}))
    of = project(EAST, WEST, data_only, items={"storage": (*items, other), "buckets": (alias,)})
    assert keys_in(alias, of, "us-west-2") == (ALIAS, KEYS["us-west-2"])
    assert keys_in(alias, of, "eu-west-2") == ()
    assert replica_key(alias, of, "us-west-2") == ALIAS
    assert all_keys(of) == {*KEYS.values(), ALIAS}


def test_the_role_of_replication_may_use_the_keys_through_s3_alone() -> None:
    """An alias is known by a condition, since no policy names one as a resource."""
    alias = BucketItem(name="recordings", overrides=own(EAST, WEST, **{"us-west-2": ALIAS}))
    of = project(items={"buckets": (alias,)})
    found = [one for one in replication_policy(bucket_of(of), of)["Statement"] if "kms:Decrypt" in one["Action"]]
    assert [one["Resource"] for one in found] == [[KEYS["us-east-1"]], ["arn:aws:kms:us-west-2:123456789012:key/*"]]
    east, west = (one["Condition"] for one in found)
    place = "arn:aws:s3:::example-recordings-123456789012-us-east-1"
    assert east == {
        "StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [place, f"{place}/*"]},
    }
    assert west["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": "alias/calls"}


def test_a_function_may_use_the_keys_of_the_tables_that_it_reads() -> None:
    """DynamoDB decrypts in the name of its caller."""
    tables = tuple(
        TableItem(name=name, partition_key=KeyAttribute(name="Id"), overrides=own(*regions))
        for name, regions in (("customers", (EAST, WEST, LONDON)), ("plain", ()))
    )
    of = project(items={"tables": tables})
    for reads, resources in (("customers", sorted(KEYS.values())), ("plain", [])):
        policy = function_policy(LambdaItem(name="look", reads=[reads]), of)
        found = [one["Resource"][0] for one in policy["Statement"] if "kms:Decrypt" in one["Action"]]
        assert sorted(found) == resources


OLD = "arn:aws:kms:us-west-2:123456789012:key/old"


def _replication_role(of: Project) -> Desired:
    return next(one for one in ROLE.derive(of) if one.address.name == "replication-recordings")


def _policy(of: Project, before: Project) -> Mapping[str, Any]:
    """The policy of the replication role in a plan whose last deploy was of another config."""
    role = _replication_role(of)
    values = ROLE.lasting(role.values, _replication_role(before).values) if role.lasting else role.values
    return dict(values["policies"])


def _opened(policies: Mapping[str, Any]) -> set[str]:
    """Which keys the role may decrypt with."""
    statements = [one for one in policies["access"]["Statement"] if "kms:Decrypt" in one["Action"]]
    sids = [one["Sid"] for one in policies["access"]["Statement"]]
    assert len(set(sids)) == len(sids)
    return {key for one in statements for key in one["Resource"]}


def _with(key: str | None, **more: Any) -> Project:
    item = BucketItem(name="recordings", overrides={"us-west-2": {"key": key}} if key else {}, **more)
    return project(items={"buckets": (item,), "storage": (storage(),)})


@pytest.mark.parametrize(
    ("now", "opened"),
    [
        ({"key": KEYS["us-west-2"]}, {OLD, KEYS["us-west-2"]}),
        ({"key": None}, {OLD}),
        ({"key": OLD}, {OLD}),
        ({"key": KEYS["us-west-2"], "former_keys": []}, {KEYS["us-west-2"]}),
        ({"key": None, "former_keys": [ALIAS]}, {"arn:aws:kms:us-west-2:123456789012:key/*"}),
        ({"key": KEYS["us-west-2"], "former_keys": [OLD, KEYS["us-west-2"]]}, {OLD, KEYS["us-west-2"]}),
        ({"key": None, "regions": ["us-east-1", "eu-west-2"]}, set()),
    ],
)
def test_a_replication_role_keeps_the_keys_of_before(now: Mapping[str, Any], opened: set[str]) -> None:
    """Objects encrypted with them may be pending. The config can say which, and a bucket that is gone needs none."""
    assert _opened(_policy(_with(**now), _with(OLD))) == opened


def test_keys_of_before_last_over_several_changes() -> None:
    """Each of them, once, and under a Sid of its own, also where aliases differ only in what a Sid leaves out."""
    first, second = (f"arn:aws:kms:us-west-2:123456789012:alias/{name}" for name in ("a-b", "ab"))
    role = _replication_role(_with(first))
    for key in (second, OLD, first, second, OLD):
        role = replace(role, spec=role.spec.model_copy(update={"policies": dict(_lasting(_with(key), role))}))
    named = [
        one["Condition"].get("ForAnyValue:StringEquals") for one in role.values["policies"]["access"]["Statement"][3:]
    ]
    assert sorted(one["kms:ResourceAliases"] for one in named if one) == ["alias/a-b", "alias/ab"]
    assert _opened(role.values["policies"]) == {OLD, "arn:aws:kms:us-west-2:123456789012:key/*"}


def _lasting(of: Project, before: Desired) -> Mapping[str, Any]:
    return dict(ROLE.lasting(_replication_role(of).values, before.values)["policies"])


def test_the_plan_tells_which_keys_stay_and_which_go() -> None:
    """The former with the field that ends it, the latter with what is lost."""
    before, plain = (_replication_role(_with(key)).values["policies"] for key in (OLD, None))
    (kept,) = ROLE.notes("policies", before, _policy(_with(KEYS["us-west-2"]), _with(OLD)))
    (lost,) = ROLE.notes("policies", before, plain)
    assert OLD in kept and "formerKeys" in kept
    assert OLD in lost and "no longer decrypt" in lost


def test_rules_go_on_to_take_encrypted_objects_when_no_key_is_named_any_more() -> None:
    """Until the config drops the former keys."""

    def rules(of: Project, before: Project) -> dict[str, Any]:
        (now,), (then,) = (
            [one for one in REPLICATION.derive(each) if one.address.region == "us-east-1"] for each in (of, before)
        )
        return dict((REPLICATION.lasting(now.values, then.values) if now.lasting else now.values)["replica_keys"])

    aws_key = "arn:aws:kms:eu-west-2:123456789012:alias/aws/s3"
    assert rules(_with(None), _with(OLD)) == {"to-us-west-2": OLD, "to-eu-west-2": aws_key}
    assert rules(_with(KEYS["us-west-2"]), _with(OLD)) == {"to-us-west-2": KEYS["us-west-2"], "to-eu-west-2": aws_key}
    assert rules(_with(None, former_keys=[]), _with(OLD)) == {}
    west = "arn:aws:kms:us-west-2:123456789012:alias/aws/s3"
    assert rules(_with(None, former_keys=[OLD]), _with(OLD)) == {"to-us-west-2": west, "to-eu-west-2": aws_key}


def test_a_former_key_is_of_a_region_of_the_bucket() -> None:
    """Elsewhere it opens nothing."""
    of = _with(None, former_keys=[OLD, "arn:aws:kms:ap-south-1:123456789012:key/far"])
    assert [field for field, wrong, _ in former_elsewhere(bucket_of(of), of) if "ap-south-1" in wrong] == ["formerKeys"]
