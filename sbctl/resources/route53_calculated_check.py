"""Calculated health checks: a region takes traffic while its endpoint is healthy and no region behind it has taken over.

A second one a region is healthy while it holds an order (`_takeover`).

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import ADDRESS_TAG, HOME_OF_GLOBAL_SERVICES, PROJECT_TAG, Project
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
from sbctl.resources.dns.names import served
from sbctl.resources.dns.newcomers import read_alike
from sbctl.resources.dns.takeover import Sum, by_health, by_order, missing, order_leaf_check, ordered

TYPE = "CALCULATED"


class CalculatedCheckSpec(Spec):
    """Healthy while at least `threshold` of the `children` are. Children are health checks of other types."""

    owned_maps = frozenset({"tags"})

    children: tuple[Link, ...] = Field(min_length=1, max_length=255)
    threshold: int = Field(ge=0, le=256)
    inverted: bool = False
    disabled: bool = False
    tags: dict[str, str] = {}


_CHILD = Address.of("route53_health_check", GLOBAL, "us-east-1").ref("id")
_OTHER = Address.of("route53_health_check", GLOBAL, "takeover-function.us-west-2").ref("id")
_EXAMPLE = CalculatedCheckSpec(
    children=(_CHILD,),
    threshold=1,
    tags={"Name": "US-East-1", **example_tags("route53_calculated_check.global.us-east-1")},
)


class Route53CalculatedCheck(Kind[CalculatedCheckSpec, ConfigItem]):
    """Calculated checks. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html"""

    name = "route53_calculated_check"
    section = ""
    title = "calculated health check"
    scope = "global"
    home = HOME_OF_GLOBAL_SERVICES
    spec = CalculatedCheckSpec
    item = ConfigItem
    connect_only = False
    resiliency = "global"
    adoption = Adoption("check")
    dependent_actions = {}
    quotas = ()
    impact_rank = 5
    impacts = (Impact("critical", "the health that DNS answers by would be computed wrongly"),)
    docs = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html"
    calls = CALLS
    retry = RETRY
    examples = (_EXAMPLE, _EXAMPLE.model_copy(update={"children": (_CHILD, _OTHER), "threshold": 2}))

    def derive(self, project: Project) -> Iterable[Desired]:
        if missing(project):
            return
        for region in served(project):
            address = self.address(GLOBAL, region.region)
            yield self._desired(address, project, region.name, by_health(project, region))
        for region in ordered(project):
            address = order_leaf_check(region.region)
            yield self._desired(address, project, f"{region.name} by order", by_order(project, region))

    def _desired(self, address: Address, project: Project, name: str, of: Sum) -> Desired:
        spec = CalculatedCheckSpec(
            children=tuple(check.ref("id") for check in of.checks),
            threshold=len(of.checks),
            inverted=of.inverted,
            tags={"Name": name, **project.owned(address)},
        )
        return Desired(address=address, spec=spec)

    def key(self, spec: CalculatedCheckSpec) -> str:
        return f"{spec.tags.get(PROJECT_TAG, '')}/{spec.tags.get(ADDRESS_TAG, '')}"

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[CalculatedCheckSpec]]:  # noqa: ARG002
        return [_live(check, tags) for check, tags in checks_of_type(aws, region, (TYPE,))]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[CalculatedCheckSpec] | None:
        found = one_check(aws, region, ids["id"])
        return _live(*found) if found else None

    def create(self, aws: AwsCalls, region: str, spec: CalculatedCheckSpec, token: str) -> Mapping[str, str]:
        return create_check(aws, region, token, {**_changeable(spec), "Type": TYPE}, spec.tags)

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: CalculatedCheckSpec,
        wanted: CalculatedCheckSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if _changeable(wanted) != _changeable(live):
            read_alike(aws, region, {*map(str, live.children)}, {*map(str, wanted.children)})
            update_check(aws, region, ids["id"], _changeable(wanted))
        update_tags(aws, region, ids["id"], live.tags, wanted.tags, owned)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        delete_check(aws, region, ids["id"])

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field == "children":
            return sorted(map(str, wanted or ())) == sorted(map(str, live or ()))
        return super().same(field, wanted, live)


def _changeable(spec: CalculatedCheckSpec) -> dict[str, Any]:
    return {
        "ChildHealthChecks": sorted(str(child) for child in spec.children),
        "HealthThreshold": spec.threshold,
        "Inverted": spec.inverted,
        "Disabled": spec.disabled,
    }


def _live(check: Mapping[str, Any], tags: dict[str, str]) -> Live[CalculatedCheckSpec]:
    config = check["HealthCheckConfig"]
    spec = CalculatedCheckSpec.model_construct(
        children=tuple(config.get("ChildHealthChecks") or ()),
        threshold=config.get("HealthThreshold", 0),
        inverted=config.get("Inverted", False),
        disabled=config.get("Disabled", False),
        tags=tags,
    )
    return Live(spec=spec, ids={"id": check["Id"]}, owner=owner(tags))


RESOURCE = Route53CalculatedCheck()
