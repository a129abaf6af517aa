"""The arguments of a query-protocol request by shape (IAM, STS, SNS): "Tags.member.1.Key=..." becomes {"Tags": [{"Key": ...}]}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.scalars import scalar

_ABSENT = object()


def from_query(shape: Any, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a request. Arguments that the operation does not have stay under their own names."""
    found = _structure(shape, "", arguments)
    known = {_wire(name, member) for name, member in shape.members.items()} | {"Action", "Version"}
    stray = {name: value for name, value in arguments.items() if name.partition(".")[0] not in known}
    return {**({} if found is _ABSENT else found), **stray}


def _value(shape: Any, prefix: str, arguments: Mapping[str, str]) -> Any:
    if shape.type_name == "structure":
        return _structure(shape, prefix, arguments)
    if shape.type_name == "list":
        return _list(shape, prefix, arguments)
    if shape.type_name == "map":
        return _map(shape, prefix, arguments)
    return scalar(shape, arguments[prefix]) if prefix in arguments else _ABSENT


def _structure(shape: Any, prefix: str, arguments: Mapping[str, str]) -> Any:
    if prefix and not any(name.startswith(f"{prefix}.") for name in arguments):
        return _ABSENT
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        wire = _wire(name, member)
        value = _value(member, f"{prefix}.{wire}" if prefix else wire, arguments)
        if value is not _ABSENT:
            found[name] = value
    return found


def _wire(name: str, member: Any) -> str:
    if member.type_name == "list" and member.serialization.get("flattened"):
        return str(member.member.serialization.get("name", member.serialization.get("name", name)))
    return str(member.serialization.get("name", name))


def _list(shape: Any, prefix: str, arguments: Mapping[str, str]) -> Any:
    flat = shape.serialization.get("flattened")
    inner = prefix if flat else f"{prefix}.{shape.member.serialization.get('name', 'member')}"
    found: list[Any] = []
    while (value := _value(shape.member, f"{inner}.{len(found) + 1}", arguments)) is not _ABSENT:
        found.append(value)
    return found if found or prefix in arguments else _ABSENT


def _map(shape: Any, prefix: str, arguments: Mapping[str, str]) -> Any:
    inner = prefix if shape.serialization.get("flattened") else f"{prefix}.entry"
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    found: dict[Any, Any] = {}
    while (key := _value(shape.key, f"{inner}.{len(found) + 1}.{key_name}", arguments)) is not _ABSENT:
        found[key] = _value(shape.value, f"{inner}.{len(found) + 1}.{value_name}", arguments)
    return found or _ABSENT
