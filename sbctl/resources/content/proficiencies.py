"""Proficiencies of users: what they are good at, by predefined attributes. AWS has a list of its own of each user's.

https://docs.aws.amazon.com/connect/latest/adminguide/assign-proficiencies-to-agents.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.spec import Frozen
from sbctl.resources.calls import connect

OF_AWS = "connect:"
"""What the names of AWS's own predefined attributes begin with."""
A_PAGE = 100
A_REQUEST = 50
"""The model has no bound for the list of a request; requests of other lists end here."""
Skills = tuple["Proficiency", ...]


class Proficiency(Frozen):
    """A value of a predefined attribute, and how well it is known: 1 to 5."""

    attribute: str
    value: str
    level: int = Field(ge=1, le=5)

    @property
    def key(self) -> tuple[str, str]:
        return (self.attribute, self.value)


def listed(aws: AwsCalls, region: str, at: Mapping[str, str]) -> Skills | None:
    """The proficiencies of a user, sorted; None when the user is gone."""
    rows = connect.rows_or_none(aws, region, "ListUserProficiencies", "UserProficiencyList", A_PAGE, **at)
    if rows is None:
        return None
    found = [
        Proficiency(attribute=row["AttributeName"], value=row["AttributeValue"], level=round(row["Level"]))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: one.key))


def change(aws: AwsCalls, region: str, at: Mapping[str, str], live: Skills, wanted: Skills) -> None:
    """Make the proficiencies of a user the wanted ones: new ones, other levels, and last those that go."""
    there, asked = {one.key: one for one in live}, {one.key: one for one in wanted}
    new = [asked[key] for key in asked if key not in there]
    moved = [asked[key] for key in asked if key in there and there[key].level != asked[key].level]
    gone = [there[key] for key in there if key not in asked]
    _send(aws, region, "AssociateUserProficiencies", at, [_row(one) for one in new])
    _send(aws, region, "UpdateUserProficiencies", at, [_row(one) for one in moved])
    named = [{"AttributeName": one.attribute, "AttributeValue": one.value} for one in gone]
    _send(aws, region, "DisassociateUserProficiencies", at, named)


def _row(one: Proficiency) -> dict[str, Any]:
    return {"AttributeName": one.attribute, "AttributeValue": one.value, "Level": float(one.level)}


def _send(aws: AwsCalls, region: str, operation: str, at: Mapping[str, str], rows: list[dict[str, Any]]) -> None:
    for chunk in connect.chunks(rows, A_REQUEST):
        aws.call("connect", operation, region, **at, UserProficiencies=chunk)
