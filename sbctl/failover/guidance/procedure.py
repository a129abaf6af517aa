"""What a runbook is made of: steps with lines to type, what to expect of each, and the check that tells whether it came true."""

from __future__ import annotations

from typing import Literal

from sbctl.core.kinds.spec import Frozen
from sbctl.failover.kit.kit import KitRegion

Expectation = Literal[
    "",
    "source-bad",
    "target-healthy",
    "dns-on-target",
    "signal-on-target",
    "lag-known",
    "no-open-run",
    "open-run",
    "state-reads",
]


class RunbookStep(Frozen):
    """One step: what to do and why, the commands, what to expect, and the check that tells whether it came true."""

    title: str
    why: str = ""
    commands: tuple[str, ...] = ()
    expect: str = ""
    check: Expectation = ""


class Runbook(Frozen):
    """A procedure. `source` and `target` are the regions that its lines speak of."""

    name: str
    title: str
    when: str
    source: str
    target: str
    steps: tuple[RunbookStep, ...]


def procedure(
    name: str, title: str, when: str, source: KitRegion, target: KitRegion, steps: tuple[RunbookStep, ...]
) -> Runbook:
    """A runbook for two regions."""
    return Runbook(name=name, title=title, when=when, source=source.region, target=target.region, steps=steps)
