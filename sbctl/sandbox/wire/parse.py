"""A request's parameters by botocore's model, whatever the protocol: from path, query, headers and body."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree

from sbctl.sandbox.documents import read_document
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.parse_query import from_query
from sbctl.sandbox.wire.parse_xml import from_xml
from sbctl.sandbox.wire.scalars import decoded, moment, scalar


def parameters(identity: Identity, request: Request) -> dict[str, Any]:
    """The parameters under botocore's names, not yet validated. Raises ApiError when the body cannot be read."""
    shape = models.service_model(identity.service).operation_model(identity.operation).input_shape
    if shape is None:
        return {}
    if identity.protocol == "query":
        return from_query(shape, request.form)
    if identity.protocol == "json":
        found: dict[str, Any] = _from_json(shape, _json(request.body))
        return found
    return {**_located(shape, identity, request), **_body(shape, request.body, identity.protocol)}


def _located(shape: Any, identity: Identity, request: Request) -> dict[str, Any]:
    """What a REST request carries outside its body."""
    query = parse_qsl(request.query, keep_blank_values=True)
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        where = member.serialization.get("location")
        wire = member.serialization.get("name", name)
        if where == "uri" and wire in identity.path_parameters:
            found[name] = scalar(member, unquote(identity.path_parameters[wire]))
        elif where == "querystring":
            found.update(_from_arguments(name, member, wire, query))
        elif where == "header" and wire.lower() in request.headers:
            found[name] = _from_header(member, request.headers[wire.lower()])
        elif where == "headers":
            found.update(_from_headers(name, wire.lower(), request.headers))
    return found


def _from_arguments(name: str, member: Any, wire: str, query: list[tuple[str, str]]) -> dict[str, Any]:
    if member.type_name == "map":  # any argument that is no other member's
        return {}
    values = [value for key, value in query if key == wire]
    if not values:
        return {}
    if member.type_name == "list":
        return {name: [scalar(member.member, value) for value in values]}
    return {name: scalar(member, values[0])}


def _from_header(member: Any, text: str) -> Any:
    if member.type_name == "list":
        return [scalar(member.member, one.strip()) for one in text.split(",")]
    return scalar(member, text)


def _from_headers(name: str, prefix: str, headers: Mapping[str, str]) -> dict[str, Any]:
    found = {key[len(prefix) :]: value for key, value in headers.items() if key.startswith(prefix)}
    return {name: found} if found else {}


def _body(shape: Any, body: bytes, protocol: str) -> dict[str, Any]:
    payload = shape.serialization.get("payload")
    if payload:
        return _payload(payload, shape.members[payload], body, protocol)
    inside = {name for name, member in shape.members.items() if "location" not in member.serialization}
    if not body or not inside:
        return {}
    parsed = _from_json(shape, _json(body)) if protocol == "rest-json" else from_xml(shape, _xml(body))
    outside = shape.members.keys() - inside
    return {name: value for name, value in parsed.items() if name not in outside}


def _payload(name: str, member: Any, body: bytes, protocol: str) -> dict[str, Any]:
    if member.type_name == "blob":
        return {name: body}
    if member.type_name == "string":
        return {name: body.decode("utf-8", "replace")}
    if not body:
        return {}
    return {name: _from_json(member, _json(body)) if protocol == "rest-json" else from_xml(member, _xml(body))}


def _json(body: bytes) -> Any:
    try:
        found = read_document(body or b"{}")
    except ValueError as error:
        raise ApiError("SerializationException", f"the body is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ApiError("SerializationException", "the body is not a JSON object")
    return found


def _xml(body: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise ApiError("MalformedXML", f"The XML you provided was not well-formed: {error}") from error


def _from_json(shape: Any, value: Any) -> Any:
    """A JSON value by its shape. What does not fit its shape stays as it came, for the validation to name."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        return value if shape.is_document_type else _object(shape, value)
    if kind == "list" and isinstance(value, list):
        return [_from_json(shape.member, item) for item in value]
    if kind == "map" and isinstance(value, dict):
        return {key: _from_json(shape.value, item) for key, item in value.items()}
    if kind == "blob" and isinstance(value, str):
        return decoded(value)
    return moment(value) if kind == "timestamp" else value


def _object(shape: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    wires = _names(shape)
    for key, item in value.items():
        if item is not None:
            name = wires.get(key)
            found[name or key] = _from_json(shape.members[name], item) if name else item
    return found


@cache
def _names(shape: Any) -> Mapping[str, str]:
    """Wire name to botocore's name; the models live as long as the process, so this is computed once for each shape."""
    return {member.serialization.get("name", name): name for name, member in shape.members.items()}
