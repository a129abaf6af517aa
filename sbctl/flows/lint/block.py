"""One action of a flow as the rules see it: what its type is known to take, and findings with their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sbctl.files.positions import JsonPath
from sbctl.flows.language.facts import Action
from sbctl.flows.lint.finding import Finding
from sbctl.flows.names.placeholders import PATTERN

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Block:
    """An action whose shape fits, of a type that is known."""

    action: Mapping[str, Any]
    number: int
    """Its index in Actions."""
    facts: Action
    flow_type: str = ""

    @property
    def type(self) -> str:
        return self.facts.type

    @property
    def identifier(self) -> str:
        return str(self.action["Identifier"])

    @property
    def path(self) -> JsonPath:
        return ("Actions", self.number)

    @property
    def parameters(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.action.get("Parameters") or {}
        return found

    @property
    def transitions(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.action.get("Transitions") or {}
        return found

    @property
    def errors(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.transitions.get("Errors") or ()
        return found

    @property
    def conditions(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.transitions.get("Conditions") or ()
        return found

    @property
    def error_types(self) -> frozenset[str]:
        return frozenset(one["ErrorType"] for one in self.errors)

    @property
    def operands(self) -> frozenset[str]:
        """Every operand of every condition, as text."""
        rows = ((one.get("Condition") or {}).get("Operands") or () for one in self.conditions)
        return frozenset(str(value) for row in rows for value in row)

    def finding(self, rule: str, level: Level, message: str, fix: str, *path: str | int) -> Finding:
        """A finding on this action, or on a part of it."""
        return Finding(rule, level, self.identifier, (*self.path, *path), message, fix, self.facts.page)


def is_static(value: Any) -> bool:
    """Whether a value is a text that is itself at run time: no reference, and no placeholder, of which only AWS sees the value."""
    return isinstance(value, str) and not is_reference(value) and "$." not in value and not PATTERN.search(value)


def is_reference(value: Any) -> bool:
    """Whether a text is one reference: `$.Channel`, `$['Attributes']['a b']`, or the same in backticks."""
    return isinstance(value, str) and value.strip().lstrip("`").startswith(("$.", "$["))
