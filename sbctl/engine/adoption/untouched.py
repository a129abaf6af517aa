"""Adopting as steps of a plan: what is there is recorded, and nothing is changed in AWS."""

from __future__ import annotations

from collections.abc import Collection

from sbctl.core.plan import Plan, Step
from sbctl.engine.matching.targets import Kinds


def recording_only(plan: Plan, kinds: Kinds) -> Plan:
    """The adoptions of a plan, without any of their changes; nothing that would take another's place in the state."""
    adopted = [step for step in plan.steps if step.action == "adopt" and not step.leaves]
    steps = [untouched(step, kinds[step.at.kind].spec.owned_maps) for step in adopted]
    return plan.model_copy(update={"steps": tuple(steps)})


def untouched(step: Step, owned_maps: Collection[str]) -> Step:
    """The step with what is live as what is wanted: recorded, not changed.

    Of maps that are shared with others (tags), only the keys that the config wants are recorded: a key that the state has
    and the config has not would be removed by the next deploy. Fields that sbctl does not manage are not recorded.
    """
    seen, wanted = step.seen or {}, step.wanted or {}
    ours = {
        name: {key: value for key, value in (seen.get(name) or {}).items() if key in (wanted.get(name) or {})}
        for name in owned_maps
    }
    managed = {name: value for name, value in seen.items() if wanted.get(name) is not None}
    return step.model_copy(update={"wanted": {**wanted, **managed, **ours}, "changes": ()})
