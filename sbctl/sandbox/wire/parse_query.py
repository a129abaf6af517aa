"""The arguments of a query-protocol request by shape (IAM, STS, SNS): "Tags.member.1.Key=..." becomes {"Tags": [{"Key": ...}]}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.wire.scalars import scalar

_ABSENT = object()
_VALUE = object()
"""In a node: under what the argument of just that name stands."""
DEEPEST = 40
"""Parts of an argument's name. The deepest names of AWS's query services have fewer than ten."""
Node = dict[Any, Any]


def from_query(shape: Any, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a request. Arguments that the operation does not have stay under their own names."""
    found = _members(shape, _tree(arguments))
    known = {_wire(name, member) for name, member in shape.members.items()} | {"Action", "Version"}
    stray = {name: value for name, value in arguments.items() if name.partition(".")[0] not in known}
    return {**found, **stray}


def _tree(arguments: Mapping[str, str]) -> Node:
    """The arguments by the parts of their names, so that each is looked at once, however many there are."""
    root: Node = {}
    for name, value in arguments.items():
        node, parts = root, name.split(".", DEEPEST)
        if len(parts) <= DEEPEST:
            for part in parts:
                node = node.setdefault(part, {})
            node[_VALUE] = value
    return root


def _value(shape: Any, node: Node | None) -> Any:
    if node is None:
        return _ABSENT
    if shape.type_name == "structure":
        return _members(shape, node) if node.keys() - {_VALUE} else _ABSENT
    if shape.type_name == "list":
        return _list(shape, node)
    if shape.type_name == "map":
        return _map(shape, node)
    return scalar(shape, node[_VALUE]) if _VALUE in node else _ABSENT


def _members(shape: Any, node: Node) -> dict[str, Any]:
    found = {name: _value(member, node.get(_wire(name, member))) for name, member in shape.members.items()}
    return {name: value for name, value in found.items() if value is not _ABSENT}


def _wire(name: str, member: Any) -> str:
    if member.type_name == "list" and member.serialization.get("flattened"):
        return str(member.member.serialization.get("name", member.serialization.get("name", name)))
    return str(member.serialization.get("name", name))


def _list(shape: Any, node: Node) -> Any:
    name = shape.member.serialization.get("name", "member")
    inner: Node = node if shape.serialization.get("flattened") else node.get(name, {})
    found: list[Any] = []
    while (value := _value(shape.member, inner.get(str(len(found) + 1)))) is not _ABSENT:
        found.append(value)
    return found if found or _VALUE in node else _ABSENT


def _map(shape: Any, node: Node) -> Any:
    inner: Node = node if shape.serialization.get("flattened") else node.get("entry", {})
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    found: dict[Any, Any] = {}
    number = 1
    while (entry := inner.get(str(number))) is not None and (
        key := _value(shape.key, entry.get(key_name))
    ) is not _ABSENT:
        value = _value(shape.value, entry.get(value_name))
        found[key] = None if value is _ABSENT else value  # which the validation names
        number += 1
    return found or _ABSENT
