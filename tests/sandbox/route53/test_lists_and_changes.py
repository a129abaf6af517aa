"""The order and pages of record sets, and how a change reaches the name servers."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.route53.requests import Dns, code_of, record

NAMES = ("b.example.com", "a.b.example.com", "a.example.com", "a-b.example.com", "*.example.com")


def test_record_sets_are_sorted_by_reversed_labels(dns: Dns) -> None:
    """Names come by their labels from the end, then by type, then by set identifier."""
    dns.create(*(record(name) for name in NAMES))
    dns.create(record("a.example.com", '"text"', type_="TXT"))
    dns.create(*(record("c.example.com", SetIdentifier=one, Weight=1) for one in ("z", "y")))
    dns.create(record("example.com"))
    assert [one["Type"] for one in dns.records()[:3]] == ["A", "NS", "SOA"]
    assert dns.own()[1:] == [
        "\\052.example.com. ",
        "a-b.example.com. ",
        "a.example.com. ",
        "a.example.com. ",
        "b.example.com. ",
        "a.b.example.com. ",
        "c.example.com. y",
        "c.example.com. z",
    ]


def test_a_list_begins_where_it_is_told(dns: Dns) -> None:
    """A start name, with a type and an identifier, is the first that is listed, or the next after where it would be."""
    dns.create(*(record("c.example.com", SetIdentifier=one, Weight=1) for one in ("y", "z")))
    dns.create(record("d.example.com"))
    found = dns.records(StartRecordName="C.example.com", StartRecordType="A", StartRecordIdentifier="z")
    assert [one.get("SetIdentifier") for one in found] == ["z", None]
    assert [one["Name"] for one in dns.records(StartRecordName="cc.example.com")] == ["d.example.com."]


def test_record_sets_come_in_pages(dns: Dns) -> None:
    """Each page tells the name, type and identifier that the next one begins with, and none is lost between them."""
    dns.create(*(record("c.example.com", SetIdentifier=str(one), Weight=1) for one in range(5)))
    first = dns.client.list_resource_record_sets(HostedZoneId=dns.zone, MaxItems="4")
    told = (first["NextRecordName"], first["NextRecordType"], first["NextRecordIdentifier"])
    assert (first["IsTruncated"], *told) == (True, "c.example.com.", "A", "2")
    pages = dns.client.get_paginator("list_resource_record_sets").paginate(
        HostedZoneId=dns.zone, PaginationConfig={"PageSize": 2}
    )
    assert [one for page in pages for one in page["ResourceRecordSets"]] == dns.records()


def test_a_start_type_needs_a_name(dns: Dns) -> None:
    """A type to begin at means nothing without a name."""
    with pytest.raises(ClientError) as refused:
        dns.records(StartRecordType="A")
    assert code_of(refused) == ("InvalidInput", 400)


def test_a_change_is_pending_before_it_is_in_sync(dns: Dns, sandbox: Sandbox) -> None:
    """Each change has an id of its own, and is INSYNC only after some time of the world's clock."""
    one, other = (dns.change(("UPSERT", record(f"{name}.example.com"))) for name in "ab")
    assert one["Id"] != other["Id"]
    assert one["Status"] == "PENDING"
    assert dns.client.get_change(Id=one["Id"])["ChangeInfo"]["Status"] == "PENDING"
    sandbox.world.clock.advance(31)
    assert dns.client.get_change(Id=one["Id"])["ChangeInfo"]["Status"] == "INSYNC"


def test_a_change_that_never_was(dns: Dns) -> None:
    """An unknown change is NoSuchChange, also the one id that moto answers for all."""
    with pytest.raises(ClientError) as refused:
        dns.client.get_change(Id="C2682N5HXP0BZ4")
    assert code_of(refused) == ("NoSuchChange", 404)


def test_a_refused_batch_is_no_change(dns: Dns, sandbox: Sandbox) -> None:
    """After a refusal the zone can be changed as if nothing had been asked."""
    dns.refusal(("CREATE", record("www.example.com", "wrong")))
    dns.create(record("www.example.com"))
    sandbox.world.clock.advance(31)
    assert len(dns.own()) == 1
