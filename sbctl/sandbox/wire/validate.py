"""Refuse what AWS refuses and botocore's client lets through: enums, patterns, lengths, maxima (moto.md 5).

The messages are AWS's own ("Value 'x' at 'y' failed to satisfy constraint: ..."); the code is the service's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

import regex

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire import models

CODES = {
    "cloudwatch": "ValidationError",
    "iam": "ValidationError",
    "logs": "InvalidParameterException",
    "resourcegroupstaggingapi": "InvalidParameterException",
    "route53": "InvalidInput",
    "s3": "MalformedXML",
    "sns": "InvalidParameter",
    "sts": "ValidationError",
}
"""Services with one code of their own. For the others, the code that the operation declares, or ValidationException."""
DECLARED = {"connect": ("InvalidParameterException", "InvalidRequestException")}
NUMBERS = ("integer", "long", "float", "double")
MOST_FINDINGS = 1000
SHOWN_CHARACTERS = 1000
"""Of a value that is wrong."""
CONSTRAINT = "failed to satisfy constraint: Member must"


def validate(service: str, operation: str, params: Mapping[str, Any]) -> None:
    """Raise ApiError, with the service's own code, when the parameters do not fit the model. All findings in one message."""
    shape = models.service_model(service).operation_model(operation).input_shape
    if shape is None:
        return
    found = list(islice(_structure(shape, params, ""), MOST_FINDINGS))
    if found:
        plural = "s" if len(found) > 1 else ""
        message = f"{len(found)} validation error{plural} detected: {'; '.join(found[:10])}"
        raise ApiError(code_of(service, operation, found), message, 400)


def code_of(service: str, operation: str, found: Iterable[str] = ()) -> str:
    """The code with which a service refuses parameters of an operation; `found` is what is wrong with them."""
    if service == "lambda" and any("'runtime'" in one for one in found):
        return "InvalidParameterValueException"  # the one parameter that Lambda itself checks, after its front end
    declared = models.error_shapes(service, operation)
    fitting = (code for code in DECLARED.get(service, ()) if code in declared)
    return CODES.get(service) or next(fitting, "ValidationException")


def _structure(shape: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield _wrong_type(value, where, "a structure")
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_path(where, name)}' {CONSTRAINT} not be null"
    for name, item in value.items():
        if name not in shape.members:
            yield f"'{_path(where, name)}' is not a parameter of this operation"
        elif item is not None:
            yield from _value(shape.members[name], item, _path(where, name))


def _value(shape: Any, value: Any, where: str) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure":
        if not shape.is_document_type:
            yield from _structure(shape, value, where)
    elif kind == "list":
        yield from _list(shape, value, where)
    elif kind == "map":
        yield from _map(shape, value, where)
    elif kind == "string":
        yield from _string(shape, value, where)
    elif kind in NUMBERS:
        yield from _number(shape, value, where)
    elif kind == "boolean" and not isinstance(value, bool):
        yield _wrong_type(value, where, "a boolean")


def _list(shape: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _wrong_type(value, where, "a list")
        return
    yield from _length(shape, value, where)
    for number, item in enumerate(value, 1):
        yield from _value(shape.member, item, f"{where}.{number}.member")


def _map(shape: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield _wrong_type(value, where, "a map")
        return
    yield from _length(shape, value, where)
    for key, item in value.items():
        yield from _string(shape.key, key, f"{where}.key")
        yield from _value(shape.value, item, f"{where}.{key}.member")


def _string(shape: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield _wrong_type(value, where, "a string")
        return
    too_long = list(_length(shape, value, where))
    yield from too_long
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield f"Value '{_shown(value)}' at '{where}' {CONSTRAINT} satisfy enum value set: [{', '.join(allowed)}]"
    pattern = shape.metadata.get("pattern")
    compiled = _compiled(pattern) if pattern and not too_long else None  # a pattern may take for ever on a long text
    if compiled is not None and not compiled.fullmatch(value):
        yield f"Value '{_shown(value)}' at '{where}' {CONSTRAINT} satisfy regular expression pattern: {pattern}"


def _number(shape: Any, value: Any, where: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield _wrong_type(value, where, "a number")
        return
    low, high = _bounds(shape)
    if low is not None and value < low:
        yield f"Value '{_shown(value)}' at '{where}' {CONSTRAINT} have value greater than or equal to {low:g}"
    if high is not None and value > high:
        yield f"Value '{_shown(value)}' at '{where}' {CONSTRAINT} have value less than or equal to {high:g}"


def _length(shape: Any, value: Any, where: str) -> Iterator[str]:
    low, high = _bounds(shape)
    if low is not None and len(value) < low:
        yield f"Value '{_shown(value)}' at '{where}' {CONSTRAINT} have length greater than or equal to {low:g}"
    if high is not None and len(value) > high:
        yield f"Value '{_shown(value)}' at '{where}' {CONSTRAINT} have length less than or equal to {high:g}"


def _bounds(shape: Any) -> tuple[float | None, float | None]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    return (None if low is None else float(low), None if high is None else float(high))


MEANT = {"^[a-zA-Z0-9]$": "^[a-zA-Z0-9]+$", "^[A-Za-z0-9:/]*$": "^[A-Za-z0-9.:/]*$"}
"""Patterns of Connect's model that would refuse every value: of a view's checksum, and of ranges of IPv4 addresses."""


@cache
def _compiled(pattern: str) -> regex.Pattern[str] | None:
    """A model's pattern; None for the one of DynamoDB with surrogates, which no engine here reads.

    13 of Connect's patterns are escaped twice in the model; taken literally they refuse every phone number. That of passwords
    is written between slashes, which no password has.
    """
    pattern = MEANT.get(pattern, pattern)
    if pattern.startswith("/^") and pattern.endswith("$/"):
        pattern = pattern[1:-1]
    try:
        return regex.compile(pattern.replace("\\\\", "\\"), regex.DOTALL)
    except regex.error:
        return None


def _wrong_type(value: Any, where: str, wanted: str) -> str:
    return f"Value '{_shown(value)}' at '{where}' {CONSTRAINT} be {wanted}"


def _path(where: str, name: str) -> str:
    """AWS names members in these messages with a small first letter."""
    small = name[:1].lower() + name[1:]
    return f"{where}.{small}" if where else small


def _shown(value: Any) -> str:
    return str(value)[:SHOWN_CHARACTERS]
