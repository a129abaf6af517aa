"""Health checks through the API: what is kept, what is refused, and how references and versions protect them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.route53.service import Route53Service
from tests.sandbox.conftest import Sandbox
from tests.sandbox.route53.requests import WEB, Dns, code_of

ARN = "arn:aws:route53-recovery-control::123456789012:controlpanel/a/routingcontrol/b"
ALARM = {"Region": "us-west-2", "Name": "errors"}
NOWHERE = "11111111-2222-3333-4444-555555555555"


def config_of(dns: Dns, check: str) -> dict[str, Any]:
    return dict(dns.client.get_health_check(HealthCheckId=check)["HealthCheck"]["HealthCheckConfig"])


def observed(sandbox: Sandbox) -> Route53Service:
    service = sandbox.world.services["route53"]
    assert isinstance(service, Route53Service)
    return service


@pytest.mark.parametrize(
    ("given", "defaults"),
    [
        ({"Type": "HTTP", "FullyQualifiedDomainName": "a.example.com"}, {"Port": 80, "EnableSNI": False}),
        ({"Type": "HTTPS", "FullyQualifiedDomainName": "a.example.com"}, {"Port": 443, "EnableSNI": True}),
        ({"Type": "HTTPS", "IPAddress": "8.8.8.8", "Port": 8443}, {"RequestInterval": 30, "FailureThreshold": 3}),
        ({"Type": "HTTP_STR_MATCH", "FullyQualifiedDomainName": "a.example.com", "SearchString": "ok"}, {"Port": 80}),
        ({"Type": "TCP", "FullyQualifiedDomainName": "a.example.com", "Port": 25}, {"MeasureLatency": False}),
        (
            {
                "Type": "HTTP",
                "FullyQualifiedDomainName": "a.example.com",
                "Regions": ["eu-west-1", "us-east-1", "us-west-2"],
            },
            {"Inverted": False, "Disabled": False},
        ),
        ({"Type": "CALCULATED", "ChildHealthChecks": [], "HealthThreshold": 0}, {"Inverted": False}),
        (
            {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": ALARM, "InsufficientDataHealthStatus": "Unhealthy"},
            {"Disabled": False},
        ),
        ({"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": ALARM}, {"InsufficientDataHealthStatus": "LastKnownStatus"}),
        ({"Type": "RECOVERY_CONTROL", "RoutingControlArn": ARN}, {"Inverted": False}),
    ],
)
def test_each_type_keeps_its_members_and_gets_its_defaults(
    dns: Dns, given: dict[str, Any], defaults: dict[str, Any]
) -> None:
    """Every member that was given is answered, and the defaults of the type beside them."""
    made = dns.client.create_health_check(CallerReference="one", HealthCheckConfig=given)["HealthCheck"]
    kept = config_of(dns, made["Id"])
    assert made["HealthCheckVersion"] == 1
    assert kept == {**kept, **defaults, **given}
    assert [one["Id"] for one in dns.client.list_health_checks()["HealthChecks"]] == [made["Id"]]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"Type": "NOPE"}, "enum value set"),
        ({**WEB, "RequestInterval": 15}, "RequestInterval must be 10 or 30, and not 15"),
        ({**WEB, "FailureThreshold": 11}, "less than or equal to 10"),
        ({**WEB, "Port": 70000}, "less than or equal to 65535"),
        ({"Type": "HTTP"}, "either FullyQualifiedDomainName or IPAddress must be specified"),
        ({"Type": "TCP", "FullyQualifiedDomainName": "a.example.com"}, "Port must be specified"),
        ({**WEB, "Type": "HTTPS_STR_MATCH"}, "SearchString must be specified"),
        ({**WEB, "SearchString": "ok"}, "SearchString is not supported for health checks of type HTTPS"),
        ({"Type": "HTTP", "FullyQualifiedDomainName": "a..b"}, "a..b is not a domain name"),
        ({"Type": "HTTP", "IPAddress": "10.0.0.1"}, "local, private, non-routable"),
        ({"Type": "HTTP", "IPAddress": "999.0.0.1"}, "regular expression pattern"),
        ({**WEB, "Regions": ["us-east-1", "us-east-1", "us-west-1"]}, "contains a region twice"),
        ({**WEB, "Regions": ["us-east-1", "us-west-1", "eu-central-1"]}, "enum value set"),
        ({"Type": "CALCULATED", "HealthThreshold": 1}, "ChildHealthChecks must be specified"),
        ({"Type": "CALCULATED", "ChildHealthChecks": []}, "HealthThreshold must be specified"),
        ({"Type": "CALCULATED", "ChildHealthChecks": [NOWHERE], "HealthThreshold": 1}, "does not exist"),
        ({"Type": "CALCULATED", "ChildHealthChecks": [], "HealthThreshold": 1, "Port": 80}, "Port is not supported"),
        ({"Type": "CLOUDWATCH_METRIC"}, "AlarmIdentifier must be specified"),
        ({"Type": "RECOVERY_CONTROL"}, "RoutingControlArn must be specified"),
        ({"Type": "RECOVERY_CONTROL", "RoutingControlArn": "control"}, "is not the ARN of a routing control"),
        (
            {"Type": "RECOVERY_CONTROL", "RoutingControlArn": ARN, "RequestInterval": 10},
            "RequestInterval is not supported",
        ),
    ],
)
def test_a_configuration_that_aws_refuses(dns: Dns, given: dict[str, Any], words: str) -> None:
    """A configuration with one fault is InvalidInput for that fault, and no check is made."""
    with pytest.raises(ClientError, match="InvalidInput") as refused:
        dns.client.create_health_check(CallerReference="one", HealthCheckConfig=given)
    assert words in str(refused.value)
    assert dns.client.get_health_check_count()["HealthCheckCount"] == 0


def test_a_calculated_check_has_no_calculated_children(dns: Dns) -> None:
    """Calculated checks are one level deep."""
    child = dns.check("child")
    middle = dns.client.create_health_check(
        CallerReference="middle",
        HealthCheckConfig={"Type": "CALCULATED", "ChildHealthChecks": [child], "HealthThreshold": 1},
    )["HealthCheck"]["Id"]
    with pytest.raises(ClientError, match="is itself a calculated health check"):
        dns.client.create_health_check(
            CallerReference="top",
            HealthCheckConfig={"Type": "CALCULATED", "ChildHealthChecks": [middle], "HealthThreshold": 1},
        )


def test_a_reference_makes_one_check(dns: Dns) -> None:
    """The same request again answers the same check; other settings under the reference are refused."""
    assert dns.check("one") == dns.check("one", Port=443)
    with pytest.raises(ClientError) as refused:
        dns.check("one", Port=8443)
    assert code_of(refused) == ("HealthCheckAlreadyExists", 409)
    assert dns.check("two") != dns.check("one")
    assert dns.client.get_health_check_count()["HealthCheckCount"] == 2


def test_the_reference_of_a_deleted_check_is_spent(dns: Dns) -> None:
    """A deleted check is gone, and its reference is refused even with the same settings."""
    check = dns.check("one")
    dns.client.delete_health_check(HealthCheckId=check)
    with pytest.raises(ClientError) as refused:
        dns.check("one")
    assert code_of(refused) == ("HealthCheckAlreadyExists", 409)
    for again in (dns.client.delete_health_check, dns.client.get_health_check, dns.client.get_health_check_status):
        with pytest.raises(ClientError) as gone:
            again(HealthCheckId=check)
        assert code_of(gone) == ("NoSuchHealthCheck", 404)


def test_an_update_changes_what_it_names(dns: Dns) -> None:
    """An update leaves all other settings, the regions too, and moves the version by one."""
    regions = ["eu-west-1", "us-east-1", "us-west-2"]
    check = dns.check(Regions=regions)
    changed = dns.client.update_health_check(HealthCheckId=check, HealthCheckVersion=1, FailureThreshold=5)
    assert changed["HealthCheck"]["HealthCheckVersion"] == 2
    kept = config_of(dns, check)
    assert (kept["FailureThreshold"], kept["Regions"], kept["ResourcePath"]) == (5, regions, "/health")


def test_an_update_under_an_old_version_is_refused(dns: Dns) -> None:
    """Whoever read the check before somebody else changed it does not overwrite that change."""
    check = dns.check()
    dns.client.update_health_check(HealthCheckId=check, HealthCheckVersion=1, Inverted=True)
    with pytest.raises(ClientError) as refused:
        dns.client.update_health_check(HealthCheckId=check, HealthCheckVersion=1, Inverted=False)
    assert code_of(refused) == ("HealthCheckVersionMismatch", 409)
    assert config_of(dns, check)["Inverted"] is True


def test_elements_are_reset(dns: Dns) -> None:
    """ResetElements takes settings away; what a check cannot be without stays."""
    check = dns.check(Regions=["eu-west-1", "us-east-1", "us-west-2"])
    dns.client.update_health_check(HealthCheckId=check, ResetElements=["Regions", "ResourcePath"])
    assert {"Regions", "ResourcePath"} & config_of(dns, check).keys() == set()
    with pytest.raises(ClientError, match="either FullyQualifiedDomainName or IPAddress"):
        dns.client.update_health_check(HealthCheckId=check, ResetElements=["FullyQualifiedDomainName"])
    assert config_of(dns, check)["FullyQualifiedDomainName"] == "status.example.com"


def test_an_address_is_not_added_later(dns: Dns) -> None:
    """A check by name cannot become one by address."""
    with pytest.raises(ClientError, match="not added"):
        dns.client.update_health_check(HealthCheckId=dns.check(), IPAddress="8.8.8.8")


def test_health_checks_come_in_pages(dns: Dns) -> None:
    """The marker of a page leads to the next one, until all checks were seen once."""
    made = {dns.check(str(number)) for number in range(5)}
    pages = dns.client.get_paginator("list_health_checks").paginate(PaginationConfig={"PageSize": 2})
    found = [[one["Id"] for one in page["HealthChecks"]] for page in pages]
    assert [len(page) for page in found] == [2, 2, 1]
    assert {one for page in found for one in page} == made


def test_the_status_is_what_the_checkers_saw(dns: Dns, sandbox: Sandbox) -> None:
    """Nothing before the first observation, then one report a region; a failure is remembered after recovery."""
    check = dns.check(Regions=["eu-west-1", "us-east-1", "us-west-2"])
    assert dns.client.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"] == []
    observed(sandbox).observe(check, False, "Failure: HTTP Status Code 503, Service Unavailable")
    observed(sandbox).observe(check, True, "Success: HTTP Status Code 200, OK")
    now = dns.client.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"]
    assert {one["Region"] for one in now} == {"eu-west-1", "us-east-1", "us-west-2"}
    assert {one["StatusReport"]["Status"] for one in now} == {"Success: HTTP Status Code 200, OK"}
    failed = dns.client.get_health_check_last_failure_reason(HealthCheckId=check)["HealthCheckObservations"]
    assert {one["StatusReport"]["Status"][:7] for one in failed} == {"Failure"}


def test_a_calculated_check_has_no_checkers(dns: Dns) -> None:
    """The API does not answer the status of a calculated check."""
    made = dns.client.create_health_check(
        CallerReference="sum", HealthCheckConfig={"Type": "CALCULATED", "ChildHealthChecks": [], "HealthThreshold": 0}
    )
    with pytest.raises(ClientError) as refused:
        dns.client.get_health_check_status(HealthCheckId=made["HealthCheck"]["Id"])
    assert code_of(refused) == ("InvalidInput", 400)


def test_checkers_have_addresses(dns: Dns) -> None:
    """The ranges that firewalls must let in are told."""
    assert all("/" in one for one in dns.client.get_checker_ip_ranges()["CheckerIpRanges"])


def test_tags_are_added_changed_and_removed(dns: Dns) -> None:
    """Tags of a check and of a zone are kept apart, and several are listed in one call."""
    check, other = dns.check("one"), dns.check("two")
    change = dns.client.change_tags_for_resource
    change(
        ResourceType="healthcheck",
        ResourceId=check,
        AddTags=[{"Key": "Name", "Value": "a"}, {"Key": "x", "Value": "1"}],
    )
    change(ResourceType="healthcheck", ResourceId=check, AddTags=[{"Key": "Name", "Value": "b"}], RemoveTagKeys=["x"])
    change(ResourceType="hostedzone", ResourceId=dns.zone, AddTags=[{"Key": "zone", "Value": ""}])
    sets = dns.client.list_tags_for_resources(ResourceType="healthcheck", ResourceIds=[check, other])["ResourceTagSets"]
    assert {one["ResourceId"]: one["Tags"] for one in sets} == {check: [{"Key": "Name", "Value": "b"}], other: []}
    found = dns.client.list_tags_for_resource(ResourceType="hostedzone", ResourceId=dns.zone)
    assert found["ResourceTagSet"]["Tags"] == [{"Key": "zone", "Value": ""}]


def test_tags_of_what_is_not_there(dns: Dns) -> None:
    """Tagging an unknown zone or check is told by its own error, and a change of nothing is refused."""
    for kind, code in (("healthcheck", "NoSuchHealthCheck"), ("hostedzone", "NoSuchHostedZone")):
        with pytest.raises(ClientError) as refused:
            dns.client.list_tags_for_resource(ResourceType=kind, ResourceId=NOWHERE)
        assert code_of(refused) == (code, 404)
    with pytest.raises(ClientError) as nothing:
        dns.client.change_tags_for_resource(ResourceType="hostedzone", ResourceId=dns.zone)
    assert code_of(nothing) == ("InvalidInput", 400)
