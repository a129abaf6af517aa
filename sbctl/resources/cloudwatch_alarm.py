"""CloudWatch alarms on one metric. Writing one replaces all of it but its tags and its state.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.one_look import TAG_PAGES
from sbctl.core.aws.paging import pages
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Desired, Spec
from sbctl.core.moving.takeover import FUNCTION, METRIC, NAMESPACE
from sbctl.core.project import Project
from sbctl.core.text.slug import mark
from sbctl.resources.calls.call import call_or_none, common_prefix
from sbctl.resources.calls.tag_pages import tags_of
from sbctl.resources.calls.tags import as_map, as_pairs, example_tags, owner, tag_change
from sbctl.resources.content.placeholders import fill, unknown
from sbctl.resources.dns.takeover import latch_alarm, latched
from sbctl.resources.monitoring.alarm_items import (
    COMPARISONS,
    AlarmItem,
    Spot,
    blind,
    dimensions,
    far_topics,
    spots,
    unpublished,
)
from sbctl.resources.monitoring.default_alarms import default_alarms

GONE = ("ResourceNotFound", "ResourceNotFoundException")


LONGEST_NAME = 255


class AlarmSpec(Spec):
    """An alarm in AWS's own terms; `period` in seconds, `threshold` in the metric's unit."""

    replace_on = frozenset({"name"})
    owned_maps = frozenset({"tags"})
    as_sets = frozenset({"actions", "ok_actions"})

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    description: str = Field(default="", max_length=1024)
    namespace: str
    metric: str
    statistic: str
    dimensions: dict[str, Link] = {}
    period: int
    evaluation_periods: int
    datapoints: int = Field(default=0, description="Periods that must breach; 0: all of them.")
    unit: str = Field(default="", description="Of the data that count; empty: any.")
    threshold: float
    comparison: str
    missing: str = "missing"
    enabled: bool = True
    actions: tuple[Link, ...] = ()
    ok_actions: tuple[Link, ...] = ()
    tags: dict[str, str] = {}


def _fitting(name: str) -> str:
    """The name, cut where it is too long for CloudWatch; the beginning of its hash then tells it from others."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 9]}-{mark(name)}"


_EXAMPLE = AlarmSpec(
    name="example-function-errors-us-east-1-health",
    namespace="AWS/Lambda",
    metric="Errors",
    statistic="Sum",
    dimensions={"FunctionName": "example-health"},
    period=300,
    evaluation_periods=1,
    threshold=1,
    comparison=COMPARISONS[">="],
    missing="notBreaching",
    tags=example_tags("cloudwatch_alarm.us-east-1.function-errors.health"),
)


