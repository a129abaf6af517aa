"""`sbctl adopt --domain`: DNS that is what sbctl would make is taken over as a whole; it is in a world without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.report import Report
from tests.sandbox.foreign_centre import ALIAS
from tests.sweeps.operations import adopt_instance
from tests.sweeps.place import Maker, Place, PlacedApp

DOMAIN = "acme.example"
LEAF = f"connect-us-east-1.{DOMAIN}"
ADDRESS = "route53_health_check.global.us-east-1"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """An instance, and nothing else, in an empty folder."""
    with chdir(tmp_path):
        found = Place.made(Path("config"))
        found.empty()
        Maker(found, "connect").create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias=ALIAS,
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )
        found.world.scheduler.advance(120)
        yield found
        found.empty()


def make_dns(place: Place, path: str = "/health") -> None:
    """What sbctl makes for one region, in the spelling that boto3 sends: zone, tagged health check, leaf and alias."""
    dns = Maker(place, "route53")
    zone = dns.create_hosted_zone(Name=DOMAIN, CallerReference="acme")["HostedZone"]["Id"].rpartition("/")[2]
    settings = {"FullyQualifiedDomainName": LEAF, "Type": "HTTPS", "Port": 443, "ResourcePath": path}
    settings |= {"RequestInterval": 30, "FailureThreshold": 3, "EnableSNI": True}
    check = dns.create_health_check(CallerReference="acme", HealthCheckConfig=settings)["HealthCheck"]["Id"]
    tags = {"sbctl:project": ALIAS, "sbctl:address": ADDRESS, "Name": "US-East-1 health"}
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    dns.change_tags_for_resource(ResourceType="healthcheck", ResourceId=check, AddTags=pairs)
    leaf: dict[str, Any] = {"Name": LEAF, "Type": "CNAME", "SetIdentifier": "us-east-1", "Weight": 1, "TTL": 60}
    leaf |= {"ResourceRecords": [{"Value": f"{ALIAS}.my.connect.aws"}], "HealthCheckId": check}
    target = {"HostedZoneId": zone, "DNSName": LEAF, "EvaluateTargetHealth": True}
    alias = {"Name": f"connect.{DOMAIN}", "Type": "CNAME", "AliasTarget": target}
    for record in (leaf, alias):
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    place.world.scheduler.advance(120)


def adopted(place: Place) -> tuple[Report, Any]:
    """The report of an adopt with this domain, and the config that it wrote."""
    report = adopt_instance(PlacedApp(place), domain=DOMAIN)
    return report, json.loads((place.config / "regions.json").read_text())


def test_dns_as_sbctl_makes_it_is_taken_over(place: Place) -> None:
    """The config says `dns: true`, zone, check and records are recorded, and the plan is empty."""
    make_dns(place)
    report, config = adopted(place)
    assert report.problems == ()
    assert (config["dns"], config["domain"]) == (True, DOMAIN)
    recorded = {name: record.origin for name, record in PlacedApp(place).store.load().records.items()}
    # the tags of the check say that sbctl made it
    assert {name: origin for name, origin in recorded.items() if name.startswith("route53")} == {
        ADDRESS: "created",
        f"route53_zone.global.{DOMAIN}": "adopted",
        f"route53_record.global.{LEAF}.us-east-1": "adopted",
        f"route53_record.global.connect.{DOMAIN}.only": "adopted",
    }
    assert report.data["left_out"] == []


def test_a_single_difference_leaves_all_of_it(place: Place) -> None:
    """A health check of another path would be changed by a deploy, so that DNS stays false, and why is told."""
    make_dns(place, path="/other")
    report, config = adopted(place)
    assert report.problems == ()
    assert config["dns"] is False
    [zone] = [row["why"] for row in report.data["left_out"] if row["name"] == DOMAIN]
    assert "path" in zone


def test_a_domain_without_a_zone_is_told(place: Place) -> None:
    """Nothing else is to be said of it."""
    report, config = adopted(place)
    assert config["dns"] is False
    assert [row["name"] for row in report.data["left_out"]] == [DOMAIN]
