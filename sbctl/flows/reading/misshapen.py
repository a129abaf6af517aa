"""What is wrong with the shape of a flow, told by a model of it. Loaded only for a flow in which something is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sbctl.files.misfits import explain
from sbctl.files.positions import JsonPath


class _Open(BaseModel):
    """Fields that are not named here may hold anything."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Comparison(_Open):
    Operator: str | None = None
    Operands: list[str | int | float | bool] | None = None


class _Condition(_Open):
    NextAction: str
    Condition: _Comparison | None = None


class _Failure(_Open):
    NextAction: str
    ErrorType: str


class _Transitions(_Open):
    NextAction: str | None = None
    Conditions: list[_Condition] | None = None
    Errors: list[_Failure] | None = None


class _Parameters(_Open):
    """Those that are looked into."""

    InputValidation: dict[str, Any] | None = None
    EventHooks: dict[str, Any] | None = None
    FlowAttributes: dict[str, Any] | None = None
    Events: list[str] | None = None
    MetricType: str | None = None


class _Action(_Open):
    Identifier: str
    Type: str
    Parameters: _Parameters | None = None
    Transitions: _Transitions | None = None


class _Content(_Open):
    Version: str | None = None
    StartAction: str | None = None
    Actions: list[_Action]


def misfits(content: Mapping[str, Any]) -> list[tuple[JsonPath, str, str]]:
    """Each misfit: its place in the content, what is wrong, what to write."""
    try:
        _Content.model_validate(content)
    except ValidationError as error:
        found = ((one["loc"], *explain(dict(one), _Content)) for one in error.errors(include_url=False))
        return [(place, said, fix) for place, _, said, fix in found]
    return []
