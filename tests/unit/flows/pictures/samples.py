"""Small flows for pictures, and ways to damage them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.flows.builder import FlowBuilder
from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.pictures.outline import outline

ID = "11111111-2222-3333-4444-55555555555{}"


def action(
    name: str,
    kind: str = "MessageParticipant",
    following: str = "",
    errors: Mapping[str, str] | None = None,
    conditions: Sequence[tuple[str, str, str]] = (),
    **parameters: Any,
) -> dict[str, Any]:
    """An action; conditions are (operator, operand, target)."""
    transitions: dict[str, Any] = {"NextAction": following} if following else {}
    if errors:
        transitions["Errors"] = [{"ErrorType": one, "NextAction": target} for one, target in errors.items()]
    if conditions:
        transitions["Conditions"] = [
            {"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}}
            for operator, operand, target in conditions
        ]
    return {"Identifier": name, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def content(*actions: Mapping[str, Any], start: str = "") -> dict[str, Any]:
    return {"Version": "2019-10-30", "StartAction": start or actions[0]["Identifier"], "Actions": list(actions)}


def plain(builder: FlowBuilder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(builder.build().content))
    return found


def inbound() -> dict[str, Any]:
    """A usual flow: greeting, hours, a menu, a queue, one block that says sorry."""
    return plain(
        FlowBuilder("Inbound")
        .on_error("sorry")
        .play("Welcome to Acme.")
        .check_hours("24x7", open_="menu", closed="closed")
        .label("menu")
        .menu("For sales, press 1.", {"1": "sales", "2": "menu"}, on_timeout="menu", on_other="menu")
        .label("sales")
        .transfer_to_queue("Sales", at_capacity="sorry")
        .label("closed")
        .play("We are closed.")
        .disconnect()
        .label("sorry")
        .play("Sorry.")
        .disconnect()
    )


def told(tree: Any, width: int = 0) -> list[str]:
    """The outline of a content as text."""
    return [row.plain() for row in outline(picture_of(tree), width)]


def large(blocks: int) -> dict[str, Any]:
    """A chain of menus, each with a way back, a way ahead, and an error to the one last block."""
    names = [f"b{number}" for number in range(blocks)]
    rows = [
        action(
            name,
            "GetParticipantInput",
            names[-1],
            {"NoMatchingError": names[-1], "InputTimeLimitExceeded": name, "NoMatchingCondition": names[-1]},
            [
                ("Equals", "1", names[place + 1]),
                ("Equals", "2", names[min(place + 7, blocks - 1)]),
                ("Equals", "3", names[place // 2]),
            ],
            Text=f"Menu {place}",
        )
        for place, name in enumerate(names[:-1])
    ]
    return content(*rows, action(names[-1], "DisconnectParticipant"))
