"""Drills as values: what is broken, what the operator does about it, what must be true afterwards. One file each in drills/."""

from __future__ import annotations

from typing import Literal

from sbctl.core.kinds.spec import Frozen

Level = Literal["tabletop", "check", "health-flag", "full"]
LEVELS: tuple[Level, ...] = ("tabletop", "check", "health-flag", "full")
"""From words to deeds: printed; read only; only the health answer turns bad; faults and moves."""
Act = Literal["failover", "refused", "watch", "hold", "half-done"]
"""What is rehearsed: a failover by order; an order that must be refused; a move that Route 53 makes by itself; an unrest that
must not move anything; a failover that is cut off and resumed."""


class InjectedFault(Frozen):
    """A fault of the sandbox. `where` is the active region, the one that takes over, the home of global services, or all.

    `to` limits paused replication to one direction. `resource` "signal-table" means the table of the takeover signal.
    """

    kind: Literal["down", "hang", "error", "replication-paused", "control-plane"]
    where: Literal["active", "target", "home", "all"] = "active"
    service: str = ""
    to: Literal["", "active", "target"] = ""


class Drill(Frozen):
    """One rehearsal. `on_aws` is the highest level that is safe on AWS, where nothing can be broken on purpose.

    `mode` is that of the failover; `code` the problem with which an order must be refused; `unrest` how many times the
    breakage comes and goes, each time for less than Route 53 needs to notice.
    """

    name: str
    title: str
    purpose: str
    steps: tuple[str, ...]
    act: Act
    mode: Literal["planned", "forced"] = "planned"
    injected: tuple[InjectedFault, ...] = ()
    on_aws: Level = "health-flag"
    code: str = ""
    unrest: int = 0
    lossless: bool = False
    """Whether no answer may go bad and no write may be missing, since nothing is lost."""
