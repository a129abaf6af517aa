"""IAM roles: one a Lambda function, one a replicated bucket. Global, so policies name the regions of the project.

A new role is not known everywhere at once; the kinds that use one wait for it (their `retry`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field

from sbctl.core.address import GLOBAL
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import pages
from sbctl.core.kinds.facts import Adoption, Impact, Shortfall
from sbctl.core.kinds.resource import Kind, Live, Retry
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES, Project
from sbctl.desired.config.sections import BucketItem, LambdaItem
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.calls.tags import as_map, as_pairs, example_tags, owner, tag_change
from sbctl.resources.roles.former_keys import told, with_former
from sbctl.resources.roles.policy import Document, allow, document, parsed, same_policy, trust
from sbctl.resources.roles.role_pages import paged_roles
from sbctl.resources.roles.role_policies import deployed, function_policy, replication_policy

GONE = ("NoSuchEntity",)


class RoleSpec(Spec):
    """A role with its inline policies by name. sbctl attaches no managed policy: one that is attached is a difference."""

    replace_on = frozenset({"name"})
    owned_maps = frozenset({"tags"})
    as_sets = frozenset({"attached"})

    name: str = Field(min_length=1, max_length=64, pattern=r"^[\w+=,.@-]+$")
    description: str = Field(default="", max_length=1000)
    trust: Document
    policies: dict[str, Document] = {}
    attached: tuple[str, ...] = Field(default=(), description="ARNs of managed policies.")
    tags: dict[str, str] = {}


class IamRole(Kind[RoleSpec, ConfigItem]):
    """Roles. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html"""

    name = "iam_role"
    section = ""
    title = "role"
    scope = "global"
    caseless = True
    home = HOME_OF_GLOBAL_SERVICES
    spec = RoleSpec
    item = ConfigItem
    connect_only = False
    resiliency = "global"
    adoption = Adoption("role")
    dependent_actions = {}
    quotas = ()
    impact_rank = 45
    impacts = (
        Impact("critical", "a policy of others may deny what functions or replication need", field="attached"),
        Impact("critical", "functions or replication would lack their permissions"),
    )
    docs = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"
    calls = frozenset(
        f"iam:{operation}"
        for operation in (
            "CreateRole", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "GetAccountAuthorizationDetails",
            "GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies",
            "ListRoles", "PutRolePolicy", "TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole",
        )
    )  # fmt: skip
    retry = (Retry("ConcurrentModification", "", "another change to the role is under way"),)
    examples = (
        RoleSpec(
            name="example-lambda-health",
            trust=trust("lambda.amazonaws.com"),
            policies={"access": document(allow("Read", ["dynamodb:GetItem"], ["*"]))},
            tags=example_tags("iam_role.global.lambda-health"),
        ),
        RoleSpec(
            name="example-lambda-health",
            trust=trust("lambda.amazonaws.com"),
            policies={"access": document(allow("Read", ["dynamodb:GetItem", "dynamodb:Query"], ["*"]))},
            tags=example_tags("iam_role.global.lambda-health"),
        ),
    )

    def derive(self, project: Project) -> Iterable[Desired]:
        for item in project.items.get("lambdas", ()):
            if isinstance(item, LambdaItem) and any(deployed(item, region.region) for region in project.regions):
                service = trust("lambda.amazonaws.com", _only_for(project))
                yield self._desired(project, f"lambda-{item.name}", service, function_policy(item, project))
        for item in project.items.get("buckets", ()):
            if isinstance(item, BucketItem) and item.replicate:
                service = trust("s3.amazonaws.com", _only_for(project))
                role = self._desired(project, f"replication-{item.name}", service, replication_policy(item, project))
                yield replace(role, lasting=item.former_keys is None)

    def lasting(self, wanted: Mapping[str, Any], before: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keys with which a bucket encrypted before: objects may be pending, and older ones need them whenever they are copied."""
        policies = before.get("policies") or {}
        kept = {name: with_former(policy, policies.get(name)) for name, policy in wanted["policies"].items()}
        return {**wanted, "policies": kept}

    def notes(self, field: str, live: Any, wanted: Any) -> Iterable[str]:
        if field != "policies":
            return
        yield from told((live or {}).values(), wanted.values())

    def _desired(self, project: Project, name: str, trusted: Document, policy: Document) -> Desired:
        address = self.address(GLOBAL, name)
        spec = RoleSpec(
            name=f"{project.name}-{name}",
            description=f"{address} of {project.name}, managed by sbctl",
            trust=trusted,
            policies={"access": policy},
            tags=project.owned(address),
        )
        return Desired(address=address, spec=spec)

    def key(self, spec: RoleSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[RoleSpec]]:  # noqa: ARG002
        return self._details(aws, region, None)

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[RoleSpec]]:  # noqa: ARG002
        return self._details(aws, region, sought.keys)

    def _details(self, aws: AwsCalls, region: str, keys: frozenset[str] | None) -> Iterable[Live[RoleSpec]]:
        """Roles by name, or all: from the pages of a look where they can be read, else one by one."""
        paged = paged_roles(aws, region, keys)
        names = keys if keys is not None or paged is not None else frozenset(_names(aws, region))
        left = (names or frozenset()) - (paged or {}).keys()
        found = (self.read(aws, region, {"name": name}) for name in sorted(left))
        return [*(_live(*role) for role in (paged or {}).values()), *(live for live in found if live is not None)]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[RoleSpec] | None:
        answer = call_or_none(aws, GONE, "iam", "GetRole", region, RoleName=ids["name"])
        if answer is None:
            return None
        policies = {name: self._policy(aws, region, ids["name"], name) for name in _inline(aws, region, ids["name"])}
        return _live(answer["Role"], policies, _attached(aws, region, ids["name"]))

    def _policy(self, aws: AwsCalls, region: str, role: str, name: str) -> Document:
        answer = aws.call("iam", "GetRolePolicy", region, RoleName=role, PolicyName=name)
        return parsed(answer["PolicyDocument"])

    def create(self, aws: AwsCalls, region: str, spec: RoleSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        aws.call(
            "iam",
            "CreateRole",
            region,
            RoleName=spec.name,
            Description=spec.description,
            AssumeRolePolicyDocument=json.dumps(spec.trust),
            Tags=as_pairs(spec.tags),
        )
        self._put_policies(aws, region, spec.name, spec.policies)
        return {"name": spec.name}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: RoleSpec,
        wanted: RoleSpec,
        owned: Mapping[str, Any],
    ) -> None:
        role = ids["name"]
        if not same_policy(wanted.trust, live.trust):
            trusted = json.dumps(wanted.trust)
            aws.call("iam", "UpdateAssumeRolePolicy", region, RoleName=role, PolicyDocument=trusted)
        if wanted.description != live.description:
            # without it the session's length would be reset to an hour
            there = call_or_none(aws, GONE, "iam", "GetRole", region, RoleName=role) or {}
            length = (there.get("Role") or {}).get("MaxSessionDuration")
            kept = {"MaxSessionDuration": length} if length else {}
            aws.call("iam", "UpdateRole", region, RoleName=role, Description=wanted.description, **kept)
        changed = {
            name: policy for name, policy in wanted.policies.items() if not same_policy(policy, live.policies.get(name))
        }
        self._put_policies(aws, region, role, changed)
        for name in live.policies.keys() - wanted.policies.keys():
            aws.call("iam", "DeleteRolePolicy", region, RoleName=role, PolicyName=name)
        _detach(aws, region, role, set(live.attached) - set(wanted.attached))
        tags = tag_change(live.tags, wanted.tags, owned)
        if tags.put:
            aws.call("iam", "TagRole", region, RoleName=role, Tags=as_pairs(tags.put))
        if tags.drop:
            aws.call("iam", "UntagRole", region, RoleName=role, TagKeys=[*tags.drop])

    def _put_policies(self, aws: AwsCalls, region: str, role: str, policies: Mapping[str, Document]) -> None:
        for name, policy in policies.items():
            text = json.dumps(policy)
            aws.call("iam", "PutRolePolicy", region, RoleName=role, PolicyName=name, PolicyDocument=text)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        role = ids["name"]
        for name in _inline(aws, region, role):
            call_or_none(aws, GONE, "iam", "DeleteRolePolicy", region, RoleName=role, PolicyName=name)
        # IAM deletes no role with a policy attached, whoever attached it
        _detach(aws, region, role, _attached(aws, region, role))
        call_or_none(aws, GONE, "iam", "DeleteRole", region, RoleName=role)

    def shortfall(self, wanted: Mapping[str, Any], live: Live[RoleSpec]) -> Shortfall | None:  # noqa: ARG002
        """A permissions boundary allows no more than it names itself, whatever the policies say.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
        """
        boundary = live.outputs.get("boundary")
        if not boundary:
            return None
        return Shortfall(
            code="permissions-boundary",
            summary="A permissions boundary limits a role of the project",
            detail=f"{boundary} on {live.spec.name}: what it does not allow, functions or replication cannot do",
            fix="See that it allows what the policies of the role allow, or have it removed: aws iam"
            f" delete-role-permissions-boundary --role-name {live.spec.name}",
        )

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field == "trust":
            return same_policy(wanted, live)
        if field == "policies":
            live = live or {}
            return wanted.keys() == live.keys() and all(same_policy(wanted[name], live[name]) for name in wanted)
        return super().same(field, wanted, live)


