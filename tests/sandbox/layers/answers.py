"""Answers taken apart and put together again, whatever the protocol."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore import parsers

from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.wire.serialise import answer as written

SUCCESS = 300
METADATA = "ResponseMetadata"


def is_good(response: Response) -> bool:
    """Whether an answer says that it was done."""
    return response.status < SUCCESS


def output_of(who: Identity) -> Any:
    """The shape of an operation's answer; None where it has none."""
    return models.service_model(who.service).operation_model(who.operation).output_shape


def read(who: Identity, response: Response) -> dict[str, Any]:
    """The answer's members, as botocore reads them."""
    answer = {"status_code": response.status, "headers": {**response.headers}, "body": response.body}
    found: dict[str, Any] = _parser(who.protocol).parse(answer, output_of(who))
    found.pop(METADATA, None)
    return found


def write(who: Identity, result: dict[str, Any], like: Response) -> Response:
    """An answer of these members, with the headers of another one."""
    made = written(who, result)
    made.headers = {**like.headers, **made.headers}
    made.headers.pop("content-length", None)
    return made


@cache
def _parser(protocol: str) -> Any:
    return parsers.create_parser(protocol)
