"""Which health check configurations Route 53 takes, and the defaults that it fills in.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from sbctl.sandbox.route53.names import fault
from sbctl.sandbox.service import ApiError

Config = Mapping[str, Any]

HTTP = ("HTTP", "HTTP_STR_MATCH", "HTTPS", "HTTPS_STR_MATCH")
HTTPS = ("HTTPS", "HTTPS_STR_MATCH")
ENDPOINT = (*HTTP, "TCP")
INTERVALS = (10, 30)
CHILDREN = 255
EVERYWHERE = (
    "us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1",
)  # fmt: skip
"""The regions of the health checkers, from which a check is done unless it names at least three of them."""

_ALL = frozenset({"Type", "Inverted", "Disabled"})
_PROBED = _ALL | {
    "IPAddress", "Port", "FullyQualifiedDomainName", "RequestInterval", "FailureThreshold", "MeasureLatency", "Regions",
}  # fmt: skip
_WEB = _PROBED | {"ResourcePath", "EnableSNI"}
MEMBERS: Mapping[str, frozenset[str]] = {
    "TCP": _PROBED,
    "HTTP": _WEB,
    "HTTPS": _WEB,
    "HTTP_STR_MATCH": _WEB | {"SearchString"},
    "HTTPS_STR_MATCH": _WEB | {"SearchString"},
    "CALCULATED": _ALL | {"ChildHealthChecks", "HealthThreshold"},
    "CLOUDWATCH_METRIC": _ALL | {"AlarmIdentifier", "InsufficientDataHealthStatus"},
    "RECOVERY_CONTROL": _ALL | {"RoutingControlArn"},
}
"""What each type of check may have. The rest means nothing for it and is refused."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "TCP": ("Port",),
    "HTTP_STR_MATCH": ("SearchString",),
    "HTTPS_STR_MATCH": ("SearchString",),
    "CALCULATED": ("ChildHealthChecks", "HealthThreshold"),
    "CLOUDWATCH_METRIC": ("AlarmIdentifier",),
    "RECOVERY_CONTROL": ("RoutingControlArn",),
}


def filled(config: Config) -> dict[str, Any]:
    """A configuration with AWS's defaults, as CreateHealthCheck answers it."""
    kind = config["Type"]
    defaults: dict[str, Any] = {"Inverted": False, "Disabled": False}
    if kind in ENDPOINT:
        defaults |= {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False}
    if kind in HTTP:
        defaults |= {"Port": 443 if kind in HTTPS else 80, "EnableSNI": kind in HTTPS}
    if kind == "CLOUDWATCH_METRIC":
        defaults |= {"InsufficientDataHealthStatus": "LastKnownStatus"}
    return defaults | {name: value for name, value in config.items() if value is not None}


def check_config(config: Config, children: Sequence[str], others: Mapping[str, Config]) -> None:
    """Raise InvalidInput, with all findings, when AWS would not take a configuration.

    `children` are those that the request names, `others` all health checks by id.
    """
    found = [*_shape(config), *_endpoint(config), *_children(children, others)]
    if found:
        raise ApiError("InvalidInput", f"Invalid request: {'; '.join(found)}")


def _shape(config: Config) -> Iterator[str]:
    kind = config["Type"]
    for name in sorted(config.keys() - MEMBERS[kind]):
        yield f"{name} is not supported for health checks of type {kind}"
    for name in NEEDED.get(kind, ()):
        if config.get(name) in (None, ""):
            yield f"{name} must be specified for health checks of type {kind}"
    if config.get("RequestInterval", INTERVALS[0]) not in INTERVALS:
        yield f"RequestInterval must be 10 or 30, and not {config['RequestInterval']}"
    arn = config.get("RoutingControlArn")
    if arn and not arn.startswith("arn:aws:route53-recovery-control::"):
        yield f"{arn} is not the ARN of a routing control"
    regions = config.get("Regions") or ()
    if len(set(regions)) != len(regions):
        yield "Regions contains a region twice"


def _endpoint(config: Config) -> Iterator[str]:
    if config["Type"] not in ENDPOINT:
        return
    name, address = config.get("FullyQualifiedDomainName"), config.get("IPAddress")
    if not name and not address:
        yield "either FullyQualifiedDomainName or IPAddress must be specified"
    if name and fault(name):
        yield f"FullyQualifiedDomainName {name} is not a domain name"
    if address and not _is_routable(address):
        yield f"IPAddress {address} is in a local, private, non-routable or multicast range"


def _is_routable(address: str) -> bool:
    """Route 53's checkers are on the internet. https://www.rfc-editor.org/rfc/rfc5735"""
    found = ip_address(address)
    return found.is_global and not found.is_multicast


def _children(children: Sequence[str], others: Mapping[str, Config]) -> Iterator[str]:
    if len(children) > CHILDREN:
        yield f"a calculated health check can have {CHILDREN} children at most"
    if len(set(children)) != len(children):
        yield "ChildHealthChecks contains a health check twice"
    for child in children:
        if child not in others:
            yield f"the child health check {child} does not exist"
        elif others[child]["Type"] == "CALCULATED":
            yield f"the child health check {child} is itself a calculated health check"
