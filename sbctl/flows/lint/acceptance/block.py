"""One action of a flow as the rules see it: what its type is known to take, and findings with their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sbctl.files.positions import JsonPath
from sbctl.flows.language.facts import Action
from sbctl.flows.lint.finding import Finding
from sbctl.flows.names.placeholders import PATTERN

Level = Literal["error", "warning"]


class Block(NamedTuple):
    """An action whose shape fits, of a type that is known."""

    action: Mapping[str, Any]
    number: int
    """Its index in Actions."""
    facts: Action
    flow_type: str
    type: str
    parameters: Mapping[str, Any]
    transitions: Mapping[str, Any]
    errors: Sequence[Mapping[str, Any]]
    conditions: Sequence[Mapping[str, Any]]
    error_types: frozenset[str]

    @classmethod
    def of(cls, action: Mapping[str, Any], number: int, facts: Action, flow_type: str) -> Block:
        """The block of an action; members that are absent or null are empty."""
        transitions = action.get("Transitions") or {}
        errors = transitions.get("Errors") or ()
        return cls(
            action,
            number,
            facts,
            flow_type,
            facts.type,
            action.get("Parameters") or {},
            transitions,
            errors,
            transitions.get("Conditions") or (),
            frozenset([one["ErrorType"] for one in errors]),
        )

    @property
    def identifier(self) -> str:
        return str(self.action["Identifier"])

    @property
    def path(self) -> JsonPath:
        return ("Actions", self.number)

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
