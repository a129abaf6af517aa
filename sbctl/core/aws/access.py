"""Where a caller's credentials come from, link by link, and on which region each link depends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Source = Literal[
    "keys", "session-keys", "assume-role", "web-identity", "sso", "login", "process", "container", "machine", "none"
]


@dataclass(frozen=True)
class Link:
    """One step. `region` "" means: none, or the region that is asked; `known` is whether that can be said at all.

    `subject` is the profile, or what stands in its place; `until` is when the keys or the sign-in end, None where that is not kept.
    """

    source: Source
    subject: str
    region: str = ""
    known: bool = True
    detail: str = ""
    until: datetime | None = None
