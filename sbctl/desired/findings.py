"""Findings: the problems of one config file while it is being read, each with its line, the field and a remedy."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sbctl.core.problem import Exit, Problem
from sbctl.desired.positions import JsonPath, Source, dotted

SUMMARIES: Mapping[str, str] = {
    "unknown-field": "Field is not known",
    "missing-field": "Field is missing",
    "bad-value": "Value does not fit its field",
    "unknown-region": "Region is not known",
    "region-without-connect": "Region does not offer Amazon Connect",
    "duplicate-name": "Name is used twice",
    "duplicate-priority": "Priority is used twice",
    "wrong-account": "Account is not the one that was deployed to",
    "one-primary": "Exactly one region must be the primary",
    "primary-without-connect": "The primary region must have a Connect instance",
    "no-connect-region": "No region has a Connect instance",
    "weights-missing": "Weights do not fit together",
    "not-built-yet": "Not built yet",
    "wrong-region": "Region is not one of the project's",
    "bad-override": "Override does not fit its item",
    "bad-item": "Item does not fit the rest of the config",
    "not-watched": "No alarm watches this",
    "unknown-name": "Name is not defined",
    "data-residency": "Data would live outside its allowed regions",
    "lambda-missing": "Lambda source is missing",
    "lambda-unreadable": "Lambda source cannot be read",
    "lambda-outside": "Lambda source leads out of its folder",
    "prompt-missing": "Audio of a prompt is missing",
    "prompt-outside": "Audio of a prompt leads out of its folder",
    "prompt-not-audio": "Audio of a prompt could not be played",
    "duplicate-address": "Two items ask for the same resource",
    "dangling-reference": "Resource refers to one that nothing asks for",
}

LONGEST_SHOWN = 60
Loc = tuple[int | str, ...]


class Findings:
    """Collects the problems of one file, in the order of their lines, each once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: dict[tuple[str, str, str], tuple[tuple[int, int], Problem]] = {}

    def add(self, code: str, path: JsonPath, detail: str, fix: str, field: str = "", worth: Exit = Exit.USAGE) -> None:
        """Note a problem at a path; `field` replaces the path in the text where that reads better."""
        place = field or dotted(path)
        problem = Problem(
            code=code,
            summary=SUMMARIES[code],
            detail=f"{place}: {detail}" if place else detail,
            at=self.source.at(path),
            fix=fix,
            exit=worth,
        )
        key = (code, problem.at, problem.detail)
        self._found.setdefault(key, (self.source.position(path), problem))

    def add_invalid(self, error: ValidationError, path: JsonPath, model: type[BaseModel]) -> None:
        """Note everything that validation found wrong with the value at `path`."""
        for one in error.errors(include_url=False):
            code, detail, fix = explain(dict(one), model)
            self.add(code, (*path, *one["loc"]), detail, fix)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def problems(self) -> list[Problem]:
        """All problems, in the order of the file."""
        return [problem for _, problem in sorted(self._found.values(), key=lambda found: found[0])]


def explain(error: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, str, str]:
    """(code, what is wrong, what to do) of one of pydantic's errors."""
    context, given = error.get("ctx", {}), _shown(error.get("input"))
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
            return "bad-value", str(context["error"]), "Put it right as the text says."
        case _:
            message = str(error["msg"])
            return "bad-value", f"{given} is wrong: {message[:1].lower()}{message[1:]}", _remedy(message)


def _remedy(message: str) -> str:
    """What pydantic says a value should be, as an instruction."""
    wanted = message.split(",")[0].removesuffix(" after validation").partition(" should ")[2]
    if wanted.startswith("be "):
        return f"Use a value that is {wanted.removeprefix('be ')}."
    if wanted.startswith("have "):
        return f"Use a value that has {wanted.removeprefix('have ')}."
    return "See docs/reference/config.md."


def _shown(value: Any) -> str:
    """A value as the file has it, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
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
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((model for model in found if model), None)
