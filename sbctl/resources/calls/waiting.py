"""Waiting inside a kind for what AWS is doing, such as a deletion: with a reason, and never for ever."""

from __future__ import annotations

from collections.abc import Callable

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.problem import Exit, Problem, SbctlError

BUDGET_SECONDS = 1800.0
"""As the engine waits for a creation (engine/apply/waiter.py)."""


def wait_until(aws: AwsCalls, done: Callable[[], bool], pause: float, reason: str, at: str) -> None:
    """Look every `pause` seconds until it is done. Raises SbctlError when AWS does not finish. `at` names what is waited for."""
    waited = 0.0
    while not done():
        if waited >= BUDGET_SECONDS:
            raise SbctlError(_too_long(at, reason))
        aws.wait(pause, reason)
        waited += pause


def _too_long(at: str, reason: str) -> Problem:
    return Problem(
        code="took-too-long",
        summary="AWS did not finish in time",
        detail=f"still: {reason}, after {BUDGET_SECONDS / 60:.0f} minutes",
        at=at,
        fix="Run the same command again; it goes on where this run stopped.",
        exit=Exit.PARTIAL,
    )
