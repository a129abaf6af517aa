"""What the commands of contact flows tell."""

from __future__ import annotations

from typing import Any

from sbctl.failover.data.told import Told


class Linted(Told):
    """`flow lint`: the names that were checked, and how many problems there are."""

    flows: tuple[str, ...]
    findings: int


class Rendered(Told):
    """`flow render`."""

    flow: str
    region: str
    content: dict[str, Any]


class Drawn(Told):
    """`flow render --draw`: `[indent, text]` a line."""

    flow: str
    lines: tuple[tuple[int, str], ...]
