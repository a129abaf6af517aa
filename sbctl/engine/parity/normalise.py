"""Values as they would read in any region: ids and ARNs become the names of what they stand for, region codes one word."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from sbctl.core.address import Address
from sbctl.core.kinds.values import Unknown
from sbctl.core.state import State
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.parity.peers import seat, without

SHORTEST = 8
"""Shorter ids and outputs are words that may stand for themselves ("sales"), so they are left alone."""
PLAIN = ("arn", "id")
"""Outputs that name their resource and nothing else about it."""


class Normaliser:
    """Rewrites the values of one region."""

    def __init__(self, region: str, codes: Collection[str], world: ObservedWorld, state: State) -> None:
        self._region = region
        self._codes = codes
        self._names = _names(codes, world, state)
        longest_first = sorted(self._names, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, value: Any) -> Any:
        """The value with names in place of ids. Unknown leaves become the name of what they wait for."""
        if isinstance(value, Unknown):
            return _name(value.ref.address, self._codes, value.ref.output)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {key: self(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self(item) for item in value]
        return value

    def _text(self, text: str) -> str:
        named = self._known.sub(lambda found: self._names[found[0]], text) if self._known else text
        return without(named, self._region)


def _names(codes: Collection[str], world: ObservedWorld, state: State) -> dict[str, str]:
    """Id or ARN → name. What is gone or silent keeps what the state knows, so that one loss is not told twice."""
    found: dict[str, str] = {}
    for record in state.records.values():
        if record.at not in world.live:
            _add(found, record.at, codes, {**record.ids, **record.outputs})
    for address, live in world.live.items():
        _add(found, address, codes, {**live.ids, **live.outputs})
    return found


def _add(found: dict[str, str], address: Address, codes: Collection[str], values: Mapping[str, Any]) -> None:
    # Ids also say in what a resource lives (its instance): what names the resource itself wins.
    for output, value in values.items():
        if not isinstance(value, str) or len(value) < SHORTEST or value in codes:
            continue
        if output in PLAIN or value not in found:
            found[value] = _name(address, codes, output)


def _name(address: Address, codes: Collection[str], output: str) -> str:
    seated = seat(address, codes)
    name = str(seated[1]) if seated else str(address)
    return f"<{name}>" if output in PLAIN else f"<{name}#{output}>"
