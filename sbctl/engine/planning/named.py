"""Values with names in place of ids, for sentences that people read: `sales` is the queue of that address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.engine.matching.observed import ObservedWorld
from sbctl.flows.names.placeholders import KINDS
from sbctl.flows.names.words import LATEST

OUTPUTS = ("arn", "id")
"""Those that name their resource."""
MODULES = KINDS["module"][0]
"""Their id alone means the latest content, which may be said too."""


def named(value: Any, world: ObservedWorld, region: str) -> Any:
    """The value; texts that are the id or ARN of something that was found in the region become its name."""
    return _replaced(value, _names(world, region))


def _names(world: ObservedWorld, region: str) -> dict[str, str]:
    return {
        found: address.name
        for address, live in world.live.items()
        if address.region == region
        for own in ({**live.outputs, **live.ids},)
        for output in OUTPUTS
        if isinstance(value := own.get(output), str)
        for found in ((value, f"{value}{LATEST}") if address.kind == MODULES else (value,))
    }


def _replaced(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {key: _replaced(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, names) for item in value]
    return value
