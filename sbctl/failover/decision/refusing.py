"""The problems with which a decision refuses, and the complete command that carries an order out all the same.

Global options and the kit are put into a command by whoever shows it.
"""

from __future__ import annotations

import shlex

from sbctl.core.problem import Exit, Problem
from sbctl.failover.decision.request import Guard, Order
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import mechanism_of


def refused(code: str, summary: str, detail: str, fix: str) -> Problem:
    return Problem(code=code, summary=summary, detail=detail, fix=fix, exit=Exit.REFUSED)


def guarded(order: Order, kit: Kit, code: str, summary: str, detail: str, guard: Guard) -> Problem:
    """A refusal that the operator may override, with the command that does."""
    return refused(code, summary, detail, f"If it must be: {command_of(order, kit, guard)}")


def command_of(order: Order, kit: Kit, *more: Guard) -> str:
    """The order as it is typed, with guards that it is to override as well."""
    guards = (*order.overridden, *more)
    if order.undoes:
        return _typed(["sbctl", "failback", "--run", order.undoes], guards, order.reason)
    forced = order.mode == "forced"
    words = ["sbctl", "failover", "--to", order.target, *(["--mode", "forced"] if forced else [])]
    words += ["--from", order.source] if order.source else []
    return _typed([*words, *_mechanism(order, kit)], guards, order.reason or ("lost" if forced else ""))


def forced_command(order: Order, kit: Kit, source: str, reason: str = "") -> str:
    """What a planned order was refused, by force: with its reason, or one that says what has happened to `source`."""
    words = ["sbctl", "failover", "--to", order.target, "--mode", "forced"]
    words += ["--from", source] if source and order.source == source else []
    return _typed([*words, *_mechanism(order, kit)], order.overridden, order.reason or reason or f"{source} is lost")


def _mechanism(order: Order, kit: Kit) -> list[str]:
    return ["--mechanism", order.mechanism] if order.mechanism != mechanism_of(kit) else []


def _typed(words: list[str], guards: tuple[Guard, ...], reason: str) -> str:
    for guard in dict.fromkeys(guards):
        words = [*words, "--override", guard]
    return shlex.join([*words, *(["--reason", reason] if reason else [])])
