"""Groups of the agent hierarchy: a tree, in which each is named by its path from the top, `North/Voice`.

A slash within a name is written twice. A group cannot move to another parent; its name can change.
https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateUserHierarchyGroup.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import Field

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.resource import Live, Named
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.connect_hierarchy import MEMBERS, HierarchyItem
from sbctl.resources.connect_hierarchy import NAME as LEVELS

LONGEST_NAME = 100
ROOT_LEVEL = "0"
"""The level of a group that AWS makes for itself and shows nowhere.
https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchUserHierarchyGroups.html"""


def segments(path: str) -> list[str]:
    """The names of a path: a single slash parts them, two are one slash of a name."""
    names = [""]
    for piece in re.findall(r"//|/|[^/]+", path):
        if piece == "/":
            names.append("")
        else:
            names[-1] += "/" if piece == "//" else piece
    return names


def path_of(names: Sequence[str]) -> str:
    """The path of some names: `segments` backwards."""
    return "/".join(name.replace("/", "//") for name in names)


class HierarchyGroupItem(ConfigItem):
    """A group of the agent hierarchy in every Connect region."""

    name: str = Field(
        min_length=1,
        description='Path from the top: "North", "North/Voice". Each group above is an item of its own.',
    )


class HierarchyGroupSpec(Spec):
    """A group; `name` is its path, `parent` the id of the group above, "" at the top."""

    replace_on = frozenset({"instance", "parent"})
    owned_maps = frozenset({"tags"})

    instance: Link
    name: str = Field(min_length=1)
    parent: Link = ""
    tags: dict[str, str] = {}


class ConnectHierarchyGroupKind(connect.Searched[HierarchyGroupSpec, HierarchyGroupItem]):
    """Groups of the hierarchy, known by their path within the instance."""

    name = "connect_hierarchy_group"
    section = "hierarchyGroups"
    title = "hierarchy group"
    spec = HierarchyGroupSpec
    item = HierarchyGroupItem
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("item", after=("connect_hierarchy",))
    dependent_actions = {
        "connect:SearchUserHierarchyGroups": ("connect:DescribeUserHierarchyGroup",),
    }
    quotas = ()
    room = Room("hierarchy groups per instance", "L-D68AAAE4", 500)
    impact_rank = 92
    impacts = (Impact("low", "reports would group agents otherwise"),)
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/agent-hierarchy.html"
    asked = connect.ResourceOperations(
        "SearchUserHierarchyGroups",
        "UserHierarchyGroups",
        "DescribeUserHierarchyGroup",
        "HierarchyGroup",
        "DeleteUserHierarchyGroup",
        "HierarchyGroupId",
    )
    calls = connect.operations(
        "SearchUserHierarchyGroups DescribeUserHierarchyGroup CreateUserHierarchyGroup UpdateUserHierarchyGroupName"
        " DeleteUserHierarchyGroup TagResource UntagResource"
    )
    named_by = ("users.hierarchyGroup",)
    examples = (
        HierarchyGroupSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="North",
            tags={**example_tags("connect_hierarchy_group.us-east-1.north"), "team": "a"},
        ),
        HierarchyGroupSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="North",
            tags={**example_tags("connect_hierarchy_group.us-east-1.north"), "team": "b"},
        ),
    )

    def expand(self, item: HierarchyGroupItem, project: Project, region: str) -> Iterable[Desired]:
        address = self.address(region, item.name)
        above = segments(item.name)[:-1]
        structure = next((one for one in project.items.get("hierarchy", ()) if one.in_region(region)), None)
        spec = HierarchyGroupSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            parent=self.address(region, path_of(above)).ref("id") if above else "",
            tags=project.owned(address),
        )
        needs = {Address.of("connect_hierarchy", region, LEVELS)} if structure else set()
        return [Desired(address=address, spec=spec, needs=frozenset(needs))]

    def check(self, item: HierarchyGroupItem, project: Project) -> Iterable[tuple[str, str, str]]:
        names = segments(item.name)
        if not all(name.strip() for name in names):
            yield "name", "has a part without a name", 'Write it as "North/Voice", without a slash at either end.'
            return
        for name in names:
            if len(name) > LONGEST_NAME:
                yield "name", f"{name[:20]}... has more than {LONGEST_NAME} characters", "Choose a shorter name."
        above = path_of(names[:-1])
        if above and above not in project.names(self.section):
            yield "name", f"the group above it, {above!r}, is not in {self.section}", f'Add {{ "name": "{above}" }}.'
        yield from _too_deep(item, len(names), project)

    def to_config(self, spec: HierarchyGroupSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        return {"name": spec.name}

    def key(self, spec: HierarchyGroupSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[HierarchyGroupSpec]]:
        """All but AWS's own root; those above come first."""
        asked = self.asked
        rows = connect.pages(aws, region, asked.search, asked.rows, asked.page, InstanceId=within)
        found = [self.live(within, row) for row in rows if row.get("LevelId") != ROOT_LEVEL]
        return sorted(found, key=lambda live: (len(segments(live.spec.name)), live.spec.name))

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[HierarchyGroupSpec]:
        path = row.get("HierarchyPath") or {}
        above = [path[member] for member in MEMBERS if path.get(member) and path[member]["Id"] != row["Id"]]
        tags = row.get("Tags") or {}
        spec = HierarchyGroupSpec(
            instance=instance,
            name=path_of([*(one["Name"] for one in above), row["Name"]]),
            parent=above[-1]["Id"] if above else "",
            tags=tags,
        )
        ids = {"instance": instance, "id": row["Id"], "arn": row["Arn"]}
        return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))

    def create(self, aws: AwsCalls, region: str, spec: HierarchyGroupSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        made = aws.call(
            "connect",
            "CreateUserHierarchyGroup",
            region,
            InstanceId=spec.instance,
            Name=segments(spec.name)[-1],
            Tags=spec.tags,
            **connect.given(ParentGroupId=spec.parent or None),
        )
        return {"instance": str(spec.instance), "id": made["HierarchyGroupId"], "arn": made["HierarchyGroupArn"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: HierarchyGroupSpec,
        wanted: HierarchyGroupSpec,
        owned: Mapping[str, Any],
    ) -> None:
        """What differs further up in the path is put right at the group above."""
        name = segments(wanted.name)[-1]
        if name != segments(live.name)[-1]:
            aws.call("connect", "UpdateUserHierarchyGroupName", region, **self.at(ids), Name=name)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)


def _too_deep(item: HierarchyGroupItem, depth: int, project: Project) -> Iterable[tuple[str, str, str]]:
    """A group below the last level, in a region whose levels the config says."""
    for region in project.connect_regions:
        here = (one.in_region(region.region) for one in project.items.get("hierarchy", ()))
        levels = next((one.levels for one in here if isinstance(one, HierarchyItem)), None)
        if levels is not None and depth > len(levels) and item.in_region(region.region) is not None:
            below = f"is on level {depth}, and {region.region} has {len(levels)}: {', '.join(levels)}"
            yield "name", below, "Add a level to hierarchy, or put the group higher."
            return


RESOURCE = ConnectHierarchyGroupKind()
