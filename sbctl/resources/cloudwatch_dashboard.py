"""CloudWatch dashboards. They are global to the account, and kept and compared as the tree that their JSON means.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.address import GLOBAL
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.paging import pages
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.project import Project
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.content.placeholders import fill, unknown
from sbctl.resources.monitoring.dashboard import body

GONE = ("ResourceNotFound", "DashboardNotFoundError", "ResourceNotFoundException")
NAME = r"^[A-Za-z0-9_-]+$"


class DashboardItem(ConfigItem):
    """A dashboard. Without `widgets` it is sbctl's own, made from the project's regions, tables and buckets."""

    name: str = Field(min_length=1, max_length=255, pattern=NAME, description="Name of the dashboard.")
    start: str = Field(default="-PT6H", pattern=r"^-P", description="How far back it shows, as an ISO 8601 duration.")
    widgets: list[dict[str, Any]] | None = Field(
        default=None,
        max_length=500,
        description="Widgets in CloudWatch's own form; texts may hold `${instance:us-east-1}` and the like.",
    )


class DashboardSpec(Spec):
    """A dashboard; `body` is CloudWatch's JSON as a tree."""

    replace_on = frozenset({"name"})

    name: str = Field(min_length=1, max_length=255, pattern=NAME)
    body: Any


def _example(start: str) -> DashboardSpec:
    text = {"type": "text", "x": 0, "y": 0, "width": 24, "height": 1, "properties": {"markdown": "# Example"}}
    return DashboardSpec(name="Connect-MultiRegion", body={"start": start, "widgets": [text]})


class CloudwatchDashboard(Kind[DashboardSpec, DashboardItem]):
    """Dashboards. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html"""

    name = "cloudwatch_dashboard"
    section = "dashboards"
    title = "dashboard"
    scope = "global"
    spec = DashboardSpec
    item = DashboardItem
    connect_only = False
    resiliency = "global"
    adoption = Adoption("none")
    dependent_actions = {}
    quotas = ()
    impact_rank = 97
    impacts = (Impact("low", "operators would look at another picture"),)
    singly = frozenset({"cloudwatch:GetDashboard"})
    docs = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"
    calls = frozenset(
        f"cloudwatch:{operation}"
        for operation in ("DeleteDashboards", "GetDashboard", "ListDashboards", "PutDashboard")
    )
    examples = (_example("-PT6H"), _example("-PT12H"))

    def defaults(self, project: Project) -> Iterable[DashboardItem]:  # noqa: ARG002
        return (DashboardItem(name="Connect-MultiRegion"),)

    def expand(self, item: DashboardItem, project: Project, region: str) -> Iterable[Desired]:  # noqa: ARG002
        if item.widgets is None:
            tree: Any = body(project, item.start)
        else:
            widgets = _filled(item.widgets, project)
            tree = {"start": item.start, "periodOverride": "inherit", "widgets": widgets}
        yield Desired(address=self.address(GLOBAL, item.name), spec=DashboardSpec(name=item.name, body=tree))

    def check(self, item: DashboardItem, project: Project) -> Iterable[tuple[str, str, str]]:
        for finding in unknown(json.dumps(item.widgets or []), project):
            yield "widgets", finding, "Correct the placeholder."

    def key(self, spec: DashboardSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[DashboardSpec]]:  # noqa: ARG002
        tokens = ("NextToken", "NextToken")
        entries = pages(aws, "cloudwatch", "ListDashboards", region, "DashboardEntries", tokens)
        return self._named(aws, region, [entry["DashboardName"] for entry in entries])

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[DashboardSpec]]:  # noqa: ARG002
        return self._named(aws, region, sorted(sought.keys))

    def _named(self, aws: AwsCalls, region: str, names: Iterable[str]) -> Iterable[Live[DashboardSpec]]:
        """Lists have no bodies, so each dashboard is a call."""
        found = (self.read(aws, region, {"name": name}) for name in names)
        return [live for live in found if live is not None]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[DashboardSpec] | None:
        name = ids["name"]
        answer = call_or_none(aws, GONE, "cloudwatch", "GetDashboard", region, DashboardName=name)
        if answer is None:
            return None
        outputs = {"name": name, "arn": answer.get("DashboardArn", "")}
        spec = DashboardSpec.model_construct(name=name, body=json.loads(answer["DashboardBody"]))
        return Live(spec=spec, ids={"name": name}, outputs=outputs)

    def create(self, aws: AwsCalls, region: str, spec: DashboardSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        text = json.dumps(spec.body, ensure_ascii=False)
        answer = aws.call("cloudwatch", "PutDashboard", region, DashboardName=spec.name, DashboardBody=text)
        messages = answer.get("DashboardValidationMessages")
        if messages:
            raise SbctlError(_does_not_draw(spec.name, messages))
        return {"name": spec.name}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],  # noqa: ARG002
        live: DashboardSpec,
        wanted: DashboardSpec,
        owned: Mapping[str, Any],  # noqa: ARG002
    ) -> None:
        if wanted.body != live.body:
            self.create(aws, region, wanted, "")

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        call_or_none(aws, GONE, "cloudwatch", "DeleteDashboards", region, DashboardNames=[ids["name"]])


def _filled(tree: Any, project: Project) -> Any:
    """The widgets with placeholders filled; those without a region mean the primary."""
    if isinstance(tree, Mapping):
        return {name: _filled(value, project) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_filled(value, project) for value in tree]
    return fill(tree, project, project.primary.region) if isinstance(tree, str) else tree


def _does_not_draw(name: str, messages: Iterable[Mapping[str, str]]) -> Problem:
    found = "; ".join(f"{entry.get('DataPath', '')}: {entry.get('Message', '')}" for entry in messages)
    return Problem(
        code="dashboard-warnings",
        summary="CloudWatch took the dashboard but will not draw all of it",
        detail=f"{name}: {found}",
        fix="Correct the widgets in the dashboards section, then deploy again.",
    )


RESOURCE = CloudwatchDashboard()
