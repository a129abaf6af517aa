"""Changes of a user, one operation an aspect. What a request carries as a whole keeps what the config does not say.

https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateUserIdentityInfo.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.given_up import given_up
from sbctl.resources.calls import connect
from sbctl.resources.content.proficiencies import Proficiency, Skills
from sbctl.resources.content.proficiencies import change as change_proficiencies
from sbctl.resources.content.user_spec import UserSpec

WHO = ("first_name", "last_name", "email", "secondary_email")
PHONE = ("phone_type", "desk_phone", "auto_accept", "after_contact_work")
MEMBERS = {
    "first_name": "FirstName",
    "last_name": "LastName",
    "email": "Email",
    "secondary_email": "SecondaryEmail",
    "phone_type": "PhoneType",
    "desk_phone": "DeskPhoneNumber",
    "auto_accept": "AutoAccept",
    "after_contact_work": "AfterContactWorkTimeLimit",
}
"""Field → member of AWS's structures."""


def change(
    aws: AwsCalls, region: str, at: Mapping[str, str], live: UserSpec, wanted: UserSpec, owned: Mapping[str, Any]
) -> None:
    """Make a user what is wanted, but for its tags. `owned` is what sbctl last applied."""
    who = connect.differs(live, wanted, *WHO)
    dropped = [name for name in PHONE if given_up(name, live, wanted, owned)]
    phone = bool(dropped) or connect.differs(live, wanted, *PHONE)
    if who or phone:
        now = aws.call("connect", "DescribeUser", region, **at)["User"]
        if who:
            info = identity_info(wanted, now.get("IdentityInfo") or {})
            aws.call("connect", "UpdateUserIdentityInfo", region, **at, IdentityInfo=info)
        if phone:
            kept = {name: value for name, value in (now.get("PhoneConfig") or {}).items() if name not in _of(dropped)}
            aws.call("connect", "UpdateUserPhoneConfig", region, **at, PhoneConfig=phone_config(wanted, kept))
    _change_place(aws, region, at, live, wanted, owned)
    _change_skills(aws, region, at, live, wanted, owned)


def _change_skills(
    aws: AwsCalls, region: str, at: Mapping[str, str], live: UserSpec, wanted: UserSpec, owned: Mapping[str, Any]
) -> None:
    """The proficiencies; those that the config no longer says go where AWS still has what sbctl applied."""
    there = live.proficiencies or ()
    applied = {Proficiency.model_validate(one) for one in owned.get("proficiencies") or ()}
    if wanted.proficiencies is None and applied and applied == set(there):
        change_proficiencies(aws, region, at, there, ())
    set_proficiencies(aws, region, at, there, wanted.proficiencies)


def _change_place(
    aws: AwsCalls, region: str, at: Mapping[str, str], live: UserSpec, wanted: UserSpec, owned: Mapping[str, Any]
) -> None:
    """The profiles and the group of a user."""
    if connect.differs(live, wanted, "routing_profile"):
        profile = wanted.routing_profile
        aws.call("connect", "UpdateUserRoutingProfile", region, **at, RoutingProfileId=profile)
    if set(live.security_profiles) != set(wanted.security_profiles):
        profiles = [*wanted.security_profiles]
        aws.call("connect", "UpdateUserSecurityProfiles", region, **at, SecurityProfileIds=profiles)
    if connect.differs(live, wanted, "hierarchy_group") or given_up("hierarchy_group", live, wanted, owned):
        group = connect.given(HierarchyGroupId=wanted.hierarchy_group)
        aws.call("connect", "UpdateUserHierarchy", region, **at, **group)


def identity_info(spec: UserSpec, now: Mapping[str, Any]) -> dict[str, Any]:
    """Names and e-mail addresses, with what AWS has besides."""
    return {**now, **_given(spec, WHO)}


def phone_config(spec: UserSpec, now: Mapping[str, Any]) -> dict[str, Any]:
    """The phone, with what AWS has besides."""
    return {**now, **_given(spec, PHONE)}


def set_proficiencies(aws: AwsCalls, region: str, at: Mapping[str, str], live: Skills, wanted: Skills | None) -> None:
    """Make proficiencies the wanted ones; None leaves them."""
    if wanted is not None:
        change_proficiencies(aws, region, at, live, wanted)


def _given(spec: UserSpec, fields: tuple[str, ...]) -> dict[str, Any]:
    return connect.given(**{MEMBERS[name]: getattr(spec, name) for name in fields})


def _of(fields: list[str]) -> set[str]:
    return {MEMBERS[name] for name in fields}
