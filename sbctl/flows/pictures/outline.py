"""A flow as an outline: each block once, its branches indented under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.project import FlowDocument

Line = tuple[int, str]
SHOWN = (
    "Text",
    "PromptId",
    "FlowModuleId",
    "LambdaFunctionARN",
    "QueueId",
    "ContactFlowId",
    "HoursOfOperationId",
    "ComparisonValue",
    "MetricType",
)


def outline(document: FlowDocument) -> list[Line]:
    """The flow as (depth, text), from its first block on."""
    actions = {str(action["Identifier"]): action for action in document.content.get("Actions", [])}
    return list(_block(str(document.content.get("StartAction")), actions, 0, set(), ""))


def _block(name: str, actions: Mapping[str, Any], depth: int, seen: set[str], label: str) -> Iterator[Line]:
    head = f"{label} → " if label else ""
    if name not in actions:
        yield depth, f"{head}{name} (missing)"
        return
    if name in seen:
        yield depth, f"{head}{name} (above)"
        return
    seen.add(name)
    action = actions[name]
    yield depth, f"{head}{name}  {action['Type']}{_essence(action)}"
    found = action.get("Transitions") or {}
    for condition in found.get("Conditions") or []:
        inner = condition.get("Condition", {})
        text = f"{inner.get('Operator')} {' '.join(str(value) for value in inner.get('Operands', []))}"
        yield from _block(str(condition["NextAction"]), actions, depth + 1, seen, text)
    for error in found.get("Errors") or []:
        yield from _block(str(error["NextAction"]), actions, depth + 1, seen, str(error["ErrorType"]))
    if found.get("NextAction"):
        yield from _block(str(found["NextAction"]), actions, depth, seen, "")


def _essence(action: Mapping[str, Any]) -> str:
    found = [str(value) for name, value in (action.get("Parameters") or {}).items() if name in SHOWN]
    return f": {found[0]}" if found else ""
