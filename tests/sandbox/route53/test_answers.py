"""What is answered: each routing policy, health, aliases in a chain, and when everything is down."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from sbctl.sandbox.route53.answers import Asker, answer
from sbctl.sandbox.route53.store import Zone

from .conftest import Change
from .records import alias, record

ZONE = "Z00000000000000000000"


def zone(*records: dict[str, Any]) -> Zone:
    """A zone with these record sets."""
    made = Zone(ZONE, "example.com.", "", {}, ())
    for one in records:
        kept = {**one, "Name": one["Name"] + "."}
        made.records[(kept["Name"], kept["Type"], kept.get("SetIdentifier", ""))] = kept
    return made


def values(of: Zone, name: str, down: set[str], kind: str = "A", **asker: Any) -> list[str] | None:
    """The values that are answered while some checks are down."""
    found = answer(of, name, kind, lambda check: check not in down, Asker(**asker))
    return None if found is None else [value for one in found for value in one.values]


def leaf(number: int) -> dict[str, Any]:
    name = f"r{number}.example.com"
    return record(name, "A", f"192.0.2.{number}", SetIdentifier="x", Weight=1, HealthCheckId=f"h{number}")


def chain() -> Zone:
    """Three regions by priority, as pairs of aliases."""
    return zone(
        *(leaf(number) for number in (1, 2, 3)),
        alias("tail.example.com", "r2.example.com", ZONE, SetIdentifier="p", Failover="PRIMARY"),
        alias("tail.example.com", "r3.example.com", ZONE, SetIdentifier="s", Failover="SECONDARY"),
        alias("app.example.com", "r1.example.com", ZONE, SetIdentifier="p", Failover="PRIMARY"),
        alias("app.example.com", "tail.example.com", ZONE, SetIdentifier="s", Failover="SECONDARY"),
    )


@pytest.mark.parametrize(
    ("down", "wanted"),
    [
        (set(), "192.0.2.1"),
        ({"h1"}, "192.0.2.2"),
        ({"h1", "h2"}, "192.0.2.3"),
        ({"h2"}, "192.0.2.1"),
        ({"h1", "h2", "h3"}, "192.0.2.1"),
    ],
)
def test_a_chain_reaches_every_region(down: set[str], wanted: str) -> None:
    """The first healthy region by priority answers; when all are down, the first."""
    assert values(chain(), "app.example.com", down) == [wanted]


def test_an_alias_answers_under_its_own_name_with_the_targets_ttl() -> None:
    """Nothing of the chain shows: one record, of the name that was asked for."""
    (found,) = answer(chain(), "APP.example.com.", "A", lambda _: True) or []
    assert (found.name, found.type, found.ttl, found.record) == ("app.example.com.", "A", 60, "p")


def test_weights() -> None:
    """Answers are spread by weight; a weight of 0 serves when no other is healthy; all down means all up."""
    of = zone(
        record("w.example.com", "A", "192.0.2.1", SetIdentifier="a", Weight=90, HealthCheckId="a"),
        record("w.example.com", "A", "192.0.2.2", SetIdentifier="b", Weight=10, HealthCheckId="b"),
        record("w.example.com", "A", "192.0.2.3", SetIdentifier="c", Weight=0, HealthCheckId="c"),
    )
    dice = random.Random(1)
    counts = Counter((values(of, "w.example.com", set(), dice=dice) or [""])[0] for _ in range(1000))
    assert set(counts) == {"192.0.2.1", "192.0.2.2"}
    assert 850 < counts["192.0.2.1"] < 950
    assert values(of, "w.example.com", {"a", "b"}) == ["192.0.2.3"]
    assert values(of, "w.example.com", {"a", "b", "c"}) != ["192.0.2.3"]


def test_latency() -> None:
    """The healthy region nearest to the resolver answers."""
    of = zone(
        record("l.example.com", "A", "192.0.2.1", SetIdentifier="a", Region="us-east-1", HealthCheckId="a"),
        record("l.example.com", "A", "192.0.2.2", SetIdentifier="b", Region="us-west-2", HealthCheckId="b"),
        record("l.example.com", "A", "192.0.2.3", SetIdentifier="c", Region="eu-west-2", HealthCheckId="c"),
    )
    assert values(of, "l.example.com", set(), region="eu-central-1") == ["192.0.2.3"]
    assert values(of, "l.example.com", set(), region="us-west-1") == ["192.0.2.2"]
    assert values(of, "l.example.com", {"b"}, region="us-west-1") == ["192.0.2.1"]


def test_multivalue() -> None:
    """At most eight healthy values are answered, together."""
    rows = [
        record("m.example.com", "A", f"192.0.2.{n}", SetIdentifier=str(n), MultiValueAnswer=True, HealthCheckId=f"h{n}")
        for n in range(1, 11)
    ]
    found = values(zone(*rows), "m.example.com", {"h1"}) or []
    assert len(found) == 8
    assert "192.0.2.1" not in found


def test_names_and_types() -> None:
    """A CNAME is followed within the zone, another type of an existing name is empty, an unknown name is none at all."""
    of = zone(record("c.example.com", "CNAME", "r1.example.com"), leaf(1), record("out.example.com", "CNAME", "x.test"))
    assert values(of, "c.example.com", set()) == ["r1.example.com", "192.0.2.1"]
    assert values(of, "out.example.com", set()) == ["x.test"]
    assert values(of, "c.example.com", set(), "CNAME") == ["r1.example.com"]
    assert values(of, "r1.example.com", set(), "AAAA") == []
    assert values(of, "no.example.com", set()) is None


def test_the_api_tells_the_same(change: Change, dns: Any, zone: str) -> None:
    """TestDNSAnswer tells what DNS would, and that a name does not exist."""
    change(("CREATE", record()), ("CREATE", alias("b.example.com", "a.example.com", zone)))
    found = dns.test_dns_answer(HostedZoneId=zone, RecordName="b.example.com", RecordType="A")
    assert (found["ResponseCode"], found["RecordData"]) == ("NOERROR", ["192.0.2.1"])
    found = dns.test_dns_answer(HostedZoneId=zone, RecordName="no.example.com", RecordType="A")
    assert (found["ResponseCode"], found["RecordData"]) == ("NXDOMAIN", [])
