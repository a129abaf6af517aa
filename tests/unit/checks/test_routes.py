"""Which pairs there are: as the project's items and their regions say."""

from __future__ import annotations

from sbctl.checks.lag.routes import all_pairs, replicated
from sbctl.core.moving.rules import Rules
from sbctl.core.project import Project, Region
from sbctl.desired.config.sections import BucketItem, KeyAttribute, TableItem

REGIONS = ("us-east-1", "us-west-2", "eu-west-2")
KEY = KeyAttribute(name="Id")


def project(tables: list[TableItem], buckets: list[BucketItem]) -> Project:
    """Three regions, the last of which holds data only."""
    regions = tuple(
        Region(name=code, region=code, is_primary=code == REGIONS[0], priority=place, connect=code != REGIONS[2])
        for place, code in enumerate(REGIONS, start=1)
    )
    items = {"tables": tuple(tables), "buckets": tuple(buckets)}
    return Project("shop", "123456789012", "example.com", "active-passive", regions, Rules(), items=items)


def test_every_ordered_pair_of_every_region() -> None:
    """Regions without Connect hold data like any other."""
    found = all_pairs(project([TableItem(name="calls", partition_key=KEY)], []))
    assert {(pair.source, pair.target) for pair in found} == {(a, b) for a in REGIONS for b in REGIONS if a != b}


def test_only_the_regions_of_an_item() -> None:
    """Data that must stay in some regions has no pair with another; what is in one region replicates nowhere."""
    european = TableItem(name="calls", partition_key=KEY, regions=["us-west-2", "eu-west-2"])
    alone = TableItem(name="local", partition_key=KEY, regions=["us-east-1"])
    found = all_pairs(project([european, alone], []))
    assert {(pair.of.name, pair.source, pair.target) for pair in found} == {
        ("calls", "us-west-2", "eu-west-2"),
        ("calls", "eu-west-2", "us-west-2"),
    }


def test_buckets_by_their_real_names_and_only_those_that_replicate() -> None:
    """Places carry the name that S3 knows."""
    found = replicated(project([], [BucketItem(name="calls"), BucketItem(name="local", replicate=False)]))
    assert [thing.name for thing in found] == ["calls"]
    assert found[0].place("us-west-2").resource == "shop-calls-123456789012-us-west-2"
