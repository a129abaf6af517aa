"""Waiting for AWS: errors that pass and states that take time. Always with a reason and a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import Clock
from sbctl.core.events import Listener, StepWaiting
from sbctl.core.kinds.resource import Kind, Live, NotReady
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.engine.planning.fresh import Fresh

T = TypeVar("T")
PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 10.0
BUDGET_SECONDS = 1800.0
"""As Terraform waits for a replica; a table with items takes ten minutes (dr-primitives 1.3)."""


class InterruptedRunError(Exception):
    """The user asked to stop; what is begun is recorded."""


class Waiter:
    """Waits for steps. `stopping` says whether the user has asked to stop, `fresh` what this run has made."""

    def __init__(
        self, aws: AwsCalls, clock: Clock, listen: Listener, stopping: Callable[[], bool], fresh: Fresh | None = None
    ) -> None:
        self.fresh = fresh or Fresh(clock)
        self._aws = aws
        self._clock = clock
        self._listen = listen
        self._stopping = stopping

    def through(self, address: Address, kind: Kind[Any, Any], act: Callable[[], T], needs: Iterable[Address] = ()) -> T:
        """Run `act`, again while it fails with an error that passes by waiting. `needs` is what the address rests on."""
        rests_on = (address, *needs)
        return self._until(address, lambda: self._attempt(kind, act, rests_on))

    def _attempt(self, kind: Kind[Any, Any], act: Callable[[], T], rests_on: Iterable[Address]) -> T:
        try:
            return act()
        except AwsError as error:
            reason = passing(kind, error) or self.fresh.passing(error, rests_on)
            if reason is None:
                raise
            raise NotReady(reason) from error

    def ready(
        self,
        address: Address,
        kind: Kind[Any, Any],
        region: str,
        ids: Mapping[str, str],
        needs: Iterable[Address] = (),
    ) -> Live[Any]:
        """The resource once it can be used."""
        return self.through(address, kind, lambda: kind.ready(self._aws, region, ids), needs)

    def _until(self, address: Address, act: Callable[[], T]) -> T:
        deadline = self._clock.monotonic() + BUDGET_SECONDS
        pause = PAUSE_SECONDS / 2
        while True:
            try:
                return act()
            except NotReady as state:
                if self._clock.monotonic() > deadline:
                    raise SbctlError(_too_long(address, str(state))) from state
                if self._stopping():
                    raise InterruptedRunError from state
                pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
                self._listen(StepWaiting(address, str(state), pause))
                self._clock.sleep(pause)


def passing(kind: Kind[Any, Any], error: AwsError) -> str | None:
    """The reason to wait when the kind says that this error passes; None when it does not."""
    for retry in kind.retry:
        if retry.code == error.code and retry.text in error.message:
            return retry.reason
    return None


def _too_long(address: Address, reason: str) -> Problem:
    return Problem(
        code="took-too-long",
        summary="AWS did not finish in time",
        detail=f"still: {reason}, after {BUDGET_SECONDS / 60:.0f} minutes",
        at=str(address),
        fix="Run the same command again; it goes on where this run stopped.",
        exit=Exit.PARTIAL,
    )
