"""The wanted values of a user, and which of them are data of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.kinds.spec import Spec
from sbctl.resources.content.proficiencies import Proficiency

DETAILS = frozenset({"email", "secondary_email"})
"""What only DescribeUser has."""
PhoneType = Literal["SOFT_PHONE", "DESK_PHONE"]


class UserSpec(Spec):
    """A user. `after_contact_work` in seconds, 0 without end. `identity` says whether a creation takes a password."""

    replace_on = frozenset({"instance", "name"})
    owned_maps = frozenset({"tags"})
    as_sets = frozenset({"security_profiles", "proficiencies"})
    create_only = frozenset({"identity"})
    personal = frozenset({"first_name", "last_name", "email", "secondary_email", "desk_phone"})
    unlisted = frozenset({"email", "secondary_email", "proficiencies"})
    trusted = DETAILS
    taken_back: ClassVar[Mapping[str, Any]] = {
        "auto_accept": False,
        "after_contact_work": 0,
        "desk_phone": None,
        "hierarchy_group": None,
        "proficiencies": [],
    }
    stays: ClassVar[Mapping[str, str]] = {
        "email": "AWS does not say how an e-mail address is taken away",
        "secondary_email": "AWS does not say how an e-mail address is taken away",
    }
    as_is = frozenset({"phone_type"})

    instance: Link
    name: str = Field(min_length=1, max_length=100)
    identity: str = "CONNECT_MANAGED"
    first_name: str = Field(default="", max_length=255)
    last_name: str = Field(default="", max_length=300)
    email: str | None = None
    secondary_email: str | None = None
    security_profiles: tuple[Link, ...]
    routing_profile: Link
    hierarchy_group: Link | None = None
    phone_type: PhoneType | None = None
    desk_phone: str | None = None
    auto_accept: bool | None = None
    after_contact_work: int | None = None
    proficiencies: tuple[Proficiency, ...] | None = None
    tags: dict[str, str] = {}
