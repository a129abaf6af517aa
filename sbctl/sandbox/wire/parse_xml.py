"""A REST-XML body by its shape (Route 53, S3)."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.scalars import scalar


def from_xml(shape: Any, node: Element) -> Any:
    """The value that an element holds. Raises ApiError on an element that the shape does not have."""
    if shape.type_name == "structure":
        return _structure(shape, node)
    if shape.type_name == "list":
        return [from_xml(shape.member, child) for child in node]
    if shape.type_name == "map":
        return dict(_entry(shape, child) for child in node)
    return scalar(shape, node.text or "")


def _structure(shape: Any, node: Element) -> dict[str, Any]:
    children: dict[str, list[Element]] = {}
    for child in node:
        children.setdefault(_local(child.tag), []).append(child)
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name") or name
        if member.serialization.get("xmlAttribute"):
            value = _attribute(node, wire)
            found.update({} if value is None else {name: value})
            continue
        flat = member.serialization.get("flattened") and member.type_name == "list"
        nodes = children.pop(member.member.serialization.get("name", wire) if flat else wire, None)
        if nodes:
            found[name] = [from_xml(member.member, one) for one in nodes] if flat else from_xml(member, nodes[0])
    if children:
        raise ApiError("MalformedXML", f"{shape.name} has no {', '.join(sorted(children))}")
    return found


def _entry(shape: Any, node: Element) -> tuple[Any, Any]:
    parts = {_local(child.tag): child for child in node}
    key = parts[shape.key.serialization.get("name", "key")]
    value = parts[shape.value.serialization.get("name", "value")]
    return from_xml(shape.key, key), from_xml(shape.value, value)


def _attribute(node: Element, wire: str) -> str | None:
    """An attribute whose name in the model carries its namespace's prefix ("xsi:type")."""
    wanted = wire.rpartition(":")[2]
    return next((value for name, value in node.attrib.items() if _local(name) == wanted), None)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
