"""One value of one file of the project that should change, and why one cannot be said there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sbctl.files.positions import JsonPath

RULES = "failover-rules.json"


@dataclass(frozen=True)
class ConfigEdit:
    """`value` at `path` of a file: one of the config folder by its name, else with its folder (`flows/Welcome.json`)."""

    file: str
    path: JsonPath
    before: Any
    value: Any
    addresses: tuple[str, ...]
    also: tuple[JsonPath, ...] = ()
    """Where the same value stands in the same file, and goes along: what names an item by its name."""


@dataclass(frozen=True)
class Refusal:
    """A field that drifted and that the config cannot say; `reason` for people."""

    addresses: tuple[str, ...]
    field: str
    reason: str
    instead: str = ""
    """A command that takes it into the config in another way."""


class NotExpressible(Exception):  # noqa: N818 - an answer, not a failure
    """Raised where the config has no words for what AWS has; the text is the reason."""

    def __init__(self, reason: str, instead: str = "") -> None:
        super().__init__(reason)
        self.instead = instead
