"""The actions of a flow's content, as far as they can be read: a draft is stored by AWS unchecked, and may be damaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Branch:
    """A way on. `names` are the operands of a condition or the type of an error; `operator` is "" of an error."""

    names: tuple[str, ...]
    target: str
    operator: str = ""


@dataclass(frozen=True)
class Step:
    """One action. `following` is "" where there is no next action; `shown` is what the console keeps for display."""

    id: str
    type: str
    parameters: Mapping[str, Any]
    following: str
    conditions: tuple[Branch, ...]
    errors: tuple[Branch, ...]
    shown: Mapping[str, Any]


def start_of(content: Any) -> str:
    """The identifier of the first action; "" where the content has none."""
    return as_text(as_map(content).get("StartAction"))


def steps_of(content: Any) -> tuple[Step, ...]:
    """Every action in the order of the file. An identifier that stands twice gets a number the second time."""
    metadata = as_map(as_map(as_map(content).get("Metadata")).get("ActionMetadata"))
    found: dict[str, Step] = {}
    for place, action in enumerate(as_list(as_map(content).get("Actions")), 1):
        if isinstance(action, Mapping):
            name = as_text(action.get("Identifier")) or f"action {place}"
            identifier = name if name not in found else f"{name} ({place})"
            found[identifier] = _step(identifier, action, as_map(metadata.get(name)))
    return tuple(found.values())


def _step(identifier: str, action: Mapping[str, Any], shown: Mapping[str, Any]) -> Step:
    transitions = as_map(action.get("Transitions"))
    return Step(
        id=identifier,
        type=as_text(action.get("Type")),
        parameters=as_map(action.get("Parameters")),
        following=as_text(transitions.get("NextAction")),
        conditions=tuple(_conditions(transitions)),
        errors=tuple(
            Branch((as_text(row.get("ErrorType")),), as_text(row.get("NextAction")))
            for row in as_list(transitions.get("Errors"))
            if isinstance(row, Mapping)
        ),
        shown=shown,
    )


def _conditions(transitions: Mapping[str, Any]) -> Iterator[Branch]:
    for row in as_list(transitions.get("Conditions")):
        if isinstance(row, Mapping):
            test = as_map(row.get("Condition"))
            operands = tuple(as_text(value) for value in as_list(test.get("Operands")))
            yield Branch(operands, as_text(row.get("NextAction")), as_text(test.get("Operator")) or "Equals")


def as_map(value: Any) -> Mapping[str, Any]:
    """The value, or an empty map in place of what is none."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: Any) -> list[Any]:
    """The value, or an empty list in place of what is none."""
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str:
    """A scalar as text, "" for anything else; a reference to another resource by its own words."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if value is None or isinstance(value, Mapping | list | tuple):
        return ""
    return str(value)
