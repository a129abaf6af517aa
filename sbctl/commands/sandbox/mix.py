"""A file of sorts of callers for `sbctl sandbox callers start --mix`: `{"callers": [{"weight": 3, "presses": ["1"]}, ...]}`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.files.misfits import explain
from sbctl.files.positions import Source, dotted, read_json

Keys = Annotated[str, Field(pattern=r"^[0-9*#]+$")]


class MixPart(BaseModel):
    """A part of the file; names are camelCase there."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, allow_inf_nan=False)


class CallerSort(MixPart):
    """One sort of caller. Durations are seconds of the sandbox's time."""

    weight: float = Field(default=1.0, gt=0)
    number: str | None = Field(default=None, pattern=r"^\+[1-9][0-9]{1,14}$")
    presses: list[Keys] | None = None
    says: list[str] | None = None
    patience: float | None = Field(default=None, gt=0)
    talk: float | None = Field(default=None, gt=0)
    attributes: dict[str, str] | None = None


class Mix(MixPart):
    """The whole file."""

    schema_: str | None = Field(default=None, alias="$schema")
    callers: list[CallerSort] = Field(min_length=1)


def mix_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, as the control API takes them. Raises SbctlError with everything that is wrong with it."""
    if not path.exists():
        raise SbctlError(_missing(path))
    source = read_json(path)
    try:
        found = Mix.model_validate(source.data)
    except ValidationError as error:
        raise SbctlError(*(_problem(source, dict(one)) for one in error.errors())) from None
    return [row.model_dump(exclude_none=True) for row in found.callers]


def _missing(path: Path) -> Problem:
    return Problem(
        code="mix-missing",
        summary="The mix of callers is missing",
        detail="there is no such file",
        at=path.as_posix(),
        fix="Name a file with --mix; its form: docs/how-to/call-the-sandbox.md.",
        exit=Exit.USAGE,
    )


def _problem(source: Source, error: dict[str, Any]) -> Problem:
    code, wrong, fix = explain(error, Mix)
    path = tuple(error["loc"])
    detail = f"{dotted(path)}: {wrong}"
    return Problem(
        code=code, summary="The mix of callers is wrong", detail=detail, at=source.at(path), fix=fix, exit=Exit.USAGE
    )
