"""Route 53 health checks that follow the metric of an alarm. The latch of a takeover is one: it keeps its status without data.

Route 53 reads the metric itself and not the state of the alarm. Known by its tag, as the checks of endpoints are.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from sbctl.core.address import Address, Link
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
from sbctl.resources.dns.takeover import latch, latch_alarm, latched

TYPE = "CLOUDWATCH_METRIC"


class MetricCheckSpec(Spec):
    """Healthy while the data of an alarm's metric do not cross its threshold; `without_data` says what silence means."""

    owned_maps = frozenset({"tags"})

    alarm: Link
    alarm_region: str
    without_data: Literal["Healthy", "Unhealthy", "LastKnownStatus"] = "LastKnownStatus"
    inverted: bool = False
    disabled: bool = False
    tags: dict[str, str] = {}


_EXAMPLE = MetricCheckSpec(
    alarm=Address.of("cloudwatch_alarm", "us-west-2", "takeover-latch").ref("name"),
    alarm_region="us-west-2",
    tags={"Name": "US-West-2 latch", **example_tags("route53_metric_check.global.takeover-latch.us-west-2")},
)


class Route53MetricCheck(Kind[MetricCheckSpec, ConfigItem]):
    """Checks of a metric. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html"""

    name = "route53_metric_check"
    section = ""
    title = "metric health check"
    scope = "global"
    home = HOME_OF_GLOBAL_SERVICES
    spec = MetricCheckSpec
    item = ConfigItem
    connect_only = False
    resiliency = "global"
    adoption = Adoption("check")
    dependent_actions = {}
    quotas = ()
    impact_rank = 9
    impacts = (Impact("critical", "silence could give traffic back to a region that was left by order"),)
    docs = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html"
    calls = CALLS
    retry = RETRY
    examples = (_EXAMPLE, _EXAMPLE.model_copy(update={"without_data": "Healthy"}))

    def derive(self, project: Project) -> Iterable[Desired]:
        for region in latched(project):
            address = latch(region.region)
            spec = MetricCheckSpec(
                alarm=latch_alarm(region.region).ref("name"),
                alarm_region=region.region,
                tags={"Name": f"{region.name} latch", **project.owned(address)},
            )
            yield Desired(address=address, spec=spec)

    def key(self, spec: MetricCheckSpec) -> str:
        return f"{spec.tags.get(PROJECT_TAG, '')}/{spec.tags.get(ADDRESS_TAG, '')}"

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[MetricCheckSpec]]:  # noqa: ARG002
        return [_live(check, tags) for check, tags in checks_of_type(aws, region, (TYPE,))]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[MetricCheckSpec] | None:
        found = one_check(aws, region, ids["id"])
        return _live(*found) if found else None

    def create(self, aws: AwsCalls, region: str, spec: MetricCheckSpec, token: str) -> Mapping[str, str]:
        return create_check(aws, region, token, {**_changeable(spec), "Type": TYPE}, spec.tags)

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: MetricCheckSpec,
        wanted: MetricCheckSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if _changeable(wanted) != _changeable(live):
            update_check(aws, region, ids["id"], _changeable(wanted))
        update_tags(aws, region, ids["id"], live.tags, wanted.tags, owned)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        delete_check(aws, region, ids["id"])


def _changeable(spec: MetricCheckSpec) -> dict[str, Any]:
    return {
        "AlarmIdentifier": {"Region": spec.alarm_region, "Name": str(spec.alarm)},
        "InsufficientDataHealthStatus": spec.without_data,
        "Inverted": spec.inverted,
        "Disabled": spec.disabled,
    }


def _live(check: Mapping[str, Any], tags: dict[str, str]) -> Live[MetricCheckSpec]:
    config = check["HealthCheckConfig"]
    alarm = config.get("AlarmIdentifier") or {}
    spec = MetricCheckSpec.model_construct(
        alarm=alarm.get("Name", ""),
        alarm_region=alarm.get("Region", ""),
        without_data=config.get("InsufficientDataHealthStatus", "LastKnownStatus"),
        inverted=config.get("Inverted", False),
        disabled=config.get("Disabled", False),
        tags=tags,
    )
    return Live(spec=spec, ids={"id": check["Id"]}, owner=owner(tags))


RESOURCE = Route53MetricCheck()
