"""An action of a document as the checks need it: every part of its type, and what is of another type said.

Members that are absent or null are empty, as in exports of the console.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sbctl.sandbox.connect.flow_language.saying import Said, missing, wrong


@dataclass(frozen=True)
class Condition:
    """A branch. Operands that are numbers or booleans, which the service takes, are texts here."""

    operator: str
    operands: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One action. `number` is its place from 0; `targets` are all the actions that it leads to, by where that is said."""

    number: int
    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    next: Any = None
    errors: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    has_conditions: bool = False
    targets: Mapping[str, Any] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a parameter is given."""
        return self.parameters.get(name) is not None

    def text(self, name: str) -> str:
        """The value of a parameter as text, "" where there is none or an object: `true` is True, as the service writes it."""
        value = self.parameters.get(name)
        return str(value) if isinstance(value, str | int | float) else ""

    def part(self, name: str) -> Mapping[str, Any]:
        """A parameter that is an object; an empty one where there is none."""
        value = self.parameters.get(name)
        return value if isinstance(value, Mapping) else {}


def read(number: int, action: Any) -> tuple[Step | None, list[Said]]:
    """The action at a place; None where it is none, or has no type."""
    if not isinstance(action, Mapping):
        return None, [Said(f"Invalid Action. Path: Actions[{number}]")]
    kind = action.get("Type")
    if not isinstance(kind, str) or not kind:
        return None, [Said(missing(number, "Type"))]
    said: list[Said] = []
    parameters = _object(number, "Parameters", action.get("Parameters"), said)
    found = _object(number, "Transitions", action.get("Transitions"), said)
    errors = list(_rows(number, "Errors", found, said))
    conditions = list(_rows(number, "Conditions", found, said))
    targets = {
        f"Transitions.{name}[{place}].NextAction": row.get("NextAction")
        for name, rows in (("Errors", errors), ("Conditions", conditions))
        for place, row in rows
    }
    step = Step(
        number,
        kind,
        parameters,
        found.get("NextAction"),
        tuple(_names(number, errors, said)),
        tuple(_conditions(number, conditions, said)),
        found.get("Conditions") is not None,
        targets,
    )
    return step, said


def _object(number: int, member: str, value: Any, said: list[Said]) -> Mapping[str, Any]:
    if value is None or isinstance(value, Mapping):
        return value or {}
    said.append(Said(wrong(number, member)))
    return {}


def _rows(
    number: int, member: str, transitions: Mapping[str, Any], said: list[Said]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The entries of a list of transitions, with their places."""
    value = transitions.get(member)
    if value is not None and not isinstance(value, list):
        said.append(Said(wrong(number, f"Transitions.{member}")))
        return
    for place, row in enumerate(value or ()):
        if isinstance(row, Mapping):
            yield place, row
        else:
            said.append(Said(wrong(number, f"Transitions.{member}[{place}]")))


def _names(number: int, rows: list[tuple[int, Mapping[str, Any]]], said: list[Said]) -> Iterator[str]:
    for place, row in rows:
        name = row.get("ErrorType")
        if isinstance(name, str) and name:
            yield name
        else:
            said.append(Said(missing(number, f"Transitions.Errors[{place}].ErrorType")))


def _conditions(number: int, rows: list[tuple[int, Mapping[str, Any]]], said: list[Said]) -> Iterator[Condition]:
    for place, row in rows:
        found = row.get("Condition")
        at = f"Transitions.Conditions[{place}].Condition"
        operator = found.get("Operator") if isinstance(found, Mapping) else None
        operands = found.get("Operands") if isinstance(found, Mapping) else None
        if not isinstance(operator, str) or not operator:
            said.append(Said(missing(number, f"{at}.Operator" if isinstance(found, Mapping) else at)))
        elif operands is not None and not _plain(operands):
            said.append(Said(wrong(number, f"{at}.Operands")))
        else:
            yield Condition(operator, tuple(str(operand) for operand in operands or ()))


def _plain(operands: Any) -> bool:
    return isinstance(operands, list) and all(isinstance(one, str | int | float) for one in operands)
