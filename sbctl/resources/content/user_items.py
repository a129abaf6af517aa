"""What the config says of users: the item, the columns of a CSV file, and what can be wrong with them before any call."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from sbctl.core.kinds.spec import ConfigItem, WrittenPart
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.content.proficiencies import OF_AWS, Proficiency
from sbctl.resources.content.user_names import unfit

LONGEST_WORK = 2_000_000
"""Seconds of after-contact work, 24 days. https://docs.aws.amazon.com/connect/latest/APIReference/API_UserPhoneConfig.html"""
E164 = r"^\+[1-9]\d{1,14}$"
EMAIL = re.compile(r"(?=^.{0,265}$)[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,63}")
"""AWS's pattern of a secondary address. https://docs.aws.amazon.com/connect/latest/APIReference/API_UserIdentityInfo.html"""
COLUMNS: Mapping[str, Literal["text", "list", "flag", "number", "skills"]] = {
    "name": "text",
    "firstName": "text",
    "lastName": "text",
    "email": "text",
    "secondaryEmail": "text",
    "securityProfiles": "list",
    "routingProfile": "text",
    "hierarchyGroup": "text",
    "phone": "text",
    "deskPhone": "text",
    "autoAccept": "flag",
    "afterContactWorkSeconds": "number",
    "proficiencies": "skills",
    "regions": "list",
}
"""The columns of a CSV file of users, with the form of their values."""


class ProficiencyItem(WrittenPart):
    """What an agent is good at: a `value` of a predefined attribute, from 1 to 5."""

    attribute: str = Field(min_length=1, max_length=100, description="Name of a predefined attribute.")
    value: str = Field(min_length=1, max_length=100, description="One of its values.")
    level: int = Field(ge=1, le=5, description="5 is the best.")


class UserItem(ConfigItem):
    """A user in every Connect region. The section may also be `{ "file": "users.csv" }`."""

    name: str = Field(min_length=1, max_length=100, description="User name; it cannot change.")
    first_name: str | None = Field(default=None, max_length=255, description="First name.")
    last_name: str | None = Field(default=None, max_length=300, description="Last name.")
    email: str | None = Field(default=None, min_length=1, description="E-mail address, to which passwords are reset.")
    secondary_email: str | None = Field(
        default=None, min_length=1, description="E-mail address for messages other than password resets."
    )
    security_profiles: list[str] = Field(min_length=1, max_length=10, description="Names of security profiles.")
    routing_profile: str = Field(description="Name of the routing profile.")
    hierarchy_group: str | None = Field(default=None, description="Path of the hierarchy group: North/Voice.")
    phone: Literal["soft", "desk"] | None = Field(
        default="soft", description="Where calls ring: in the browser, or on deskPhone. null: it stays as it is."
    )
    desk_phone: str | None = Field(default=None, pattern=E164, description="Number of the desk phone, +18005550100.")
    auto_accept: bool | None = Field(default=None, description="Connects contacts without a click. Default: false.")
    after_contact_work_seconds: int | None = Field(
        default=None, ge=0, le=LONGEST_WORK, description="Time after a contact; 0 (default): until the agent ends it."
    )
    proficiencies: list[ProficiencyItem] = Field(default=[], description="What the agent is good at.")

    @property
    def phone_type(self) -> Any:
        """AWS's word for `phone`."""
        return {"soft": "SOFT_PHONE", "desk": "DESK_PHONE", None: None}[self.phone]

    @property
    def proficient(self) -> tuple[Proficiency, ...] | None:
        """The proficiencies as AWS has them; None where the item has none, so that none are read."""
        found = [Proficiency(attribute=one.attribute, value=one.value, level=one.level) for one in self.proficiencies]
        return tuple(found) or None


def identity_in(project: Project, region: str) -> str:
    """Where the instance of a region manages its users: CONNECT_MANAGED or SAML."""
    here = (item.in_region(region) for item in project.items.get("instances", ()))
    return str(next((getattr(item, "identity", "") for item in here if item is not None), "") or "CONNECT_MANAGED")


def nfc(text: str) -> str:
    """A name in the only form that Connect takes: letters with accents as one character."""
    return unicodedata.normalize("NFC", text)


def findings(item: UserItem, project: Project) -> Iterable[tuple[str, str, str]]:
    """What is certainly wrong with a user: (field, what is wrong, what to do)."""
    for identity, region in _identities(item, project).items():
        why = unfit(item.name, identity)
        if why:
            yield "name", f"the user name {why} ({region})", "Choose another user name."
    for field, value in (("firstName", item.first_name), ("lastName", item.last_name)):
        if value is None:
            yield field, "is missing; Connect asks for it", f"Add {field}."
    if item.email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+", item.email):
        yield "email", "is no e-mail address", "Write it as name@example.com."
    if item.secondary_email is not None and not EMAIL.fullmatch(item.secondary_email):
        yield "secondaryEmail", "is no e-mail address that Connect takes", "Write it as name@example.com."
    yield from _unknown(item, project)
    yield from _unskilled(item, project)


def remarks(item: UserItem, project: Project) -> Iterable[tuple[str, str, str]]:
    """What AWS may refuse, or do otherwise than people expect."""
    identities = _identities(item, project)
    if item.email is not None and "SAML" in identities:
        said = f"Connect may refuse an e-mail address where SAML manages users ({identities['SAML']})"
        yield "email", said, "Leave email out; secondaryEmail is for messages."
    if item.email is None and "CONNECT_MANAGED" in identities:
        yield "name", "has no e-mail address, to which a password could be reset", "Add email."
    if item.phone == "desk" and item.desk_phone is None:
        yield "phone", "a desk phone without a number cannot ring", "Add deskPhone."


def _identities(item: UserItem, project: Project) -> dict[str, str]:
    """Identity management → a region that has it, of those that have the user."""
    regions = (one.region for one in project.connect_regions if item.in_region(one.region) is not None)
    return {identity_in(project, region): region for region in [*regions][::-1]}


def _unknown(item: UserItem, project: Project) -> Iterable[tuple[str, str, str]]:
    """Names that the config does not have, and names that stand twice."""
    for profile in item.security_profiles:
        yield from connect.missing("securityProfiles", "securityProfiles", profile, project)
    for twice in sorted({one for one in item.security_profiles if item.security_profiles.count(one) > 1}):
        yield "securityProfiles", f"names {twice} twice", "Remove one of the two."
    yield from connect.missing("routingProfile", "routingProfiles", item.routing_profile, project)
    if item.hierarchy_group is not None:
        yield from connect.missing("hierarchyGroup", "hierarchyGroups", item.hierarchy_group, project)


def _unskilled(item: UserItem, project: Project) -> Iterable[tuple[str, str, str]]:
    """Proficiencies of which the config has no attribute or value; those of AWS's own attributes it need not have."""
    attributes = {one.name: getattr(one, "values", []) for one in project.items.get("predefinedAttributes", ())}
    seen: set[tuple[str, str]] = set()
    for skill in item.proficiencies:
        if (skill.attribute, skill.value) in seen:
            yield "proficiencies", f"has {skill.attribute} {skill.value} twice", "Remove one of the two."
        seen.add((skill.attribute, skill.value))
        if skill.attribute.startswith(OF_AWS):
            continue
        if skill.attribute not in attributes:
            yield from connect.missing("proficiencies", "predefinedAttributes", skill.attribute, project)
        elif skill.value not in attributes[skill.attribute]:
            known = ", ".join(attributes[skill.attribute]) or "none"
            yield "proficiencies", f"{skill.value!r} is no value of {skill.attribute}", f"Its values: {known}."
