"""What Route 53 refuses in the settings of a health check, beyond what its model says.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.sandbox.route53.health import ENDPOINT
from sbctl.sandbox.service import ApiError

Config = Mapping[str, Any]
PORTS = {"HTTP": 80, "HTTP_STR_MATCH": 80, "HTTPS": 443, "HTTPS_STR_MATCH": 443}
INTERVALS = (10, 30)
FEWEST_REGIONS = 3
FIXED = ("Type", "RequestInterval", "MeasureLatency", "RoutingControlArn")
"""Members that no update can change."""


def with_defaults(config: Config) -> dict[str, Any]:
    """The settings as AWS keeps and answers them."""
    found: dict[str, Any] = {"Inverted": False, "Disabled": False}
    if config["Type"] in ENDPOINT:
        found |= {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False}
        found["EnableSNI"] = config["Type"].startswith("HTTPS")
        if config["Type"] in PORTS:
            found["Port"] = PORTS[config["Type"]]
    return {**found, **config}


def check(config: Config, checks: Mapping[str, Any]) -> None:
    """Raises ApiError for the first rule that settings break. `checks` are those that exist, by id, with their config."""
    problem = next(_problems(config, checks), None)
    if problem:
        raise ApiError("InvalidInput", problem, 400)


def _problems(config: Config, checks: Mapping[str, Any]) -> Iterator[str]:
    kind = config["Type"]
    if kind in ENDPOINT:
        yield from _of_endpoint(config)
    elif kind == "CALCULATED":
        yield from _of_children(config, checks)
    elif kind == "CLOUDWATCH_METRIC":
        if not config.get("AlarmIdentifier") or not config.get("InsufficientDataHealthStatus"):
            yield "AlarmIdentifier and InsufficientDataHealthStatus must be specified for CLOUDWATCH_METRIC"
    elif not config.get("RoutingControlArn"):
        yield "RoutingControlArn must be specified for RECOVERY_CONTROL"
    if kind not in ENDPOINT:
        for member in ("RequestInterval", "FailureThreshold", "MeasureLatency", "ResourcePath", "Port"):
            if config.get(member):
                yield f"{member} must not be specified for a health check of type {kind}"


def _of_endpoint(config: Config) -> Iterator[str]:
    kind = config["Type"]
    if not config.get("IPAddress") and not config.get("FullyQualifiedDomainName"):
        yield "Invalid parameter: either IPAddress or FullyQualifiedDomainName must be specified"
    if config.get("RequestInterval", 30) not in INTERVALS:
        yield "Invalid parameter: RequestInterval must be 10 or 30"
    if kind.endswith("_STR_MATCH") != bool(config.get("SearchString")):
        yield f"Invalid parameter: SearchString goes with the types *_STR_MATCH and with no other, and this is {kind}"
    if kind == "TCP":
        if not config.get("Port"):
            yield "Invalid parameter: Port must be specified for a TCP health check"
        if config.get("ResourcePath"):
            yield "Invalid parameter: ResourcePath must not be specified for a TCP health check"
    regions = config.get("Regions")
    if regions is not None and len(set(regions)) < FEWEST_REGIONS:
        yield f"Invalid parameter: at least {FEWEST_REGIONS} Regions must be specified"


def _of_children(config: Config, checks: Mapping[str, Any]) -> Iterator[str]:
    children = config.get("ChildHealthChecks")
    if children is None or config.get("HealthThreshold") is None:
        yield "ChildHealthChecks and HealthThreshold must be specified for CALCULATED"
        return
    for child in children:
        if child not in checks:
            yield f"Invalid parameter: the child health check {child} does not exist"
        elif checks[child].config["Type"] == "CALCULATED":
            yield f"Invalid parameter: the child health check {child} is CALCULATED itself"
