"""The shape of a flow's content: which of its values are texts, lists and objects. What else is in it is the linter's matter.

Everything that reads flows relies on this shape, so a file is held against it before anything else looks at it.
https://docs.aws.amazon.com/connect/latest/devguide/flow-language.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sbctl.files.positions import JsonPath

SCALARS = (str, int, float, bool)
OBJECTS = ("InputValidation", "EventHooks", "FlowAttributes")
"""Parameters that are looked into, and are objects."""


def misshapen(content: Mapping[str, Any]) -> list[tuple[JsonPath, str, str]]:
    """What is not of the form that a flow has: its place in the content, what is wrong, what to write."""
    if is_well_formed(content):
        return []
    from sbctl.flows.reading.misshapen import misfits  # models that only a flow with a fault needs

    return misfits(content)


def is_well_formed(content: Mapping[str, Any]) -> bool:
    """Whether nothing at all is wrong."""
    actions = content.get("Actions")
    return (
        _is(content, "Version", str)
        and _is(content, "StartAction", str)
        and isinstance(actions, list)
        and all(map(_is_action, actions))
    )


def _is_action(action: Any) -> bool:
    return (
        isinstance(action, dict)
        and isinstance(action.get("Identifier"), str)
        and isinstance(action.get("Type"), str)
        and _are_parameters(action.get("Parameters"))
        and _are_transitions(action.get("Transitions"))
    )


def _are_parameters(parameters: Any) -> bool:
    if parameters is None:
        return True
    if not isinstance(parameters, dict) or not _is(parameters, "MetricType", str):
        return False
    events = parameters.get("Events")
    named = events is None or (isinstance(events, list) and all(isinstance(one, str) for one in events))
    return named and all(_is(parameters, name, dict) for name in OBJECTS)


def _are_transitions(transitions: Any) -> bool:
    if transitions is None:
        return True
    return (
        isinstance(transitions, dict)
        and _is(transitions, "NextAction", str)
        and _all(transitions.get("Conditions"), _is_condition)
        and _all(transitions.get("Errors"), _is_error)
    )


def _is_condition(branch: Any) -> bool:
    if not isinstance(branch, dict) or not isinstance(branch.get("NextAction"), str):
        return False
    compared = branch.get("Condition")
    if compared is None:
        return True
    return (
        isinstance(compared, dict)
        and _is(compared, "Operator", str)
        and _all(compared.get("Operands"), lambda one: isinstance(one, SCALARS))
    )


def _is_error(branch: Any) -> bool:
    return (
        isinstance(branch, dict)
        and isinstance(branch.get("NextAction"), str)
        and isinstance(branch.get("ErrorType"), str)
    )


def _is(values: Mapping[str, Any], name: str, type_: type) -> bool:
    """Whether a member is absent, null, or of a type."""
    found = values.get(name)
    return found is None or isinstance(found, type_)


def _all(items: Any, fits: Callable[[Any], bool]) -> bool:
    """Whether a list is absent, null, or one of which all items fit."""
    return items is None or (isinstance(items, list) and all(map(fits, items)))
