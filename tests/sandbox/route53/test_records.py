"""Batches of record sets: what is refused and how, that a batch is all or nothing, and the order of lists."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.server import Running

from .conftest import Change
from .records import alias, record

REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "outside the zone": (record("a.example.org"), "InvalidChangeBatch", "not permitted in zone example.com."),
    "bad address": (record("a.example.com", "A", "1.2.3"), "InvalidChangeBatch", "valid IPv4"),
    "bad IPv6": (record("a.example.com", "AAAA", "1.2.3.4"), "InvalidChangeBatch", "valid IPv6"),
    "text without quotes": (record("a.example.com", "TXT", "hello"), "InvalidChangeBatch", "quotation marks"),
    "CNAME at the apex": (record("example.com", "CNAME", "b.example.com"), "InvalidChangeBatch", "at apex"),
    "identifier without policy": (record(SetIdentifier="x"), "InvalidInput", "found none"),
    "policy without identifier": (record(Weight=1), "InvalidInput", "SetIdentifier"),
    "two policies": (record(SetIdentifier="x", Weight=1, Region="us-east-1"), "InvalidInput", "more than one"),
    "weight": (record(SetIdentifier="x", Weight=300), "InvalidInput", "300"),
    "primary without health": (record(SetIdentifier="x", Failover="PRIMARY"), "InvalidChangeBatch", "health check"),
    "unknown health check": (
        record(SetIdentifier="x", Weight=1, HealthCheckId="00000000-0000-0000-0000-000000000000"),
        "NoSuchHealthCheck",
        "does not exist",
    ),
    "no TTL": (
        {"Name": "a.example.com", "Type": "A", "ResourceRecords": [{"Value": "192.0.2.1"}]},
        "InvalidInput",
        "none",
    ),
    "no values": ({"Name": "a.example.com", "Type": "A", "TTL": 60}, "InvalidInput", "found none"),
}


@pytest.mark.parametrize(("wanted", "code", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(change: Change, dns: Any, zone: str, wanted: dict[str, Any], code: str, text: str) -> None:
    """A record set that AWS would refuse is refused with AWS's code, and leaves nothing behind."""
    with pytest.raises(ClientError, match=text) as caught:
        change(("CREATE", wanted))
    assert caught.value.response["Error"]["Code"] == code
    assert len(dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]) == 2


def test_alias_rules(change: Change, zone: str) -> None:
    """An alias has no TTL, and targets a name and type that the zone has."""
    with pytest.raises(ClientError, match="more than one"):
        change(("CREATE", {**alias("b.example.com", "a.example.com", zone), "TTL": 60}))
    with pytest.raises(ClientError, match="that target was not found"):
        change(("CREATE", alias("b.example.com", "a.example.com", zone)))
    change(("CREATE", record()), ("CREATE", alias("b.example.com", "a.example.com", zone)))
    with pytest.raises(ClientError, match="that target was not found"):
        change(("CREATE", alias("c.example.com", "a.example.com", zone, "AAAA")))


def test_what_shares_a_name(change: Change, check: str) -> None:
    """Under one name and type there is one routing policy, one primary, one TTL of weights, one record a region."""
    change(("CREATE", record(SetIdentifier="one", Failover="PRIMARY", HealthCheckId=check)))
    with pytest.raises(ClientError, match="Failover PRIMARY"):
        change(("CREATE", record(SetIdentifier="two", Failover="PRIMARY", HealthCheckId=check)))
    with pytest.raises(ClientError, match="another routing policy"):
        change(("CREATE", record(SetIdentifier="two", Weight=1)))
    with pytest.raises(ClientError, match="conflicts with other records"):
        change(("CREATE", record("a.example.com", "CNAME", "b.example.com")))
    change(("CREATE", record("w.example.com", SetIdentifier="one", Weight=1)))
    with pytest.raises(ClientError, match="same TTL"):
        change(("CREATE", record("w.example.com", ttl=30, SetIdentifier="two", Weight=1)))


def test_a_batch_is_all_or_nothing_and_tells_everything(change: Change, dns: Any, zone: str) -> None:
    """One bad change undoes the batch, and all that is wrong comes at once, as a list of messages."""
    change(("CREATE", record()))
    with pytest.raises(ClientError) as caught:
        change(("CREATE", record("new.example.com")), ("CREATE", record()), ("DELETE", record("absent.example.com")))
    assert [part in str(caught.value) for part in ("already exists", "was not found")] == [True, True]
    assert len(caught.value.response["messages"]) == 2
    names = [row["Name"] for row in dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]]
    assert names == ["example.com.", "example.com.", "a.example.com."]


