"""The levels of the agent hierarchy: one structure an instance, which is always there and may be empty.

Its groups are connect_hierarchy_group. https://docs.aws.amazon.com/connect/latest/adminguide/agent-hierarchy.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live, Named
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.resources.calls import connect

MEMBERS = ("LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive")
NAME = "levels"
Level = Annotated[str, Field(min_length=1, max_length=50)]


class HierarchyItem(ConfigItem):
    """The levels of the agent hierarchy; the section has one item."""

    name: Literal["levels"] = Field(default="levels", description="There is one structure an instance.")
    levels: list[Level] = Field(
        min_length=1, max_length=len(MEMBERS), description="Names of the levels, from the top: Site, Team."
    )


class HierarchySpec(Spec):
    """The names of the levels, from the top."""

    replace_on = frozenset({"instance"})

    instance: Link
    levels: tuple[str, ...] = Field(max_length=len(MEMBERS))


class ConnectHierarchyKind(Kind[HierarchySpec, HierarchyItem]):
    """The structure of an instance's hierarchy, of which there is one."""

    name = "connect_hierarchy"
    section = "hierarchy"
    title = "hierarchy"
    spec = HierarchySpec
    item = HierarchyItem
    within = "instance"
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("item")
    dependent_actions = {}
    quotas = ()
    impact_rank = 91
    impacts = (Impact("low", "reports would group agents otherwise"),)
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/agent-hierarchy.html"
    calls = connect.operations("DescribeUserHierarchyStructure UpdateUserHierarchyStructure")
    config_paths = {"levels": "levels"}
    examples = (
        HierarchySpec(instance=connect.EXAMPLE_INSTANCE, levels=("Site", "Team")),
        HierarchySpec(instance=connect.EXAMPLE_INSTANCE, levels=("Site", "Group", "Team")),
    )

    def expand(self, item: HierarchyItem, project: Project, region: str) -> Iterable[Desired]:
        spec = HierarchySpec(instance=project.instance(region).ref("id"), levels=tuple(item.levels))
        return [Desired(address=self.address(region, NAME), spec=spec)]

    def to_config(self, spec: HierarchySpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        return {"name": NAME, "levels": [*spec.levels]}

    def key(self, spec: HierarchySpec) -> str:  # noqa: ARG002
        return NAME

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[HierarchySpec]]:
        """The structure; none while it has no level."""
        live = self.read(aws, region, {"instance": within})
        return [] if live is None else [live]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[HierarchySpec] | None:
        instance = ids["instance"]
        found = connect.present(aws, region, "DescribeUserHierarchyStructure", InstanceId=instance) or {}
        structure = found.get("HierarchyStructure") or {}
        levels = tuple(structure[member]["Name"] for member in MEMBERS if structure.get(member))
        return Live(HierarchySpec(instance=instance, levels=levels), {"instance": instance}) if levels else None

    def create(self, aws: AwsCalls, region: str, spec: HierarchySpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        _put(aws, region, str(spec.instance), spec.levels)
        return {"instance": str(spec.instance)}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: HierarchySpec,
        wanted: HierarchySpec,
        owned: Mapping[str, Any],  # noqa: ARG002
    ) -> None:
        if live.levels != wanted.levels:
            _put(aws, region, ids["instance"], wanted.levels)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        """Take all levels away; AWS refuses it while a level has groups."""
        connect.present(aws, region, "UpdateUserHierarchyStructure", InstanceId=ids["instance"], HierarchyStructure={})


def _put(aws: AwsCalls, region: str, instance: str, levels: Iterable[str]) -> None:
    structure = {member: {"Name": name} for member, name in zip(MEMBERS, levels, strict=False)}
    aws.call("connect", "UpdateUserHierarchyStructure", region, InstanceId=instance, HierarchyStructure=structure)


RESOURCE = ConnectHierarchyKind()
