"""A planned move that waits: contacts in the region that is left may end first, for so long as the operator gives them."""

from __future__ import annotations

from typing import Any

from sbctl.core.events import StepWaiting
from sbctl.failover.arrival import address_of
from sbctl.failover.contacts import contacts_left
from sbctl.failover.mechanism import ActionContext, PausedError, RunStep

DRAIN = "drain"
POLL_SECONDS = 5.0
"""Of the world's time, between two looks: current metrics are some seconds old."""


def drain_step(seconds: float, source: str) -> tuple[RunStep, ...]:
    """The step, where it was asked for. A forced move never takes it."""
    if not seconds:
        return ()
    return (
        RunStep(
            name=DRAIN,
            title=f"wait until no contact is with an agent or queued in {source}, at most {seconds:g} s",
            region=source,
            depends_on=f"Connect's API in {source}",
            calls=({"service": "connect", "operation": "GetCurrentMetricData", "region": source, "params": {}},),
        ),
    )


def drained(step: RunStep, on: ActionContext) -> dict[str, Any]:
    """Wait, and go on when the time has passed; what was left then. Raises PausedError when the operator asks to stop."""
    world, limit = on.observer.world, on.order.drain_seconds
    instance = on.kit.region(step.region).instance
    begun = world.monotonic()
    while True:
        left = contacts_left(on.observer.aws, step.region, instance)
        passed = world.monotonic() - begun
        if left.none_left or passed >= limit:
            return {"seconds": round(passed, 3), "contacts": left.model_dump()}
        if on.stopping():
            raise PausedError(f"{left.words()} in {step.region}")
        text = f"{left.words()} ({passed:.0f} s of {limit:.0f} s at most)"
        on.listen(StepWaiting(address_of(step), text, POLL_SECONDS))
        world.sleep(min(POLL_SECONDS, limit - passed))
