"""Users: agents and supervisors, from items of the config or from a CSV file. A user name cannot change.

SearchUsers has all that is compared, 500 a page, but for e-mail addresses and proficiencies, which AWS gives one user at a
time: proficiencies are read of users whose item has some, e-mail addresses are taken as recorded while the config says the same.
https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchUsers.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Quota, Room
from sbctl.core.kinds.resource import Live, Named
from sbctl.core.kinds.spec import Desired
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.content import user_changes as changes
from sbctl.resources.content.passwords import new_password
from sbctl.resources.content.proficiencies import Proficiency, listed
from sbctl.resources.content.user_items import COLUMNS, UserItem, findings, identity_in, nfc, remarks
from sbctl.resources.content.user_names import user_address
from sbctl.resources.content.user_spec import DETAILS, UserSpec

USERS_A_PAGE = 500
MILLISECONDS = 1000
"""SearchUsers says the time for after-contact work in milliseconds, all other operations in seconds."""


def _profile(name: str) -> Link:
    return Address.of("connect_security_profile", "us-east-1", name).ref("id")


def _example(**changed: Any) -> UserSpec:
    values = {
        "instance": connect.EXAMPLE_INSTANCE,
        "name": "agent-1",
        "first_name": "Ann",
        "last_name": "Example",
        "email": "ann@example.com",
        "security_profiles": (_profile("Agents"),),
        "routing_profile": Address.of("connect_routing_profile", "us-east-1", "Sales").ref("id"),
        "phone_type": "SOFT_PHONE",
        "desk_phone": "+18005550101",
        "proficiencies": (
            Proficiency(attribute="Product", value="Loans", level=3),
            Proficiency(attribute="Product", value="Cards", level=2),
        ),
        "tags": {**example_tags("connect_user.us-east-1.agent-1"), "team": "a"},
    }
    return UserSpec.model_validate({**values, **changed})


class ConnectUserKind(connect.Searched[UserSpec, UserItem]):
    """Users, known by their user name within the instance."""

    name = "connect_user"
    section = "users"
    title = "user"
    spec = UserSpec
    item = UserItem
    columns = COLUMNS
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption(
        "item", after=("connect_security_profile", "connect_routing_profile", "connect_hierarchy_group")
    )
    dependent_actions = {
        "connect:SearchUsers": ("connect:DescribeUser",),
    }
    quotas = (Quota("users per instance", "connect", "L-9A46857E", per_instance=True),)
    room = Room("users per instance", "L-9A46857E", 500)
    impact_rank = 82
    impacts = (
        Impact("high", "the agent would be offered other contacts", field="routing_profile"),
        Impact("high", "the agent could do something else, or nothing", field="security_profiles"),
        Impact("high", "contacts would go to agents with other skills", field="proficiencies"),
        Impact("medium", "contacts would reach the agent otherwise", field="phone_type"),
        Impact("medium", "the desk phone would ring elsewhere", field="desk_phone"),
        Impact("medium", "contacts would ring, or be connected unasked", field="auto_accept"),
        Impact("low", "the agent would be offered the next contact sooner or later", field="after_contact_work"),
        Impact("low", "reports would group the agent otherwise", field="hierarchy_group"),
        Impact("low", "only people read it", field="first_name"),
        Impact("low", "only people read it", field="last_name"),
        Impact("medium", "messages to the agent would go elsewhere", field="email"),
        Impact("medium", "messages to the agent would go elsewhere", field="secondary_email"),
        Impact("high", "the agent could not sign in"),
    )
    singly = connect.operations("DescribeUser ListUserProficiencies")
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/user-management.html"
    asked = connect.ResourceOperations(
        "SearchUsers", "Users", "DescribeUser", "User", "DeleteUser", "UserId", USERS_A_PAGE
    )
    calls = connect.operations(
        "SearchUsers DescribeUser ListUserProficiencies CreateUser UpdateUserIdentityInfo UpdateUserPhoneConfig"
        " UpdateUserRoutingProfile UpdateUserSecurityProfiles UpdateUserHierarchy AssociateUserProficiencies"
        " UpdateUserProficiencies DisassociateUserProficiencies DeleteUser TagResource UntagResource"
    )
    named_by = ("quickConnects.user",)
    config_paths = {
        "first_name": "firstName",
        "last_name": "lastName",
        "email": "email",
        "secondary_email": "secondaryEmail",
        "routing_profile": "routingProfile",
        "hierarchy_group": "hierarchyGroup",
        "desk_phone": "deskPhone",
        "auto_accept": "autoAccept",
        "after_contact_work": "afterContactWorkSeconds",
    }
    examples = (
        _example(),
        _example(
            first_name="Anna",
            last_name="Sample",
            email="anna@example.com",
            secondary_email="sample@example.com",
            security_profiles=(_profile("Agents"), _profile("Supervisors")),
            routing_profile=Address.of("connect_routing_profile", "us-east-1", "Support").ref("id"),
            hierarchy_group=Address.of("connect_hierarchy_group", "us-east-1", "North").ref("id"),
            phone_type="DESK_PHONE",
            desk_phone="+18005550100",
            auto_accept=True,
            after_contact_work=90,
            proficiencies=(
                Proficiency(attribute="Product", value="Loans", level=5),
                Proficiency(attribute="Product", value="Savings", level=1),
            ),
            tags={**example_tags("connect_user.us-east-1.agent-1"), "team": "b"},
        ),
    )

    def address(self, region: str, name: str) -> Address:
        """As `user_address` has it: without an e-mail address."""
        return user_address(region, name)

    def expand(self, item: UserItem, project: Project, region: str) -> Iterable[Desired]:
        def link(kind: str, name: str) -> Link:
            return Address.of(kind, region, name).ref("id")

        address = self.address(region, item.name)
        group = item.hierarchy_group
        spec = UserSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            identity=identity_in(project, region),
            first_name=nfc(item.first_name or ""),
            last_name=nfc(item.last_name or ""),
            email=item.email,
            secondary_email=item.secondary_email,
            security_profiles=tuple(link("connect_security_profile", one) for one in item.security_profiles),
            routing_profile=link("connect_routing_profile", item.routing_profile),
            hierarchy_group=None if group is None else link("connect_hierarchy_group", group),
            phone_type=item.phone_type,
            desk_phone=item.desk_phone,
            auto_accept=item.auto_accept,
            after_contact_work=item.after_contact_work_seconds,
            proficiencies=item.proficient,
            tags=project.owned(address),
        )
        known = project.names("predefinedAttributes")
        attributes = {one.attribute for one in item.proficiencies} & known
        needs = frozenset(Address.of("connect_predefined_attribute", region, one) for one in attributes)
        return [Desired(address=address, spec=spec, needs=needs)]

    def check(self, item: UserItem, project: Project) -> Iterable[tuple[str, str, str]]:
        return findings(item, project)

    def remarks(self, item: UserItem, project: Project) -> Iterable[tuple[str, str, str]]:
        return remarks(item, project)

    def to_config(self, spec: UserSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        phone: dict[str, Any] = {} if spec.phone_type == "SOFT_PHONE" else {"phone": spec.phone_type and "desk"}
        skills = [one.model_dump() for one in spec.proficiencies or ()]
        group = named("connect_hierarchy_group", str(spec.hierarchy_group)) if spec.hierarchy_group else None
        return {
            "name": spec.name,
            "firstName": spec.first_name,
            "lastName": spec.last_name,
            **connect.given(email=spec.email, secondaryEmail=spec.secondary_email),
            "securityProfiles": [named("connect_security_profile", str(one)) for one in spec.security_profiles],
            "routingProfile": named("connect_routing_profile", str(spec.routing_profile)),
            **phone,
            **connect.given(
                hierarchyGroup=group,
                deskPhone=spec.desk_phone,
                autoAccept=spec.auto_accept or None,
                afterContactWorkSeconds=spec.after_contact_work or None,
                proficiencies=skills or None,
            ),
        }

    def key(self, spec: UserSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[UserSpec]]:
        asked = self.asked
        rows = connect.pages(aws, region, asked.search, asked.rows, asked.page, InstanceId=within)
        return [_live(within, row, MILLISECONDS) for row in rows]

    def complete(
        self, aws: AwsCalls, region: str, live: Live[UserSpec], fields: frozenset[str]
    ) -> Live[UserSpec] | None:
        """With its e-mail addresses, its proficiencies, or both."""
        found: Live[UserSpec] | None = live
        if fields & DETAILS:
            answer = connect.present(aws, region, "DescribeUser", **self.at(live.ids))
            found = self.live(live.ids["instance"], answer["User"]) if answer else None
        if found is None or "proficiencies" not in fields:
            return found
        skills = listed(aws, region, self.at(live.ids))
        return None if skills is None else connect.completed(found, proficiencies=skills)

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[UserSpec]:
        return _live(instance, row, 1)

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[UserSpec] | None:
        live = super().read(aws, region, ids)
        return None if live is None else self.complete(aws, region, live, frozenset({"proficiencies"}))

    def create(self, aws: AwsCalls, region: str, spec: UserSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        secret = {"Password": new_password()} if spec.identity == "CONNECT_MANAGED" else {}
        made = aws.call(
            "connect",
            "CreateUser",
            region,
            InstanceId=spec.instance,
            Username=spec.name,
            SecurityProfileIds=[*spec.security_profiles],
            RoutingProfileId=spec.routing_profile,
            IdentityInfo=changes.identity_info(spec, {}),
            Tags=spec.tags,
            **secret,
            **connect.given(HierarchyGroupId=spec.hierarchy_group, PhoneConfig=changes.phone_config(spec, {}) or None),
        )
        ids = {"instance": str(spec.instance), "id": made["UserId"], "arn": made["UserArn"]}
        changes.set_proficiencies(aws, region, self.at(ids), (), spec.proficiencies)
        return ids

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: UserSpec,
        wanted: UserSpec,
        owned: Mapping[str, Any],
    ) -> None:
        changes.change(aws, region, self.at(ids), live, wanted, owned)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)


def _live(instance: str, row: Mapping[str, Any], unit: int) -> Live[UserSpec]:
    """A row of a search, in which a second has 1000 of `unit`, or what Describe answers; its proficiencies are in neither."""
    tags, who, phone = row.get("Tags") or {}, row.get("IdentityInfo") or {}, row.get("PhoneConfig") or {}
    spec = UserSpec(
        instance=instance,
        name=row["Username"],
        first_name=who.get("FirstName") or "",
        last_name=who.get("LastName") or "",
        email=who.get("Email"),
        secondary_email=who.get("SecondaryEmail"),
        security_profiles=tuple(row.get("SecurityProfileIds") or ()),
        routing_profile=row.get("RoutingProfileId") or "",
        hierarchy_group=row.get("HierarchyGroupId"),
        phone_type=phone.get("PhoneType"),
        desk_phone=phone.get("DeskPhoneNumber") or None,
        auto_accept=bool(phone.get("AutoAccept")) if phone else None,
        after_contact_work=(phone.get("AfterContactWorkTimeLimit") or 0) // unit if phone else None,
        tags=tags,
    )
    ids = {"instance": instance, "id": row["Id"], "arn": row["Arn"]}
    return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))


RESOURCE = ConnectUserKind()
