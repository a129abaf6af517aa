"""What a data table is made of: attributes, records that primary values tell apart, locks that count every change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.store import ConnectResource, ResourceStore, bare, missing
from sbctl.sandbox.service import ApiError, Call

KIND = "data-table"
RESERVED = ("connect:", "aws:")
TYPES: dict[str, tuple[type, ...]] = {
    "TEXT": (str,),
    "NUMBER": (int, float),
    "BOOLEAN": (bool,),
    "TEXT_LIST": (list,),
    "NUMBER_LIST": (list,),
}
Row = dict[str, Any]


def table(store: ResourceStore, call: Call) -> ConnectResource:
    """The table that a call names, by id or ARN, with or without the alias of what is published."""
    named = bare(str(call.params["DataTableId"])).removesuffix(":$LATEST")
    found = store.active(call).all(KIND).get(named)
    if found is None:
        raise missing(KIND, named)
    return found


def attributes(one: ConnectResource) -> dict[str, Row]:
    """By name."""
    found: dict[str, Row] = one.values["Attributes"]
    return found


def records(one: ConnectResource) -> dict[str, Row]:
    """By id: {"Primary": name → value, "Values": name → {Value, Lock, Changed}}."""
    found: dict[str, Row] = one.values["Records"]
    return found


def locked(one: ConnectResource, attribute: int = 0, record: int = 0, value: int = 0) -> dict[str, str]:
    """A LockVersion: how often each level was changed."""
    numbers = {"DataTable": one.values["Lock"], "Attribute": attribute, "PrimaryValues": record, "Value": value}
    return {name: str(number) for name, number in numbers.items()}


def check_name(name: str, taken: Sequence[str]) -> None:
    """Refuse reserved names, and those that only differ by case. Raises ApiError."""
    if name.strip().lower().startswith(RESERVED):
        raise ApiError("InvalidParameterException", f"The name {name} is reserved", 400)
    if name.strip().lower() in {other.lower() for other in taken}:
        raise ApiError("DuplicateResourceException", f"The name {name} is taken", 409)


def fault(kind: str, validation: Mapping[str, Any], value: str) -> str:
    """Why a value is none of an attribute's type, or is not valid; "" where it is."""
    try:
        found = value if kind == "TEXT" else json.loads(value)
    except ValueError:
        return f"{value} is not of type {kind}"
    if not isinstance(found, TYPES[kind]) or (kind == "NUMBER" and isinstance(found, bool)):
        return f"{value} is not of type {kind}"
    if kind == "NUMBER" and not validation.get("Minimum", found) <= found <= validation.get("Maximum", found):
        return f"{value} is outside its bounds"
    if kind == "TEXT" and not validation.get("MinLength", 0) <= len(value) <= validation.get("MaxLength", 1000):
        return f"{value} is too short or too long"
    known = validation.get("Enum") or {}
    return (
        f"{value} is none of the allowed values"
        if known.get("Strict") and value not in (known.get("Values") or [])
        else ""
    )
