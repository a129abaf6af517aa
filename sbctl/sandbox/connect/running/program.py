"""The content of a flow or module, read once: its actions by identifier, with their texts ready to be resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sbctl.sandbox.connect.running.values.references import Compiled, Lookup, compiled, resolved, text
from sbctl.sandbox.documents import read_document

KEPT = 1024
"""How many contents stay read."""


@dataclass(frozen=True)
class Branch:
    """A condition and where it leads."""

    operator: str
    operands: tuple[Compiled, ...]
    target: str

    def operand(self, lookup: Lookup) -> str:
        """The one operand, resolved; "" of an operator that takes none."""
        return text(resolved(self.operands[0], lookup)) if self.operands else ""


@dataclass(frozen=True)
class Step:
    """One action. `moving`: those of its parameters that hold references, compiled."""

    identifier: str
    type: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    moving: Mapping[str, Compiled] = field(default_factory=dict)
    next: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    branches: tuple[Branch, ...] = ()

    def resolved(self, lookup: Lookup) -> Mapping[str, Any]:
        """Its parameters as they are now."""
        if not self.moving:
            return self.parameters
        return {**self.parameters, **{name: resolved(value, lookup) for name, value in self.moving.items()}}


@dataclass(frozen=True)
class Program:
    """A flow or module that can be run."""

    start: str
    steps: Mapping[str, Step]


@lru_cache(maxsize=KEPT)
def program(content: str) -> Program:
    """What content does. Of what is no flow at all (a draft may be anything) there is nothing to run."""
    try:
        tree = read_document(content)
    except ValueError:
        return Program("", {})
    if not isinstance(tree, Mapping):
        return Program("", {})
    steps = {step.identifier: step for step in map(_step, _objects(tree.get("Actions")))}
    return Program(str(tree.get("StartAction") or ""), steps)


def _step(action: Mapping[str, Any]) -> Step:
    transitions = _part(action, "Transitions")
    parameters = {name: compiled(value) for name, value in _part(action, "Parameters").items()}
    return Step(
        identifier=str(action.get("Identifier") or ""),
        type=str(action.get("Type") or ""),
        parameters=dict(_part(action, "Parameters")),
        moving={name: value for name, (value, refers) in parameters.items() if refers},
        next=str(transitions.get("NextAction") or ""),
        errors={
            str(row.get("ErrorType") or ""): str(row.get("NextAction") or "")
            for row in reversed(list(_objects(transitions.get("Errors"))))
        },
        branches=tuple(_branches(transitions)),
    )


def _branches(transitions: Mapping[str, Any]) -> Iterator[Branch]:
    for row in _objects(transitions.get("Conditions")):
        condition = _part(row, "Condition")
        operands = condition.get("Operands")
        texts = (_operand(one) for one in (operands if isinstance(operands, list) else ()))
        yield Branch(str(condition.get("Operator") or ""), tuple(texts), str(row.get("NextAction") or ""))


def _operand(value: Any) -> Compiled:
    """Operands may be JSON's numbers and booleans."""
    return compiled(value)[0] if isinstance(value, str) else text(value)


def _part(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = tree.get(name)
    return found if isinstance(found, Mapping) else {}


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in (value if isinstance(value, list) else ()) if isinstance(one, Mapping))
