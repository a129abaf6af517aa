"""`--callers 30/min` and `--no-callers`: what a drill does about callers."""

from __future__ import annotations

import re

from sbctl.commands.failover.inputs import usage
from sbctl.core.problem import AGAIN, SbctlError
from sbctl.drills.callers import CallersWanted

_RATE = re.compile(r"^(\d+(?:\.\d+)?)(?:/(s|sec|min|m|h))?$")
_A_MINUTE = {"s": 60.0, "sec": 60.0, "min": 1.0, "m": 1.0, "h": 1 / 60}
MOST = 6000.0
"""Calls a minute: more than a drill's page can show, and more than the simulation is made for."""


def callers_wanted(text: str | None, *, silent: bool, sandbox: bool) -> CallersWanted | None:
    """What the options ask for; None for no callers. Raises SbctlError for what cannot be."""
    if text is not None and silent:
        raise SbctlError(usage("--callers --no-callers", "Each says the opposite of the other.", "Give one of them."))
    if text is not None and not sandbox:
        detail = "Callers are simulated by the sandbox; nothing calls real numbers."
        raise SbctlError(usage("--callers", detail, f"{AGAIN} --sandbox"))
    if silent or not sandbox:
        return None
    return CallersWanted() if text is None else CallersWanted(_rate(text), demanded=True)


def _rate(text: str) -> float:
    """Calls a minute."""
    found = _RATE.match(text.strip().lower())
    rate = float(found[1]) * _A_MINUTE[found[2] or "min"] if found else 0.0
    if not 0 < rate <= MOST:
        detail = f"{text!r} is no rate between 1/h and {MOST:.0f}/min"
        raise SbctlError(usage("--callers", detail, "Write 30/min, 1/s or 600/h."))
    return rate
