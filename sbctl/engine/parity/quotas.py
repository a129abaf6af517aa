"""Whether each region may carry what the reference may: quotas compared, as readings and problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sbctl.checks.quotas import Allowed, allowed, increase
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import NEVER_SENT
from sbctl.core.aws.problem import from_aws
from sbctl.core.executors import MakeExecutor, threads
from sbctl.core.kinds.facts import Quota
from sbctl.core.problem import Exit, Problem
from sbctl.core.project import Project
from sbctl.core.reading import Reading
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.targets import Kinds

CHECK = "quota"
Read = dict[tuple[str, Quota], Allowed]


def read_quotas(
    kinds: Kinds,
    aws: AwsCalls,
    project: Project,
    world: ObservedWorld,
    regions: tuple[str, ...],
    make_executor: MakeExecutor = threads,
) -> Read:
    """The quotas of each kind in each region, all regions at once. A region without its instance has only those of the account."""
    quotas = [quota for kind in kinds.values() for quota in kind.quotas]
    with make_executor(max(1, len(regions)), "quotas") as pool:
        found = pool.map(lambda region: allowed(aws, region, instance_arn(project, world, region), quotas), regions)
        return {(one.region, one.quota): one for region in found for one in region}


def instance_arn(project: Project, world: ObservedWorld, region: str) -> str:
    """The ARN of a region's Connect instance; empty when it has none or does not answer."""
    live = world.live.get(project.instance(region))
    return str(live.ids.get("arn", "")) if live and project.region(region).connect else ""


def quota_readings(read: Read, reference: str, regions: tuple[str, ...], now: datetime) -> Iterator[Reading]:
    """One reading for each quota and region. What AWS tells in neither region is left out: there is nothing to compare."""
    for region in regions:
        for (place, quota), here in read.items():
            there = read.get((reference, quota))
            if place != region or there is None or not (here.told and there.told):
                continue
            known = here.value is not None and there.value is not None
            less = here.value is not None and there.value is not None and here.value < there.value
            yield Reading(
                check=CHECK,
                subject=quota.name,
                source=reference,
                target=region,
                value=here.value,
                verdict="bad" if less else "ok" if known else "unknown",
                at=now,
                detail=_detail(here, there) if less or not known else "",
            )


def _detail(here: Allowed, there: Allowed) -> str:
    if here.value is None or there.value is None:
        return f"{here.quota.name}: {here.why or there.why}"
    return f"{here.quota.name} are {here.value:g}, in {there.region} {there.value:g}"


def quota_problems(read: Read, readings: tuple[Reading, ...], instances: Mapping[str, str]) -> Iterator[Problem]:
    """What is too small, with the command that asks for more. `instances`: ARN by region. Exit code 8.

    A region that does not answer at all is not told once more for each of its quotas.
    """
    quotas = {quota.name: quota for _, quota in read}
    for reading in readings:
        quota = quotas[reading.subject]
        there = read[(reading.source, quota)].value
        here = read[(reading.target, quota)]
        error = here.error or read[(reading.source, quota)].error
        if reading.verdict == "bad" and there is not None:
            yield Problem(
                code="parity-quota",
                summary="A region may carry less than the other",
                detail=f"{reading.detail} (critical: callers would be refused after a failover)",
                at=reading.target,
                fix=increase(quota, reading.target, instances.get(reading.target, ""), there),
                exit=Exit.NOT_HELD,
            )
        elif reading.verdict == "unknown" and error is not None and (error.denied or error.code in NEVER_SENT):
            yield from_aws(error)
        elif reading.verdict == "unknown" and "does not answer" not in reading.detail:
            yield Problem(
                code="parity-unknown",
                summary="Nobody can say whether a region may carry as much as the other",
                detail=reading.detail,
                at=reading.target,
                fix=f"Allow {here.why.rpartition(':')[0] or 'the call'} to this caller.",
                exit=Exit.NOT_HELD,
            )
