"""Answers in the form that AWS clients parse, by the operation's output shape. An unknown member is refused, loudly."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.wire.scalars import text_of, time_of
from sbctl.sandbox.wire.serialise_xml import document, query_document


class UnknownMemberError(Exception):
    """A simulated service answered with a member that AWS's model does not have: a fault of the sandbox."""


def answer(who: Identity, result: Mapping[str, Any]) -> Response:
    """The answer of a simulated operation. Raises UnknownMemberError."""
    model = models.service_model(who.service).operation_model(who.operation)
    response = Response(int(model.http.get("responseCode", 200)), b"", _plain_headers(who))
    shape = model.output_shape
    if shape is None:
        _check_empty(who, result)
        response.body = _empty(who)
        return response
    check(shape, result, f"{who.service}:{who.operation}")
    inside = _outside_body(shape, result, response)
    if who.protocol == "query":
        response.body = query_document(who.service, who.operation, shape, inside)
    else:
        response.body = _body(who, shape, inside)
    return response


def _plain_headers(who: Identity) -> dict[str, str]:
    return {"x-amzn-requestid": str(uuid4()), "content-type": content_type(who)}


def _check_empty(who: Identity, result: Mapping[str, Any]) -> None:
    if result:
        raise UnknownMemberError(f"{who.service}:{who.operation} has no output, and was given {sorted(result)}")


def _empty(who: Identity) -> bytes:
    if who.protocol == "query":
        return query_document(who.service, who.operation, None, {})
    return b"{}" if who.protocol == "json" else b""


def _outside_body(shape: Any, result: Mapping[str, Any], response: Response) -> dict[str, Any]:
    """Put what belongs into headers and status there; return the rest."""
    inside: dict[str, Any] = {}
    for name, value in result.items():
        member = shape.members[name]
        where = member.serialization.get("location")
        wire = member.serialization.get("name", name)
        if value is None:
            continue
        if where == "header":
            response.headers[wire.lower()] = text_of(member, value, "rfc822")
        elif where == "headers":
            response.headers.update({wire + key: str(item) for key, item in value.items()})
        elif where == "statusCode":
            response.status = int(value)
        else:
            inside[name] = value
    return inside


def _body(who: Identity, shape: Any, inside: Mapping[str, Any]) -> bytes:
    payload = shape.serialization.get("payload")
    root = f"{who.operation}Response"
    if not payload:
        return _written(who, shape, inside, shape.serialization.get("resultWrapper", root))
    value = inside.get(payload)
    if value is None:
        return b""
    if isinstance(value, bytes | str):
        return value if isinstance(value, bytes) else value.encode()
    member = shape.members[payload]
    return _written(who, member, value, member.serialization.get("name", payload))


def _written(who: Identity, shape: Any, value: Any, root: str) -> bytes:
    if who.protocol == "rest-xml":
        return ElementTree.tostring(document(models.service_model(who.service), shape, value, root))
    return json.dumps(to_json(shape, value)).encode()


def content_type(who: Identity) -> str:
    """The media type of answers in a protocol."""
    if who.protocol == "json" and who.service in models.known_services():
        return f"application/x-amz-json-{models.service_model(who.service).metadata.get('jsonVersion', '1.0')}"
    return "application/json" if who.protocol in ("rest-json", "json") else "text/xml"


def check(shape: Any, value: Any, where: str) -> None:
    """Refuse members that the model does not know, at any depth. Raises UnknownMemberError."""
    if value is None or getattr(shape, "is_document_type", False):
        return
    if shape.type_name == "structure":
        for name, item in value.items():
            if name not in shape.members:
                raise UnknownMemberError(f"{where}: {name} is not in {shape.name}")
            check(shape.members[name], item, f"{where}.{name}")
    elif shape.type_name == "list":
        for item in value:
            check(shape.member, item, where)
    elif shape.type_name == "map":
        for key, item in value.items():
            check(shape.value, item, f"{where}.{key}")


def to_json(shape: Any, value: Any) -> Any:
    """A value as JSON has it, by its shape."""
    kind = shape.type_name
    if kind == "structure" and not shape.is_document_type:
        return {
            shape.members[name].serialization.get("name", name): to_json(shape.members[name], item)
            for name, item in value.items()
            if item is not None
        }
    if kind == "list":
        return [to_json(shape.member, item) for item in value]
    if kind == "map":
        return {key: to_json(shape.value, item) for key, item in value.items()}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return time_of(shape, value, "unixTimestamp")
    return value
