"""Health checks: what is refused, references, versions, and what follows from what was observed."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.route53.health import Health
from sbctl.sandbox.route53.health_rules import with_defaults
from sbctl.sandbox.server import Running

ENDPOINT = {"Type": "HTTPS", "FullyQualifiedDomainName": "a.example.com"}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no endpoint": ({"Type": "HTTP"}, "IPAddress or FullyQualifiedDomainName"),
    "interval": ({**ENDPOINT, "RequestInterval": 15}, "10 or 30"),
    "threshold": ({**ENDPOINT, "FailureThreshold": 11}, "11"),
    "type": ({**ENDPOINT, "Type": "NOPE"}, "NOPE"),
    "string for another type": ({**ENDPOINT, "SearchString": "ok"}, "SearchString"),
    "string missing": ({**ENDPOINT, "Type": "HTTPS_STR_MATCH"}, "SearchString"),
    "TCP without port": ({"Type": "TCP", "IPAddress": "192.0.2.1"}, "Port"),
    "no children": ({"Type": "CALCULATED"}, "ChildHealthChecks"),
    "children that do not exist": (
        {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": ["x"]},
        "not exist",
    ),
    "no alarm": ({"Type": "CLOUDWATCH_METRIC"}, "AlarmIdentifier"),
    "no routing control": ({"Type": "RECOVERY_CONTROL"}, "RoutingControlArn"),
    "interval of a calculated check": (
        {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": [], "RequestInterval": 30},
        "RequestInterval",
    ),
}


@pytest.mark.parametrize(("config", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(dns: Any, config: dict[str, Any], text: str) -> None:
    """Settings that AWS would refuse are refused as InvalidInput."""
    with pytest.raises(ClientError, match=text) as caught:
        dns.create_health_check(CallerReference="c", HealthCheckConfig=config)
    assert caught.value.response["Error"]["Code"] == "InvalidInput"
    assert dns.get_health_check_count()["HealthCheckCount"] == 0


def test_defaults_are_filled_in(dns: Any, check: str) -> None:
    """What was not said is answered as AWS answers it."""
    config = dns.get_health_check(HealthCheckId=check)["HealthCheck"]["HealthCheckConfig"]
    wanted = {"Port": 443, "RequestInterval": 30, "FailureThreshold": 3, "EnableSNI": True, "Inverted": False}
    assert {name: config[name] for name in wanted} == wanted


def test_a_reference_makes_one_check(dns: Any, check: str) -> None:
    """The same reference answers the same check, other settings are refused, and so is the reference of a deleted one."""
    asked = {"Type": "HTTPS", "FullyQualifiedDomainName": "a.example.com", "ResourcePath": "/health"}
    assert dns.create_health_check(CallerReference="c", HealthCheckConfig=asked)["HealthCheck"]["Id"] == check
    with pytest.raises(ClientError, match="HealthCheckAlreadyExists"):
        dns.create_health_check(CallerReference="c", HealthCheckConfig=ENDPOINT)
    dns.delete_health_check(HealthCheckId=check)
    with pytest.raises(ClientError, match="HealthCheckAlreadyExists"):
        dns.create_health_check(CallerReference="c", HealthCheckConfig=asked)
    with pytest.raises(ClientError, match="NoSuchHealthCheck"):
        dns.delete_health_check(HealthCheckId=check)


def test_updates_move_the_version_and_keep_the_rest(dns: Any) -> None:
    """An update changes what it names, moves the version, and is refused for another version than the current."""
    regions = ["us-east-1", "us-west-2", "eu-west-1"]
    made = dns.create_health_check(CallerReference="c", HealthCheckConfig={**ENDPOINT, "Regions": regions})
    named = made["HealthCheck"]["Id"]
    changed = dns.update_health_check(HealthCheckId=named, HealthCheckVersion=1, FailureThreshold=5)["HealthCheck"]
    assert (changed["HealthCheckVersion"], changed["HealthCheckConfig"]["FailureThreshold"]) == (2, 5)
    assert changed["HealthCheckConfig"]["Regions"] == regions
    with pytest.raises(ClientError, match="HealthCheckVersionMismatch"):
        dns.update_health_check(HealthCheckId=named, HealthCheckVersion=1, FailureThreshold=4)
    reset = dns.update_health_check(HealthCheckId=named, ResetElements=["Regions"])["HealthCheck"]["HealthCheckConfig"]
    assert "Regions" not in reset


def test_tags(dns: Any, check: str) -> None:
    """Tags are added and removed, for one check or several, and never for one that does not exist."""
    dns.change_tags_for_resource(
        ResourceType="healthcheck",
        ResourceId=check,
        AddTags=[{"Key": "Name", "Value": "x"}, {"Key": "b", "Value": "y"}],
    )
    dns.change_tags_for_resource(ResourceType="healthcheck", ResourceId=check, RemoveTagKeys=["b"])
    (found,) = dns.list_tags_for_resources(ResourceType="healthcheck", ResourceIds=[check])["ResourceTagSets"]
    assert found["Tags"] == [{"Key": "Name", "Value": "x"}]
    with pytest.raises(ClientError, match="NoSuchHealthCheck"):
        dns.list_tags_for_resource(ResourceType="healthcheck", ResourceId="00000000-0000-0000-0000-000000000000")


def test_observations_are_told(dns: Any, check: str, served: Running) -> None:
    """A new check has none; what a checker saw is told for each of its regions, the last failure apart."""
    assert dns.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"] == []
    book = served.world.route53
    book.health.observe(check, False, "Failure: no", book.clock.seconds())
    book.health.observe(check, True, "Success: yes", book.clock.seconds())
    seen = dns.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"]
    assert {row["StatusReport"]["Status"] for row in seen} == {"Success: yes"}
    assert len(seen) == 8
    failed = dns.get_health_check_last_failure_reason(HealthCheckId=check)["HealthCheckObservations"]
    assert {row["StatusReport"]["Status"] for row in failed} == {"Failure: no"}


class Known:
    """A health check with settings alone."""

    def __init__(self, **config: Any) -> None:
        self.config = with_defaults(config)


def test_health_turns_after_the_threshold_in_both_directions() -> None:
    """Three failures in a row, and no fewer, make a check unhealthy; three passes make it healthy again."""
    health = Health({"a": Known(Type="HTTP", FailureThreshold=3)})
    seen = []
    for passed in (False, False, True, False, False, False, True, True, True):
        health.observe("a", passed, "", 0)
        seen.append(health.is_healthy("a"))
    assert seen == [True, True, True, True, True, False, False, False, True]


def test_health_that_follows_from_settings() -> None:
    """Inverted flips, a disabled check is healthy, calculated ones count their children, deleted ones are healthy."""
    checks = {
        "up": Known(Type="HTTP"),
        "down": Known(Type="HTTP", FailureThreshold=1),
        "inverted": Known(Type="HTTP", Inverted=True),
        "disabled": Known(Type="HTTP", FailureThreshold=1, Disabled=True),
        "both": Known(Type="CALCULATED", ChildHealthChecks=["up", "down"], HealthThreshold=2),
        "either": Known(Type="CALCULATED", ChildHealthChecks=["up", "down"], HealthThreshold=1),
    }
    health = Health(checks)
    health.observe("down", False, "", 0)
    health.observe("disabled", False, "", 0)
    found = {name: health.is_healthy(name) for name in [*checks, "deleted"]}
    assert found == {
        "up": True,
        "down": False,
        "inverted": False,
        "disabled": True,
        "both": False,
        "either": True,
        "deleted": True,
    }
