"""Changes of record sets: what AWS refuses is refused, in its words and as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.route53.requests import Dns, code_of, record

WWW = "www.example.com"
NO_CHECK = "11111111-2222-3333-4444-555555555555"


def weighted(identifier: str, weight: int = 1, **members: Any) -> dict[str, Any]:
    return record(WWW, SetIdentifier=identifier, Weight=weight, **members)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (record(WWW, ttl=None), "InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL"),
        (record(WWW, Weight=1), "InvalidInput: Invalid request: Missing field 'SetIdentifier'"),
        (record(WWW, SetIdentifier="a"), "but found none in Change with [Action=CREATE, Name=www.example.com."),
        (record(WWW, SetIdentifier="a", Weight=1, Region="us-east-1"), "but found more than one in Change"),
        (weighted("a", 256), "InvalidInput: 1 validation error detected"),
        (record(WWW, SetIdentifier="a", Region="mars-1"), "InvalidInput: 1 validation error detected"),
        (record(WWW, "300.1.1.1"), "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"),
        (record(WWW, "192.0.2.1", type_="AAAA"), "AAAARRDATAIllegalIPv6Address"),
        (record(WWW, "a..b", type_="CNAME"), "DomainLabelEmpty (Domain label is empty) encountered with 'a..b'"),
        (record(WWW, "a.example.org", "b.example.org", type_="CNAME"), "can have one value only"),
        (record(WWW, "mail.example.com", type_="MX"), "MXRRDATANot2Fields"),
        (record(WWW, "70000 mail.example.com", type_="MX"), "UnparseableInteger"),
        (record(WWW, "no quotes", type_="TXT"), "InvalidCharacterString (Value should be enclosed in quotation marks)"),
        (record(WWW, f'"{"x" * 256}"', type_="TXT"), "CharacterStringTooLong"),
        (record(WWW, "1 2 3", type_="SRV"), "SRVRRDATANot4Fields"),
        (record(WWW, "192.0.2.1", "192.0.2.1"), "Duplicate Resource Record: '192.0.2.1'"),
        (record("example.com", "a.example.org", type_="CNAME"), "is not permitted at apex in zone example.com."),
        (record("www.example.org"), "RRSet with DNS name www.example.org. is not permitted in zone example.com."),
        (record("myexample.com"), "RRSet with DNS name myexample.com. is not permitted in zone example.com."),
        (record(f"{'x' * 64}.example.com"), "DomainLabelTooLong"),
        (record(WWW, SetIdentifier="a", Failover="PRIMARY"), "A non-alias primary ResourceRecordSet must have"),
        (record(WWW, "ns.example.org", type_="NS", SetIdentifier="a", Weight=1), "cannot have a routing policy"),
        (
            record(WWW, "a.example.org", type_="CNAME", SetIdentifier="a", MultiValueAnswer=True),
            "cannot be of type CNAME",
        ),
        (record(WWW, HealthCheckId=NO_CHECK), "NoSuchHealthCheck: No health check exists"),
    ],
)
def test_a_record_set_that_aws_refuses(dns: Dns, refused: dict[str, Any], words: str) -> None:
    """A record set with one fault is refused for that fault, and nothing of it is kept."""
    assert words in dns.refusal(("CREATE", refused))
    assert dns.own() == []


@pytest.mark.parametrize(
    "accepted",
    [
        record(WWW, "192.0.2.1", "192.0.2.2"),
        record(WWW, "2001:db8::1", type_="AAAA"),
        record(WWW, "a.example.org", type_="CNAME"),
        record("example.com", "10 mail.example.com", "20 mail.example.org.", type_="MX"),
        record("example.com", "0 .", type_="MX"),
        record(WWW, r'"one" "with \" inside"', type_="TXT"),
        record("_sip._tcp.example.com", "1 10 5060 sip.example.com", type_="SRV"),
        record("example.com", '0 issue "ca.example.org"', type_="CAA"),
        record("child.example.com", "ns1.example.org", "ns2.example.org", type_="NS"),
        record("*.example.com"),
        weighted("a", 0),
        weighted("a", 255),
        record(WWW, SetIdentifier="a", Failover="SECONDARY"),
        record(WWW, SetIdentifier="a", MultiValueAnswer=True),
        record(WWW, SetIdentifier="a", GeoLocation={"CountryCode": "*"}),
    ],
)
def test_a_record_set_that_aws_takes(dns: Dns, accepted: dict[str, Any]) -> None:
    """A right record set of each kind is kept with all its members, and deleted by repeating them."""
    dns.create(accepted)
    kept = next(one for one in dns.records() if one["Type"] == accepted["Type"] and one.get("TTL") == 60)
    name = accepted["Name"].replace("*", "\\052")
    assert kept == {**accepted, "Name": f"{name}."}
    dns.change(("DELETE", accepted))
    assert len(dns.records()) == 2


def test_an_alias_stays_inside_its_zone_and_finds_its_target(dns: Dns) -> None:
    """An alias to a missing name, to a name outside the zone or with a TTL is refused; one to an AWS resource is taken."""
    assert "but that target was not found" in dns.refusal(("CREATE", dns.alias(WWW, "leaf.example.com")))
    outside = dns.refusal(("CREATE", dns.alias(WWW, "leaf.example.org")))
    assert "the alias target name does not lie within the target zone" in outside
    dns.create(record("leaf.example.com"))
    assert "but found more than one" in dns.refusal(("CREATE", dns.alias(WWW, "leaf.example.com", TTL=60)))
    assert "but that target was not found" in dns.refusal(("CREATE", dns.alias(WWW, "leaf.example.com", "AAAA")))
    dns.create(dns.alias(WWW, "leaf.example.com"))
    balancer = {
        "HostedZoneId": "Z35SXDOTRQ7X7K",
        "DNSName": "dualstack.web-1.us-east-1.elb.amazonaws.com",
        "EvaluateTargetHealth": True,
    }
    dns.create({"Name": "lb.example.com", "Type": "A", "AliasTarget": balancer})
    assert dns.own() == ["lb.example.com. ", "leaf.example.com. ", "www.example.com. "]


def test_an_alias_follows_its_target_in_a_batch(dns: Dns) -> None:
    """Changes are done in order: the target first is right, the alias first is not."""
    leaf, alias = record("leaf.example.com"), dns.alias(WWW, "leaf.example.com")
    assert "target was not found" in dns.refusal(("CREATE", alias), ("CREATE", leaf))
    dns.create(leaf, alias)
    assert dns.own() == ["leaf.example.com. ", "www.example.com. "]


def test_a_primary_that_is_an_alias_needs_no_health_check(dns: Dns) -> None:
    """Only a primary with values of its own must have a health check."""
    dns.create(record("leaf.example.com"))
    dns.create(dns.alias(WWW, "leaf.example.com", SetIdentifier="a", Failover="PRIMARY"))
    dns.create(record("api.example.com", SetIdentifier="a", Failover="PRIMARY", HealthCheckId=dns.check()))
    assert len(dns.own()) == 3


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (record(WWW), record(WWW), "Tried to create resource record set [name='www.example.com.', type='A'] but it"),
        (weighted("a"), weighted("a"), "type='A', set-identifier='a'] but it already exists"),
        (record(WWW), weighted("a"), "cannot be created as a non-weighted set exists with the same name and type."),
        (weighted("a"), record(WWW), "cannot be created as other RRSets exist with the same name and type."),
        (
            weighted("a"),
            record(WWW, SetIdentifier="b", Region="eu-west-2"),
            "SetIdentifier b, and Region Name=eu-west-2 cannot be created because a non-latency RRSet with the same",
        ),
        (weighted("a"), weighted("b", ttl=300), "cannot be created as weighted sets must contain the same TTL."),
        (
            record(WWW, SetIdentifier="a", Region="eu-west-2"),
            record(WWW, SetIdentifier="b", Region="eu-west-2"),
            "because a latency RRSet with the same name, type and Region already exists.",
        ),
        (
            record(WWW, SetIdentifier="a", Failover="SECONDARY"),
            record(WWW, SetIdentifier="b", Failover="SECONDARY"),
            "because a failover RRSet with the same name, type and Failover already exists.",
        ),
        (
            record(WWW),
            record(WWW, "a.example.org", type_="CNAME"),
            "RRSet of type CNAME with DNS name www.example.com.",
        ),
        (record(WWW, "a.example.org", type_="CNAME"), record(WWW), "as it conflicts with other records with the same"),
    ],
)
def test_record_sets_that_do_not_go_together(
    dns: Dns, first: dict[str, Any], second: dict[str, Any], words: str
) -> None:
    """The second of two that exclude each other is refused, and the first stays."""
    dns.create(first)
    before = dns.records()
    assert words in dns.refusal(("CREATE", second))
    assert dns.records() == before


def test_two_primaries_are_one_too_many(dns: Dns) -> None:
    """A second PRIMARY under one name is refused, also when it comes in the same batch."""
    check = dns.check()
    pair = [record(WWW, SetIdentifier=one, Failover="PRIMARY", HealthCheckId=check) for one in "ab"]
    assert "because a failover RRSet" in dns.refusal(*(("CREATE", one) for one in pair))
    dns.create(pair[0])
    assert "because a failover RRSet" in dns.refusal(("UPSERT", pair[1]))


def test_a_delete_takes_exactly_one_record_set(dns: Dns) -> None:
    """Deleting api/primary leaves web/primary, api/secondary and the other type of the name alone."""
    check = dns.check()
    for name in ("api.example.com", "web.example.com"):
        dns.create(record(name, SetIdentifier="primary", Failover="PRIMARY", HealthCheckId=check))
        dns.create(record(name, SetIdentifier="secondary", Failover="SECONDARY"))
    dns.create(record("api.example.com", "2001:db8::1", type_="AAAA", SetIdentifier="primary", Weight=1))
    dns.change(("DELETE", record("api.example.com", SetIdentifier="primary", Failover="PRIMARY", HealthCheckId=check)))
    assert dns.own() == [
        "api.example.com. secondary",
        "api.example.com. primary",
        "web.example.com. primary",
        "web.example.com. secondary",
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (record(WWW, ttl=61), "but the values provided do not match the current values"),
        (record(WWW, "192.0.2.9"), "but the values provided do not match the current values"),
        (
            record("api.example.com"),
            "Tried to delete resource record set [name='api.example.com.', type='A'] but it was not",
        ),
        (weighted("a"), "set-identifier='a'] but it was not found"),
    ],
)
def test_a_delete_must_match(dns: Dns, given: dict[str, Any], words: str) -> None:
    """A deletion that does not repeat what is there is refused."""
    dns.create(record(WWW))
    assert words in dns.refusal(("DELETE", given))
    assert len(dns.own()) == 1


def test_values_of_a_delete_have_no_order(dns: Dns) -> None:
    """The values of a deletion may come in another order than they were created in."""
    dns.create(record(WWW, "192.0.2.1", "192.0.2.2"))
    dns.change(("DELETE", record(WWW, "192.0.2.2", "192.0.2.1")))
    assert dns.own() == []


def test_a_batch_is_done_whole_or_not_at_all(dns: Dns) -> None:
    """One fault among good changes leaves the zone as it was, and all faults are told at once."""
    dns.create(record(WWW))
    wrong = [("CREATE", record("a.example.com", "x")), ("DELETE", record("b.example.com"))]
    message = dns.refusal(("UPSERT", record(WWW, "192.0.2.7")), *wrong)
    assert message.startswith("InvalidChangeBatch: [")
    assert "IllegalIPv4Address" in message
    assert "name='b.example.com.'" in message
    assert dns.records()[2]["ResourceRecords"] == [{"Value": "192.0.2.1"}]


def test_the_messages_of_a_refused_batch_are_a_list(dns: Dns) -> None:
    """The modelled member `messages` of InvalidChangeBatch carries each fault by itself."""
    with pytest.raises(ClientError) as refused:
        dns.create(record("a.example.com", "x"), record("b.example.com", "y"))
    assert len(refused.value.response["messages"]) == 2


def test_a_layout_is_changed_in_one_batch(dns: Dns) -> None:
    """Deletions and creations of one batch may replace simple by weighted, and a CNAME by an address."""
    dns.create(record(WWW), record("api.example.com", "a.example.org", type_="CNAME"))
    dns.change(
        ("CREATE", weighted("a")),
        ("DELETE", record(WWW)),
        ("DELETE", record("api.example.com", "a.example.org", type_="CNAME")),
        ("CREATE", record("api.example.com")),
    )
    assert dns.own() == ["api.example.com. ", "www.example.com. a"]


def test_an_upsert_changes_or_creates(dns: Dns) -> None:
    """UPSERT makes what is not there and changes what is, the whole of it."""
    dns.change(("UPSERT", record(WWW)))
    dns.change(("UPSERT", record(WWW, "192.0.2.5", ttl=10)))
    assert dns.records()[2]["ResourceRecords"] == [{"Value": "192.0.2.5"}]
    assert dns.records()[2]["TTL"] == 10


@pytest.mark.parametrize(("type_", "words"), [("NS", "at least one NS record"), ("SOA", "exactly one SOA record")])
def test_the_zones_own_records_stay(dns: Dns, type_: str, words: str) -> None:
    """NS and SOA of the zone itself cannot be deleted."""
    own = next(one for one in dns.records() if one["Type"] == type_)
    assert words in dns.refusal(("DELETE", own))
    assert len(dns.records()) == 2


def test_a_batch_names_a_record_set_once(dns: Dns) -> None:
    """Two changes of one record set are refused, unless they delete it and create it again."""
    assert "invalid set of changes" in dns.refusal(("UPSERT", record(WWW)), ("UPSERT", record(WWW, "192.0.2.2")))
    dns.create(record(WWW))
    dns.change(("DELETE", record(WWW)), ("CREATE", record(WWW, "192.0.2.3")))
    assert dns.records()[2]["ResourceRecords"] == [{"Value": "192.0.2.3"}]


def test_a_batch_has_a_largest_size(dns: Dns) -> None:
    """501 values are one too many to upsert, since an UPSERT counts twice, and may be created."""
    values = [f"192.0.{number // 250}.{number % 250 + 1}" for number in range(501)]
    assert "Number of records limit of 1000 exceeded." in dns.refusal(("UPSERT", record(WWW, *values)))
    dns.create(record(WWW, *values))
    assert len(dns.own()) == 1


def test_names_are_kept_in_one_spelling(dns: Dns) -> None:
    """Capitals, a missing dot and a wildcard come back as Route 53 spells them, and find the record set again."""
    dns.create(record("*.API.Example.COM", "192.0.2.1"))
    assert dns.own() == ["\\052.api.example.com. "]
    dns.change(("DELETE", record("\\052.api.example.com.")))
    assert dns.own() == []


def test_a_zone_that_is_not_there(dns: Dns) -> None:
    """Changing and listing in an unknown zone is NoSuchHostedZone."""
    nowhere = Dns(dns.client, "Z00000000000000000000")
    assert nowhere.refusal(("CREATE", record(WWW))).startswith("NoSuchHostedZone")
    with pytest.raises(ClientError) as refused:
        nowhere.records()
    assert code_of(refused) == ("NoSuchHostedZone", 404)
