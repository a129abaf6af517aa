"""Security profiles: what agents and supervisors may do in Connect. A name cannot change; permissions are set as a whole.

An item without `permissions` leaves these as they are: so the profiles that AWS puts into a new instance (Admin, Agent,
CallCenterManager, QualityAnalyst) are named, for users to have them.
https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateSecurityProfile.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Quota, Room
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Live, Named
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner

PERMISSIONS_A_PAGE = 1000
MOST_PERMISSIONS = 500
NAME = r"^[ a-zA-Z0-9_@-]+$"
AWS_MANAGED = "AWS_MANAGED"
MANAGED_BY = "managed_by"
Permission = Annotated[str, Field(min_length=1, max_length=128)]


class SecurityProfileItem(ConfigItem):
    """A security profile in every Connect region."""

    name: str = Field(min_length=1, max_length=127, pattern=NAME, description="Name in Connect; it cannot change.")
    description: str | None = Field(default=None, min_length=1, max_length=250, description="Text of the profile.")
    permissions: list[Permission] | None = Field(
        default=None,
        max_length=MOST_PERMISSIONS,
        description="Permissions by AWS's API names, such as BasicAgentAccess. Default: they stay as they are.",
    )


class SecurityProfileSpec(Spec):
    """A security profile. Permissions that are None are neither read nor changed."""

    replace_on = frozenset({"instance", "name"})
    owned_maps = frozenset({"tags"})
    as_sets = frozenset({"permissions"})
    unlisted = frozenset({"permissions"})
    taken_back: ClassVar[Mapping[str, Any]] = {"description": None}
    as_is = frozenset({"permissions"})

    instance: Link
    name: str = Field(min_length=1, max_length=127)
    description: str | None = Field(default=None, max_length=250)
    permissions: tuple[str, ...] | None = None
    tags: dict[str, str] = {}


def _example(**changed: Any) -> SecurityProfileSpec:
    values = {
        "instance": connect.EXAMPLE_INSTANCE,
        "name": "Supervisors",
        "description": "Watch queues",
        "permissions": ("BasicAgentAccess", "MetricsAccess"),
        "tags": {**example_tags("connect_security_profile.us-east-1.supervisors"), "team": "a"},
    }
    return SecurityProfileSpec.model_validate({**values, **changed})


class ConnectSecurityProfileKind(connect.Searched[SecurityProfileSpec, SecurityProfileItem]):
    """Security profiles, known by their name within the instance."""

    name = "connect_security_profile"
    section = "securityProfiles"
    title = "security profile"
    spec = SecurityProfileSpec
    item = SecurityProfileItem
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("item")
    dependent_actions = {
        "connect:SearchSecurityProfiles": ("connect:DescribeSecurityProfile",),
    }
    quotas = (Quota("security profiles per instance", "connect", "L-F325A715", per_instance=True),)
    room = Room("security profiles per instance", "L-F325A715", 100)
    impact_rank = 83
    impacts = (
        Impact("low", "only people read it", field="description"),
        Impact("high", "agents could not take calls, or could do more than they should"),
    )
    singly = frozenset({"connect:ListSecurityProfilePermissions"})
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/connect-security-profiles.html"
    asked = connect.ResourceOperations(
        "SearchSecurityProfiles",
        "SecurityProfiles",
        "DescribeSecurityProfile",
        "SecurityProfile",
        "DeleteSecurityProfile",
        "SecurityProfileId",
    )
    calls = connect.operations(
        "SearchSecurityProfiles DescribeSecurityProfile ListSecurityProfilePermissions CreateSecurityProfile"
        " UpdateSecurityProfile DeleteSecurityProfile TagResource UntagResource"
    )
    named_by = ("users.securityProfiles",)
    config_paths = {"description": "description", "permissions": "permissions"}
    examples = (
        _example(),
        _example(
            description="Watch and listen",
            permissions=("BasicAgentAccess", "MetricsAccess", "ManagerListenIn"),
            tags={**example_tags("connect_security_profile.us-east-1.supervisors"), "team": "b"},
        ),
    )

    def expand(self, item: SecurityProfileItem, project: Project, region: str) -> Iterable[Desired]:
        address = self.address(region, item.name)
        spec = SecurityProfileSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            description=item.description,
            permissions=None if item.permissions is None else tuple(item.permissions),
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec)]

    def check(self, item: SecurityProfileItem, project: Project) -> Iterable[tuple[str, str, str]]:  # noqa: ARG002
        named = item.permissions or []
        for twice in sorted({one for one in named if named.count(one) > 1}):
            yield "permissions", f"names {twice} twice", "Remove one of the two."

    def to_config(self, spec: SecurityProfileSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        permissions = None if spec.permissions is None else sorted(spec.permissions)
        return {"name": spec.name, **connect.described(spec), **connect.given(permissions=permissions)}

    def key(self, spec: SecurityProfileSpec) -> str:
        return spec.name

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[SecurityProfileSpec]:
        tags = row.get("Tags") or {}
        spec = SecurityProfileSpec(
            instance=instance,
            name=row["SecurityProfileName"],
            description=row.get("Description") or None,
            tags=tags,
        )
        ids = {"instance": instance, "id": row["Id"], "arn": row["Arn"]}
        outputs = {"id": ids["id"], "arn": ids["arn"]}
        outputs |= {MANAGED_BY: "AWS"} if row.get("Type") == AWS_MANAGED else {}
        return Live(spec, ids, outputs, owner(tags))

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[SecurityProfileSpec] | None:
        live = super().read(aws, region, ids)
        return None if live is None else self.complete(aws, region, live, frozenset({"permissions"}))

    def complete(
        self,
        aws: AwsCalls,
        region: str,
        live: Live[SecurityProfileSpec],
        fields: frozenset[str],  # noqa: ARG002
    ) -> Live[SecurityProfileSpec] | None:
        """With its permissions; those of a profile that AWS manages are AWS's own affair."""
        if live.outputs.get(MANAGED_BY):
            return live
        found = connect.rows_or_none(
            aws, region, "ListSecurityProfilePermissions", "Permissions", PERMISSIONS_A_PAGE, **self.at(live.ids)
        )
        return None if found is None else connect.completed(live, permissions=tuple(found))

    def create(self, aws: AwsCalls, region: str, spec: SecurityProfileSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        permissions = None if spec.permissions is None else [*spec.permissions]
        made = aws.call(
            "connect",
            "CreateSecurityProfile",
            region,
            InstanceId=spec.instance,
            SecurityProfileName=spec.name,
            Tags=spec.tags,
            **connect.given(Description=spec.description or None, Permissions=permissions),
        )
        return {"instance": str(spec.instance), "id": made["SecurityProfileId"], "arn": made["SecurityProfileArn"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: SecurityProfileSpec,
        wanted: SecurityProfileSpec,
        owned: Mapping[str, Any],
    ) -> None:
        changed: dict[str, Any] = {}
        if connect.differs(live, wanted, "description") or given_up("description", live, wanted, owned):
            changed["Description"] = wanted.description or ""
        if wanted.permissions is not None and set(wanted.permissions) != set(live.permissions or ()):
            changed["Permissions"] = [*wanted.permissions]
        if changed:
            aws.call("connect", "UpdateSecurityProfile", region, **self.at(ids), **changed)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)


RESOURCE = ConnectSecurityProfileKind()
