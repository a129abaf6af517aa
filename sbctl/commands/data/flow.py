"""What the commands of contact flows tell."""

from __future__ import annotations

from typing import Any, Literal

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


class RegionVersion(Told):
    """A region's own number of a version; 0 where only the state keeps the content."""

    region: str
    version: int
    published: bool


class FlowVersion(Told):
    """One version as `--to` takes it. `digest` tells files apart; "" for a version that others made."""

    version: str
    made_at: str | None
    digest: str
    regions: tuple[RegionVersion, ...]


class VersionsTold(Told):
    """`flow rollback --list`."""

    flow: str
    versions: tuple[FlowVersion, ...]


class RegionRestored(Told):
    """What became of one region; `version` is its own number of what it has now."""

    region: str
    outcome: Literal["done", "already", "failed"]
    version: int


class RolledBack(Told):
    """`flow rollback`; `run` is the one in the history, "" for a dry run."""

    flow: str
    to: str
    digest: str
    reason: str
    run: str
    dry_run: bool
    regions: tuple[RegionRestored, ...]
