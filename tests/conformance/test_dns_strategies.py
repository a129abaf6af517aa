"""A change of strategy gives a name another routing policy, which Route 53 takes only in one batch with the old one's end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from sbctl.aws.client import ClientSettings
from sbctl.aws.layers.stack import open_door
from sbctl.clocks import RealClock, SandboxClock, read_world_time, wait_world_time
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.clock import FakeClock
from sbctl.core.events import silent
from sbctl.resources.dns.record_sets import RecordSpec
from sbctl.resources.route53_record import RESOURCE
from tests.worlds import empty_world, still

REGION = "us-east-1"
NAME = "connect.example.com"
REGIONS = ("us-east-1", "us-west-2", "eu-west-2")


@pytest.fixture
def aws() -> Iterator[AwsCalls]:
    """The product's door to a world with the zone example.com, whose clock is moved by whoever waits."""
    with empty_world(still(zone="example.com")) as running:
        settings = ClientSettings(endpoint_url=running.endpoint, placeholder_credentials=True, rate_limits=False)
        at = running.endpoint, running.world.token
        waiting = SandboxClock(RealClock(), partial(read_world_time, *at), partial(wait_world_time, *at))
        yield open_door(settings, FakeClock(), silent, waiting).calls


def zone_of(aws: AwsCalls) -> str:
    (zone,) = aws.call("route53", "ListHostedZones", REGION)["HostedZones"]
    return str(zone["Id"]).rpartition("/")[2]


def leaf(zone: str, region: str) -> RecordSpec:
    name = f"connect-{region}.example.com"
    values = (f"{region}.my.connect.aws",)
    return RecordSpec(zone=zone, name=name, type="CNAME", set_identifier=region, weight=1, ttl=60, values=values)


def alias(zone: str, region: str, **policy: object) -> RecordSpec:
    target = f"connect-{region}.example.com"
    members = {"zone": zone, "name": NAME, "type": "CNAME", "alias": target, "evaluate_target_health": True}
    return RecordSpec.model_validate({**members, **policy})


def test_records_of_another_policy_are_exchanged_whoever_comes_first(aws: AwsCalls) -> None:
    """Three records of the new policy, made at once, find the old ones in the way; all three end up in the zone."""
    zone = zone_of(aws)
    for region in REGIONS:
        RESOURCE.create(aws, REGION, leaf(zone, region), "")
    for role, region in (("primary", REGIONS[0]), ("secondary", REGIONS[1])):
        spec = alias(zone, region, set_identifier=role, failover=role.upper())
        RESOURCE.create(aws, REGION, spec, "")
    wanted = [alias(zone, region, set_identifier=region, weight=100) for region in REGIONS]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda spec: RESOURCE.create(aws, REGION, spec, ""), wanted))
    found = [live.spec for live in RESOURCE.list(aws, REGION, zone) if live.spec.name == NAME]
    assert sorted((spec.set_identifier, spec.weight) for spec in found) == sorted((region, 100) for region in REGIONS)
