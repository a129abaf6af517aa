"""Health checks of endpoints that really answer, and what DNS makes of them, on the world's clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from dnslib import DNSRecord

from sbctl.sandbox.dns.checkers import Watched
from sbctl.sandbox.faults.fault import Fault
from sbctl.sandbox.http.server import Running
from sbctl.sandbox.summary import summary
from tests.waits import PATIENCE_SECONDS
from tests.worlds import empty_world, still

EAST, WEST = "us-east-1", "us-west-2"
STOP_SECONDS = 0.02
"""How often the site looks whether it is to end."""


class Site(BaseHTTPRequestHandler):
    """A site that answers with the status it is told."""

    def do_GET(self) -> None:
        self.server.seen.append(self.headers["User-Agent"])  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(b"all is well")

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A world with the zone example.com and a name server, whose clock moves by hand."""
    with empty_world(still(zone="example.com"), dns_port=0) as running:
        yield running


@pytest.fixture
def dns(served: Running) -> Any:
    """A Route 53 client of a fresh account."""
    served.reset()
    return boto3.client(
        "route53",
        region_name=EAST,
        endpoint_url=served.endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def site() -> Iterator[Any]:
    """A real HTTP server on loopback."""
    server: Any = HTTPServer(("127.0.0.1", 0), Site)
    server.status, server.seen = 200, []
    threading.Thread(target=server.serve_forever, args=(STOP_SECONDS,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def publish(dns: Any, *records: dict[str, Any]) -> None:
    zone = dns.list_hosted_zones()["HostedZones"][0]["Id"]
    changes = [{"Action": "CREATE", "ResourceRecordSet": record} for record in records]
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def check(dns: Any, host: str, **config: Any) -> str:
    """A health check of a host over HTTP, every 10 s, turning after three."""
    asked = {"Type": "HTTP", "FullyQualifiedDomainName": host, "RequestInterval": 10, "FailureThreshold": 3, **config}
    made: str = dns.create_health_check(CallerReference=uuid4().hex, HealthCheckConfig=asked)["HealthCheck"]["Id"]
    return made


def value(served: Running, name: str) -> str:
    """What the name server answers."""
    reply = DNSRecord.parse(DNSRecord.question(name, "A").send("127.0.0.1", served.dns_port, timeout=PATIENCE_SECONDS))
    return str(reply.rr[0].rdata)


def address(name: str, value: str, **members: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "A", "TTL": 10, "ResourceRecords": [{"Value": value}], **members}


def test_dns_follows_an_endpoint_that_fails_and_returns(dns: Any, served: Running, site: Any) -> None:
    """The secondary answers after interval times threshold, and the primary again when it has been healthy as long."""
    publish(dns, address("site.example.com", "127.0.0.1"))
    named = check(dns, "site.example.com", Port=site.server_address[1])
    publish(
        dns,
        address("app.example.com", "192.0.2.1", SetIdentifier="p", Failover="PRIMARY", HealthCheckId=named),
        address("app.example.com", "192.0.2.2", SetIdentifier="s", Failover="SECONDARY"),
    )
    served.world.scheduler.advance(40)
    assert value(served, "app.example.com") == "192.0.2.1"
    assert "Route53" in site.seen[0]
    site.status = 503
    served.world.scheduler.advance(15)
    assert value(served, "app.example.com") == "192.0.2.1"
    served.world.scheduler.advance(25)
    assert value(served, "app.example.com") == "192.0.2.2"
    status = dns.get_health_check_status(HealthCheckId=named)["HealthCheckObservations"][0]["StatusReport"]["Status"]
    assert "503" in status
    site.status = 302
    served.world.scheduler.advance(40)
    assert value(served, "app.example.com") == "192.0.2.1"


@pytest.mark.parametrize(
    ("config", "healthy"),
    [
        ({"Type": "HTTP_STR_MATCH", "SearchString": "is well"}, True),
        ({"Type": "HTTP_STR_MATCH", "SearchString": "is not well"}, False),
        ({"Type": "TCP"}, True),
        ({"Type": "TCP", "Port": 1}, False),
        ({"Type": "HTTP", "Port": 1}, False),
        ({"Type": "HTTP", "Inverted": True}, False),
        ({"Type": "HTTP", "Port": 1, "Inverted": True}, True),
    ],
)
def test_kinds_of_checks(dns: Any, served: Running, site: Any, config: dict[str, Any], healthy: bool) -> None:
    """A status, a text in the body, a connection: each kind judges by what it is for."""
    publish(dns, address("site.example.com", "127.0.0.1"))
    named = check(dns, "site.example.com", **{"Port": site.server_address[1], **config})
    served.world.scheduler.advance(60)
    assert served.world.route53.is_healthy(named) is healthy


def test_checkers_go_nowhere_else(dns: Any, served: Running) -> None:
    """A host that neither the sandbox nor this machine has is unhealthy, and says why."""
    named = check(dns, "www.example.org")
    served.world.scheduler.advance(60)
    assert not served.world.route53.is_healthy(named)
    status = dns.get_health_check_status(HealthCheckId=named)["HealthCheckObservations"][0]["StatusReport"]["Status"]
    assert "DNS resolution failed" in status


def test_an_instance_is_down_with_its_region(dns: Any, served: Running) -> None:
    """A Connect instance's host is healthy while its region is up."""
    connect = boto3.client(
        "connect",
        region_name=WEST,
        endpoint_url=served.endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )
    connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="centre",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    named = check(dns, "centre.my.connect.aws", Type="HTTPS")
    served.world.scheduler.advance(60)
    assert served.world.route53.is_healthy(named)
    served.world.faults.add(Fault("", "down", WEST))
    served.world.scheduler.advance(60)
    assert not served.world.route53.is_healthy(named)
    served.world.faults.heal()
    served.world.scheduler.advance(60)
    assert served.world.route53.is_healthy(named)


def test_health_turns_after_the_threshold_in_both_directions() -> None:
    """Three results in a row turn a check over, and fewer do not."""
    watched, seen = Watched(due=0), []
    for passed in (False, False, True, False, False, False, True, True, True):
        watched.take(passed, 3)
        seen.append(watched.healthy)
    assert seen == [True, True, True, True, True, False, False, False, True]


def test_the_world_at_a_glance(dns: Any, served: Running, site: Any) -> None:
    """The control API tells each check with its name and health, each routed name with its answer, and the lost regions."""
    publish(dns, address("site.example.com", "127.0.0.1"))
    named = check(dns, "site.example.com", Port=site.server_address[1])
    dns.change_tags_for_resource(
        ResourceType="healthcheck", ResourceId=named, AddTags=[{"Key": "Name", "Value": "the site"}]
    )
    publish(
        dns,
        address("app.example.com", "192.0.2.1", SetIdentifier="p", Failover="PRIMARY", HealthCheckId=named),
        address("app.example.com", "192.0.2.2", SetIdentifier="s", Failover="SECONDARY"),
    )
    served.world.faults.add(Fault("", "down", WEST))
    site.status = 500
    served.world.scheduler.advance(60)
    seen = summary(served.world)
    assert [(row["name"], row["healthy"]) for row in seen["health_checks"]] == [("the site", False)]
    assert [(row["name"], row["values"]) for row in seen["dns_answers"]] == [("app.example.com.", ["192.0.2.2"])]
    assert seen["regions_down"] == [WEST]
    assert set(seen["replication"]) == {"dynamodb", "s3"}
