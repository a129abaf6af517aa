"""One Route 53 of a fresh account, asked over the wire with boto3, and its world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sbctl.sandbox.server import Running, serve
from sbctl.sandbox.world import World, WorldSettings

Change = Callable[..., Any]


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A world without rate limits."""
    with serve(World(WorldSettings(limits=False))) as running:
        yield running


@pytest.fixture
def dns(served: Running) -> Any:
    """A client of an empty account; signed for a region that is not Route 53's home."""
    served.reset()
    return boto3.client(
        "route53",
        region_name="eu-west-2",
        endpoint_url=served.endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def zone(dns: Any) -> str:
    """The id of the zone example.com."""
    made: str = dns.create_hosted_zone(Name="example.com", CallerReference="one")["HostedZone"]["Id"]
    return made


@pytest.fixture
def change(dns: Any, zone: str) -> Change:
    """Change record sets: change(("CREATE", record), ...)."""

    def make(*changes: tuple[str, dict[str, Any]]) -> Any:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
        return dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)

    return make


@pytest.fixture
def check(dns: Any) -> str:
    """The id of a health check."""
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": "a.example.com", "ResourcePath": "/health"}
    made: str = dns.create_health_check(CallerReference="c", HealthCheckConfig=config)["HealthCheck"]["Id"]
    return made
