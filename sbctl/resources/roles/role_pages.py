"""Roles with their policies, hundreds a call, for a look at AWS.

GetAccountAuthorizationDetails has all of a role but its description, which ListRoles has.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import OneLook
from sbctl.core.aws.paging import pages
from sbctl.resources.roles.policy import Document, parsed

PAGE = 1000
TOKENS = ("Marker", "Marker")
Role = tuple[Mapping[str, Any], dict[str, Document], list[str]]
"""A role as it is described, its inline policies, and the ARNs of those attached to it."""


def paged_roles(aws: AwsCalls, region: str, names: Iterable[str] | None) -> dict[str, Role] | None:
    """The roles of these names, or all; None where there are no pages: outside of a look, or not for this caller.

    IAM is behind its own writes for some seconds: what the pages do not have is to be read one by one.
    """
    if not isinstance(aws, OneLook) or region in aws.without_roles:
        return None
    try:
        details = {
            role["RoleName"]: role for role in _rows(aws, region, "GetAccountAuthorizationDetails", "RoleDetailList")
        }
        described = {role["RoleName"]: role for role in _rows(aws, region, "ListRoles", "Roles")}
    except AwsError as error:
        aws.without_roles[region] = error
        return None
    wanted = described.keys() if names is None else set(names)
    return {
        name: ({**described[name], **details[name]}, _inline(details[name]), _attached(details[name]))
        for name in sorted(wanted & described.keys() & details.keys())
    }


def _inline(role: Mapping[str, Any]) -> dict[str, Document]:
    return {one["PolicyName"]: parsed(one["PolicyDocument"]) for one in role.get("RolePolicyList") or ()}


def _attached(role: Mapping[str, Any]) -> list[str]:
    return sorted(one["PolicyArn"] for one in role.get("AttachedManagedPolicies") or ())


def _rows(aws: AwsCalls, region: str, operation: str, items: str) -> list[Mapping[str, Any]]:
    only: dict[str, Any] = {"Filter": ["Role"]} if operation == "GetAccountAuthorizationDetails" else {}
    return list(pages(aws, "iam", operation, region, items, TOKENS, MaxItems=PAGE, **only))
