"""Route 53 health checks of endpoints: one a region, asking the health function behind its function URL; and for each region
that may take over some that ask whether it has, inverted where that holds others back, and not where it counts for itself.

Known by its tag, since a caller reference cannot be looked up and stays used for days after a deletion.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.moving.takeover import FUNCTION, PATH
from sbctl.core.project import ADDRESS_TAG, HOME_OF_GLOBAL_SERVICES, PROJECT_TAG, Project, Region
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.dns.health_checks import (
    CALLS,
    RETRY,
    checks_of_type,
    create_check,
    delete_check,
    one_check,
    update_check,
    update_tags,
)
from sbctl.resources.dns.names import leaf_name, served
from sbctl.resources.dns.takeover import HEALTH_FUNCTION, askers, held_back, order_check, watched, with_url

SETTLING_SECONDS = 90.0
POLL_SECONDS = 3.0


class HealthCheckSpec(Spec):
    """A check of an endpoint by its name. `interval` in seconds, 10 or 30; `threshold` in answers in a row."""

    replace_on = frozenset({"type", "interval"})
    owned_maps = frozenset({"tags"})
    as_sets = frozenset({"checkers"})

    fqdn: Link
    type: Literal["HTTPS", "HTTP"] = "HTTPS"
    port: int = Field(default=443, ge=1, le=65535)
    path: str = Field(default="/health", max_length=255)
    interval: Literal[10, 30] = 30
    threshold: int = Field(default=3, ge=1, le=10)
    inverted: bool = False
    disabled: bool = False
    sni: bool = Field(default=True, description="Names the host when TLS begins; of HTTP always true.")
    checkers: tuple[str, ...] = Field(default=(), description="Regions from which it is asked; empty: all of them.")
    tags: dict[str, str] = {}


_EXAMPLE = HealthCheckSpec(
    fqdn="abcdefghij.lambda-url.us-east-1.on.aws",
    tags={"Name": "US-East-1 health", **example_tags("route53_health_check.global.us-east-1")},
)


class Route53HealthCheck(Kind[HealthCheckSpec, ConfigItem]):
    """Health checks. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html"""

    name = "route53_health_check"
    section = ""
    title = "health check"
    scope = "global"
    home = HOME_OF_GLOBAL_SERVICES
    spec = HealthCheckSpec
    item = ConfigItem
    connect_only = False
    resiliency = "global"
    adoption = Adoption("check")
    dependent_actions = {}
    quotas = ()
    impact_rank = 1
    impacts = (Impact("critical", "Route 53 would see a dead region as healthy, or a healthy one as dead"),)
    docs = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html"
    calls = CALLS | {"route53:GetHealthCheckStatus"}
    retry = RETRY
    config_paths = {
        "path": "rules:healthCheck.path",
        "port": "rules:healthCheck.port",
        "type": "rules:healthCheck.type",
        "interval": "rules:healthCheck.intervalSeconds",
        "threshold": "rules:healthCheck.failureThreshold",
    }
    examples = (_EXAMPLE, _EXAMPLE.model_copy(update={"threshold": 5, "path": "/ready"}))

    def derive(self, project: Project) -> Iterable[Desired]:
        for region in served(project):
            yield self._endpoint_check(project, region)
        for region in watched(project):
            for address, function in askers(project, region.region):
                yield self._takeover_check(project, region, address, function, inverted=True)
        for region in held_back(project):
            yield self._takeover_check(project, region, order_check(region.region), FUNCTION, inverted=False)

    def _endpoint_check(self, project: Project, region: Region) -> Desired:
        rule = project.rules.health_check
        address = self.address(GLOBAL, region.region)
        fqdn, needs = _endpoint(project, region, HEALTH_FUNCTION)
        spec = HealthCheckSpec(
            fqdn=fqdn,
            type=rule.type,
            port=rule.port,
            path=rule.path,
            interval=rule.interval_seconds,
            threshold=rule.failure_threshold,
            tags={"Name": f"{region.name} health", **project.owned(address)},
        )
        return Desired(address=address, spec=spec, needs=needs)

    def _takeover_check(
        self, project: Project, region: Region, address: Address, function: str, *, inverted: bool
    ) -> Desired:
        rule = project.rules.takeover
        fqdn, needs = _endpoint(project, region, function)
        spec = HealthCheckSpec(
            fqdn=fqdn,
            path=PATH,
            interval=rule.interval_seconds,
            threshold=rule.failure_threshold,
            inverted=inverted,
            tags={"Name": f"{region.name} {'takeover' if inverted else 'order'}", **project.owned(address)},
        )
        return Desired(address=address, spec=spec, needs=needs)

    def key(self, spec: HealthCheckSpec) -> str:
        return f"{spec.tags.get(PROJECT_TAG, '')}/{spec.tags.get(ADDRESS_TAG, '')}"

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[HealthCheckSpec]]:  # noqa: ARG002
        return [_live(check, tags) for check, tags in checks_of_type(aws, region, ("HTTP", "HTTPS"))]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[HealthCheckSpec] | None:
        found = one_check(aws, region, ids["id"])
        return _live(*found) if found else None

    def create(self, aws: AwsCalls, region: str, spec: HealthCheckSpec, token: str) -> Mapping[str, str]:
        settings = {**_changeable(spec), "Type": spec.type, "RequestInterval": spec.interval}
        return create_check(aws, region, token, settings, spec.tags)

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: HealthCheckSpec,
        wanted: HealthCheckSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if _changeable(wanted) != _changeable(live) or set(wanted.checkers) != set(live.checkers):
            reset = {"ResetElements": ["Regions"]} if live.checkers and not wanted.checkers else {}
            update_check(aws, region, ids["id"], {**_changeable(wanted), **reset})
        update_tags(aws, region, ids["id"], live.tags, wanted.tags, owned)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        delete_check(aws, region, ids["id"])

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[HealthCheckSpec]:
        """An inverted check is unhealthy until data arrives: a record that carried it at once would turn callers away."""
        live = super().ready(aws, region, ids)
        waited = 0.0
        while live.spec.inverted and waited < SETTLING_SECONDS and not _observed(aws, region, ids["id"]):
            aws.wait(POLL_SECONDS, "health checkers looking for the first time")
            waited += POLL_SECONDS
        return live


def _observed(aws: AwsCalls, region: str, check: str) -> bool:
    """Whether checkers have reported; also where nobody can tell, since a takeover is then only late by one interval."""
    try:
        answer = aws.call("route53", "GetHealthCheckStatus", region, HealthCheckId=check)
    except AwsError:
        return True
    return any(seen.get("StatusReport", {}).get("Status") for seen in answer["HealthCheckObservations"])


def _endpoint(project: Project, region: Region, function: str) -> tuple[Link, frozenset[Address]]:
    """What is asked, and what must be there for it to answer: a function, or else the region's own name."""
    if with_url(project, region.region, function):
        statements = (f"{function}.url", f"{function}.url-invoke")
        needs = frozenset(Address.of("lambda_permission", region.region, name) for name in statements)
        return Address.of("lambda_url", region.region, function).ref("host"), needs
    return leaf_name(project, region.region), frozenset()


