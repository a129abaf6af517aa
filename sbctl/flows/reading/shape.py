"""The shape of a flow's content: which of its values are texts, lists and objects. What else is in it is the linter's matter.

Everything that reads flows relies on this shape, so a file is held against it before anything else looks at it.
https://docs.aws.amazon.com/connect/latest/devguide/flow-language.html
"""

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


def misshapen(content: Mapping[str, Any]) -> list[tuple[JsonPath, str, str]]:
    """What is not of the form that a flow has: its place in the content, what is wrong, what to write."""
    try:
        _Content.model_validate(content)
    except ValidationError as error:
        found = ((one["loc"], *explain(dict(one), _Content)) for one in error.errors(include_url=False))
        return [(place, said, fix) for place, _, said, fix in found]
    return []
