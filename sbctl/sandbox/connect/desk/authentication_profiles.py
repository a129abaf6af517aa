"""Authentication profiles: from where, and for how long, users are signed in. Every instance has one, and it stays the only one.

https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateAuthenticationProfile.html
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.stamps import given, stamps, summary
from sbctl.sandbox.connect.store import ResourceStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "authentication-profile"
SAID = (
    *("Name", "Description", "AllowedIps", "BlockedIps", "PeriodicSessionDuration", "SessionInactivityDuration"),
    "SessionInactivityHandlingEnabled",
)
LONGEST_MINUTES = 720
"""After so long everybody signs in again; nobody sets it."""


class AuthenticationProfiles:
    """The operations on authentication profiles. AWS has none that makes or deletes one."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "DescribeAuthenticationProfile": self.describe,
            "ListAuthenticationProfiles": self.list_all,
            "UpdateAuthenticationProfile": self.update,
        }

    def describe(self, call: Call) -> Answer:
        one, instance = self._store.resource(call, KIND, "AuthenticationProfileId"), self._store.active(call)
        shown = {
            "Id": one.id,
            "Arn": one.arn,
            **given(one.values, SAID),
            "IsDefault": True,
            "CreatedTime": instance.created,
            "MaxSessionDuration": LONGEST_MINUTES,
            **stamps(one),
        }
        return {"AuthenticationProfile": shown}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(list(self._store.active(call).all(KIND).values()), call.params, 1000, 100)
        return {"AuthenticationProfileSummaryList": [{**summary(one), "IsDefault": True} for one in found], **rest}

    def update(self, call: Call) -> Answer:
        one = self._store.resource(call, KIND, "AuthenticationProfileId")
        for member in ("AllowedIps", "BlockedIps"):
            for address in call.params.get(member) or []:
                _check(member, address)
        self._store.change(one, **given(call.params, SAID))
        return {}


def _check(member: str, address: str) -> None:
    try:
        ipaddress.ip_network(address, strict=False)
    except ValueError as error:
        raise ApiError("InvalidParameterException", f"{member}: {address} is not a range of addresses", 400) from error


PART = ConnectPart(lambda site: AuthenticationProfiles(site.store), quotas={KIND: 1})