def _live(role: Mapping[str, Any], policies: dict[str, Document], attached: Iterable[str]) -> Live[RoleSpec]:
    tags = as_map(role.get("Tags"))
    spec = RoleSpec.model_construct(
        name=role["RoleName"],
        description=role.get("Description", ""),
        trust=parsed(role["AssumeRolePolicyDocument"]),
        policies=policies,
        attached=tuple(attached),
        tags=tags,
    )
    outputs = {"name": spec.name, "arn": role["Arn"], **_boundary(role)}
    return Live(spec=spec, ids={"name": spec.name}, outputs=outputs, owner=owner(tags))


def _boundary(role: Mapping[str, Any]) -> dict[str, str]:
    """The ARN of the permissions boundary that others have set; sbctl sets none and takes none away."""
    found = (role.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    return {"boundary": str(found)} if found else {}


def _only_for(project: Project) -> Document:
    """The condition under which a service may assume a role: on behalf of this account alone (confused deputy).

    https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html
    """
    return {"StringEquals": {"aws:SourceAccount": project.account}}


def _names(aws: AwsCalls, region: str) -> Iterable[str]:
    roles = pages(aws, "iam", "ListRoles", region, "Roles", ("Marker", "Marker"), MaxItems=1000)
    return [role["RoleName"] for role in roles]


def _inline(aws: AwsCalls, region: str, role: str) -> list[str]:
    return _of_role(aws, region, "ListRolePolicies", "PolicyNames", role)


def _attached(aws: AwsCalls, region: str, role: str) -> list[str]:
    """The ARNs of the managed policies attached to a role."""
    found = _of_role(aws, region, "ListAttachedRolePolicies", "AttachedPolicies", role)
    return sorted(policy["PolicyArn"] for policy in found)


def _detach(aws: AwsCalls, region: str, role: str, policies: Iterable[str]) -> None:
    for policy in sorted(policies):
        call_or_none(aws, GONE, "iam", "DetachRolePolicy", region, RoleName=role, PolicyArn=policy)


def _of_role(aws: AwsCalls, region: str, operation: str, member: str, role: str) -> list[Any]:
    try:
        return list(pages(aws, "iam", operation, region, member, ("Marker", "Marker"), RoleName=role, MaxItems=1000))
    except AwsError as error:
        if error.code in GONE:
            return []
        raise


RESOURCE = IamRole()
