"""What the service says of content: its own texts where people recorded them, others in their manner (connect-api 2.3).

Texts with a number name the action by its place in Actions, from 0.
"""

from __future__ import annotations

from typing import NamedTuple

NO_SETTINGS = "JSON field is missing or null for field name: settings"


class Said(NamedTuple):
    """One objection. `refused`: the service was seen to refuse it, or it cannot be a flow; else AWS may well take it."""

    text: str
    refused: bool = True


def unknown_type(number: int, kind: str) -> str:
    return f"Invalid Action type. Type: {kind}, Path: Actions[{number}].Type"


def missing(number: int, member: str) -> str:
    return f"Action is missing required property. Path: Actions[{number}].{member}"


def wrong(number: int, member: str) -> str:
    return f"Invalid Action property value. Path: Actions[{number}].{member}"


def missing_error(number: int, name: str) -> str:
    return f"Action is missing required error. Error: {name}, Path: Actions[{number}]"


def empty_operand(number: int) -> str:
    return f"Invalid branch. Path: {number}.Evaluate"


def none_of(number: int, names: tuple[str, ...]) -> str:
    listed = ", ".join(f"Parameters.{name}" for name in names)
    return f"At least one of the following properties must be set. Properties: [{listed}], Path: Actions[{number}]"


def no_transitions(number: int) -> str:
    return f"Action does not support transitions. Path: Actions[{number}]"


def wrong_error(name: str) -> str:
    return f"Invalid Action error. Error: {name}"


UNKNOWN_PARAMETER = "Invalid Action property name"
NO_CONDITIONS = "Action does not support conditions"
CONDITIONS_MISSING = "Action is missing required property. Path: Transitions.Conditions"
EMPTY_ATTRIBUTE = "Empty value in Parameters.Attributes"
TOO_MANY_TAGS = "More than 6 tags in Parameters.Tags"
