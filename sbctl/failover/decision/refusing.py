"""The problems with which a decision refuses, and the complete command that carries an order out all the same.

Global options and the kit are put into a command by whoever shows it.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

from sbctl.core.problem import Exit, Problem
from sbctl.failover.decision.request import GUARDS, FailoverRequest, Guard
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import Refusal, mechanism_of


def refused(code: str, summary: str, detail: str, fix: str) -> Problem:
    return Problem(code=code, summary=summary, detail=detail, fix=fix, exit=Exit.REFUSED)


def guarded(order: FailoverRequest, kit: Kit, code: str, summary: str, detail: str, guard: Guard) -> Problem:
    """A refusal that the operator may override, with the command that does."""
    return refused(code, summary, detail, f"If it must be: {command_of(order, kit, guard)}")


def command_of(order: FailoverRequest, kit: Kit, *more: Guard) -> str:
    """The order as it is typed, with guards that it is to override as well."""
    guards = (*order.overridden, *more)
    if order.undoes:
        return _typed(["sbctl", "failback", "--run", order.undoes], guards, order.reason)
    forced = order.mode == "forced"
    words = ["sbctl", "failover", "--to", order.target, *(["--mode", "forced"] if forced else [])]
    words += ["--from", order.source] if order.source else []
    return _typed([*words, *_mechanism(order, kit)], guards, order.reason or ("lost" if forced else ""))


def with_all(order: FailoverRequest, kit: Kit, found: Sequence[Refusal]) -> tuple[Problem, ...]:
    """Refusals with one command that overrides all of them that can be: what overrides one is refused by the others."""
    alone: dict[str, str] = {guard: command_of(order, kit, guard) for guard in GUARDS}
    named = [(problem, alone.get(guard), guard) for guard, problem in found]
    together = [guard for problem, command, guard in named if command and command in problem.fix and guard in GUARDS]
    whole = command_of(order, kit, *together)
    return tuple(
        replace(problem, fix=problem.fix.replace(command, whole)) if command else problem
        for problem, command, _ in named
    )


def forced_command(order: FailoverRequest, kit: Kit, source: str, reason: str = "") -> str:
    """What a planned order was refused, by force: with its reason, or one that says what has happened to `source`."""
    words = ["sbctl", "failover", "--to", order.target, "--mode", "forced"]
    words += ["--from", source] if source and order.source == source else []
    return _typed([*words, *_mechanism(order, kit)], order.overridden, order.reason or reason or f"{source} is lost")


def _mechanism(order: FailoverRequest, kit: Kit) -> list[str]:
    return ["--mechanism", order.mechanism] if order.mechanism != mechanism_of(kit) else []


def _typed(words: list[str], guards: tuple[Guard, ...], reason: str) -> str:
    for guard in dict.fromkeys(guards):
        words = [*words, "--override", guard]
    return shlex.join([*words, *(["--reason", reason] if reason else [])])
