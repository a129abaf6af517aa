"""The base of models that read what users write: types are those of JSON, and whole numbers are such as AWS can take.

Pydantic alone reads "yes" as true, true as 1 and "100" as 100. A type that is wrong is a slip, and never guessed at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import PydanticKnownError, core_schema

Schema = dict[str, Any]
LARGEST = 2**31 - 1
"""AWS's Integer. A field whose value is a Long there says so with an `le` of its own."""
SMALLEST = -(2**31)


def _scalars(schema: Any) -> Iterator[Schema]:
    """The schemas of numbers, booleans and literals in a model's fields; nested models see to their own."""
    if isinstance(schema, list | tuple):
        for part in schema:
            yield from _scalars(part)
    elif isinstance(schema, dict):
        if schema.get("type") in ("int", "float", "bool", "literal"):
            yield schema
        elif schema.get("type") != "model":
            for name, part in schema.items():
                if name not in ("metadata", "default"):
                    yield from _scalars(part)


def _make_exact(schema: Schema) -> None:
    if schema["type"] == "literal":
        if any(isinstance(value, int) for value in schema["expected"]):
            _precede(schema, _NoTruth(schema["expected"]))
        return
    schema["strict"] = True
    if schema["type"] == "int":
        if not schema.keys() & {"le", "lt"}:
            schema["le"] = LARGEST
        if not schema.keys() & {"ge", "gt"}:
            schema["ge"] = SMALLEST
        _precede(schema, _whole)


def _precede(schema: Schema, function: Any) -> None:
    """Put a function before a schema, in place: what refers to the schema need not be found."""
    inner: Any = dict(schema)
    schema.clear()
    schema.update(core_schema.no_info_before_validator_function(function, inner))


def _whole(value: Any) -> Any:
    """JSON has one sort of number: 5.0 is the whole number 5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _NoTruth:
    """Refuses true and false where a literal is a number: to Python they are 1 and 0."""

    def __init__(self, expected: list[Any]) -> None:
        self._expected = expected

    def __call__(self, value: Any) -> Any:
        if isinstance(value, bool) and not any(one is value for one in self._expected):
            *first, last = map(repr, self._expected)
            expected = f"{', '.join(first)} or {last}" if first else last
            raise PydanticKnownError("literal_error", {"expected": expected})
        return value


class WrittenModel(BaseModel):
    """A part of a file that users write. Fields say int, float and bool, and mean JSON's numbers and true and false."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        schema = handler(source)
        found: Any = handler.resolve_ref_schema(schema)
        for part in list(_scalars(found.get("schema"))):
            _make_exact(part)
        return schema