def _changeable(spec: HealthCheckSpec) -> dict[str, Any]:
    """The settings that an update may change, as AWS takes them. HTTPS without SNI fails at most endpoints."""
    return {
        "FullyQualifiedDomainName": spec.fqdn,
        "Port": spec.port,
        "ResourcePath": spec.path,
        "FailureThreshold": spec.threshold,
        "EnableSNI": spec.type == "HTTPS" and spec.sni,
        "Inverted": spec.inverted,
        "Disabled": spec.disabled,
        **({"Regions": [*spec.checkers]} if spec.checkers else {}),
    }


ALL_CHECKERS = frozenset(
    {
        "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1", "us-east-1", "us-west-1",
        "us-west-2",
    }
)  # fmt: skip
"""https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html"""


def _checkers(config: Mapping[str, Any]) -> tuple[str, ...]:
    """From where it is asked; empty where that is everywhere, however Route 53 says it."""
    found = config.get("Regions") or ()
    return () if set(found) >= ALL_CHECKERS else tuple(sorted(found))


def _live(check: Mapping[str, Any], tags: dict[str, str]) -> Live[HealthCheckSpec]:
    config = check["HealthCheckConfig"]
    spec = HealthCheckSpec.model_construct(
        fqdn=config.get("FullyQualifiedDomainName", ""),
        type=config["Type"],
        port=config.get("Port", 443 if config["Type"] == "HTTPS" else 80),
        path=config.get("ResourcePath", ""),
        interval=config.get("RequestInterval", 30),
        threshold=config.get("FailureThreshold", 3),
        inverted=config.get("Inverted", False),
        disabled=config.get("Disabled", False),
        sni=config["Type"] != "HTTPS" or config.get("EnableSNI", True),
        checkers=_checkers(config),
        tags=tags,
    )
    return Live(spec=spec, ids={"id": check["Id"]}, owner=owner(tags))


RESOURCE = Route53HealthCheck()
