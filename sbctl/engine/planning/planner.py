"""Wanted, live and last applied → a plan. Pure: it calls nothing and decides everything that apply will do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sbctl.core.address import Address, Ref
from sbctl.core.kinds.compare import changes, replaced_by
from sbctl.core.kinds.order import ordered, unwound
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import same_ids
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import Unknown, plain, refs, resolve, to_json
from sbctl.core.plan import ENDINGS, Action, FieldChange, Plan, Step
from sbctl.core.project import OWNERSHIP_TAGS, Project
from sbctl.core.state import Record, State
from sbctl.engine.matching.handed import Handed, ids_now, in_circle, moved_ids, shown
from sbctl.engine.matching.identity import settled
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.planning.asides import asides, deployed_with
from sbctl.engine.planning.named import named
from sbctl.engine.planning.rolled_back import undone_rollback


@dataclass(frozen=True)
class Scope:
    """What a plan may touch: `regions` None means all. What is recorded outside the scope is left alone."""

    regions: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    addresses: frozenset[Address] | None = None

    def covers(self, address: Address) -> bool:
        if self.addresses is not None and address not in self.addresses:
            return False
        if self.kinds is not None and address.kind not in self.kinds:
            return False
        return self.regions is None or address.region in self.regions


def in_scope(desired: Iterable[Desired], scope: Scope) -> list[Desired]:
    """The wanted resources that the scope covers, and whatever these need, wherever it lives."""
    items = {item.address: item for item in desired}
    queue = [address for address in items if scope.covers(address)]
    chosen: set[Address] = set()
    while queue:
        address = queue.pop()
        if address in chosen or address not in items:
            continue
        chosen.add(address)
        queue.extend(items[address].before)
    return [item for address, item in items.items() if address in chosen]


class Planner:
    """Makes one plan. `desired` is already in scope. With `asides` also what differs and means nothing is to be deployed."""

    def __init__(
        self, kinds: Kinds, desired: Iterable[Desired], state: State, world: ObservedWorld, *, asides: bool = False
    ) -> None:
        self._asides = asides
        self._kinds = kinds
        self._items = {item.address: item for item in desired}
        self._state = state
        self._world = replace(world, live=dict(world.live), absent=set(world.absent))
        self._left: dict[Address, Live[Any]] = {}
        """What the state has at an address of which the config now wants another, and which stays as it is."""
        self._handed = Handed(self._items, state)
        self._renewed: set[Address] = set()
        self._left_out: set[Address] = set(world.unread)
        self._compared: dict[Address, tuple[FieldChange, ...]] = {}

    def plan(self, project: Project, digest: str, regions: tuple[str, ...], scope: Scope, now: datetime) -> Plan:
        """The plan: wanted addresses in dependency order, then what is no longer wanted, in reverse order."""
        order = ordered({address: item.before_creation for address, item in self._items.items()})
        wanted = [address for address in order if address in self._items]
        self._find_renewed(wanted)
        self._leave_out(wanted)
        steps = [self._wanted_step(self._items[address]) for address in wanted if address not in self._left_out]
        steps += self._unwanted_steps(scope)
        return Plan(
            made_at=now,
            lineage=self._state.lineage,
            serial=self._state.serial,
            account=project.account,
            project=project.name,
            config_digest=digest,
            regions=regions,
            steps=tuple(steps),
            unread=tuple(sorted({address.region for address in self._world.unread})),
        )

    def _leave_out(self, order: Iterable[Address]) -> None:
        """What rests on something that was not read, and of which nothing is recorded, cannot be done now.

        What refers to each other has no order (flows), so this looks again until nothing more is left out.
        """
        rest = list(order)
        while more := [one for one in rest if one not in self._left_out and self._must_wait(one)]:
            self._left_out.update(more)

    def _must_wait(self, address: Address) -> bool:
        item = self._items[address]
        unknown = any(ref.address in self._left_out and self._is_unknown(ref) for ref in refs(item.values))
        return unknown or (address in self._world.absent and any(map(self._was_never_made, item.before_creation)))

    def _was_never_made(self, address: Address) -> bool:
        return address in self._left_out and self._state.get(address) is None

    def _is_unknown(self, ref: Ref) -> bool:
        return isinstance(self._lookup(ref), Unknown)

    def _lookup(self, ref: Ref) -> Any:
        if ref.address in self._renewed:
            return Unknown(ref)
        if ref.address in self._world.live:
            return self._world.lookup(ref)
        record = self._state.get(ref.address)
        if record is not None and ref.address not in self._world.absent:
            try:
                return record.output(ref.output)
            except KeyError:
                return Unknown(ref)
        return Unknown(ref)

    def _find_renewed(self, order: Iterable[Address]) -> None:
        """Which addresses get new outputs: references to these are unknown until apply."""
        for address in order:
            self._part_with(address)
            if address in self._world.absent or self._is_replaced(address):
                self._renewed.add(address)

    def _is_replaced(self, address: Address) -> bool:
        return address in self._world.live and replaced_by(self._kinds[address.kind], self._changes(address))

    def _part_with(self, address: Address) -> None:
        """Where the config names another resource that exists, or no longer one that was there before sbctl: that stays."""
        record = self._state.get(address)
        if record is None or address not in self._world.moved or address not in self._world.live:
            return
        rival = self._world.moved[address]
        known = tuple(change for change in self._changes(address) if change.why != "unknown")
        if not replaced_by(self._kinds[address.kind], known) or (rival is None and record.origin == "created"):
            return
        self._left[address] = self._world.live.pop(address)
        self._compared.pop(address, None)
        if rival is None:
            self._world.absent.add(address)
        else:
            self._world.live[address] = rival

    def _changes(self, address: Address) -> tuple[FieldChange, ...]:
        """What would change. Found once, and again when it or what it refers to turned out to be made anew."""
        if address not in self._compared or not self._renewed.isdisjoint((address, *self._items[address].before)):
            self._compared[address] = self._compare(address)
        return self._compared[address]

    def _compare(self, address: Address) -> tuple[FieldChange, ...]:
        kind, live = self._kinds[address.kind], self._world.live[address]
        record = self._state.get(address)
        wanted = resolve(self._values(self._items[address]), self._lookup)
        applied = record.applied if record and address not in self._left else {}
        found = changes(kind, wanted, plain(live.spec), applied)
        # what AWS did not take back once is not tried again: a note tells of it
        stays = [name for name in record.left if wanted.get(name) is None] if record else []
        told = (self._told(address, change) for change in found if change.field not in stays)
        return (*told, *moved_ids(record, live))

    def _told(self, address: Address, change: FieldChange) -> FieldChange:
        """The change with its sentences in names instead of ids."""
        if not change.notes:
            return change
        before, after = (named(value, self._world, address.region) for value in (change.before, change.after))
        notes = tuple(self._kinds[address.kind].notes(change.field, before, after))
        return change.model_copy(update={"notes": notes or change.notes})

    def _values(self, item: Desired) -> dict[str, Any]:
        """The wanted values. What was there before sbctl does not get the tags by which a later run would take it for ours."""
        live = self._world.live.get(item.address)
        values = item.values if live is None else settled(item, item.values, live)
        if item.lasting:
            values = dict(self._kinds[item.address.kind].lasting(values, self._before(item.address)))
        if not self._was_there_before(item.address) or "tags" not in values:
            return values
        return {**values, "tags": {key: value for key, value in values["tags"].items() if key not in OWNERSHIP_TAGS}}

    def _before(self, address: Address) -> dict[str, Any]:
        """What sbctl applied last; where nothing complete is recorded, what AWS has."""
        live, record = self._world.live.get(address), self._state.get(address)
        if record is not None and record.status == "ready" and address not in self._left:
            return record.applied
        found: dict[str, Any] = {} if live is None else plain(live.spec)
        return found

    def _was_there_before(self, address: Address) -> bool:
        live, record = self._world.live.get(address), self._state.get(address)
        if live is None or address in self._renewed:
            return False
        if record is None or address in self._left:
            return not self._is_ours(address, live)
        return record.origin == "adopted"

    def _is_ours(self, address: Address, live: Live[Any]) -> bool:
        before = self._handed.before(address, live)
        return address.known_as(live.owner) or (before is not None and before.origin == "created")

    def _wanted_step(self, item: Desired) -> Step:
        live = self._world.live.get(item.address)
        record = self._state.get(item.address)
        if live is None:
            reason = self._instead(item.address) or _why_create(record)
            return self._step(item, None, "create", self._all_fields(item), reason=reason)
        found = self._changes(item.address)
        action, reason = self._decide(item.address, live, record, found)
        if action in ("none", "update"):
            beside = self._beside(item, live, found)
            if beside and self._asides:
                action, found = "update", (*found, *beside)
            reason = reason or ("" if found else deployed_with(beside))
        return self._step(item, live, action, found, reason=reason)

    def _beside(self, item: Desired, live: Live[Any], found: tuple[FieldChange, ...]) -> tuple[FieldChange, ...]:
        """What differs besides, and means nothing."""
        kind = self._kinds[item.address.kind]
        if type(kind).aside is Kind.aside:
            return ()
        wanted = resolve(self._values(item), self._lookup)
        known = {change.field for change in found}
        return tuple(one for one in asides(kind, wanted, plain(live.spec)) if one.field not in known)

    def _decide(
        self, address: Address, live: Live[Any], record: Record | None, found: tuple[FieldChange, ...]
    ) -> tuple[Action, str]:
        if address in self._renewed:
            return "replace", "a field that cannot be changed in place differs"
        if record is None:
            return "adopt", self._why_adopt(address, live)
        if record.status != "ready":
            return "adopt", "an interrupted run left it " + record.status
        if address in self._left:
            return "adopt", self._instead(address)
        if not same_ids(record.ids, (live.ids, *live.also)):
            return "adopt", "recreated outside sbctl"
        return ("update" if found else "none"), undone_rollback(self._kinds[address.kind], record, found)

    def _why_adopt(self, address: Address, live: Live[Any]) -> str:
        before = self._handed.before(address, live)
        if before is not None:
            return f"recorded as {before.address} until now"
        ours = address.known_as(live.owner)
        return "made by an earlier run" if ours else "exists already; sbctl will manage but never destroy it"

    def _instead(self, address: Address) -> str:
        left = self._left.get(address)
        return f"in place of {shown(left)}, which stays in AWS and is no longer managed" if left else ""

    def _after(self, address: Address) -> tuple[str, ...]:
        """Whose name it takes: that one gives it up first. Nobody's, where names go round in a circle."""
        holder = self._world.holders.get(address)
        return () if holder is None or in_circle(self._world, address) else (str(holder),)

    def _all_fields(self, item: Desired) -> tuple[FieldChange, ...]:
        values = resolve(self._values(item), self._lookup)
        return tuple(
            FieldChange(field=name, before=None, after=to_json(value), why="config")
            for name, value in values.items()
            if value is not None
        )

    def _step(
        self, item: Desired, live: Live[Any] | None, action: Action, found: tuple[FieldChange, ...], reason: str
    ) -> Step:
        return Step(
            address=str(item.address),
            action=action,
            changes=found,
            wanted=to_json(self._values(item)),
            seen=to_json(live.spec.told(plain(live.spec), item.values)) if live else None,
            ids=dict(live.ids) if live else {},
            owner="" if live is None else str(item.address) if self._is_ours(item.address, live) else live.owner,
            needs=tuple(sorted(str(address) for address in item.before)),
            after=self._after(item.address),
            leaves=dict(self._left[item.address].ids) if item.address in self._left else {},
            reason=reason,
        )

    def _unwanted_steps(self, scope: Scope) -> list[Step]:
        unwanted = {
            record.at: record
            for record in self._state.records.values()
            if record.at not in self._items and scope.covers(record.at) and record.at not in self._world.unread
        }
        needs = {address: [Address.parse(text) for text in record.needs] for address, record in unwanted.items()}
        order = [address for address in ordered(unwound(needs)) if address in unwanted]
        return [self._unwanted_step(unwanted[address]) for address in reversed(order)]

    def _unwanted_step(self, record: Record) -> Step:
        live = self._world.live.get(record.at)
        now = self._handed.now(record, self._world) if live else None
        if live is None:
            action, reason = "forget", "it is gone already"
        elif now is not None:
            action, reason = "forget", f"it is {now} now"
        elif record.origin == "adopted":
            action, reason = "forget", "it was there before sbctl, so it stays"
        else:
            action, reason = ENDINGS[self._kinds[record.at.kind].deletion]
        return Step(
            address=record.address,
            action=_action(action),
            seen=to_json(live.spec.told(plain(live.spec), record.applied)) if live else None,
            ids=ids_now(record, live, self._world) if live else record.ids,
            needs=tuple(record.needs),
            reason=reason,
        )


def _action(text: str) -> Action:
    return "delete" if text == "delete" else "forget"


def _why_create(record: Record | None) -> str:
    return "deleted outside sbctl" if record is not None and record.status == "ready" else ""
