"""What the operator asked for."""

from __future__ import annotations

from typing import Literal

from sbctl.core.kinds.spec import Frozen

Guard = Literal["active", "from", "health", "lag", "parity", "cooldown", "open"]
GUARDS: tuple[Guard, ...] = ("active", "from", "health", "lag", "parity", "cooldown", "open")
Mode = Literal["planned", "forced"]


class FailoverRequest(Frozen):
    """A failover or failback as it was asked for. `source` "" means: whichever region is active.

    `overridden` names the guards that the operator overrides. `undoes` is the run that a failback undoes, `drill` the drill of
    which the order is a part; "" for an operator's own.
    """

    target: str
    source: str = ""
    mode: Mode = "planned"
    mechanism: str = "standby-takeover"
    reason: str = ""
    by: str = ""
    overridden: tuple[Guard, ...] = ()
    undoes: str = ""
    drill: str = ""
    drain_seconds: float = 0
    """How long contacts in the region that is left may take to end before a planned move orders traffic away; 0: not at all."""
