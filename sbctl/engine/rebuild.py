"""A state made anew from what AWS has: found by natural keys, told apart by ownership tags. Nothing is changed in AWS.

A state that still can be read, or a generation of it, helps as a hint: it knows what was adopted, and what to look for
besides what the config wants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sbctl.core.address import Address
from sbctl.core.aws.one_look import OneLook
from sbctl.core.kinds.compare import changes, same_value
from sbctl.core.kinds.order import ordered
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import same_ids
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import has_unknown, plain, refs, resolve
from sbctl.core.plan import Plan
from sbctl.core.problem import Problem
from sbctl.core.project import PROJECT_TAG
from sbctl.core.state import Record, State
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.planning.observe import LiveReader
from sbctl.engine.planning.one_by_one import one_by_one
from sbctl.engine.planning.planner import Planner, Scope
from sbctl.engine.session import Session

Evidence = Literal["tag", "record", "container", "name"]
"""How it is known whose a resource is: its tag, an earlier record, the thing of ours that it belongs to, or its name alone."""


@dataclass(frozen=True)
class Rebuilt:
    """A state made anew. `plan` is what a deploy would do on it, made of the same reading."""

    state: State
    evidence: Mapping[str, Evidence]
    absent: tuple[str, ...]
    """Wanted addresses that AWS does not have."""
    kept: tuple[str, ...]
    """Addresses whose region did not answer, recorded as the hint has them."""
    unknown: tuple[str, ...]
    """Addresses whose region did not answer and of which nothing is recorded."""
    plan: Plan
    problems: tuple[Problem, ...]


def rebuild(session: Session, hint: State) -> Rebuilt:
    """Read everything that is wanted, or that the hint knows, and make a state of it. Writes nothing, here or in AWS."""
    project = session.project
    primary = project.primary.region
    look = OneLook(session.reads, project.name)
    reader = LiveReader(
        session.kinds, look, session.clock, primary, session.listen, make_executor=session.make_executor
    )
    world = reader.observe(session.desired, hint)
    world.problems += one_by_one(look)
    finder = _Finder(session, hint, world)
    for address in finder.order():
        finder.take(address)
    kept = {address: hint.records[str(address)] for address in world.unread if str(address) in hint.records}
    records = {**finder.records, **{str(address): record for address, record in kept.items()}}
    state = State(
        project=project.name,
        account=project.account,
        endpoint=session.endpoint,
        records=dict(sorted(records.items())),
        gone=hint.gone,
    )
    planner = Planner(session.kinds, session.desired, state, world)
    regions = tuple(region.region for region in project.by_priority)
    return Rebuilt(
        state=state,
        evidence=finder.evidence,
        absent=tuple(sorted(str(item.address) for item in session.desired if item.address in world.absent)),
        kept=tuple(sorted(str(address) for address in kept)),
        unknown=tuple(sorted(str(address) for address in world.unread.keys() - kept.keys())),
        plan=planner.plan(project, session.digest, regions, Scope(), session.clock.now()),
        problems=tuple(world.problems),
    )


class _Finder:
    """Makes records of what was found, containers before what is in them."""

    def __init__(self, session: Session, hint: State, world: ObservedWorld) -> None:
        self._kinds = session.kinds
        self._project = session.project.name
        self._now = session.clock.now()
        self._hint = hint
        self._world = world
        self._items = {item.address: item for item in session.desired}
        self.records: dict[str, Record] = {}
        self.evidence: dict[str, Evidence] = {}

    def order(self) -> Iterable[Address]:
        """What was found, each after what it refers to; then what only the hint knows."""
        wanted = ordered({address: item.before_creation for address, item in self._items.items()})
        found = self._world.live.keys()
        return [*(address for address in wanted if address in found), *sorted(found - self._items.keys())]

    def take(self, address: Address) -> None:
        """Make the record of one address."""
        live, known = self._world.live[address], self._hint.get(address)
        outputs = {"ids": dict(live.ids), "outputs": {**live.ids, **live.outputs}}
        item = self._items.get(address)
        if item is None:
            if known is not None:
                self._add(known.model_copy(update=outputs), "record")
            return
        origin, evidence = self._origin(item, live, known)
        base = known or Record(address=str(address), created_at=self._now, updated_at=self._now)
        fresh = {
            **outputs,
            "origin": origin,
            "applied": self._applied(item, live),
            "needs": sorted(str(needed) for needed in item.before),
        }
        self._add(base.model_copy(update=fresh), evidence)

    def _add(self, record: Record, evidence: Evidence) -> None:
        self.records[record.address] = record
        self.evidence[record.address] = evidence

    def _origin(self, item: Desired, live: Live[Any], known: Record | None) -> tuple[str, Evidence]:
        """Whose it is. What cannot carry a tag is ours when it stands on something of ours: nobody else would make it."""
        if known is not None and same_ids(known.ids, (live.ids, *live.also)):
            return known.origin, "record"
        values = plain(live.spec)
        if "tags" in type(live.spec).model_fields:
            ours = item.address.known_as(live.owner) and values["tags"].get(PROJECT_TAG) == self._project
            return ("created", "tag") if ours else ("adopted", "name")
        return ("created", "container") if self._is_in_ours(item, values) else ("adopted", "name")

    def _is_in_ours(self, item: Desired, values: Mapping[str, Any]) -> bool:
        kind = self._kinds[item.address.kind]
        for name, value in item.values.items():
            wanted = resolve(value, self._world.lookup)
            if has_unknown(wanted) or not same_value(kind, name, wanted, values.get(name)):
                continue
            if any(self._is_ours(ref.address) for ref in refs(value)):
                return True
        # An alias refers to nothing of ours but a name; it is ours when it is wholly as we would make it.
        found = changes(kind, resolve(item.values, self._world.lookup), values, {})
        return not found and any(self._is_ours(address) for address in item.needs)

    def _is_ours(self, address: Address) -> bool:
        record = self.records.get(str(address))
        return record is not None and record.origin == "created"

    def _applied(self, item: Desired, live: Live[Any]) -> dict[str, Any]:
        """What a deploy would have recorded: the wanted value where AWS has it, else what AWS has instead."""
        kind = self._kinds[item.address.kind]
        wanted, found = resolve(plain(item.values), self._world.lookup), plain(live.spec)
        values = {name: _value(kind, name, wanted[name], found.get(name)) for name in wanted}
        return {name: value for name, value in values.items() if value is not None}


def _value(kind: Kind[Any, Any], name: str, wanted: Any, found: Any) -> Any:
    if wanted is None:
        return None
    if name in kind.spec.owned_maps:
        return {key: found[key] for key in wanted if key in (found or {})}
    if has_unknown(wanted):
        return found
    return wanted if name in kind.spec.create_only or same_value(kind, name, wanted, found) else found
