"""Queries of a served zone: TestDNSAnswer, and the answers that a DNS server will ask the service for."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.route53.service import Route53Service
from tests.sandbox.conftest import Sandbox
from tests.sandbox.route53.requests import Dns, code_of, record

WWW = "www.example.com"


@pytest.fixture
def service(sandbox: Sandbox) -> Route53Service:
    found = sandbox.world.services["route53"]
    assert isinstance(found, Route53Service)
    return found


def test_an_answer_moves_with_the_health_of_its_endpoint(dns: Dns, service: Route53Service) -> None:
    """TestDNSAnswer goes to the secondary when the primary's check fails, and back."""
    check = dns.check()
    dns.create(
        record(WWW, "192.0.2.1", SetIdentifier="p", Failover="PRIMARY", HealthCheckId=check),
        record(WWW, "192.0.2.2", SetIdentifier="s", Failover="SECONDARY"),
    )

    def now() -> list[str]:
        answer = dns.client.test_dns_answer(HostedZoneId=dns.zone, RecordName=WWW, RecordType="A")
        assert (answer["ResponseCode"], answer["RecordName"], answer["Protocol"]) == ("NOERROR", f"{WWW}.", "UDP")
        return list(answer["RecordData"])

    seen = [now()]
    for healthy in (False, True):
        service.observe(check, healthy, "")
        seen.append(now())
    assert seen == [["192.0.2.1"], ["192.0.2.2"], ["192.0.2.1"]]


def test_a_disabled_check_keeps_its_record_served(dns: Dns, service: Route53Service) -> None:
    """A change of the check itself moves the answer at once, without any new observation."""
    check = dns.check()
    dns.create(
        record(WWW, "192.0.2.1", SetIdentifier="p", Failover="PRIMARY", HealthCheckId=check),
        record(WWW, "192.0.2.2", SetIdentifier="s", Failover="SECONDARY"),
    )
    service.observe(check, False, "Failure: connection refused")
    assert service.is_healthy(check) is False
    dns.client.update_health_check(HealthCheckId=check, Disabled=True)
    assert service.is_healthy(check) is True
    assert dns.client.test_dns_answer(HostedZoneId=dns.zone, RecordName=WWW, RecordType="A")["RecordData"] == [
        "192.0.2.1"
    ]


def test_an_unknown_name_is_told(dns: Dns) -> None:
    """A name that does not exist is NXDOMAIN, one outside the zone an error."""
    answer = dns.client.test_dns_answer(HostedZoneId=dns.zone, RecordName=WWW, RecordType="A")
    assert (answer["ResponseCode"], answer["RecordData"]) == ("NXDOMAIN", [])
    with pytest.raises(ClientError) as refused:
        dns.client.test_dns_answer(HostedZoneId=dns.zone, RecordName="www.example.org", RecordType="A")
    assert code_of(refused) == ("InvalidInput", 400)


def test_the_most_specific_zone_answers(dns: Dns, service: Route53Service) -> None:
    """A DNS server gets the answer of the zone nearest to the name, and none for names of other zones."""
    made = dns.client.create_hosted_zone(Name="eu.example.com", CallerReference="eu")["HostedZone"]
    dns.create(record(WWW))
    Dns(dns.client, made["Id"].removeprefix("/hostedzone/")).create(record("www.eu.example.com", "192.0.2.8"))
    answer = service.resolve("WWW.eu.example.com", "A", "eu-west-1")
    assert answer is not None
    assert answer.records[0].values == ("192.0.2.8",)
    assert service.resolve("www.example.org", "A", "eu-west-1") is None


def test_those_who_probe_learn_what_to_probe(dns: Dns, service: Route53Service) -> None:
    """All checks are told by id with their settings, and what is observed of a deleted one is dropped."""
    check = dns.check()
    config = service.check_configs()[check]
    assert (config["Type"], config["Port"], config["FullyQualifiedDomainName"]) == ("HTTPS", 443, "status.example.com")
    dns.client.delete_health_check(HealthCheckId=check)
    service.observe(check, False, "Failure")
    assert service.check_configs() == {}
    assert service.is_healthy(check) is True
