"""What name servers answer: each routing policy, healthy and not, nested aliases, wildcards and CNAMEs. Pure."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from sbctl.sandbox.route53.answers import Answer, answer
from sbctl.sandbox.route53.record_rules import normalised
from tests.sandbox.route53.requests import record

WWW = "www.example.com"
APEX = record("example.com", "ns. host. 1 2 3 4 5", type_="SOA")


def alias(name: str, target: str, evaluate: bool = True, **members: Any) -> dict[str, Any]:
    leads_to = {"HostedZoneId": "Z", "DNSName": target, "EvaluateTargetHealth": evaluate}
    return {"Name": name, "Type": "A", "AliasTarget": leads_to, **members}


def ask(
    *records: dict[str, Any],
    name: str = WWW,
    type_: str = "A",
    down: str = "",
    region: str = "us-east-1",
    seed: int = 1,
) -> Answer:
    """The answer of a zone with these records while the checks named by the letters of `down` are unhealthy."""
    zone = [normalised(one) for one in (APEX, *records)]
    return answer(zone, name, type_, region, lambda check: check not in down, Random(seed))


def values(*records: dict[str, Any], **question: Any) -> tuple[str, ...]:
    found = ask(*records, **question).records
    return found[0].values if found else ()


def test_a_simple_record_set_answers_all_its_values() -> None:
    """All values with their TTL, healthy or not: there is nothing else to answer."""
    simple = record(WWW, "192.0.2.1", "192.0.2.2", ttl=30, HealthCheckId="a")
    found = ask(simple, down="a").records[0]
    assert (found.name, found.type, found.ttl) == ("www.example.com.", "A", 30)
    assert found.values == ("192.0.2.1", "192.0.2.2")


PAIR = (
    record(WWW, "192.0.2.2", SetIdentifier="s", Failover="SECONDARY", HealthCheckId="s"),
    record(WWW, "192.0.2.1", SetIdentifier="p", Failover="PRIMARY", HealthCheckId="p"),
)


@pytest.mark.parametrize(
    ("down", "expected"), [("", "192.0.2.1"), ("p", "192.0.2.2"), ("s", "192.0.2.1"), ("ps", "192.0.2.1")]
)
def test_a_failover_pair(down: str, expected: str) -> None:
    """The primary while it is healthy, then the secondary; with both down the primary."""
    assert values(*PAIR, down=down) == (expected,)


CHAIN = (
    *(
        record(f"r{n}.example.com", f"192.0.2.{n}", SetIdentifier="x", Weight=1, HealthCheckId=str(n))
        for n in (1, 2, 3)
    ),
    alias("tail.example.com", "r2.example.com", SetIdentifier="p", Failover="PRIMARY"),
    alias("tail.example.com", "r3.example.com", SetIdentifier="s", Failover="SECONDARY"),
    alias(WWW, "r1.example.com", SetIdentifier="p", Failover="PRIMARY"),
    alias(WWW, "tail.example.com", SetIdentifier="s", Failover="SECONDARY"),
)


@pytest.mark.parametrize(
    ("down", "region"),
    [("", 1), ("1", 2), ("12", 3), ("13", 2), ("2", 1), ("23", 1), ("123", 1)],
)
def test_a_chain_of_three_regions(down: str, region: int) -> None:
    """The first healthy region by priority answers, however deep; with all down the top primary does."""
    assert values(*CHAIN, down=down) == (f"192.0.2.{region}",)


def test_an_alias_that_does_not_evaluate_its_target_never_backs_out() -> None:
    """Without EvaluateTargetHealth the primary is healthy, whatever is under it."""
    blind = [one for one in CHAIN if one["Name"] != WWW]
    blind.append(alias(WWW, "r1.example.com", evaluate=False, SetIdentifier="p", Failover="PRIMARY"))
    blind.append(alias(WWW, "tail.example.com", SetIdentifier="s", Failover="SECONDARY"))
    assert values(*blind, down="1") == ("192.0.2.1",)


def test_an_alias_may_have_a_check_of_its_own() -> None:
    """An alias with a health check is healthy only when the check and its target are."""
    records = [
        *CHAIN[:5],
        alias(WWW, "r1.example.com", SetIdentifier="p", Failover="PRIMARY", HealthCheckId="x"),
        CHAIN[6],
    ]
    assert values(*records) == ("192.0.2.1",)
    assert values(*records, down="x") == ("192.0.2.2",)


def weights(*pairs: tuple[int, str]) -> list[dict[str, Any]]:
    """Weighted record sets 192.0.2.1, .2, ... with their weights and checks."""
    group = [record(WWW, f"192.0.2.{n}", SetIdentifier=str(n), Weight=weight) for n, (weight, _) in enumerate(pairs, 1)]
    return [{**one, "HealthCheckId": check} if check else one for one, (_, check) in zip(group, pairs, strict=True)]


def test_weights_share_the_answers() -> None:
    """Of a thousand answers at 90 to 10 about nine in ten are the first."""
    group = weights((90, ""), (10, ""))
    counted = Counter(values(*group, seed=seed)[0] for seed in range(1000))
    assert 850 < counted["192.0.2.1"] < 950
    assert counted.total() == 1000


@pytest.mark.parametrize(
    ("group", "down", "expected"),
    [
        (weights((1, ""), (0, "")), "", {"1"}),
        (weights((1, "a"), (0, "")), "a", {"2"}),
        (weights((1, "a"), (0, "b")), "ab", {"1"}),
        (weights((0, ""), (0, "")), "", {"1", "2"}),
        (weights((1, "a"), (1, "b")), "ab", {"1", "2"}),
        (weights((1, "a"), (1, "b")), "b", {"1"}),
    ],
)
def test_which_weights_are_used(group: list[dict[str, Any]], down: str, expected: set[str]) -> None:
    """Weight 0 only where nothing else is healthy, or all are 0; with all down all count as healthy."""
    assert {values(*group, down=down, seed=seed)[0][-1] for seed in range(40)} == expected


LATENCY = [
    record(WWW, f"192.0.2.{n}", SetIdentifier=region, Region=region, HealthCheckId=str(n))
    for n, region in enumerate(("us-east-1", "eu-west-1", "ap-southeast-2"), 1)
]


@pytest.mark.parametrize(
    ("region", "down", "expected"),
    [
        ("eu-central-1", "", 2),
        ("us-west-2", "", 1),
        ("ap-southeast-4", "", 3),
        ("eu-central-1", "2", 1),
        ("eu-west-1", "123", 2),
    ],
)
def test_the_nearest_healthy_region(region: str, down: str, expected: int) -> None:
    """Latency routing answers the nearest region that is healthy, or the nearest when none is."""
    assert values(*LATENCY, region=region, down=down) == (f"192.0.2.{expected}",)


def test_a_multivalue_answer_holds_up_to_eight_healthy() -> None:
    """Eight of ten healthy ones; only the healthy ones when fewer; eight of all when none is."""
    many = [
        record(WWW, f"192.0.2.{n}", SetIdentifier=str(n), MultiValueAnswer=True, HealthCheckId=chr(97 + n))
        for n in range(10)
    ]
    assert len(set(values(*many))) == 8
    assert sorted(values(*many, down="abcdefgh")) == ["192.0.2.8", "192.0.2.9"]
    assert len(values(*many, down="abcdefghij")) == 8


def test_location_policies_answer_their_default() -> None:
    """Where a resolver is is not known, so the default location answers, and nothing where there is none."""
    here = record(WWW, "192.0.2.1", SetIdentifier="de", GeoLocation={"CountryCode": "DE"})
    default = record(WWW, "192.0.2.2", SetIdentifier="all", GeoLocation={"CountryCode": "*"})
    assert values(here, default) == ("192.0.2.2",)
    assert ask(here) == Answer("NOERROR")


def test_a_name_that_is_not_there() -> None:
    """An unknown name is NXDOMAIN; one with another type, or with names below it, is an empty answer."""
    zone = [record("a.b.example.com")]
    assert ask(*zone, name="c.example.com").code == "NXDOMAIN"
    assert ask(*zone, name="b.example.com") == Answer("NOERROR")
    assert ask(*zone, name="a.b.example.com", type_="AAAA") == Answer("NOERROR")


def test_a_wildcard_answers_for_names_that_do_not_exist() -> None:
    """The wildcard answers under the asked name, at any depth, but not below a name that exists."""
    zone = [record("*.example.com", "192.0.2.9"), record("a.example.com", "192.0.2.1")]
    found = ask(*zone, name="x.y.example.com").records[0]
    assert (found.name, found.values) == ("x.y.example.com.", ("192.0.2.9",))
    assert values(*zone, name="a.example.com") == ("192.0.2.1",)
    assert ask(*zone, name="x.a.example.com").code == "NXDOMAIN"


def test_a_cname_is_followed_inside_the_zone() -> None:
    """The CNAME comes first, then what it leads to where that is in the zone."""
    zone = [record("leaf.example.com"), record(WWW, "leaf.example.com", type_="CNAME")]
    assert [(one.type, one.values) for one in ask(*zone).records] == [
        ("CNAME", ("leaf.example.com",)),
        ("A", ("192.0.2.1",)),
    ]
    away = ask(record(WWW, "a.example.org", type_="CNAME"))
    assert [(one.type, one.values) for one in away.records] == [("CNAME", ("a.example.org",))]
    assert away.code == "NOERROR"


def test_an_alias_to_an_aws_resource_tells_where_it_leads() -> None:
    """Addresses of AWS resources are not known; their name is told beside an empty answer."""
    assert ask(alias(WWW, "web-1.us-east-1.elb.amazonaws.com")).outside == "web-1.us-east-1.elb.amazonaws.com."


def test_a_loop_is_a_server_failure() -> None:
    """Aliases, or CNAMEs, that lead in a circle end in SERVFAIL."""
    assert ask(alias(WWW, "b.example.com"), alias("b.example.com", WWW)).code == "SERVFAIL"
    names = (WWW, "b.example.com")
    circle = [record(name, other, type_="CNAME") for name, other in zip(names, names[::-1], strict=True)]
    assert ask(*circle).code == "SERVFAIL"


def test_an_alias_to_what_was_deleted_answers_nothing() -> None:
    """A dangling alias is an empty answer, and unhealthy where it evaluates its target."""
    assert ask(alias(WWW, "gone.example.com")) == Answer("NOERROR")
    pair = [
        alias(WWW, "gone.example.com", SetIdentifier="p", Failover="PRIMARY"),
        record(WWW, "192.0.2.2", SetIdentifier="s", Failover="SECONDARY"),
    ]
    assert values(*pair) == ("192.0.2.2",)
