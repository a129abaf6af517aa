"""A request's parameters by botocore's model: path, query, headers, and a JSON or XML body."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree

from botocore.model import Shape
from botocore.utils import parse_timestamp

from sbctl.sandbox import models
from sbctl.sandbox.identify import Identity, Request
from sbctl.sandbox.service import ApiError


def parameters(identity: Identity, request: Request) -> dict[str, Any]:
    """The parameters under botocore's names. Raises ApiError when the body cannot be read."""
    operation = models.service_model(identity.service).operation_model(identity.operation)
    shape = operation.input_shape
    if shape is None:
        return {}
    form = models.protocol(identity.service)
    if form == "json":
        found: dict[str, Any] = _from_json(shape, _json(request.body))
        return found
    params = _located(shape, identity, request)
    params.update(_body(shape, request.body, form))
    return params


def _located(shape: Any, identity: Identity, request: Request) -> dict[str, Any]:
    query = parse_qsl(request.query, keep_blank_values=True)
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        where = member.serialization.get("location")
        wire = member.serialization.get("name", name)
        if where == "uri" and wire in identity.path_parameters:
            found[name] = _scalar(member, unquote(identity.path_parameters[wire]))
        elif where == "querystring":
            values = [value for key, value in query if key == wire]
            if values:
                found[name] = _query_value(member, values)
        elif where == "header" and wire.lower() in request.headers:
            found[name] = _scalar(member, request.headers[wire.lower()])
    return found


def _query_value(member: Shape, values: list[str]) -> Any:
    if member.type_name == "list":
        return [_scalar(member.member, value) for value in values]
    return _scalar(member, values[0])


def _body(shape: Any, body: bytes, form: str) -> dict[str, Any]:
    payload = shape.serialization.get("payload")
    if payload:
        member = shape.members[payload]
        if member.type_name == "blob":
            return {payload: body}
        if not body:
            return {}
        return {payload: _from_json(member, _json(body)) if form == "rest-json" else _xml(member, body)}
    inside = {n: m for n, m in shape.members.items() if "location" not in m.serialization}
    if not body or not inside:
        return {}
    content = _json(body) if form == "rest-json" else None
    if content is None:
        parsed = _from_xml(shape, ElementTree.fromstring(body))
        return {name: value for name, value in parsed.items() if name in inside}
    return {name: value for name, value in _from_json(shape, content).items() if name in inside}


def _json(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except ValueError as error:
        raise ApiError("SerializationException", f"the body is not JSON: {error}") from error


def _xml(member: Shape, body: bytes) -> Any:
    try:
        return _from_xml(member, ElementTree.fromstring(body))
    except ElementTree.ParseError as error:
        raise ApiError("MalformedXML", f"the body is not XML: {error}") from error


def _from_json(shape: Any, value: Any) -> Any:
    if value is None:
        return None
    if shape.type_name == "structure" and isinstance(value, Mapping):
        names = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        return {
            names[key][0] if key in names else key: _from_json(names[key][1], item) if key in names else item
            for key, item in value.items()
            if item is not None
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_from_json(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, Mapping):
        return {key: _from_json(shape.value, item) for key, item in value.items()}
    if shape.type_name == "blob" and isinstance(value, str):
        return base64.b64decode(value)
    if shape.type_name == "timestamp":
        return _time(value)
    return value


def _from_xml(shape: Any, node: ElementTree.Element) -> Any:
    if shape.type_name == "structure":
        return _structure(shape, node)
    if shape.type_name == "list":
        return [_from_xml(shape.member, child) for child in node]
    if shape.type_name == "map":
        return {}
    return _scalar(shape, node.text or "")


def _structure(shape: Any, node: ElementTree.Element) -> dict[str, Any]:
    children: dict[str, list[ElementTree.Element]] = {}
    for child in node:
        children.setdefault(child.tag.rpartition("}")[2], []).append(child)
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        flat = member.type_name == "list" and member.serialization.get("flattened")
        wire = member.serialization.get("name") or name
        if flat:
            wire = member.member.serialization.get("name", wire)
        nodes = children.get(wire)
        if nodes:
            found[name] = [_from_xml(member.member, n) for n in nodes] if flat else _from_xml(member, nodes[0])
    return found


def _scalar(shape: Shape, text: str) -> Any:
    try:
        if shape.type_name in ("integer", "long"):
            return int(text)
        if shape.type_name in ("float", "double"):
            return float(text)
    except ValueError as error:
        raise ApiError("SerializationException", f"{text!r} is not a number") from error
    if shape.type_name == "boolean":
        return text.lower() == "true"
    if shape.type_name == "timestamp":
        return _time(text)
    if shape.type_name == "blob":
        return base64.b64decode(text)
    return text


def _time(value: Any) -> datetime:
    found: datetime = parse_timestamp(value)
    return found.astimezone(UTC)
