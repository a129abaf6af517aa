"""The clients to AWS, or to the sandbox, each as patient as its use allows; opened when first asked for."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sbctl.core.events import Listener, silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from sbctl.aws.client import ClientSettings
    from sbctl.aws.layers.silence import Silence
    from sbctl.aws.layers.stack import Stack
    from sbctl.core.aws.calls import AwsCalls
    from sbctl.core.clock import Clock

URGENT_SECONDS = 2.0
STATE_SECONDS = 5.0
"""For a shared state: its objects are small, and a region that hangs must not hold up a failover."""
STEP_SECONDS = 30.0
"""For a function that an operator's own step invokes."""
MEASURING_SECONDS = 4.0
"""How long a measurement waits for an answer: a region that hangs must not hold up what is measured between others."""
MEASURING_RETRY_SECONDS = 10.0
FIRST_ANSWER_SECONDS = 4.0
"""How long a region may take that has not answered yet in this run: it is asked once, and what hangs holds up nobody."""


class OnDemand:
    """A client that is opened by the first call. Thread-safe."""

    def __init__(self, opened: Callable[[], AwsCalls]) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self._calls: AwsCalls | None = None

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        return self._inner().call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None:
        self._inner().wait(seconds, reason)

    def _inner(self) -> AwsCalls:
        with self._lock:
            self._calls = self._calls or self._opened()
            return self._calls


class ClientProfiles:
    """All clients of one run; `settings` tells how AWS is reached. `waiting` is the clock by which AWS's work is awaited, `pace`
    that by which calls are repeated, `cost` that by which a call was in vain; time-outs are `slack` times as long."""

    def __init__(
        self,
        settings: ClientSettings,
        clock: Clock,
        waiting: Clock,
        listen: Listener,
        pace: Clock | None = None,
        slack: float = 1.0,
        cost: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._waiting = waiting
        self._listen = listen
        self._pace = pace or clock
        self._slack = slack
        self._cost = cost or clock
        self._known: Silence | None = None

    def ask_again(self) -> None:
        """Forget who was silent: for commands that look again and again."""
        if self._known is not None:
            self._known.forget()

    @property
    def _silence(self) -> Silence:
        """What this run knows of who answers, whichever client has asked."""
        from sbctl.aws.layers.silence import Silence

        if self._known is None:
            self._known = Silence()
        return self._known

    @cached_property
    def standard(self) -> Stack:
        """For planning, applying and looking: it waits, and tries again, once a region has answered."""
        return self._open(self._listen, silence=self._silence, first_answer=FIRST_ANSWER_SECONDS)

    @cached_property
    def urgent(self) -> Stack:
        """For failovers: a region that hangs costs seconds and not a quarter of a minute."""
        return self._open(
            self._listen, silence=self._silence, connect_timeout=URGENT_SECONDS, read_timeout=URGENT_SECONDS
        )

    @cached_property
    def examining(self) -> Stack:
        """For looking at all regions side by side, and acting on none."""
        return self._open(
            self._listen,
            silence=self._silence,
            read_timeout=MEASURING_SECONDS,
            first_answer=FIRST_ANSWER_SECONDS,
        )

    @cached_property
    def probing(self) -> Stack:
        """For probes, so that what failovers call is counted apart."""
        return self._open(silent, connect_timeout=URGENT_SECONDS, read_timeout=URGENT_SECONDS, rate_limits=False)

    def for_steps(self) -> AwsCalls:
        """For functions and secrets of an operator's own steps: each call once, since a function may do it twice."""
        return self._open(silent, connect_timeout=URGENT_SECONDS, read_timeout=STEP_SECONDS).once

    def measuring(self) -> Stack:
        """For one measurement. Each call opens a new client: what was silent is asked again."""
        return self._open(
            self._listen,
            read_timeout=MEASURING_SECONDS,
            retry_seconds=MEASURING_RETRY_SECONDS,
            first_answer=FIRST_ANSWER_SECONDS,
        )

    def for_state(self) -> AwsCalls:
        """For a shared state, whose waits are of real time."""
        return self._open(
            self._listen, waiting=self._clock, read_timeout=STATE_SECONDS, first_answer=STATE_SECONDS
        ).calls

    def for_runs(self) -> AwsCalls:
        """For the journals beside a shared state: each call is tried once, and opened when the first is made."""

        def opened() -> AwsCalls:
            return self._open(
                self._listen, waiting=self._clock, connect_timeout=URGENT_SECONDS, read_timeout=URGENT_SECONDS
            ).once

        return OnDemand(opened)

    def _open(
        self, listen: Listener, waiting: Clock | None = None, silence: Silence | None = None, **settings: Any
    ) -> Stack:
        from sbctl.aws.layers.stack import open_door  # with boto3, which `status` does without at first

        chosen = replace(self._settings, **settings)
        chosen = replace(
            chosen,
            connect_timeout=chosen.connect_timeout * self._slack,
            read_timeout=chosen.read_timeout * self._slack,
            first_answer=None if chosen.first_answer is None else chosen.first_answer * self._slack,
        )
        waiting = waiting or self._waiting
        return open_door(chosen, self._clock, listen, waiting, pace=self._pace, silence=silence, cost=self._cost)
