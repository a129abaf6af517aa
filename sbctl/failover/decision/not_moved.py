"""What a failover does not move, and what to do about each: DNS routes no telephone calls, and nobody signs agents in.

https://docs.aws.amazon.com/connect/latest/adminguide/setup-connect-global-resiliency.html
"""

from __future__ import annotations

from sbctl.core.kinds.spec import Frozen
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.kit.kit import Kit, KitRegion


class NotMoved(Frozen):
    """`what` stays; `state` says how it is; `action` what to do."""

    what: str
    state: str
    action: str


def not_moved(kit: Kit, order: FailoverRequest, source: str) -> tuple[NotMoved, ...]:
    """The list for one failover, with this deployment's names in it."""
    left, target = kit.region(source), kit.region(order.target)
    lost = order.mode == "forced"
    return (
        NotMoved(
            what="calls in progress",
            state=f"lost with {source}" if lost else f"they go on in {source} until they end",
            action="Nothing can move them; callers call again."
            if lost
            else f"Let them end before {source} is touched.",
        ),
        NotMoved(
            what="queued contacts",
            state=f"lost with {source}" if lost else f"they wait in the queues of {source}",
            action=f"Keep agents in {source} until its queues are empty, or call back from {order.target}.",
        ),
        _numbers(kit, order, source),
        NotMoved(
            what="agents' sign-in",
            state=f"agents are signed in at https://{left.access_host}" if left.access_host else "no instance to leave",
            action=f"Have them sign in at https://{target.access_host}." if target.access_host else "Nothing to do.",
        ),
        NotMoved(
            what="answers in caches",
            state=f"resolvers may keep the old answer for {kit.rules.ttl_seconds} s more, some clients for longer",
            action="Restart clients that do not look up names again.",
        ),
    )


def _numbers(kit: Kit, order: FailoverRequest, source: str) -> NotMoved:
    """Numbers stay with their instance; where a step of the user's own re-routes them, it is named."""
    left, target = kit.region(source), kit.region(order.target)
    moving = [
        step.name
        for step in kit.rules.steps
        if step.moves_numbers and order.mode in step.modes and step.applies(order.target, drill=bool(order.drill))
    ]
    if moving:
        return NotMoved(
            what="telephone numbers",
            state=f"re-routed by your own step: {', '.join(moving)}",
            action="See that it is done, and call a number.",
        )
    return NotMoved(
        what="telephone numbers",
        state=f"{_numbers_of(left)} stay in {source}: DNS routes no calls",
        action=f"Independent instances: have the carrier forward them{_onto(target)}, or publish {_published(target, order)}."
        " Only Connect Global Resiliency moves numbers by itself.",
    )


def _numbers_of(left: KitRegion) -> str:
    """The numbers themselves, where sbctl knows them; else those of the instance, whichever they are."""
    return ", ".join(left.numbers) or f"numbers of the instance {left.instance or '(none)'}"


def _onto(target: KitRegion) -> str:
    return f" to {target.numbers[0]}" if target.numbers else ""


def _published(target: KitRegion, order: FailoverRequest) -> str:
    return ", ".join(target.numbers) or f"the numbers of {target.instance or order.target}"
