"""Answers and errors in the form that botocore parses, by the operation's output shape. An unknown member is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

from sbctl.sandbox import models
from sbctl.sandbox.service import ApiError


@dataclass
class Response:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class UnknownMemberError(Exception):
    """A simulated service answered with a member that AWS's model does not have: a fault of the sandbox."""


def answer(service: str, operation: str, result: Mapping[str, Any]) -> Response:
    """The answer of a simulated operation."""
    model = models.service_model(service).operation_model(operation)
    shape, form = model.output_shape, models.protocol(service)
    response = Response(int(model.http.get("responseCode", 200)), b"", {"x-amzn-requestid": str(uuid4())})
    if shape is None:
        response.body = b"{}" if form.endswith("json") else b""
        return response
    _check(shape, result, f"{service}:{operation}")
    inside = _headers(shape, result, response)
    payload = shape.serialization.get("payload")
    if payload:
        value = result.get(payload)
        response.body = (
            value if isinstance(value, bytes) else _write(shape.members[payload], value or {}, form, payload)
        )
    else:
        response.body = _write(shape, inside, form, f"{operation}Response")
    response.headers["content-type"] = _content_type(service, form)
    return response


def _headers(shape: Any, result: Mapping[str, Any], response: Response) -> dict[str, Any]:
    inside: dict[str, Any] = {}
    for name, value in result.items():
        member = shape.members[name]
        where = member.serialization.get("location")
        if where == "header":
            response.headers[member.serialization.get("name", name)] = str(value)
        elif where == "statusCode":
            response.status = int(value)
        elif value is not None:
            inside[name] = value
    return inside


def failure(service: str, operation: str, error: ApiError) -> Response:
    """An error answer, with its further members, as the service's protocol has it."""
    request = str(uuid4())
    form = _form(service)
    if form in ("rest-json", "json"):
        body: dict[str, Any] = {"message": error.message, "Message": error.message, "__type": error.code}
        if error.members and operation:
            shape = models.error_shapes(service, operation).get(error.code)
            body.update(_json(shape, error.members) if shape is not None else error.members)
        headers = {"x-amzn-errortype": error.code, "x-amzn-requestid": request}
        headers["content-type"] = _content_type(service, form)
        return Response(error.status, json.dumps(body).encode(), headers)
    root = ElementTree.Element("ErrorResponse" if service != "s3" else "Error")
    inner = root if service == "s3" else ElementTree.SubElement(root, "Error")
    for tag, text in (("Code", error.code), ("Message", error.message)):
        ElementTree.SubElement(inner, tag).text = text
    for tag, value in error.members.items():
        _element(inner, tag, value)
    ElementTree.SubElement(root, "RequestId").text = request
    return Response(error.status, ElementTree.tostring(root), {"content-type": "text/xml"})


def _form(service: str) -> str:
    try:
        return models.protocol(service)
    except Exception:  # noqa: BLE001 - a service that botocore does not know
        return "json"


def _content_type(service: str, form: str) -> str:
    if form == "json":
        version = models.service_model(service).metadata.get("jsonVersion", "1.0")
        return f"application/x-amz-json-{version}"
    return "application/json" if form == "rest-json" else "text/xml"


def _check(shape: Any, value: Any, where: str) -> None:
    """Refuse members that the model does not know, at any depth."""
    if value is None:
        return
    if shape.type_name == "structure":
        for name, item in value.items():
            if name not in shape.members:
                raise UnknownMemberError(f"{where}: {name} is not in {shape.name}")
            _check(shape.members[name], item, f"{where}.{name}")
    elif shape.type_name == "list":
        for item in value:
            _check(shape.member, item, where)


def _write(shape: Any, value: Any, form: str, root: str) -> bytes:
    if form in ("rest-json", "json"):
        return json.dumps(_json(shape, value)).encode()
    node = ElementTree.Element(shape.serialization.get("name", root))
    _fill(node, shape, value)
    return ElementTree.tostring(node)


def _json(shape: Any, value: Any) -> Any:
    if shape.type_name == "structure":
        return {
            shape.members[name].serialization.get("name", name): _json(shape.members[name], item)
            for name, item in value.items()
            if item is not None and name in shape.members
        }
    if shape.type_name == "list":
        return [_json(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: _json(shape.value, item) for key, item in value.items()}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        text = shape.serialization.get("timestampFormat") == "iso8601"
        return value.isoformat() if text else value.timestamp()
    return value


def _fill(node: ElementTree.Element, shape: Any, value: Any) -> None:
    if shape.type_name == "structure":
        for name, item in value.items():
            if item is not None:
                _child(node, name, shape.members[name], item)
    elif shape.type_name == "list":
        for item in value:
            _fill(ElementTree.SubElement(node, shape.member.serialization.get("name", "member")), shape.member, item)
    else:
        node.text = _text(value)


def _child(node: ElementTree.Element, name: str, member: Any, item: Any) -> None:
    wire = member.serialization.get("name", name)
    if member.type_name == "list" and member.serialization.get("flattened"):
        wire = member.member.serialization.get("name", wire)
        for one in item:
            _fill(ElementTree.SubElement(node, wire), member.member, one)
    else:
        _fill(ElementTree.SubElement(node, wire), member, item)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return str(value)


def _element(parent: ElementTree.Element, tag: str, value: Any) -> None:
    node = ElementTree.SubElement(parent, tag)
    if isinstance(value, list):
        for item in value:
            ElementTree.SubElement(node, "Message").text = str(item)
    else:
        node.text = str(value)
