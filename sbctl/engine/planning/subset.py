"""A plan cut down to some addresses, with what these cannot do without: nothing else is touched."""

from __future__ import annotations

from collections.abc import Collection

from sbctl.core.plan import Plan, Step

MADE = frozenset({"create", "replace"})


def restricted(plan: Plan, addresses: Collection[str]) -> Plan:
    """The plan with only the steps of these addresses.

    Also kept: what they need and what does not exist yet, and what must follow because something it refers to is made anew.
    """
    pending = {step.address: step for step in plan.pending}
    kept = {address for address in addresses if address in pending}
    queue = list(kept)
    while queue:
        step = pending[queue.pop()]
        for other in pending.values():
            if other.address not in kept and (_is_needed(other, step) or _must_follow(other, step)):
                kept.add(other.address)
                queue.append(other.address)
    return plan.model_copy(update={"steps": tuple(step for step in plan.steps if step.address in kept)})


def _is_needed(other: Step, step: Step) -> bool:
    return other.action in MADE and other.address in step.needs


def _must_follow(other: Step, step: Step) -> bool:
    refers = step.action in MADE and step.address in other.needs
    return refers and any(change.why == "unknown" for change in other.changes)