def test_a_deletion_repeats_the_record_exactly_and_takes_only_it(change: Change, dns: Any, zone: str) -> None:
    """Another TTL, value or identifier is refused; others with the same identifier stay."""
    api, web = (record(f"{name}.example.com", SetIdentifier="one", Weight=1) for name in ("api", "web"))
    change(("CREATE", api), ("CREATE", web))
    with pytest.raises(ClientError, match="do not match"):
        change(("DELETE", {**api, "TTL": 61}))
    change(("DELETE", api))
    names = [row["Name"] for row in dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]]
    assert names == ["example.com.", "example.com.", "web.example.com."]


def test_a_policy_is_exchanged_in_one_batch(change: Change) -> None:
    """Deleting the old record and creating one of another policy is one batch; an UPSERT between them is refused."""
    simple, weighted = record(), record(SetIdentifier="one", Weight=1)
    change(("CREATE", simple))
    with pytest.raises(ClientError, match="another routing policy"):
        change(("UPSERT", weighted))
    change(("DELETE", simple), ("CREATE", weighted))


def test_what_a_zone_needs_stays(change: Change, dns: Any, zone: str) -> None:
    """NS and SOA of the zone itself cannot be deleted; a zone with other records cannot be deleted."""
    rows = dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    with pytest.raises(ClientError, match=r"NS record(.|\n)*|SOA"):
        change(*(("DELETE", row) for row in rows))
    change(("CREATE", record()))
    with pytest.raises(ClientError, match="HostedZoneNotEmpty"):
        dns.delete_hosted_zone(Id=zone)
    change(("DELETE", record()))
    dns.delete_hosted_zone(Id=zone)
    with pytest.raises(ClientError, match="NoSuchHostedZone"):
        dns.get_hosted_zone(Id=zone)


def test_lists_are_sorted_by_reversed_labels_and_paged(change: Change, dns: Any, zone: str) -> None:
    """Pages go by reversed labels, and a page begins where the one before says."""
    for name in ("b.a.example.com", "a.example.com", "c.example.com", "*.example.com"):
        change(("CREATE", record(name)))
    change(*(("CREATE", record("b.example.com", SetIdentifier=one, Weight=1)) for one in ("y", "x")))
    pages = dns.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone, PaginationConfig={"PageSize": 2})
    found = [(row["Name"], row.get("SetIdentifier", "")) for page in pages for row in page["ResourceRecordSets"]]
    assert found == [
        ("example.com.", ""),
        ("example.com.", ""),
        ("\\052.example.com.", ""),
        ("a.example.com.", ""),
        ("b.a.example.com.", ""),
        ("b.example.com.", "x"),
        ("b.example.com.", "y"),
        ("c.example.com.", ""),
    ]


def test_a_change_is_pending_before_it_is_in_sync(change: Change, dns: Any, served: Running) -> None:
    """A change is PENDING, then INSYNC; an id that was never given is not known."""
    made = change(("CREATE", record()))["ChangeInfo"]
    assert dns.get_change(Id=made["Id"])["ChangeInfo"]["Status"] == "PENDING"
    served.world.clock.advance(31)
    assert dns.get_change(Id=made["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    with pytest.raises(ClientError, match="NoSuchChange"):
        dns.get_change(Id="C0000000000000000000A")


def test_zones(dns: Any, zone: str) -> None:
    """Zones have Route 53's ids, refuse a used reference, and are listed by name from a name on."""
    assert zone.startswith("/hostedzone/Z")
    with pytest.raises(ClientError, match="HostedZoneAlreadyExists"):
        dns.create_hosted_zone(Name="example.org", CallerReference="one")
    with pytest.raises(ClientError, match="InvalidDomainName"):
        dns.create_hosted_zone(Name=f"{'a' * 64}.com", CallerReference="two")
    dns.create_hosted_zone(Name="example.net", CallerReference="three")
    dns.create_hosted_zone(Name="a.example.com", CallerReference="four")
    found = dns.list_hosted_zones_by_name(DNSName="example.com", MaxItems="2")
    assert [row["Name"] for row in found["HostedZones"]] == ["example.com.", "a.example.com."]
    assert found["NextDNSName"] == "example.net."
    assert dns.get_hosted_zone_count()["HostedZoneCount"] == 3
