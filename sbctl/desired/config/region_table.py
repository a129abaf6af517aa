"""Which AWS regions exist, which offer Amazon Connect, and which pairs offer Connect Global Resiliency.

As of 2026-10. AWS adds regions: `connectRegions` in regions.json names the ones that this table does not know yet.
botocore's own list is no substitute: it omits GovCloud and says nothing about Global Resiliency.
https://docs.aws.amazon.com/connect/latest/adminguide/regions.html
https://docs.aws.amazon.com/connect/latest/adminguide/setup-connect-global-resiliency.html
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import SequenceMatcher

_EXISTING = """
    af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
    ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
    eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1
    me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2
    us-gov-east-1 us-gov-west-1
"""
REGIONS = frozenset(_EXISTING.split())

_WITH_CONNECT = """
    af-south-1 ap-northeast-1 ap-northeast-2 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-2
    us-east-1 us-west-2 us-gov-west-1
"""
CONNECT = frozenset(_WITH_CONNECT.split())

CONNECT_REPLICA_ONLY = frozenset({"ap-northeast-3"})
"""Regions that hold Global Resiliency replicas but no instance of their own."""

GLOBAL_RESILIENCY = frozenset(
    {
        ("us-east-1", "us-west-2"),
        ("us-west-2", "us-east-1"),
        ("eu-central-1", "eu-west-2"),
        ("eu-west-2", "eu-central-1"),
        ("ap-northeast-1", "ap-northeast-3"),
    }
)
"""(region of the source instance, region of its replica)."""


def exists(region: str, extra: Collection[str] = ()) -> bool:
    """Whether AWS has the region; `extra` are the codes that the config adds."""
    return region in REGIONS or region in extra


def offers_connect(region: str, extra: Collection[str] = ()) -> bool:
    """Whether an instance can be created there."""
    return region in CONNECT or region in extra


def offers_global_resiliency(source: str, replica: str) -> bool:
    """Whether an instance in `source` can have a replica in `replica`."""
    return (source, replica) in GLOBAL_RESILIENCY


def nearest_with_connect(region: str) -> str:
    """The region with Connect whose code is most alike, which is one on the same continent where there is one."""

    def likeness(candidate: str) -> tuple[bool, float, str]:
        same = candidate.split("-")[0] == region.split("-")[0]
        return same, SequenceMatcher(None, candidate, region).ratio(), candidate

    return max(CONNECT, key=likeness)
