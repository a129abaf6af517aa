"""Route 53 health checks: one a region, asking the health function behind its function URL.

Known by its tag, since a caller reference cannot be looked up and stays used for days after a deletion.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.project import ADDRESS_TAG, HOME_OF_GLOBAL_SERVICES, PROJECT_TAG, Project, Region
from sbctl.core.resource import AwsCalls, Kind, Live, Retry
from sbctl.core.spec import ConfigItem, Desired, Spec
from sbctl.desired.sections import LambdaItem
from sbctl.resources._calls import call_or_none, pages
from sbctl.resources._dns import BUSY, leaf_name, served
from sbctl.resources._tags import as_map, as_pairs, example_tags, owner, tag_change

GONE = ("NoSuchHealthCheck",)
TAGGED = "healthcheck"
HEALTH_FUNCTION = "health"
BATCH = 10
"""How many resources ListTagsForResources takes in one call."""


class HealthCheckSpec(Spec):
    """A check of an endpoint by its name. `interval` in seconds, 10 or 30; `threshold` in answers in a row."""

    replace_on = frozenset({"type", "interval"})
    owned_maps = frozenset({"tags"})

    fqdn: Link
    type: Literal["HTTPS", "HTTP"] = "HTTPS"
    port: int = Field(default=443, ge=1, le=65535)
    path: str = Field(default="/health", max_length=255)
    interval: Literal[10, 30] = 30
    threshold: int = Field(default=3, ge=1, le=10)
    inverted: bool = False
    disabled: bool = False
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
    docs = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html"
    calls = frozenset(
        f"route53:{operation}"
        for operation in (
            "ChangeTagsForResource", "CreateHealthCheck", "DeleteHealthCheck", "GetHealthCheck", "ListHealthChecks",
            "ListTagsForResources", "UpdateHealthCheck",
        )
    )  # fmt: skip
    retry = (*BUSY, Retry("HealthCheckVersionMismatch", "", "the health check was changed at the same time"))
    examples = (_EXAMPLE, _EXAMPLE.model_copy(update={"threshold": 5, "path": "/ready"}))

    def follow(self, project: Project) -> Iterable[Desired]:
        rule = project.rules.health_check
        for region in served(project):
            address = self.address(GLOBAL, region.region)
            fqdn, needs = _endpoint(project, region)
            spec = HealthCheckSpec(
                fqdn=fqdn,
                type=rule.type,
                port=rule.port,
                path=rule.path,
                interval=rule.interval_seconds,
                threshold=rule.failure_threshold,
                tags={"Name": f"{region.name} health", **project.owned(address)},
            )
            yield Desired(address=address, spec=spec, needs=needs)

    def key(self, spec: HealthCheckSpec) -> str:
        return f"{spec.tags.get(PROJECT_TAG, '')}/{spec.tags.get(ADDRESS_TAG, '')}"

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[HealthCheckSpec]]:  # noqa: ARG002
        tokens = ("Marker", "NextMarker")
        found = pages(aws, "route53", "ListHealthChecks", region, "HealthChecks", tokens, MaxItems="100")
        checks = [check for check in found if check["HealthCheckConfig"]["Type"] in ("HTTP", "HTTPS")]
        tags = _tags(aws, region, [check["Id"] for check in checks])
        return [_live(check, tags.get(check["Id"], {})) for check in checks]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[HealthCheckSpec] | None:
        answer = call_or_none(aws, GONE, "route53", "GetHealthCheck", region, HealthCheckId=ids["id"])
        return _live(answer["HealthCheck"], _tags(aws, region, [ids["id"]]).get(ids["id"], {})) if answer else None

    def create(self, aws: AwsCalls, region: str, spec: HealthCheckSpec, token: str) -> Mapping[str, str]:
        # The same reference with other settings is refused, so the settings are part of it.
        settings = {**_changeable(spec), "Type": spec.type, "RequestInterval": spec.interval}
        digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
        reference = f"{token}-{digest[:16]}"
        made = aws.call("route53", "CreateHealthCheck", region, CallerReference=reference, HealthCheckConfig=settings)
        check = made["HealthCheck"]["Id"]
        tags = as_pairs(spec.tags)
        aws.call("route53", "ChangeTagsForResource", region, ResourceType=TAGGED, ResourceId=check, AddTags=tags)
        return {"id": check}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: HealthCheckSpec,
        wanted: HealthCheckSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if _changeable(wanted) != _changeable(live):
            check = aws.call("route53", "GetHealthCheck", region, HealthCheckId=ids["id"])["HealthCheck"]
            version = check["HealthCheckVersion"]
            settings = _changeable(wanted)
            aws.call(
                "route53",
                "UpdateHealthCheck",
                region,
                HealthCheckId=ids["id"],
                HealthCheckVersion=version,
                **settings,
            )
        change = tag_change(live.tags, wanted.tags, owned)
        if change.put or change.drop:
            parts: dict[str, Any] = {"AddTags": as_pairs(change.put), "RemoveTagKeys": [*change.drop]}
            parts = {name: value for name, value in parts.items() if value}
            aws.call("route53", "ChangeTagsForResource", region, ResourceType=TAGGED, ResourceId=ids["id"], **parts)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        call_or_none(aws, GONE, "route53", "DeleteHealthCheck", region, HealthCheckId=ids["id"])


def _endpoint(project: Project, region: Region) -> tuple[Link, frozenset[Address]]:
    """What is asked, and what must be there for it to answer: the health function, or the region's own name."""
    for item in project.items.get("lambdas", ()):
        local = item.in_region(region.region)
        if item.name == HEALTH_FUNCTION and isinstance(local, LambdaItem) and local.url:
            statements = (f"{item.name}.url", f"{item.name}.url-invoke")
            needs = frozenset(Address.of("lambda_permission", region.region, name) for name in statements)
            return Address.of("lambda_url", region.region, item.name).ref("host"), needs
    return leaf_name(project, region.region), frozenset()


def _changeable(spec: HealthCheckSpec) -> dict[str, Any]:
    """The settings that an update may change, as AWS takes them. HTTPS without SNI fails at most endpoints."""
    return {
        "FullyQualifiedDomainName": spec.fqdn,
        "Port": spec.port,
        "ResourcePath": spec.path,
        "FailureThreshold": spec.threshold,
        "EnableSNI": spec.type == "HTTPS",
        "Inverted": spec.inverted,
        "Disabled": spec.disabled,
    }


def _tags(aws: AwsCalls, region: str, checks: Sequence[str]) -> dict[str, dict[str, str]]:
    """Tags by health check, ten checks a call."""
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(checks), BATCH):
        some = [*checks[start : start + BATCH]]
        answer = aws.call("route53", "ListTagsForResources", region, ResourceType=TAGGED, ResourceIds=some)
        for entry in answer["ResourceTagSets"]:
            found[entry["ResourceId"]] = as_map(entry.get("Tags"))
    return found


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
        tags=tags,
    )
    return Live(spec=spec, ids={"id": check["Id"]}, owner=owner(tags))


RESOURCE = Route53HealthCheck()
