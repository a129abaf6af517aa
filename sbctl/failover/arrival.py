"""The last step of every mechanism, and how any step waits: until DNS answers the region that took over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sbctl.core.address import Address
from sbctl.core.aws.error import AwsError
from sbctl.core.events import StepWaiting
from sbctl.core.moving.step_names import MOVED
from sbctl.failover.decision.observe import answers_needed, not_moved_yet
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import ActionContext, PausedError, RunStep, StepFailedError

PAUSE_SECONDS = 1.0
"""Of the world's time, between two looks."""
MARGIN_SECONDS = 60.0
"""On top of the worst case, before the step counts as failed."""


def arrival(order: FailoverRequest, kit: Kit) -> RunStep:
    """DNS answers the target; where all regions serve, no answer names the one left."""
    shared = kit.shared and order.source not in ("", order.target)
    answers = ", ".join(kit.region(order.target).answers)
    return RunStep(
        name=MOVED,
        title=f"no answer of DNS names {order.source}" if shared else f"DNS answers {order.target}",
        region=order.target,
        depends_on="Route 53's health checking and DNS (data planes, everywhere)",
        calls=({"dig": f"{kit.public_name} {kit.record_type}", "expect": answers},),
    )


def await_arrival(step: RunStep, on: ActionContext) -> dict[str, Any]:
    """Wait until traffic has moved; when, on the world's clock. Raises StepFailedError and PausedError."""

    def look() -> str:
        return not_moved_yet(on.observer, on.kit, on.order.target, on.left)

    seconds = until(step, on, look, on.expected + MARGIN_SECONDS)
    answers = answers_needed(on.kit, on.left)
    return {"seconds": seconds, "moved_at": on.observer.world.now().isoformat(), "answers": answers}


def until(step: RunStep, on: ActionContext, look: Callable[[], str], limit: float) -> float:
    """Look until there is nothing left to wait for; the seconds that it took, on the world's clock.

    Raises StepFailedError after `limit` seconds, PausedError when the operator asks to stop, AwsError for a refusal.
    """
    clock = on.observer.world
    begun = clock.monotonic()
    while True:
        try:
            reason = look()
        except AwsError as error:
            if not error.unreachable:
                raise
            reason = f"{error.region} does not answer"
        passed = clock.monotonic() - begun
        if not reason:
            return round(passed, 3)
        if passed > limit:
            raise StepFailedError(f"{reason}, after {passed:.0f} s")
        on.meanwhile()
        if on.stopping():
            raise PausedError(reason)
        on.listen(StepWaiting(address_of(step), f"{reason} ({passed:.0f} s of {limit:.0f} s at most)", PAUSE_SECONDS))
        clock.sleep(PAUSE_SECONDS)


def address_of(step: RunStep) -> Address:
    """A step as progress displays know it."""
    return Address(kind="move", region=step.region, name=step.name)
