"""The command that does by force what a planned order was refused: complete, to be pasted while a region is lost."""

from __future__ import annotations

import shlex

from sbctl.failover.decision.request import Order
from sbctl.failover.kit.kit import Kit


def forced(order: Order, kit: Kit, source: str, reason: str = "") -> str:
    """The same order by force, with its reason, or one that says what has happened. Global options and the kit are put in by
    whoever shows it.
    """
    usual = "records" if kit.rules.mechanism == "records" else "standby-takeover"
    parts = ["sbctl", "failover", "--to", order.target, "--mode", "forced"]
    parts += ["--from", order.source] if order.source and order.source == source else []
    parts += ["--mechanism", order.mechanism] if order.mechanism != usual else []
    parts += [part for guard in order.overridden for part in ("--override", guard)]
    return shlex.join([*parts, "--reason", order.reason or reason or f"{source} is lost"])
