"""Values as XML by their shapes: the documents of REST-XML services (Route 53, S3) and of the query protocol (IAM)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import Element, SubElement, tostring

from botocore.model import ServiceModel

from sbctl.sandbox.wire.scalars import text_of


def document(model: ServiceModel, shape: Any, value: Mapping[str, Any], root: str) -> Element:
    """One element that holds a structure, in the service's namespace."""
    node = Element(root)
    namespace = model.metadata.get("xmlNamespace")
    uri = namespace.get("uri") if isinstance(namespace, dict) else namespace
    if uri:
        node.set("xmlns", str(uri))
    _fill(node, shape, value)
    return node


def query_document(service: str, operation: str, shape: Any, value: Mapping[str, Any]) -> bytes:
    """<OperationResponse><OperationResult>...</OperationResult><ResponseMetadata>...</ResponseMetadata></OperationResponse>."""
    root = Element(f"{operation}Response", {"xmlns": f"https://{service}.amazonaws.com/doc/"})
    if shape is not None:
        _fill(SubElement(root, shape.serialization.get("resultWrapper", f"{operation}Result")), shape, value)
    SubElement(SubElement(root, "ResponseMetadata"), "RequestId").text = str(uuid4())
    return tostring(root)


def _fill(node: Element, shape: Any, value: Any) -> None:
    if shape.type_name == "structure":
        for name, item in value.items():
            if item is not None:
                _child(node, name, shape.members[name], item)
    elif shape.type_name == "list":
        for item in value:
            _fill(SubElement(node, shape.member.serialization.get("name", "member")), shape.member, item)
    elif shape.type_name == "map":
        for key, item in value.items():
            _entry(SubElement(node, "entry"), shape, key, item)
    else:
        node.text = text_of(shape, value)


def _child(node: Element, name: str, member: Any, item: Any) -> None:
    wire = member.serialization.get("name", name)
    flat = member.serialization.get("flattened")
    if member.serialization.get("xmlAttribute"):
        node.set(*_attribute(node, wire, str(item)))
    elif flat and member.type_name == "list":
        for one in item:
            _fill(SubElement(node, member.member.serialization.get("name", wire)), member.member, one)
    elif flat and member.type_name == "map":
        for key, one in item.items():
            _entry(SubElement(node, wire), member, key, one)
    else:
        _fill(SubElement(node, wire), member, item)


def _attribute(node: Element, wire: str, value: str) -> tuple[str, str]:
    """An attribute with its prefix declared: S3's grantees carry xsi:type."""
    if wire.startswith("xsi:"):
        node.set("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    return wire, value


def _entry(node: Element, shape: Any, key: Any, item: Any) -> None:
    _fill(SubElement(node, shape.key.serialization.get("name", "key")), shape.key, key)
    _fill(SubElement(node, shape.value.serialization.get("name", "value")), shape.value, item)
