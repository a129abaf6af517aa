"""What is known of the flow language 2019-10-30: every action type with its parameters, errors, conditions and places.

The facts are data, in actions.json beside this file. A level is "error" where the service was seen to refuse, or where the
document cannot be a flow; "warning" where only a page or an export says so, since AWS decides; "" where nothing is to be said.
https://docs.aws.amazon.com/connect/latest/devguide/flow-language.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Level = Literal["error", "warning", ""]
PAGES = "https://docs.aws.amazon.com/connect/latest/"
MODULE = "MODULE"
"""The type of a flow module, which AWS does not call a type."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of an action. `missing` is the level of its absence, "" for one that may be absent."""

    name: str
    kind: str
    """text, enum, integer-string, object, map, list, path, phone, or what an id in it is of: queue, flow, prompt, …"""
    dynamic: str
    """Where references stand: static (nowhere), path (as the whole value), text (inside of it too), path-only; "" unknown."""
    missing: Level
    facts: Mapping[str, Any]
    """min, max, values, fields, native and others, as actions.json has them."""


@dataclass(frozen=True)
class Group:
    """Parameters of which a number must be there."""

    keys: tuple[str, ...]
    least: int
    most: int
    too_few: Level
    too_many: Level


@dataclass(frozen=True)
class ErrorBranch:
    """An error branch. Its presence is required, optional, forbidden, or depends on the action's form (`shape`)."""

    presence: Literal["required", "optional", "forbidden", "shape"]
    level: Level


@dataclass(frozen=True)
class Conditions:
    """The conditions of an action. `operands` None: any; `extra` is the level of an operand that is not listed."""

    mode: Literal["none", "optional", "required", "shape"]
    operators: tuple[str, ...]
    operands: tuple[str, ...] | None
    required_operands: tuple[str, ...]
    extra: Level
    minimum: int
    refused: tuple[str, ...]
    undecided: tuple[str, ...]


@dataclass(frozen=True)
class Action:
    """An action type."""

    type: str
    titles: tuple[str, ...]
    """What the console calls its block, by its forms."""
    page: str
    """URL of the AWS page."""
    next: Literal["error", "warning", "", "forbidden"]
    """The level of an absent next action; forbidden on a terminal action."""
    parameters: Mapping[str, Parameter]
    refused_parameters: frozenset[str]
    groups: tuple[Group, ...]
    errors: Mapping[str, ErrorBranch]
    conditions: Conditions
    flow_types: frozenset[str]
    """Where either guide has it; empty where both are silent."""
    refused_in: frozenset[str]
    """Flow types in which the service was seen to refuse it."""
    channels: Mapping[str, str]
    references: Mapping[str, str]
    """Path in the parameters (`LexV2Bot.AliasArn`, `Messages[].PromptId`, `EventHooks.*`) → what the id there is of."""


@dataclass(frozen=True)
class Renamed:
    """A type that does not exist under this name: what to write instead ("" unknown), and how sure that is."""

    write: str
    level: Level


def actions() -> Mapping[str, Action]:
    """Every known action type."""
    return _actions()


@cache
def _actions() -> Mapping[str, Action]:
    return {name: _action(name, facts) for name, facts in _data()["actions"].items()}


@cache
def renamed_types() -> Mapping[str, Renamed]:
    """Names of the console, of the old export format and of other tools → the type that is meant."""
    return {name: Renamed(one["write"] or "", one["level"]) for name, one in _data()["renamed_types"].items()}


def legacy_modules() -> Mapping[str, str]:
    """Block types of the old export format → what they are called now, in words."""
    found: Mapping[str, str] = _data()["legacy_modules"]
    return found


@cache
def flow_types() -> frozenset[str]:
    """The types of flows, without MODULE."""
    return frozenset(_data()["flow_types"])


def type_names() -> Mapping[str, str]:
    """The console's names of flow types (`contactFlow`) → the API's (`CONTACT_FLOW`)."""
    found: Mapping[str, str] = _data()["flow_type_names"]
    return found


@cache
def operators() -> frozenset[str]:
    """Operators of conditions that are documented, or were seen accepted."""
    known = _data()["operators"]
    return frozenset([*known["documented"], *known["accepted_live"]])


@cache
def event_hooks() -> frozenset[str]:
    """Events that a flow can be hooked to."""
    return frozenset(_data()["event_hooks"])


@cache
def reference_roots() -> frozenset[str]:
    """What may follow `$.` in a reference."""
    return frozenset(_data()["reference_roots"])


def document() -> Mapping[str, Any]:
    """Limits of a whole flow: `version`, `max_actions`, `max_characters`, `console_export_blocks`, `identifier`."""
    found: Mapping[str, Any] = _data()["document"]
    return found


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(Path(__file__).with_name("actions.json").read_text(encoding="utf-8"))
    return found


def _action(name: str, facts: Mapping[str, Any]) -> Action:
    places = facts["flow_types"]
    conditions = facts["conditions"]
    return Action(
        type=name,
        titles=tuple(facts["title"]),
        page=PAGES + facts["page"],
        next=facts["next"],
        parameters={key: _parameter(key, one) for key, one in facts["parameters"].items()},
        refused_parameters=frozenset(facts["refused_parameters"]),
        groups=tuple(
            Group(tuple(one["keys"]), one["min"], one["max"], one["too_few"], one["too_many"])
            for one in facts["groups"]
        ),
        errors={key: ErrorBranch(one["presence"], one["level"]) for key, one in facts["errors"].items()},
        conditions=Conditions(
            mode=conditions["mode"],
            operators=tuple(conditions["operators"]),
            operands=None if conditions["operands"] is None else tuple(conditions["operands"]),
            required_operands=tuple(conditions["required_operands"]),
            extra=conditions["extra"],
            minimum=conditions["minimum"],
            refused=tuple(conditions["refused"]),
            undecided=tuple(conditions["undecided"]),
        ),
        flow_types=_both_guides(places),
        refused_in=frozenset(places["refused"]),
        channels=facts["channels"],
        references=facts["references"],
    )


def _both_guides(places: Mapping[str, Any]) -> frozenset[str]:
    """The flow types that either guide names; a guide that is silent is null in the data."""
    return frozenset([*(places["developer_guide"] or ()), *(places["administrator_guide"] or ())])


def _parameter(name: str, facts: Mapping[str, Any]) -> Parameter:
    return Parameter(name, facts["kind"], facts["dynamic"], facts.get("missing", ""), facts)
