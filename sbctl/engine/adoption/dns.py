"""The DNS of a contact centre that is taken over: whether it is what sbctl would make, and what it is otherwise.

Records, zone and health checks are taken over together or not at all: a part of them could not fail over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.dns_name import plain_name
from sbctl.core.clock import Clock
from sbctl.core.events import silent
from sbctl.core.executors import MakeExecutor
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.spec import Desired
from sbctl.core.plan import Plan, Step
from sbctl.core.project import Project
from sbctl.core.state import State
from sbctl.engine.adoption.result import LeftOut
from sbctl.engine.adoption.ways import all_of, named
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.planning.observe import LiveReader
from sbctl.engine.planning.planner import Planner, Scope


@dataclass(frozen=True)
class AdoptableDns:
    """`fits`: the config may say `dns: true`, and nothing would change. Else `left` says why not."""

    fits: bool
    left: tuple[LeftOut, ...] = ()


def look_at_dns(
    kinds: Kinds, aws: AwsCalls, clock: Clock, make_executor: MakeExecutor, project: Project, host: str
) -> AdoptableDns:
    """Compare what there is with what sbctl would make for a project with DNS. `host`: where its instance answers."""
    zones, leading = named(kinds)["zone"], named(kinds)["record"]
    wanted = _wanted(kinds, project)
    world = LiveReader(kinds, aws, clock, project.primary.region, silent, make_executor=make_executor).observe(
        wanted, State()
    )
    if world.problems:
        first = world.problems[0]
        return AdoptableDns(fits=False, left=(_left(kinds, zones, project.domain, f"{first.summary}: {first.detail}"),))
    plan = Planner(kinds, wanted, State(), world).plan(project, "", (), Scope(), clock.now())
    steps = [step for step in plan.steps if step.at.kind in _dns_kinds(kinds)]
    if all(step.action == "adopt" and not step.changes for step in steps):
        return AdoptableDns(fits=True)
    zone = next((live for address, live in world.live.items() if address.kind == zones), None)
    if zone is None:
        why = "there is no public hosted zone of this name in the account"
        return AdoptableDns(fits=False, left=(_left(kinds, zones, project.domain, why),))
    missing = [step for step in steps if step.action == "create"]
    records = list(kinds[leading].list(aws, kinds[leading].home, zone.ids["id"]))
    found = _leading(records, host)
    left = [_left(kinds, zones, project.domain, _short_of(kinds, missing, plan))]
    left += [_left(kinds, leading, _shown(live), _why(live, steps, leading)) for live in found]
    return AdoptableDns(fits=False, left=tuple(left))


def _dns_kinds(kinds: Kinds) -> list[str]:
    return all_of(kinds, "zone", "check", "record")


def _wanted(kinds: Kinds, project: Project) -> list[Desired]:
    instance = kinds[named(kinds)["instance"]]
    region = project.primary.region
    found = [
        desired
        for item in project.items[instance.section]
        for desired in instance.expand(item.in_region(region), project, region)
    ]
    return found + [desired for kind in _dns_kinds(kinds) for desired in kinds[kind].derive(project)]


def _short_of(kinds: Kinds, missing: Sequence[Step], plan: Plan) -> str:
    lacking = [f"{kinds[step.at.kind].title} {step.at.name}" for step in missing]
    changed = [
        f"{step.at.name} ({', '.join(change.field for change in step.changes)})"
        for step in plan.steps
        if step.at.kind in _dns_kinds(kinds) and step.action == "adopt" and step.changes
    ]
    parts = [f"make {' and '.join(lacking)}"] if lacking else []
    parts += [f"change {' and '.join(changed)}"] if changed else []
    return f"dns stays false, since sbctl would {', and '.join(parts) or 'change it'}"


def _leading(records: Sequence[Live[Any]], host: str) -> list[Live[Any]]:
    """The records that lead to the instance, directly or through others."""
    names = {plain_name(host)}
    found: list[Live[Any]] = []
    while True:
        further = [live for live in records if live not in found and names & {*_targets(live)}]
        if not further:
            return sorted(found, key=_shown)
        found += further
        names |= {live.spec.name for live in further}


def _targets(live: Live[Any]) -> Iterator[str]:
    yield from (plain_name(value) for value in live.spec.values)
    if live.spec.alias:
        yield live.spec.alias


def _why(live: Live[Any], steps: Iterable[Step], leading: str) -> str:
    wanted = [step for step in steps if step.at.kind == leading]
    same = next((step for step in wanted if step.ids == live.ids), None)
    if same is not None:
        fields = ", ".join(change.field for change in same.changes)
        return f"a deploy with dns would change its {fields}" if fields else "it is as sbctl makes it"
    if live.spec.name in {(step.wanted or {}).get("name") for step in wanted}:
        return "it stands where sbctl would put its own record: it has to go before dns is true"
    return "it leads to the instance under a name of its own, and stays as it is"


def _shown(live: Live[Any]) -> str:
    ending = f" ({live.spec.set_identifier})" if live.spec.set_identifier else ""
    return f"{live.spec.name} {live.spec.type}{ending}"


def _left(kinds: Kinds, kind: str, name: str, why: str) -> LeftOut:
    return LeftOut(kinds[kind].title, name, why)
