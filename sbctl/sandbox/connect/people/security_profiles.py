"""Security profiles: what users may do. The name is never changed; an update puts the whole list of permissions.

Which permissions there are is not looked at: AWS adds some all the time.
https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateSecurityProfile.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.stamps import given, stamps, summary
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "security-profile"
ADMIN = "Admin"
SHOWN = (
    *("Description", "AllowedAccessControlTags", "TagRestrictedResources", "HierarchyRestrictedResources"),
    *("AllowedAccessControlHierarchyGroupId", "GranularAccessControlConfiguration"),
)
LISTED = ("Permissions", "Applications", "AllowedFlowModules")
SAID = (*SHOWN, *LISTED, "AllowedAIAgents")


class SecurityProfiles:
    """The operations on security profiles."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateSecurityProfile": self.create,
            "DescribeSecurityProfile": self.describe,
            "UpdateSecurityProfile": self.update,
            "DeleteSecurityProfile": self.delete,
            "ListSecurityProfiles": self.list_all,
            "ListSecurityProfilePermissions": self.list_permissions,
            "ListSecurityProfileApplications": self.list_applications,
            "ListSecurityProfileFlowModules": self.list_modules,
            "SearchSecurityProfiles": self.search,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        _check(instance, params)
        values = {"Name": params["SecurityProfileName"], **given(params, SAID)}
        made = self._store.add(instance, KIND, values, params.get("Tags") or {})
        return {"SecurityProfileId": made.id, "SecurityProfileArn": made.arn}

    def describe(self, call: Call) -> Answer:
        found = self._profile(call)
        return {"SecurityProfile": {**_shown(found), **given(found.values, SHOWN), **stamps(found)}}

    def update(self, call: Call) -> Answer:
        found = self._profile(call)
        _check(self._store.active(call), call.params)
        self._store.change(found, **given(call.params, SAID))
        return {}

    def delete(self, call: Call) -> Answer:
        instance, found = self._store.active(call), self._profile(call)
        if found.values["Name"] == ADMIN:
            raise ApiError("AccessDeniedException", f"The security profile {ADMIN} cannot be deleted", 403)
        for user in instance.all("agent").values():
            if found.id in user.values["SecurityProfileIds"]:
                members = {"ResourceType": "USER", "ResourceId": user.arn}
                raise ApiError("ResourceInUseException", "The security profile has users", 409, members)
        self._store.remove(instance, found)
        return {}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(list(self._store.active(call).all(KIND).values()), call.params, 1000, 100)
        return {"SecurityProfileSummaryList": [{**summary(one), "Type": _type(one)} for one in found], **rest}

    def list_permissions(self, call: Call) -> Answer:
        return self._listed(call, "Permissions")

    def list_applications(self, call: Call) -> Answer:
        return self._listed(call, "Applications")

    def list_modules(self, call: Call) -> Answer:
        return self._listed(call, "AllowedFlowModules")

    def _listed(self, call: Call, name: str) -> Answer:
        profile = self._profile(call)
        every: Sequence[Any] = profile.values.get(name) or []
        found, rest = page(every, call.params, 1000, 100)
        return {name: found, **stamps(profile), **rest}

    def search(self, call: Call) -> Answer:
        """Neither permissions nor restrictions: these are read one by one."""
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        rows = [{**_shown(one), **given(one.values, ("Description",))} for one in found]
        return {"SecurityProfiles": rows, "ApproximateTotalCount": len(every), **rest}

    def _profile(self, call: Call) -> ConnectResource:
        return self._store.resource(call, KIND, "SecurityProfileId")


def _check(instance: Instance, params: Mapping[str, Any]) -> None:
    permissions = params.get("Permissions") or []
    if len(permissions) != len(set(permissions)):
        raise ApiError("InvalidParameterException", "Permissions has an entry twice", 400)
    group = params.get("AllowedAccessControlHierarchyGroupId")
    if group and bare(group) not in instance.all("agent-group"):
        raise missing("hierarchy group", group)
    for module in params.get("AllowedFlowModules") or []:
        named = bare(str(module.get("FlowModuleId") or ""))
        if named not in instance.all("flow-module"):
            raise missing("flow module", named)


def _type(found: ConnectResource) -> str:
    """What comes with an instance is the customer's too: people change it, and AWS does not change it back."""
    return str(found.values.get("Type") or "CUSTOMER_MANAGED")


def _shown(found: ConnectResource) -> dict[str, Any]:
    named = {"Id": found.id, "Arn": found.arn, "SecurityProfileName": found.values["Name"]}
    place = {"OrganizationResourceId": found.arn.split("/")[1]}
    return {**named, **place, "Type": _type(found), "Tags": dict(found.tags)}


PART = ConnectPart(
    lambda site: SecurityProfiles(site.store),
    quotas={KIND: 100},
    told=(Quota("connect", "L-F325A715", "Security profiles per instance", 100.0, "AWS::Connect::Instance", KIND),),
)
