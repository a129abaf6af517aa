"""Whether a Connect instance has room for what a plan would create in it: quotas are told before a call fails for them.

Asked only where a plan creates so many of a kind that the quota could be near, so that plans cost no further calls. It is a note
and never a refusal: AWS may have raised a quota that it does not tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sbctl.checks.quotas import Allowed, allowed, increase
from sbctl.core.address import GLOBAL
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Quota, Room
from sbctl.core.plan import Plan
from sbctl.core.problem import Exit, Problem
from sbctl.core.project import Project
from sbctl.core.text.counted import counted
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.targets import Kinds

NEAR = 0.5
"""The share of AWS's default from which on it is asked what others have there, and what the account may have."""
Place = tuple[str, str]
"""Kind and region."""


def crowded(kinds: Kinds, aws: AwsCalls, project: Project, plan: Plan, world: ObservedWorld) -> Iterator[Problem]:
    """A note for each kind and region of which the plan would leave more than the instance may have."""
    created = Counter((step.at.kind, step.at.region) for step in plan.pending if step.action == "create")
    deleted = Counter((step.at.kind, step.at.region) for step in plan.pending if step.action == "delete")
    managed = Counter((step.at.kind, step.at.region) for step in plan.steps if step.action not in ("delete", "forget"))
    for place in sorted(created):
        room, region = kinds[place[0]].room, place[1]
        if room is None or region == GLOBAL or managed[place] <= room.default * NEAR:
            continue
        live = world.live.get(project.instance(region))
        instance = "" if live is None else str(live.ids["id"])
        there = _in_use(kinds, aws, place, instance)
        wanted = managed[place] if there is None else there + created[place] - deleted[place]
        arn = "" if live is None else str(live.ids["arn"])
        most = _most(aws, region, room, arn)
        limit = room.default if most.value is None else int(most.value)
        if wanted > limit:
            yield _exceeded(room, most, arn, wanted, created[place])


def _in_use(kinds: Kinds, aws: AwsCalls, place: Place, instance: str) -> int | None:
    """How many there are, also of others; None for what nobody tells, so that what sbctl manages is counted alone."""
    try:
        return kinds[place[0]].in_use(aws, place[1], instance) if instance else None
    except AwsError:
        return None


def _most(aws: AwsCalls, region: str, room: Room, instance: str) -> Allowed:
    """What Service Quotas says of the instance; without a value for an instance that is not there yet."""
    quota = Quota(room.name, "connect", room.code, per_instance=True)
    found = allowed(aws, region, instance, (quota,))
    return found[0] if found else Allowed(quota, region, None, "the instance is still to be created")


def _exceeded(room: Room, most: Allowed, instance: str, wanted: int, created: int) -> Problem:
    limit = room.default if most.value is None else int(most.value)
    more = increase(most.quota, most.region, instance or "ARN", wanted)
    source = "Service Quotas" if most.value is not None else f"AWS's default; not confirmed: {most.why}"
    return Problem(
        code="quota-exceeded",
        summary="The plan would exceed a quota of the Connect instance",
        detail=f"{room.name}: {wanted} with the {counted(created, 'new one')}, {limit} allowed ({source})",
        at=most.region,
        fix="AWS never raises it: have fewer of them." if room.fixed else f"Ask AWS for more before you deploy: {more}",
        exit=Exit.DONE,
    )
