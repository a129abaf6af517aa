"""Two flows compared by what they do: names of blocks, their order, layout and spelling of numbers and ids do not count.

The order of conditions counts where two of them can hold together, since the first that holds wins. The walk starts at
the first action and numbers actions as it meets them. Actions that cannot be reached do nothing, so they do not count
either: the console keeps such blocks as notes.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.kinds.values import Unknown
from sbctl.flows.comparing.overlap import in_order
from sbctl.flows.names.references import by_id

Actions = dict[str, Mapping[str, Any]]


def same_flow(one: Any, other: Any) -> bool:
    """Whether two contents (trees or JSON texts) do the same. What is not known yet equals nothing."""
    return bool(canonical(one) == canonical(other))


def canonical(content: Any) -> Any:
    """A form that is equal for flows that do the same."""
    tree = _tree(content)
    if not isinstance(tree, Mapping):
        return tree
    actions = actions_by_name(tree)
    order = _walk(str(tree.get("StartAction")), actions)
    numbers = {identifier: number for number, identifier in enumerate(order)}
    return {
        "version": tree.get("Version"),
        "actions": [_action(actions[identifier], numbers) for identifier in order if identifier in actions],
    }


def _tree(content: Any) -> Any:
    if isinstance(content, str):
        try:
            return json.loads(content)
        except ValueError:
            return content
    return content


def _walk(start: str, actions: Actions) -> list[str]:
    order: dict[str, None] = {}
    queue = deque([start])
    while queue:
        identifier = queue.popleft()
        if identifier not in order:
            order[identifier] = None
            queue.extend(_targets(actions[identifier]) if identifier in actions else ())
    return list(order)


def _targets(action: Mapping[str, Any]) -> Iterator[str]:
    transitions = _transitions(action)
    for condition in in_order(_rows(transitions, "Conditions"), _condition_key):
        yield str(condition.get("NextAction"))
    for error in sorted(_rows(transitions, "Errors"), key=lambda item: str(item.get("ErrorType"))):
        yield str(error.get("NextAction"))
    if transitions.get("NextAction"):
        yield str(transitions["NextAction"])


def _transitions(action: Mapping[str, Any]) -> Mapping[str, Any]:
    """A draft may hold anything in their place."""
    found = action.get("Transitions")
    return found if isinstance(found, Mapping) else {}


def _rows(transitions: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = transitions.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _condition_key(condition: Mapping[str, Any]) -> str:
    return json.dumps(spelled(condition.get("Condition") or {}), sort_keys=True, default=repr)


def _action(action: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    transitions = _transitions(action)
    return {
        "type": action.get("Type"),
        "parameters": spelled(by_id(action)),
        "next": numbers.get(str(transitions.get("NextAction"))),
        "errors": sorted(
            (str(error.get("ErrorType")), numbers.get(str(error.get("NextAction")), -1))
            for error in _rows(transitions, "Errors")
        ),
        "conditions": [
            (spelled(condition.get("Condition") or {}), numbers.get(str(condition.get("NextAction")), -1))
            for condition in in_order(_rows(transitions, "Conditions"), _condition_key)
        ],
    }


def spelled(value: Any) -> Any:
    """A value in the one spelling by which values are compared: numbers and truth as texts."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Mapping):
        return {key: spelled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [spelled(item) for item in value]
    if isinstance(value, bool):
        return "True" if value else "False"
    return str(value)


def actions_by_name(content: Any) -> Actions:
    """The actions of a content by their identifiers; none when it is no flow."""
    tree = _tree(content)
    if not isinstance(tree, Mapping):
        return {}
    actions = tree.get("Actions")
    rows = actions if isinstance(actions, list) else ()
    return {str(action.get("Identifier")): action for action in rows if isinstance(action, Mapping)}


def branches(action: Mapping[str, Any], *, ordered: bool) -> Any:
    """Where a block goes on, by the names of blocks; the conditions in the order that counts, or in none."""
    transitions = _transitions(action)
    rows = [
        (_condition_key(condition), str(condition.get("NextAction")))
        for condition in in_order(_rows(transitions, "Conditions"), _condition_key)
    ]
    errors = sorted((str(row.get("ErrorType")), str(row.get("NextAction"))) for row in _rows(transitions, "Errors"))
    return transitions.get("NextAction"), errors, rows if ordered else sorted(rows)
