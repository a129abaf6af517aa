"""Users: made with profiles that exist, changed one aspect a call. Name and password are never changed.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateUser.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.people.identity import check_identity, check_user
from sbctl.sandbox.connect.people.phone_config import (
    check_config,
    config_of,
    shown_config,
    with_channels,
    with_phone,
)
from sbctl.sandbox.connect.people.user_search import terms
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.stamps import stamps
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "agent"
"""As ARNs of users have it."""
IDENTITIES = "IdentityManagementType"


class Users:
    """The operations on users."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateUser": self.create,
            "DescribeUser": self.describe,
            "UpdateUserIdentityInfo": self.update_identity,
            "UpdateUserPhoneConfig": self.update_phone,
            "UpdateUserConfig": self.update_channels,
            "UpdateUserRoutingProfile": self.update_routing,
            "UpdateUserSecurityProfiles": self.update_security,
            "UpdateUserHierarchy": self.update_hierarchy,
            "DeleteUser": self.delete,
            "ListUsers": self.list_all,
            "SearchUsers": self.search,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        check_user(str(instance.values[IDENTITIES]), params)
        check_config(params)
        group = params.get("HierarchyGroupId")
        values = {
            "Name": params["Username"],
            "IdentityInfo": dict(params.get("IdentityInfo") or {}),
            "DirectoryUserId": params.get("DirectoryUserId"),
            "SecurityProfileIds": _named(instance, "security-profile", params["SecurityProfileIds"]),
            "RoutingProfileId": _named(instance, "routing-profile", [params["RoutingProfileId"]])[0],
            "HierarchyGroupId": _named(instance, "agent-group", [group])[0] if group else None,
            **config_of(params),
        }
        resource = self._store.add(instance, KIND, values, params.get("Tags") or {})
        return {"UserId": resource.id, "UserArn": resource.arn}

    def _user(self, call: Call) -> ConnectResource:
        return self._store.resource(call, KIND, "UserId")

    def describe(self, call: Call) -> Answer:
        user = self._user(call)
        return {"User": {**_shown(user), **shown_config(user.values), **stamps(user)}}

    def update_identity(self, call: Call) -> Answer:
        user, identity = self._user(call), dict(call.params["IdentityInfo"])
        check_identity(str(self._store.active(call).values[IDENTITIES]), identity)
        self._store.change(user, IdentityInfo=identity)
        return {}

    def update_phone(self, call: Call) -> Answer:
        check_config(call.params)
        self._store.change(self._user(call), **with_phone(call.params["PhoneConfig"]))
        return {}

    def update_channels(self, call: Call) -> Answer:
        check_config(call.params)
        user = self._user(call)
        self._store.change(user, **with_channels(user.values, call.params))
        return {}

    def update_routing(self, call: Call) -> Answer:
        user, named = self._user(call), call.params["RoutingProfileId"]
        self._store.change(user, RoutingProfileId=_named(self._store.active(call), "routing-profile", [named])[0])
        return {}

    def update_security(self, call: Call) -> Answer:
        user, named = self._user(call), call.params["SecurityProfileIds"]
        self._store.change(user, SecurityProfileIds=_named(self._store.active(call), "security-profile", named))
        return {}

    def update_hierarchy(self, call: Call) -> Answer:
        """Without a group the user is in none."""
        user, group = self._user(call), call.params.get("HierarchyGroupId")
        found = _named(self._store.active(call), "agent-group", [group])[0] if group else ""
        self._store.change(user, HierarchyGroupId=found)
        return {}

    def delete(self, call: Call) -> Answer:
        """Quick connects to the user stay, and lead nowhere: their owner is to delete them."""
        self._store.remove(self._store.active(call), self._user(call))
        return {}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(list(self._store.active(call).all(KIND).values()), call.params, 1000, 100)
        rows = [{"Id": user.id, "Arn": user.arn, "Username": user.values["Name"], **stamps(user)} for user in found]
        return {"UserSummaryList": rows, **rest}

    def search(self, call: Call) -> Answer:
        """Of the identity only first and last name, and times in milliseconds."""
        instance = self._store.active(call)
        every = chosen(self._store.searched(instance, KIND), call.params, terms(instance))
        found, rest = page(every, call.params, 500, 100)
        return {"Users": [_found(user) for user in found], "ApproximateTotalCount": len(every), **rest}


def _named(instance: Instance, kind: str, named: list[str]) -> list[str]:
    """The ids of resources that are named by id or ARN. Raises ApiError for one that is not there."""
    for one in named:
        if bare(one) not in instance.all(kind):
            raise missing(kind, one)
    found = [bare(one) for one in named]
    if len(found) != len(set(found)):
        raise ApiError("InvalidParameterException", f"A {kind} is named twice", 400)
    return found


def _shown(user: ConnectResource) -> dict[str, Any]:
    names = ("IdentityInfo", "SecurityProfileIds", "RoutingProfileId", "HierarchyGroupId", "DirectoryUserId")
    said = {name: user.values.get(name) or None for name in names}
    return {"Id": user.id, "Arn": user.arn, "Username": user.values["Name"], **said, "Tags": dict(user.tags)}


def _found(user: ConnectResource) -> dict[str, Any]:
    identity = user.values.get("IdentityInfo") or {}
    names = {name: identity[name] for name in ("FirstName", "LastName") if name in identity}
    return {**_shown(user), "IdentityInfo": names, **shown_config(user.values, milliseconds=True)}


PART = ConnectPart(
    lambda site: Users(site.store),
    quotas={KIND: 500},
    told=(Quota("connect", "L-9A46857E", "Users per instance", 500.0, "AWS::Connect::Instance", KIND),),
)
