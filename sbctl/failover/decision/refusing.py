"""The problems with which a decision refuses, and the complete command that carries an order out all the same."""

from __future__ import annotations

import shlex

from sbctl.core.problem import Exit, Problem
from sbctl.failover.decision.request import Guard, Order


def refused(code: str, summary: str, detail: str, fix: str) -> Problem:
    return Problem(code=code, summary=summary, detail=detail, fix=fix, exit=Exit.REFUSED)


def guarded(order: Order, code: str, summary: str, detail: str, guard: Guard) -> Problem:
    """A refusal that the operator may override, with the command that does."""
    return refused(code, summary, detail, f"If it must be: {command_of(order, guard)}")


def command_of(order: Order, *more: Guard, mode: str = "") -> str:
    """The order as it is typed, complete, with guards that it is to override as well."""
    words = ["sbctl", "failback"] if order.undoes else ["sbctl", "failover", "--to", order.target]
    if order.undoes:
        words += ["--run", order.undoes]
    elif (mode or order.mode) == "forced":
        words += ["--mode", "forced"]
    words += ["--from", order.source] if order.source and not order.undoes else []
    words += ["--mechanism", order.mechanism] if order.mechanism != "standby-takeover" and not order.undoes else []
    for guard in dict.fromkeys((*order.overridden, *more)):
        words += ["--override", guard]
    reason = order.reason or ("lost" if (mode or order.mode) == "forced" else "")
    words += ["--reason", reason] if reason else []
    return shlex.join(words)
