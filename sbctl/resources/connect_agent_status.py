"""Agent statuses: what agents set themselves to, beside AWS's own Available and Offline, which are none of ours.

AWS has no operation that deletes one: what is no longer wanted is disabled, and enabled again when the config wants it back.
https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateAgentStatus.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Live, Named
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner

MOST = 50
"""Statuses of an instance, which cannot be raised. https://docs.aws.amazon.com/connect/latest/adminguide/feature-limits.html"""
CUSTOM = "CUSTOM"
OF_AWS = frozenset({"available", "offline"})
State = Literal["ENABLED", "DISABLED"]


class AgentStatusItem(ConfigItem):
    """An agent status in every Connect region."""

    name: str = Field(min_length=1, max_length=127, description="Name in Connect.")
    description: str | None = Field(default=None, min_length=1, max_length=250, description="Text of the status.")
    status: State = Field(default="ENABLED", description="Whether agents may choose it.")
    display_order: int | None = Field(
        default=None, ge=1, le=MOST, description="Place in the list that agents see. Default: AWS's, or as it is."
    )


class AgentStatusSpec(Spec):
    """An agent status of the type CUSTOM."""

    replace_on = frozenset({"instance"})
    owned_maps = frozenset({"tags"})
    taken_back: ClassVar[Mapping[str, Any]] = {"description": None}
    as_is = frozenset({"display_order"})

    instance: Link
    name: str = Field(min_length=1, max_length=127)
    description: str | None = Field(default=None, max_length=250)
    status: State = "ENABLED"
    display_order: int | None = Field(default=None, ge=1, le=MOST)
    tags: dict[str, str] = {}


def _example(**changed: Any) -> AgentStatusSpec:
    values = {
        "instance": connect.EXAMPLE_INSTANCE,
        "name": "Lunch",
        "description": "Back soon",
        "display_order": 3,
        "tags": {**example_tags("connect_agent_status.us-east-1.lunch"), "team": "a"},
    }
    return AgentStatusSpec.model_validate({**values, **changed})


class ConnectAgentStatusKind(connect.Searched[AgentStatusSpec, AgentStatusItem]):
    """Agent statuses, known by their name within the instance."""

    name = "connect_agent_status"
    section = "agentStatuses"
    title = "agent status"
    spec = AgentStatusSpec
    item = AgentStatusItem
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("item")
    dependent_actions = {
        "connect:SearchAgentStatuses": ("connect:DescribeAgentStatus",),
    }
    quotas = ()
    room = Room("agent statuses per instance", "L-D945C9A8", 50, fixed=True)
    impact_rank = 87
    impacts = (
        Impact("low", "only people read it", field="description"),
        Impact("low", "agents would see it in another place", field="display_order"),
        Impact("medium", "agents could not set themselves to it"),
    )
    deletion = "disabled"
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/agent-custom.html"
    asked = connect.ResourceOperations(
        "SearchAgentStatuses",
        "AgentStatuses",
        "DescribeAgentStatus",
        "AgentStatus",
        "UpdateAgentStatus",
        "AgentStatusId",
    )
    calls = connect.operations(
        "SearchAgentStatuses DescribeAgentStatus CreateAgentStatus UpdateAgentStatus TagResource UntagResource"
    )
    config_paths = {"description": "description", "status": "status", "display_order": "displayOrder"}
    examples = (
        _example(),
        _example(
            description="Eating",
            status="DISABLED",
            display_order=4,
            tags={**example_tags("connect_agent_status.us-east-1.lunch"), "team": "b"},
        ),
    )

    def expand(self, item: AgentStatusItem, project: Project, region: str) -> Iterable[Desired]:
        address = self.address(region, item.name)
        spec = AgentStatusSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            description=item.description,
            status=item.status,
            display_order=item.display_order,
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec)]

    def check(self, item: AgentStatusItem, project: Project) -> Iterable[tuple[str, str, str]]:
        if len(project.items.get(self.section, ())) > MOST and item is project.items[self.section][MOST]:
            yield "name", f"is one more than the {MOST} statuses that an instance can have", "Remove some of them."

    def remarks(self, item: AgentStatusItem, project: Project) -> Iterable[tuple[str, str, str]]:  # noqa: ARG002
        if item.name.casefold() in OF_AWS:
            yield "name", f"{item.name} is a status that AWS makes itself", "Choose another name, or remove the item."

    def to_config(self, spec: AgentStatusSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        more = {"status": spec.status} if spec.status != "ENABLED" else {}
        return {
            "name": spec.name,
            **connect.described(spec),
            **more,
            **connect.given(displayOrder=spec.display_order),
        }

    def key(self, spec: AgentStatusSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[AgentStatusSpec]]:
        """Those that people made: Available and Offline are AWS's own, in every instance."""
        asked = self.asked
        rows = connect.pages(aws, region, asked.search, asked.rows, asked.page, InstanceId=within)
        return [self.live(within, row) for row in rows if row.get("Type", CUSTOM) == CUSTOM]

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[AgentStatusSpec]:
        tags = row.get("Tags") or {}
        spec = AgentStatusSpec(
            instance=instance,
            name=row["Name"],
            description=row.get("Description") or None,
            status=row.get("State", "ENABLED"),
            display_order=row.get("DisplayOrder"),
            tags=tags,
        )
        ids = {"instance": instance, "id": row["AgentStatusId"], "arn": row["AgentStatusARN"]}
        return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))

    def create(self, aws: AwsCalls, region: str, spec: AgentStatusSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        made = aws.call(
            "connect",
            "CreateAgentStatus",
            region,
            InstanceId=spec.instance,
            Name=spec.name,
            State=spec.status,
            Tags=spec.tags,
            **connect.given(Description=spec.description or None, DisplayOrder=spec.display_order),
        )
        return {"instance": str(spec.instance), "id": made["AgentStatusId"], "arn": made["AgentStatusARN"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: AgentStatusSpec,
        wanted: AgentStatusSpec,
        owned: Mapping[str, Any],
    ) -> None:
        changed: dict[str, Any] = {}
        for field, member in (("name", "Name"), ("status", "State"), ("display_order", "DisplayOrder")):
            if connect.differs(live, wanted, field):
                changed[member] = getattr(wanted, field)
        if connect.differs(live, wanted, "description") or given_up("description", live, wanted, owned):
            changed["Description"] = wanted.description or ""
        if changed:
            aws.call("connect", "UpdateAgentStatus", region, **self.at(ids), **changed)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        """AWS cannot delete it, so agents can choose it no longer."""
        connect.present(aws, region, "UpdateAgentStatus", **self.at(ids), State="DISABLED")


RESOURCE = ConnectAgentStatusKind()
