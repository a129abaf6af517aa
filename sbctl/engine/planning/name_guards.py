"""What a plan may not do since others have the name: creations beside what is there, and names that are taken or exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sbctl.core.address import GLOBAL
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.values import has_unknown, resolve
from sbctl.core.plan import FieldChange, Plan, Step
from sbctl.core.problem import Exit, Problem
from sbctl.engine.matching.handed import in_circle
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.planning.allowing import again
from sbctl.engine.planning.guards import listed, named
from sbctl.engine.session import Planned

TAKING = ("create", "update", "replace")
"""Actions that may need a name that something else has."""


def against_taken_names(
    kinds: Kinds, aws: AwsCalls, primary: str, planned: Planned, allowed: Iterable[str] = ()
) -> tuple[Plan, list[Problem]]:
    """Problems with creations that AWS would refuse, since others have something in their place.

    Where the user named the address and the kind can, what is there goes in the same change: the plan then says so.
    """
    items = {str(item.address): item for item in planned.seen.desired}
    patterns = [pattern.lower() for pattern in allowed]
    found: list[Problem] = []
    cleared: dict[str, Step] = {}
    blocked: dict[tuple[str, str], list[Step]] = {}
    for step in planned.plan.pending:
        if step.action not in ("create", "replace") or step.address not in items:
            continue
        kind, address = kinds[step.at.kind], step.at
        wanted = resolve(items[step.address].values, planned.seen.world.lookup)
        region = (kind.home or primary) if address.region == GLOBAL else address.region
        if not has_unknown(wanted):
            there = list(kind.taken_by(aws, region, wanted)) if step.action == "create" else []
            if there and kind.clears and named(step, patterns):
                cleared[step.address] = _clearing(step, kind.clears, there)
            else:
                for one in there:
                    blocked.setdefault((step.at.kind, one), []).append(step)
            found += [_refused(step, why, fix) for why, fix in kind.refused(aws, region, wanted)]
    found += [_in_the_way(kinds[name], one, steps) for (name, one), steps in blocked.items()]
    steps = tuple(cleared.get(step.address, step) for step in planned.plan.steps)
    return planned.plan.model_copy(update={"steps": steps}), found


def against_held_names(kinds: Kinds, plan: Plan, world: ObservedWorld) -> list[Problem]:
    """Problems with renames to a name that something else has: of others, or of one that wants this one's name."""
    found = []
    left = {step.at: step.leaves for step in plan.pending if step.leaves}
    for step in plan.pending:
        rival, title, holder = world.moved.get(step.at), kinds[step.at.kind].title, world.holders.get(step.at)
        if step.action == "update" and rival is not None:
            name = kinds[step.at.kind].key(rival.spec)
            found.append(_taken(step, title, f"{name} ({' '.join(rival.ids.values())})"))
        elif holder in left and step.action in TAKING:
            found.append(_taken(step, title, " ".join(left[holder].values()), f"which {holder} is to leave as it is"))
        elif step.action in TAKING and in_circle(world, step.at):
            found.append(_exchanged(step, str(world.holders[step.at])))
    return found


def _exchanged(step: Step, holder: str) -> Problem:
    return Problem(
        code="names-exchanged",
        summary="Two resources are to exchange their names",
        detail=f"{step.address} is to get the name that {holder} has, and AWS takes no name twice",
        at=step.address,
        fix="Rename one of them to a third name first, in the AWS console or in the config with sbctl state rename.",
        exit=Exit.REFUSED,
    )


def _clearing(step: Step, field: str, there: list[str]) -> Step:
    """The step with what is deleted in its change."""
    change = FieldChange(
        field=field, before=None, after=there, notes=(f"{', '.join(there)} is deleted in the same change",)
    )
    wanted = {**(step.wanted or {}), field: there}
    return step.model_copy(update={"wanted": wanted, "changes": (*step.changes, change)})


def _refused(step: Step, why: str, fix: str) -> Problem:
    return Problem(
        code="creation-refused",
        summary="AWS would refuse to create a resource",
        detail=why,
        at=step.address,
        fix=fix,
        exit=Exit.REFUSED,
    )


def _in_the_way(kind: Kind[Any, Any], there: str, steps: Sequence[Step]) -> Problem:
    """One problem for one thing of others, however many creations it stands in the way of, with the command for all of them."""
    problem = _taken(steps[0], kind.title, there)
    if len(steps) > 1:
        others = listed([step.address for step in steps[1:]], ", ")
        problem = replace(problem, detail=f"{problem.detail}; nor can {others}")
    if not kind.clears:
        return problem
    command = again(step.address for step in steps)
    fix = f"{problem.fix.removesuffix('.')}, or let plan and deploy delete it in the same change: {command}"
    return replace(problem, fix=fix)


def _taken(step: Step, title: str, there: str, whose: str = "which sbctl did not make") -> Problem:
    summaries = {"create": "Something of others is in the place of what is to be created"}
    return Problem(
        code="name-taken",
        summary=summaries.get(step.action, "Something else has the name that a resource is to get"),
        detail=f"the {title} cannot be {step.action}d beside {there}, {whose}",
        at=step.address,
        fix="Delete what is there, or choose another name in the config.",
        exit=Exit.REFUSED,
    )
