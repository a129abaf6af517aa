"""Error answers in each protocol, with the further members that an error declares, so that clients parse them as AWS's."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import Element, SubElement, tostring

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.wire.serialise import content_type, to_json
from sbctl.sandbox.wire.serialise_xml import document

NOT_MODELLED = "NotModelled"
"""The code of an operation that the sandbox does not have. 501 is not retried by SDKs."""


def not_modelled(who: Identity) -> ApiError:
    """The error that names what is missing."""
    name = f"{who.service}:{who.operation or '(an operation that the request does not tell)'}"
    return ApiError(NOT_MODELLED, f"The sandbox does not model {name}. Nothing was done.", 501)


def failure(who: Identity, error: ApiError) -> Response:
    """The error as an HTTP answer in the protocol in which the client asked."""
    request = str(uuid4())
    headers = {"content-type": content_type(who), "x-amzn-requestid": request, **error.headers}
    if who.protocol in ("rest-json", "json"):
        return _json_failure(who, error, headers)
    s3 = who.service == "s3"
    root = Element("Error" if s3 else "ErrorResponse")
    inner = root if s3 else SubElement(root, "Error")
    if not s3:
        SubElement(inner, "Type").text = "Sender" if error.status < 500 else "Receiver"
    SubElement(inner, "Code").text = error.code
    SubElement(inner, "Message").text = error.message
    for child in _members(who, error):
        inner.append(child)
        if not s3 and who.protocol == "rest-xml":
            root.append(child)  # botocore reads modelled members of REST-XML errors beside <Error>
    SubElement(root, "RequestId").text = request
    return Response(error.status, tostring(root), headers)


def _json_failure(who: Identity, error: ApiError, headers: dict[str, str]) -> Response:
    shape = models.error_shapes(who.service, who.operation).get(error.code) if _known(who) else None
    body: dict[str, Any] = {"__type": error.code, "message": error.message, "Message": error.message}
    body.update(to_json(shape, error.members) if shape is not None else error.members)
    headers["x-amzn-errortype"] = error.code
    if _known(who) and "awsQueryCompatible" in models.service_model(who.service).metadata:
        # clients read the code of the older protocol from here
        headers["x-amzn-query-error"] = f"{error.code};{'Sender' if error.status < 500 else 'Receiver'}"
    return Response(error.status, json.dumps(body).encode(), headers)


def _members(who: Identity, error: ApiError) -> list[Element]:
    shape = models.error_shapes(who.service, who.operation).get(error.code)
    if shape is not None and error.members:
        return list(document(models.service_model(who.service), shape, error.members, "Error"))
    plain = [Element(name) for name in error.members]
    for node, value in zip(plain, error.members.values(), strict=True):
        node.text = str(value)
    return plain


def _known(who: Identity) -> bool:
    return who.service in models.known_services()
