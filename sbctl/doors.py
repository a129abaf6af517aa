"""The doors to AWS, or to the sandbox, each as patient as its use allows; opened when first asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sbctl.core.clock import Clock
from sbctl.core.events import Listener, silent
from sbctl.core.resource import AwsCalls

if TYPE_CHECKING:
    from sbctl.aws.door import DoorSettings
    from sbctl.aws.stack import Stack

URGENT_SECONDS = 2.0
STATE_SECONDS = 5.0
"""For a shared state: its objects are small, and a region that hangs must not hold up a failover."""
MEASURING_SECONDS = 4.0
"""How long a measurement waits for an answer: a region that hangs must not hold up what is measured between others."""
MEASURING_RETRY_SECONDS = 10.0


class Doors:
    """All doors of one run; `settings` tells how AWS is reached. `waiting` is the clock by which AWS's work is awaited, `pace`
    that by which calls are repeated. `patience`: no answer is given up before so many seconds of real time.
    """

    def __init__(
        self,
        settings: DoorSettings,
        clock: Clock,
        waiting: Clock,
        listen: Listener,
        pace: Clock | None = None,
        patience: float = 0.0,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._waiting = waiting
        self._listen = listen
        self._pace = pace or clock
        self._patience = patience

    @cached_property
    def patient(self) -> Stack:
        """For planning, applying and looking: it waits, and tries again."""
        return self._open(self._listen)

    @cached_property
    def urgent(self) -> Stack:
        """For failovers: a region that hangs costs seconds and not a quarter of a minute."""
        return self._open(self._listen, connect_timeout=URGENT_SECONDS, read_timeout=URGENT_SECONDS)

    @cached_property
    def probing(self) -> Stack:
        """For probes, so that what failovers call is counted apart."""
        return self._open(silent, connect_timeout=URGENT_SECONDS, read_timeout=URGENT_SECONDS, rate_limits=False)

    def measuring(self) -> Stack:
        """For one measurement. Each call opens a new door: what was silent is asked again."""
        return self._open(self._listen, read_timeout=MEASURING_SECONDS, retry_seconds=MEASURING_RETRY_SECONDS)

    def for_state(self) -> AwsCalls:
        """For a shared state, whose waits are of real time."""
        return self._open(self._listen, waiting=self._clock, read_timeout=STATE_SECONDS).calls

    def _open(self, listen: Listener, waiting: Clock | None = None, **settings: Any) -> Stack:
        from sbctl.aws.stack import open_door  # with boto3, which `status` does without at first

        asked = replace(self._settings, **settings)
        patient = replace(
            asked,
            connect_timeout=max(asked.connect_timeout, self._patience),
            read_timeout=max(asked.read_timeout, self._patience),
        )
        return open_door(patient, self._clock, listen, waiting or self._waiting, pace=self._pace)
