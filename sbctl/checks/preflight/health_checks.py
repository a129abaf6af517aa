"""Whether Route 53 asks the right endpoints, in the way that the rules say: live settings of each health check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import UNDEPLOYED, Subject
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import Unknown
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.core.reading import Reading

CALLS = frozenset({"route53:GetHealthCheck"})
CHECK = "health-check"
MEMBERS = {
    "route53_health_check": {
        "fqdn": "FullyQualifiedDomainName",
        "type": "Type",
        "port": "Port",
        "path": "ResourcePath",
        "interval": "RequestInterval",
        "threshold": "FailureThreshold",
        "inverted": "Inverted",
        "disabled": "Disabled",
    },
    "route53_calculated_check": {
        "children": "ChildHealthChecks",
        "threshold": "HealthThreshold",
        "inverted": "Inverted",
        "disabled": "Disabled",
    },
    "route53_metric_check": {
        "without_data": "InsufficientDataHealthStatus",
        "inverted": "Inverted",
        "disabled": "Disabled",
    },
}
"""Field of the wanted values → member of HealthCheckConfig, by kind."""


def check_health_checks(on: Subject) -> Iterator[Reading]:
    """A reading a health check."""
    for kind in MEMBERS:
        for desired in on.wanted(kind):
            yield _one(on, desired)


def _one(on: Subject, desired: Desired) -> Reading:
    subject, check = str(desired.address), on.id_of(desired)
    if not check:
        return on.say(CHECK, Found(None, "bad", "it is not deployed", UNDEPLOYED), subject)
    try:
        live = on.aws.call("route53", "GetHealthCheck", HOME_OF_GLOBAL_SERVICES, HealthCheckId=check)
    except AwsError as error:
        if error.code == "NoSuchHealthCheck":
            return on.say(CHECK, Found(check, "bad", f"{check} does not exist any more", UNDEPLOYED), subject)
        return on.refused(CHECK, error, subject)
    differs = _differences(on.values(desired), live["HealthCheck"]["HealthCheckConfig"], MEMBERS[desired.address.kind])
    if differs:
        fix = f"sbctl {_noun(desired)} apply --yes"
        return on.say(CHECK, Found(check, "bad", "; ".join(differs), fix), subject)
    return on.say(CHECK, Found(check, "ok", _told(live["HealthCheck"]["HealthCheckConfig"])), subject)


def _differences(wanted: Mapping[str, Any], live: Mapping[str, Any], members: Mapping[str, str]) -> list[str]:
    found = []
    for name, member in members.items():
        want, have = wanted[name], live.get(member, False if name in ("inverted", "disabled") else None)
        if isinstance(want, Unknown) or _plain(want) != _plain(have):
            shown = "something that is not deployed" if isinstance(want, Unknown) else _plain(want)
            found.append(f"{member} is {_plain(have)!r} and should be {shown!r}")
    return found


def _plain(value: Any) -> Any:
    return sorted(map(repr, value)) if isinstance(value, list | tuple) else value


def _told(config: Mapping[str, Any]) -> str:
    if config["Type"] == "CALCULATED":
        return f"{config['HealthThreshold']} of {len(config['ChildHealthChecks'])} checks must be healthy"
    if config["Type"] == "CLOUDWATCH_METRIC":
        alarm = config["AlarmIdentifier"]
        return f"follows {alarm['Name']} in {alarm['Region']}; without data: {config['InsufficientDataHealthStatus']}"
    way = "inverted, " if config.get("Inverted") else ""
    every = f"every {config['RequestInterval']} s, {config['FailureThreshold']} in a row"
    return f"{way}{config['Type']} {config['FullyQualifiedDomainName']}{config['ResourcePath']} {every}"


def _noun(desired: Desired) -> str:
    return desired.address.kind.partition("_")[2].replace("_", "-")
