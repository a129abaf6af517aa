"""Refuse what AWS refuses and botocore's client lets through: enums, patterns, maxima, unknown members (moto.md 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import regex

from sbctl.sandbox import models
from sbctl.sandbox.service import ApiError

CODES = {
    "route53": "InvalidInput",
    "lambda": "InvalidParameterValueException",
    "iam": "ValidationError",
    "cloudwatch": "ValidationError",
}
NUMBERS = ("integer", "long", "float", "double")


def validate(service: str, operation: str, params: Mapping[str, Any]) -> None:
    """Raise ApiError, with the service's own code, when the parameters do not fit the model."""
    shape = models.service_model(service).operation_model(operation).input_shape
    if shape is None:
        return
    found = list(_structure(shape, params, ""))
    if found:
        raise ApiError(_code(service, operation), "; ".join(found[:10]), 400)


def _code(service: str, operation: str) -> str:
    if service in CODES:
        return CODES[service]
    declared = models.error_shapes(service, operation)
    for code in ("InvalidParameterException", "InvalidRequestException"):
        if code in declared:
            return code
    return "ValidationException"


def _structure(shape: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where or 'request'}: expected a structure"
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"{_path(where, name)}: is required"
    for name, item in value.items():
        if name not in shape.members:
            yield f"{_path(where, name)}: is not a parameter of this operation"
        elif item is not None:
            yield from _value(shape.members[name], item, _path(where, name))


def _value(shape: Any, value: Any, where: str) -> Iterator[str]:
    if shape.type_name == "structure":
        yield from _structure(shape, value, where)
    elif shape.type_name == "list":
        yield from _list(shape, value, where)
    elif shape.type_name == "map":
        yield from _map(shape, value, where)
    elif shape.type_name == "string":
        yield from _string(shape, value, where)
    elif shape.type_name in NUMBERS:
        yield from _range(shape, value, where, "must be")


def _list(shape: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where}: expected a list"
        return
    yield from _range(shape, len(value), where, "must have as many entries as")
    for number, item in enumerate(value):
        yield from _value(shape.member, item, f"{where}[{number}]")


def _map(shape: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where}: expected a map"
        return
    yield from _range(shape, len(value), where, "must have as many entries as")
    for key, item in value.items():
        yield from _string(shape.key, key, f"{where} key {key!r}")
        yield from _value(shape.value, item, f"{where}.{key}")


def _string(shape: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{where}: expected a string"
        return
    yield from _range(shape, len(value), where, "must have as many characters as")
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield f"{where}: {value!r} is not one of {', '.join(allowed)}"
    pattern = shape.metadata.get("pattern")
    compiled = _compiled(pattern) if pattern else None
    if compiled is not None and not compiled.fullmatch(value):
        yield f"{where}: {value!r} does not match {pattern}"


def _range(shape: Any, size: float, where: str, words: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and size < float(low)) or (high is not None and size > float(high)):
        yield f"{where}: {words} {low if low is not None else 'any'} to {high if high is not None else 'any'}, is {size:g}"


@cache
def _compiled(pattern: str) -> regex.Pattern[str] | None:
    # 13 of Connect's patterns are escaped twice in the model; taken literally they refuse every phone number
    try:
        return regex.compile(pattern.replace("\\\\", "\\"), regex.DOTALL)
    except regex.error:
        return None


def _path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