class CloudwatchAlarm(Kind[AlarmSpec, AlarmItem]):
    """Metric alarms. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html"""

    name = "cloudwatch_alarm"
    section = "alarms"
    title = "alarm"
    spec = AlarmSpec
    item = AlarmItem
    connect_only = False
    resiliency = "regional"
    adoption = Adoption("none")
    dependent_actions = {}
    quotas = ()
    impact_rank = 89
    impacts = (
        Impact("critical", "the latch of the takeover follows this alarm's metric", named="takeover-latch"),
        Impact("medium", "nobody would be told"),
    )
    docs = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
    calls = frozenset(
        f"cloudwatch:{operation}"
        for operation in (
            "DeleteAlarms",
            "DescribeAlarms",
            "ListTagsForResource",
            "PutMetricAlarm",
            "TagResource",
            "UntagResource",
        )
    ) | {TAG_PAGES}
    config_paths = {
        "threshold": "threshold",
        "period": "periodSeconds",
        "evaluation_periods": "evaluationPeriods",
        "datapoints": "datapointsToAlarm",
        "unit": "unit",
        "statistic": "statistic",
        "missing": "missing",
        "description": "description",
    }
    examples = (_EXAMPLE, _EXAMPLE.model_copy(update={"threshold": 5.0, "missing": "ignore"}))

    def defaults(self, project: Project) -> Iterable[AlarmItem]:
        return tuple(default_alarms(project))

    def expand(self, item: AlarmItem, project: Project, region: str) -> Iterable[Desired]:
        return [self._desired(item, spot, project, region) for spot in spots(item, project, region)]

    def _desired(self, item: AlarmItem, spot: Spot, project: Project, region: str) -> Desired:
        address = self.address(spot.region, f"{item.name}.{spot.suffix}" if spot.suffix else item.name)
        ending = region if spot.suffix in ("", region) else f"{region}-{spot.suffix}"
        spec = AlarmSpec(
            name=_fitting(f"{project.name}-{item.name}-{ending}"),
            description=item.description,
            namespace=item.namespace,
            metric=item.metric,
            statistic=item.statistic,
            dimensions=dimensions(item, spot, project, region),
            period=item.period_seconds,
            evaluation_periods=item.evaluation_periods,
            datapoints=item.datapoints_to_alarm or 0,
            unit=item.unit or "",
            threshold=item.threshold,
            comparison=COMPARISONS[item.comparison],
            missing=item.missing,
            actions=tuple(fill(text, project, spot.region) for text in item.actions),
            ok_actions=tuple(fill(text, project, spot.region) for text in item.ok_actions),
            tags=project.owned(address),
        )
        return Desired(address=address, spec=spec)

    def derive(self, project: Project) -> Iterable[Desired]:
        """The alarms whose metrics the latches of takeovers follow. They tell nobody.

        The minimum of a minute: an order that is taken back at once leaves no latch behind, and one 0 opens it.
        """
        for region in latched(project):
            address = latch_alarm(region.region)
            spec = AlarmSpec(
                name=_fitting(f"{project.name}-takeover-latch-{region.region}"),
                description="The region has taken over. Route 53 follows this metric: do not change it.",
                namespace=NAMESPACE,
                metric=METRIC,
                statistic="Minimum",
                dimensions={"FunctionName": f"{project.name}-{FUNCTION}"},
                period=60,
                evaluation_periods=1,
                threshold=1.0,
                comparison=COMPARISONS[">="],
                missing="missing",
                tags=project.owned(address),
            )
            yield Desired(address=address, spec=spec)

    def check(self, item: AlarmItem, project: Project) -> Iterable[tuple[str, str, str]]:
        texts = [*((f"dimensions.{name}", text) for name, text in item.dimensions.items())]
        texts += [("actions", text) for text in (*item.actions, *item.ok_actions)]
        for field, text in texts:
            for finding in unknown(text, project):
                yield field, finding, "Correct the placeholder."
        yield from blind(item, project)
        if item.period_seconds not in (10, 20, 30) and item.period_seconds % 60:
            yield "periodSeconds", "CloudWatch takes 10, 20, 30 or a multiple of 60", "Choose a multiple of 60."
        if (item.datapoints_to_alarm or 1) > item.evaluation_periods:
            yield "datapointsToAlarm", "is more than evaluationPeriods", "Lower it, or raise the periods."
        if item.period_seconds * item.evaluation_periods > 86400:
            yield "evaluationPeriods", "CloudWatch looks back one day at most", "Lower the periods or their number."

    def remarks(self, item: AlarmItem, project: Project) -> Iterable[tuple[str, str, str]]:
        yield from unpublished(item, project)
        yield from far_topics(item, project)

    def key(self, spec: AlarmSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[AlarmSpec]]:  # noqa: ARG002
        return [self._paged(aws, region, alarm) for alarm in _alarms(aws, region, "")]

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[AlarmSpec]]:  # noqa: ARG002
        alarms = _alarms(aws, region, common_prefix(sought.keys))
        return [self._paged(aws, region, alarm) for alarm in alarms if alarm["AlarmName"] in sought.keys]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[AlarmSpec] | None:
        alarm = _alarm(aws, region, ids["name"])
        return None if alarm is None else self._live(alarm, _tags(aws, region, alarm["AlarmArn"]))

    def _paged(self, aws: AwsCalls, region: str, alarm: Mapping[str, Any]) -> Live[AlarmSpec]:
        arn = alarm["AlarmArn"]
        return self._live(alarm, tags_of(aws, region, arn, lambda: _tags(aws, region, arn)))

    def _live(self, alarm: Mapping[str, Any], tags: dict[str, str]) -> Live[AlarmSpec]:
        arn, name = alarm["AlarmArn"], alarm["AlarmName"]
        spec = AlarmSpec.model_construct(
            name=name,
            description=alarm.get("AlarmDescription", ""),
            namespace=alarm.get("Namespace", ""),
            metric=alarm.get("MetricName", ""),
            statistic=alarm.get("Statistic", ""),
            dimensions={entry["Name"]: entry["Value"] for entry in alarm.get("Dimensions") or ()},
            period=alarm.get("Period", 0),
            evaluation_periods=alarm.get("EvaluationPeriods", 0),
            datapoints=_datapoints(alarm),
            unit=alarm.get("Unit") or "",
            threshold=float(alarm.get("Threshold", 0)),
            comparison=alarm.get("ComparisonOperator", ""),
            missing=alarm.get("TreatMissingData") or "missing",
            enabled=alarm.get("ActionsEnabled", True),
            actions=tuple(alarm.get("AlarmActions") or ()),
            ok_actions=tuple(alarm.get("OKActions") or ()),
            tags=tags,
        )
        return Live(spec=spec, ids={"name": name}, outputs={"name": name, "arn": arn}, owner=owner(tags))

    def create(self, aws: AwsCalls, region: str, spec: AlarmSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        aws.call("cloudwatch", "PutMetricAlarm", region, **_settings(spec), Tags=as_pairs(spec.tags))
        return {"name": spec.name}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: AlarmSpec,
        wanted: AlarmSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if _settings(wanted) != _settings(live):
            aws.call("cloudwatch", "PutMetricAlarm", region, **_kept(aws, region, ids["name"]), **_settings(wanted))
        change = tag_change(live.tags, wanted.tags, owned)
        alarm = _alarm(aws, region, ids["name"]) if change.put or change.drop else None
        if alarm is None:
            return
        arn = alarm["AlarmArn"]
        if change.put:
            aws.call("cloudwatch", "TagResource", region, ResourceARN=arn, Tags=as_pairs(change.put))
        if change.drop:
            aws.call("cloudwatch", "UntagResource", region, ResourceARN=arn, TagKeys=[*change.drop])

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        call_or_none(aws, GONE, "cloudwatch", "DeleteAlarms", region, AlarmNames=[ids["name"]])


def _tags(aws: AwsCalls, region: str, arn: str) -> dict[str, str]:
    answer = call_or_none(aws, GONE, "cloudwatch", "ListTagsForResource", region, ResourceARN=arn) or {}
    return as_map(answer.get("Tags"))


def _alarms(aws: AwsCalls, region: str, prefix: str) -> Iterable[Mapping[str, Any]]:
    return _described(aws, region, MaxRecords=100, **({"AlarmNamePrefix": prefix} if prefix else {}))


def _alarm(aws: AwsCalls, region: str, name: str) -> Mapping[str, Any] | None:
    return next(iter(_described(aws, region, AlarmNames=[name])), None)


def _described(aws: AwsCalls, region: str, **params: Any) -> Iterable[Mapping[str, Any]]:
    tokens, kinds = ("NextToken", "NextToken"), ["MetricAlarm"]
    return pages(aws, "cloudwatch", "DescribeAlarms", region, "MetricAlarms", tokens, AlarmTypes=kinds, **params)


UNMANAGED = ("InsufficientDataActions",)
"""Members of which no field speaks: a put without them would reset them."""


def _kept(aws: AwsCalls, region: str, name: str) -> dict[str, Any]:
    """What others have set of an alarm that is about to be written whole."""
    there = _alarm(aws, region, name) or {}
    return {member: there[member] for member in UNMANAGED if there.get(member)}


def _datapoints(alarm: Mapping[str, Any]) -> int:
    """How many periods must breach; 0 for all of them, however AWS says it."""
    found = int(alarm.get("DatapointsToAlarm") or 0)
    return 0 if found == alarm.get("EvaluationPeriods") else found


def _settings(spec: AlarmSpec) -> dict[str, Any]:
    """Everything but tags, as AWS takes it. No unit unless one is named: a wrong one would match no data."""
    narrowed = {
        **({"DatapointsToAlarm": spec.datapoints} if spec.datapoints else {}),
        **({"Unit": spec.unit} if spec.unit else {}),
    }
    return {
        **narrowed,
        "AlarmName": spec.name,
        "AlarmDescription": spec.description,
        "Namespace": spec.namespace,
        "MetricName": spec.metric,
        "Statistic": spec.statistic,
        "Dimensions": [{"Name": name, "Value": value} for name, value in sorted(spec.dimensions.items())],
        "Period": spec.period,
        "EvaluationPeriods": spec.evaluation_periods,
        "Threshold": spec.threshold,
        "ComparisonOperator": spec.comparison,
        "TreatMissingData": spec.missing,
        "ActionsEnabled": spec.enabled,
        "AlarmActions": sorted(str(action) for action in spec.actions),
        "OKActions": sorted(str(action) for action in spec.ok_actions),
    }


RESOURCE = CloudwatchAlarm()
