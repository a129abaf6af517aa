"""Answers that a client can parse, whatever stands in them: a request's own odd text comes back in errors and lists.

moto echoes it as it came, and gives errors of JSON services the content type of a page.
"""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.failure import failure
from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.wire.serialise import content_type
from sbctl.sandbox.wire.validate import code_of

_NOT_XML = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[124-9]|2[0-9]|3[01]|x0*(?:[0-8bcBC]|[eEfF]|1[0-9a-fA-F]));"
)
"""Characters that XML has no way to write. https://www.w3.org/TR/xml/#charsets"""
UNKNOWN = "\ufffd".encode()
CODES = {HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "InvalidRange"}
"""Of errors that moto leaves to its web framework, which answers with a page."""
DATA = ("GetObject",)
"""What S3 was given is handed out as it is, whatever its type says."""


def well_formed(who: Identity, response: Response) -> Response:
    """The response as a parser of its protocol takes it."""
    if response.status >= 400 and response.body[:15].lower() == b"<!doctype html>":
        status = HTTPStatus(response.status)
        code = CODES.get(status) or code_of(who.service, who.operation)
        return failure(who, ApiError(code, status.phrase, status))
    if who.protocol in ("rest-xml", "query"):
        return _as_xml(who, response)
    if response.status < 400 or not response.body.startswith(b"{"):
        return response
    kind = response.headers.get("content-type", "")
    added = {} if "json" in kind else {"content-type": content_type(who)}
    if b'"__type"' not in response.body and "x-amzn-errortype" not in response.headers:
        added["x-amzn-errortype"] = _code(who, response.status)
    return replace(response, headers={**response.headers, **added})


def _code(who: Identity, status: int) -> str:
    """The error that an operation declares for this status."""
    declared = models.error_shapes(who.service, who.operation)
    fitting = (
        name for name, shape in declared.items() if shape.metadata.get("error", {}).get("httpStatusCode") == status
    )
    return next(fitting, code_of(who.service, who.operation))


def _as_xml(who: Identity, response: Response) -> Response:
    kind = response.headers.get("content-type", "")
    if who.operation in DATA and response.status < 400:
        return response
    if ("xml" not in kind and not response.body.startswith(b"<?xml")) or not _NOT_XML.search(response.body):
        return response
    body = _NOT_XML.sub(UNKNOWN, response.body)
    length = {"content-length": str(len(body))} if "content-length" in response.headers else {}
    return replace(response, body=body, headers={**response.headers, **length})
