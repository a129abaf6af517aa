"""Waiting for a lock: how long, what is said meanwhile, and when to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sbctl.core.clock import Clock
from sbctl.core.problem import SbctlError
from sbctl.store.locks.holder import Holder, taken

T = TypeVar("T")


@dataclass(frozen=True)
class LockWaiting:
    """For how many seconds to wait, whether the user has asked to stop, and who is told for whom one waits."""

    seconds: float = 0.0
    stopping: Callable[[], bool] = lambda: False
    say: Callable[[str], None] = lambda _: None


def wait_for(
    attempt: Callable[[], T | None],
    holder: Callable[[], Holder | None],
    where: str,
    waiting: LockWaiting,
    clock: Clock,
    pause: float,
) -> T:
    """What `attempt` gives, tried every `pause` seconds. Raises SbctlError naming the holder when it took too long.

    Raises KeyboardInterrupt when the user asks to stop: nothing has begun yet.
    """
    deadline = clock.monotonic() + waiting.seconds
    told: Holder | None = None
    while (got := attempt()) is None:
        left = deadline - clock.monotonic()
        if left <= 0:
            raise SbctlError(taken(where, holder()))
        if waiting.stopping():
            raise KeyboardInterrupt
        present = holder()
        if present is not None and present != told:
            waiting.say(f"waiting for {present}")
            told = present
        clock.sleep(min(pause, left))
    return got
