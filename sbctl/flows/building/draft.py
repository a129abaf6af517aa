"""What a builder collects: blocks in order, each with branches that go to labels. Wired and checked at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.flows.building.layout import layout

ON_ERROR = "NoMatchingError"


@dataclass
class Block:
    """One action in the making. `following` is a label; None means the block after it."""

    identifier: str
    type: str
    parameters: dict[str, Any]
    following: str | None = None
    conditions: list[tuple[str, str, str]] = field(default_factory=list)
    """(operator, operand, label)"""
    errors: dict[str, str | None] = field(default_factory=dict)
    """error type → label; None means the flow's own error label."""
    ends: bool = False
    default: str = ""
    """The error or operand whose branch the next action copies, as the console does for branching blocks."""


@dataclass
class Draft:
    """A flow before its labels are known."""

    name: str
    type: str
    description: str
    blocks: list[Block] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    error_label: str | None = None

    def document(self, at: str) -> FlowDocument:
        """The finished flow. Raises SbctlError with every branch that leads nowhere."""
        problems: list[Problem] = []
        actions = [self._action(number, block, at, problems) for number, block in enumerate(self.blocks)]
        if not actions:
            problems.append(self._unwired(at, "the flow has no blocks", "Add at least .disconnect()."))
        if problems:
            # a default branch is wired twice, as an error and as the next action, but it is one fault
            raise SbctlError(*dict.fromkeys(problems))
        content = {
            "Version": "2019-10-30",
            "StartAction": self.blocks[0].identifier,
            "Metadata": layout(self.blocks[0].identifier, actions),
            "Actions": actions,
        }
        return FlowDocument(self.name, self.type, self.description, content, at)

    def _action(self, number: int, block: Block, at: str, problems: list[Problem]) -> dict[str, Any]:
        transitions: dict[str, Any] = {}
        if not block.ends:
            transitions["NextAction"] = self._following(number, block, at, problems)
            transitions["Errors"] = [
                {"ErrorType": error, "NextAction": self._error_target(block, error, label, at, problems)}
                for error, label in block.errors.items()
            ]
            transitions["Conditions"] = [
                {
                    "NextAction": self._target(label, block, at, problems),
                    "Condition": {"Operator": operator, "Operands": [operand]},
                }
                for operator, operand, label in block.conditions
            ]
        return {
            "Identifier": block.identifier,
            "Type": block.type,
            "Parameters": block.parameters,
            "Transitions": transitions,
        }

    def _following(self, number: int, block: Block, at: str, problems: list[Problem]) -> str:
        if block.default and block.default in block.errors and block.following is None:
            return self._error_target(block, block.default, block.errors[block.default], at, problems)
        if block.following is not None:
            return self._target(block.following, block, at, problems)
        if number + 1 < len(self.blocks):
            return self.blocks[number + 1].identifier
        problems.append(
            self._unwired(at, f"block {block.identifier} is the last and leads nowhere", "End with .disconnect().")
        )
        return ""

    def _error_target(self, block: Block, error: str, label: str | None, at: str, problems: list[Problem]) -> str:
        chosen = label if label is not None else self.error_label
        if chosen is None:
            detail = f"block {block.identifier}: the branch {error} leads nowhere"
            problems.append(
                self._unwired(at, detail, "Name a label in the block, or .on_error(LABEL) for the whole flow.")
            )
            return ""
        return self._target(chosen, block, at, problems)

    def _target(self, label: str, block: Block, at: str, problems: list[Problem]) -> str:
        number = self.labels.get(label)
        if number is None or number >= len(self.blocks):
            detail = f"block {block.identifier} goes to the label {label!r}, which has no block"
            problems.append(self._unwired(at, detail, f"Add .label({label!r}) before a block."))
            return ""
        return self.blocks[number].identifier

    def _unwired(self, at: str, detail: str, fix: str) -> Problem:
        return Problem(
            code="flow-unwired",
            summary="A flow has a branch that leads nowhere",
            detail=f"flow {self.name}: {detail}",
            at=at,
            fix=fix,
            exit=Exit.USAGE,
        )
