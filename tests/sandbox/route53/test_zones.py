"""Hosted zones: what a new one holds, how it is known, and when it may go."""

from __future__ import annotations

import re

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.route53.requests import Dns, code_of, record


def test_a_new_zone_has_its_name_servers_and_its_start_of_authority(dns: Dns) -> None:
    """NS and SOA are there at once and name the four servers that the zone is answered with."""
    answer = dns.client.get_hosted_zone(Id=dns.zone)
    servers = answer["DelegationSet"]["NameServers"]
    assert answer["HostedZone"]["Name"] == "example.com."
    assert answer["HostedZone"]["ResourceRecordSetCount"] == 2
    assert [server.rpartition("awsdns-")[2].partition(".")[2] for server in servers] == ["com", "net", "org", "co.uk"]
    ns, soa = dns.records()
    assert (ns["Type"], ns["TTL"], soa["Type"], soa["TTL"]) == ("NS", 172800, "SOA", 900)
    assert [entry["Value"] for entry in ns["ResourceRecords"]] == [f"{server}." for server in servers]


def test_ids_look_like_those_of_aws(dns: Dns) -> None:
    """A zone's id is answered with its prefix: a Z and twenty capitals and digits."""
    assert re.fullmatch(r"/hostedzone/Z[A-Z0-9]{20}", dns.client.get_hosted_zone(Id=dns.zone)["HostedZone"]["Id"])


def test_a_reference_makes_one_zone(dns: Dns) -> None:
    """A second zone under the same caller reference is refused, under another it is a second zone of that name."""
    with pytest.raises(ClientError) as refused:
        dns.client.create_hosted_zone(Name="other.example.org", CallerReference="tests")
    assert code_of(refused) == ("HostedZoneAlreadyExists", 409)
    dns.client.create_hosted_zone(Name="example.com", CallerReference="another")
    assert dns.client.get_hosted_zone_count()["HostedZoneCount"] == 2


@pytest.mark.parametrize("name", ["com", "a..example.com", "a b.example.com", "x" * 64 + ".example.com"])
def test_a_zone_needs_a_domain(dns: Dns, name: str) -> None:
    """A top-level domain, an empty or too long label and a blank are no names for a zone."""
    with pytest.raises(ClientError) as refused:
        dns.client.create_hosted_zone(Name=name, CallerReference=name)
    assert code_of(refused) == ("InvalidDomainName", 400)


def test_a_zone_with_records_stays(dns: Dns) -> None:
    """A zone is deleted only when nothing but NS and SOA is in it, and then it is gone."""
    dns.create(record("www.example.com"))
    with pytest.raises(ClientError) as refused:
        dns.client.delete_hosted_zone(Id=dns.zone)
    assert code_of(refused) == ("HostedZoneNotEmpty", 400)
    dns.change(("DELETE", record("www.example.com")))
    assert dns.client.delete_hosted_zone(Id=dns.zone)["ChangeInfo"]["Status"] == "PENDING"
    with pytest.raises(ClientError) as gone:
        dns.client.get_hosted_zone(Id=dns.zone)
    assert code_of(gone) == ("NoSuchHostedZone", 404)


def test_a_comment_is_changed_and_taken_away(dns: Dns) -> None:
    """A comment is replaced, and an update without one removes it."""
    told = dns.client.update_hosted_zone_comment(Id=dns.zone, Comment="for the tests")
    assert told["HostedZone"]["Config"]["Comment"] == "for the tests"
    assert "Comment" not in dns.client.update_hosted_zone_comment(Id=dns.zone)["HostedZone"]["Config"]


def test_zones_by_name_begin_at_a_name(dns: Dns) -> None:
    """DNSName is where the list begins, in the order of reversed labels, and not what it is filtered by."""
    for name in ("b.org", "a.example.com", "example.net"):
        dns.client.create_hosted_zone(Name=name, CallerReference=name)
    every = dns.client.list_hosted_zones_by_name()["HostedZones"]
    assert [zone["Name"] for zone in every] == ["example.com.", "a.example.com.", "example.net.", "b.org."]
    first = dns.client.list_hosted_zones_by_name(DNSName="b.example.com", MaxItems="1")
    assert [zone["Name"] for zone in first["HostedZones"]] == ["example.net."]
    assert (first["IsTruncated"], first["NextDNSName"]) == (True, "b.org.")


def test_zones_come_in_pages(dns: Dns) -> None:
    """The marker of a page leads to the next one, until all zones were seen once."""
    for number in range(4):
        dns.client.create_hosted_zone(Name=f"{number}.example.org", CallerReference=str(number))
    pages = dns.client.get_paginator("list_hosted_zones").paginate(PaginationConfig={"PageSize": 2})
    found = [[zone["Name"] for zone in page["HostedZones"]] for page in pages]
    assert [len(page) for page in found] == [2, 2, 1]
    assert len({name for page in found for name in page}) == 5


def test_a_page_size_is_a_number(dns: Dns) -> None:
    """MaxItems that is no number is refused."""
    with pytest.raises(ClientError) as refused:
        dns.client.list_hosted_zones(MaxItems="many")
    assert code_of(refused) == ("InvalidInput", 400)


def test_a_private_zone_needs_a_network(dns: Dns) -> None:
    """A private zone is made with a VPC, answered with it, and refused without."""
    config = {"PrivateZone": True}
    with pytest.raises(ClientError) as refused:
        dns.client.create_hosted_zone(Name="inside.example.com", CallerReference="p", HostedZoneConfig=config)
    assert code_of(refused) == ("InvalidInput", 400)
    vpc = {"VPCRegion": "us-east-1", "VPCId": "vpc-0123456789abcdef0"}
    made = dns.client.create_hosted_zone(
        Name="inside.example.com", CallerReference="p", HostedZoneConfig=config, VPC=vpc
    )
    answer = dns.client.get_hosted_zone(Id=made["HostedZone"]["Id"])
    assert (answer["VPCs"], answer["HostedZone"]["Config"]["PrivateZone"]) == ([vpc], True)


def test_all_regions_see_the_same_zones(dns: Dns, sandbox: Sandbox) -> None:
    """Route 53 is one service: what was made by a client of one region is there for one of another."""
    zones = sandbox.client("route53", "ap-southeast-2").list_hosted_zones()["HostedZones"]
    assert [zone["Id"] for zone in zones] == [f"/hostedzone/{dns.zone}"]


def test_limits_tell_what_is_used(dns: Dns) -> None:
    """The account's and the zone's limits come with how much of them is used."""
    answer = dns.client.get_account_limit(Type="MAX_HOSTED_ZONES_BY_OWNER")
    assert (answer["Limit"]["Value"], answer["Count"]) == (500, 1)
    answer = dns.client.get_hosted_zone_limit(HostedZoneId=dns.zone, Type="MAX_RRSETS_BY_ZONE")
    assert (answer["Limit"]["Value"], answer["Count"]) == (10_000, 2)
