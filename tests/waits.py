"""How tests wait: for an event, never for so many seconds. The one place of the tests that may look at this machine's clock.

A world whose clock stands is advanced until something is so. What another process does is looked at until it is done: the limit is
there to end a run that hangs, not to measure one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sbctl.sandbox.world import World

T = TypeVar("T")
PATIENCE_SECONDS = 300.0
PAUSE_SECONDS = 0.01


def eventually(look: Callable[[], T], what: str) -> T:
    """The first true thing that `look` sees of what another process or thread does; `what` is said when nothing ever comes."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < end, f"never seen: {what}"
        time.sleep(PAUSE_SECONDS)
    return found


def stopwatch() -> Callable[[], float]:
    """Tells how many real seconds have passed since now: what long runs say of themselves. No test judges it."""
    begun = time.monotonic()
    return lambda: time.monotonic() - begun


def advanced_until(world: World, look: Callable[[], T], what: str, within: float = 600.0, step: float = 1.0) -> T:
    """The first true thing that `look` sees while the world's standing clock is advanced, `step` by `step` seconds."""
    for _ in range(int(within / step) + 1):
        if found := look():
            return found
        world.scheduler.advance(step)
    raise AssertionError(f"not seen within {within:.0f} s of the world's time: {what}")
