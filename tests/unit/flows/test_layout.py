"""The layout of built flows: main path left to right, errors below, no two blocks over each other, always the same."""

from __future__ import annotations

import random
from typing import Any

from sbctl.flows.builder import FlowBuilder
from sbctl.flows.building.layout import COLUMN, layout
from sbctl.flows.comparing.meaning import same_flow

WIDE, HIGH = 190, 90


def action(identifier: str, following: str = "", errors: tuple[str, ...] = (), choices: tuple[str, ...] = ()) -> Any:
    """An action with its branches."""
    return {
        "Identifier": identifier,
        "Type": "Compare",
        "Parameters": {},
        "Transitions": {
            **({"NextAction": following} if following else {}),
            "Errors": [{"NextAction": target, "ErrorType": "NoMatchingError"} for target in errors],
            "Conditions": [{"NextAction": target, "Condition": {}} for target in choices],
        },
    }


def positions(metadata: dict[str, Any]) -> dict[str, tuple[int, int]]:
    found = {name: one["position"] for name, one in metadata["ActionMetadata"].items()}
    return {name: (one["x"], one["y"]) for name, one in found.items()}


def overlapping(found: dict[str, tuple[int, int]]) -> list[tuple[str, str]]:
    names = sorted(found)
    return [
        (one, other)
        for number, one in enumerate(names)
        for other in names[number + 1 :]
        if abs(found[one][0] - found[other][0]) < WIDE and abs(found[one][1] - found[other][1]) < HIGH
    ]


def built() -> dict[str, Any]:
    flow = (
        FlowBuilder("Sales")
        .on_error("sorry")
        .play("Welcome.")
        .menu("Press 1 or 2.", {"1": "sales", "2": "billing"})
        .label("sales")
        .transfer_to_queue("Sales")
        .label("billing")
        .transfer_to_queue("Billing")
        .label("sorry")
        .play("Sorry.")
        .disconnect()
        .build()
    )
    return dict(flow.content)


def test_the_main_path_is_a_line_and_errors_stand_below() -> None:
    """Left to right in one row; the other choice under it, the error branch at the bottom."""
    content = built()
    found = positions(content["Metadata"])
    line = ["play-1", "menu-1", "sales.queue", "transfer-1"]
    assert len({found[name][1] for name in line}) == 1
    assert [found[name][0] for name in line] == [found["play-1"][0] + COLUMN * number for number in range(4)]
    assert found["billing.queue"][1] > found["menu-1"][1]
    assert found["sorry.play"][1] > max(found[name][1] for name in (*line, "billing.queue"))
    assert overlapping(found) == []


def test_it_is_written_as_the_console_writes_it() -> None:
    """Every block has a position and a friendly name; layout is no meaning."""
    content = built()
    metadata = content["Metadata"]
    assert set(metadata) == {"entryPointPosition", "ActionMetadata"}
    assert set(metadata["ActionMetadata"]) == {action["Identifier"] for action in content["Actions"]}
    assert all(one["isFriendlyName"] is True for one in metadata["ActionMetadata"].values())
    assert same_flow(content, {**content, "Metadata": {}})
    assert built() == content


def test_circles_and_what_nothing_leads_to_have_a_place() -> None:
    """A flow that goes back to its beginning ends; a block that cannot be reached stands at the bottom."""
    actions = [action("a", "b"), action("b", "a", errors=("b",)), action("lost", "lost-too"), action("lost-too", "a")]
    found = positions(layout("a", actions))
    assert set(found) == {"a", "b", "lost", "lost-too"}
    assert found["lost"][1] == found["lost-too"][1] > found["b"][1]


def test_no_two_blocks_lie_over_each_other() -> None:
    """Whatever leads where, and however large the flow is."""
    dice = random.Random(3)
    for size in (1, 2, 5, 30, 30, 30, 250):
        names = [f"b{number}" for number in range(size)]
        actions = [
            action(
                name,
                dice.choice(["", *names]),
                tuple(dice.choices(names, k=dice.randint(0, 2))),
                tuple(dice.choices(names, k=dice.randint(0, 4))),
            )
            for name in names
        ]
        found = positions(layout("b0", actions))
        assert set(found) == set(names)
        assert overlapping(found) == []
        assert positions(layout("b0", actions)) == found


def test_a_block_with_many_branches_has_room() -> None:
    """A menu of twelve keys is higher than a prompt: what stands under it begins below its last branch."""
    keys = tuple(f"k{number}" for number in range(12))
    found = positions(layout("menu", [action("menu", "end", choices=keys), *map(action, keys), action("end")]))
    below = min(y for _, y in found.values() if y > found["menu"][1])
    assert below - found["menu"][1] >= HIGH + 12 * 30
