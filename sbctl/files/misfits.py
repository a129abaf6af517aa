"""What pydantic finds wrong with a value, in the words of people who write JSON: code, what is wrong, what to do."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence, Sized
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

LONGEST_SHOWN = 60
_LONGEST_NUMBER = 1000
"""Bits. Python refuses to write out what is much longer."""
_WANTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("a text", 'Write a text in double quotes, for example "name".'),
    "int_type": ("a whole number", "Write a whole number without quotes, for example 5."),
    "int_from_float": ("a whole number", "Write a whole number, without a fraction."),
    "float_type": ("a number", "Write a number without quotes, for example 5 or 0.5."),
    "bool_type": ("true or false", "Write true or false, without quotes."),
    "list_type": ("a list", "Write a list: [ … ]."),
    "tuple_type": ("a list", "Write a list: [ … ]."),
    "dict_type": ("an object", "Write an object: { … }."),
    "model_type": ("an object", "Write an object: { … }."),
    "model_attributes_type": ("an object", "Write an object: { … }."),
    "finite_number": ("a finite number", "Write a smaller number."),
}
"""By the error: what the field takes, and how that is written."""
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("ge", "at least {}"),
    "greater_than": ("gt", "more than {}"),
    "less_than_equal": ("le", "at most {}"),
    "less_than": ("lt", "less than {}"),
}
_LENGTHS: Mapping[str, tuple[str, str]] = {
    "string_too_short": ("min_length", "at least {} {}"),
    "string_too_long": ("max_length", "at most {} {}"),
    "too_short": ("min_length", "at least {} {}"),
    "too_long": ("max_length", "at most {} {}"),
}
_SORTS: tuple[tuple[type[object], str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "a text"),
    (list, "a list"),
    (dict, "an object"),
)


def explain(error: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, str, str]:
    """(code, what is wrong, what to do) of one of pydantic's errors."""
    context, given = error.get("ctx", {}), shown(error.get("input"))
    match error["type"]:
        case "extra_forbidden":
            return "unknown-field", "there is no such field", did_you_mean(str(error["loc"][-1]), _fields(error, model))
        case "missing":
            return "missing-field", "is required", "Add it."
        case "literal_error":
            expected = str(context["expected"])
            return "bad-value", f"{given} is not one of {expected}", f"Use one of {expected}."
        case "string_pattern_mismatch":
            fix = f"Use a text of the form {context['pattern']}."
            return "bad-value", f"{given} does not have the expected form", fix
        case "value_error":
            return "bad-value", str(context["error"]), "Correct the value as the text says."
        case sort if sort in _WANTED:
            closed = model.model_config.get("extra") == "forbid"
            fields = _fields({"loc": (*error["loc"], "")}, model) if closed else ()
            return "bad-value", *_of_wrong_type(error, fields)
        case sort if sort in _BOUNDS:
            name, bound = _BOUNDS[sort]
            limit = bound.format(context[name])
            return "bad-value", f"{given} is not {limit}", f"Use a number that is {limit}."
        case sort if sort in _LENGTHS:
            return "bad-value", *_of_wrong_length(error)
        case _:
            message = str(error["msg"])
            return "bad-value", f"{given} is wrong: {message[:1].lower()}{message[1:]}", _remedy(message)


def _of_wrong_type(error: Mapping[str, Any], fields: Sequence[str]) -> tuple[str, str]:
    """What is wrong with a value of another type than its field's, and how to write it."""
    sort, value = str(error["type"]), error.get("input")
    wanted, fix = _WANTED[sort]
    sort_of_value = next((name for python, name in _SORTS if isinstance(value, python)), "")
    if sort == "string_type" and sort_of_value == "a number":
        fix = f'Put it in quotes: "{shown(value)}".'
    elif sort_of_value == wanted == "a number":
        return f"{shown(value)} is too large", "Write a smaller number."
    elif sort == "int_type" and isinstance(value, float):
        fix = _WANTED["int_from_float"][1]
    elif wanted == "an object" and fields:
        fix = f"Write an object {{ … }} with the fields {', '.join(fields)}."
    if sort_of_value in ("", "true or false"):
        return f"{shown(value)} is not {wanted}", fix
    return f"{shown(value)} is {sort_of_value}, and the field takes {wanted}", fix


def _of_wrong_length(error: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with the length of a text, a list or an object, and which lengths fit."""
    context, value, sort = error["ctx"], error.get("input"), str(error["type"])
    name, bound = _LENGTHS[sort]
    number = context[name]
    one, several = ("character", "characters") if sort.startswith("string") else ("entry", "entries")
    limit = bound.format(number, one if number == 1 else several)
    if not isinstance(value, Sized):
        return f"{shown(value)} does not have {limit}", f"Give it {limit}."
    has = f"{len(value)} {one if len(value) == 1 else several}"
    return f"{shown(value)} has {has}, and the field takes {limit}", f"Give it {limit}."


def _remedy(message: str) -> str:
    """What pydantic says a value should be, as an instruction."""
    wanted = message.split(",")[0].removesuffix(" after validation").partition(" should ")[2]
    if wanted.startswith("be "):
        return f"Use a value that is {wanted.removeprefix('be ')}."
    if wanted.startswith("have "):
        return f"Use a value that has {wanted.removeprefix('have ')}."
    return "See docs/reference/config.md."


def shown(value: Any) -> str:
    """A value as the file has it, cut where it is long."""
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
        return "a number of several hundred digits"
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:  # a number in it is too long to be written out
        return "a value with a very long number"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A remedy for a name that is not known: the one most alike, or all that there are."""
    known = sorted(choices)
    by_case = {choice.lower(): choice for choice in known}
    alike = difflib.get_close_matches(word.lower(), by_case, n=1, cutoff=0.6)
    if alike:
        return f"Did you mean {by_case[alike[0]]!r}?"
    return f"Use one of {', '.join(known)}." if known else "There is none yet; add it."


def _fields(error: Mapping[str, Any], model: type[BaseModel]) -> list[str]:
    """The fields of the model that the unknown field stands in: follow the path down through nested models."""
    current: type[BaseModel] | None = model
    for part in error["loc"][:-1]:
        if isinstance(part, str) and current is not None:
            current = _nested(current, part)
    return names_of(current) if current else []


def names_of(model: type[BaseModel]) -> list[str]:
    """A model's fields by the names that they have in the file."""
    return [info.alias or name for name, info in model.model_fields.items()]


def _nested(model: type[BaseModel], field: str) -> type[BaseModel] | None:
    for name, info in model.model_fields.items():
        if field in (info.alias, name):
            return _model_in(info.annotation)
    return None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    from pydantic import BaseModel  # the linter says values in this file's words, and has no models

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((model for model in found if model), None)
