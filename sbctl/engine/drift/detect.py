"""What moved in AWS since sbctl last applied it: read off a plan, sorted by how much it would hurt a failover. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sbctl.checks.severity import Severity, severity
from sbctl.core.address import Address
from sbctl.core.kinds.compare import same_value
from sbctl.core.kinds.values import from_json, plain, resolve, to_json
from sbctl.core.plan import FieldChange, Step
from sbctl.core.reading import Reading
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.parity.normalise import Normaliser
from sbctl.engine.parity.peers import seat
from sbctl.engine.planning.named import named
from sbctl.engine.session import Planned

CHECK = "drift"
Moved = Literal["changed", "deleted", "made anew"]


@dataclass(frozen=True)
class Drifted:
    """One field of a resource that moved, or the whole of it (`field` empty) when it was deleted or made anew.

    `live` is what AWS has, `wanted` what the config wants. `said` are sentences on what it means, where the kind has any.
    """

    address: Address
    moved: Moved
    severity: Severity
    field: str = ""
    live: Any = None
    wanted: Any = None
    said: tuple[str, ...] = ()


def drift_of(kinds: Kinds, planned: Planned, codes: tuple[str, ...]) -> tuple[Drifted, ...]:
    """Everything that drifted within a plan, what hurts a failover most first. `codes`: the project's regions."""
    reader = _Reader(kinds, planned, codes)
    found = [one for step in planned.plan.pending for one in reader.of_step(step)]
    return tuple(sorted(found, key=lambda one: (one.severity.rank, one.address, one.field)))


class _Reader:
    def __init__(self, kinds: Kinds, planned: Planned, codes: tuple[str, ...]) -> None:
        self._kinds = kinds
        self._state = planned.seen.state
        self._world = planned.seen.world
        self._codes = codes

    def of_step(self, step: Step) -> Iterator[Drifted]:
        record = self._state.get(step.at)
        if record is None or record.status != "ready" or step.wanted is None or step.leaves:
            return
        if step.action == "create":
            yield Drifted(step.at, "deleted", severity(self._kinds[step.at.kind], step.at))
            return
        if step.action == "adopt":
            yield Drifted(step.at, "made anew", severity(self._kinds[step.at.kind], step.at))
        for change in step.changes:
            if change.why == "drift" or (change.why == "unknown" and self._moved_all_the_same(step, change)):
                yield self._changed(step, change)

    def _changed(self, step: Step, change: FieldChange) -> Drifted:
        kind = self._kinds[step.at.kind]
        live, wanted = change.before, change.after
        if change.why == "unknown":
            live, wanted, _ = self._by_name(step, change)
        base = change.field.partition(".")[0]
        known = (step.reason,) if step.reason and base == kind.versioned else ()
        impact = kind.describe_impact(base, *(named(value, self._world, step.at.region) for value in (wanted, live)))
        said = (*known, *impact)
        hurts = severity(kind, step.at, change.field)
        return Drifted(step.at, "changed", hurts, change.field, live, wanted, said)

    def _moved_all_the_same(self, step: Step, change: FieldChange) -> bool:
        """Whether AWS moved a field that refers to something that is gone, whose loss is told by itself.

        It did when the config wants what was applied, both by name, and AWS has something else.
        """
        kind = self._kinds[step.at.kind]
        live, wanted, applied = self._by_name(step, change)
        kept = applied is not None and same_value(kind, change.field, wanted, applied)
        return kept and not same_value(kind, change.field, wanted, live)

    def _by_name(self, step: Step, change: FieldChange) -> tuple[Any, Any, Any]:
        """The live, the wanted and the last applied value with names in place of ids."""
        seated = seat(step.at, self._codes)
        normalised = Normaliser(seated[0] if seated else "", self._codes, self._world, self._state)
        record = self._state.get(step.at)
        wanted = resolve(from_json(_member(step.wanted or {}, change.field)), self._world.lookup)
        applied = _member(record.applied if record else {}, change.field)
        live, wanted, applied = (to_json(normalised(plain(value))) for value in (change.before, wanted, applied))
        return live, wanted, applied


def _member(values: Mapping[str, Any], field: str) -> Any:
    """A field, or `map.key` of an owned map."""
    name, _, key = field.partition(".")
    found = values.get(name)
    return found.get(key) if key and isinstance(found, Mapping) else found


def drift_readings(found: tuple[Drifted, ...], unread: tuple[str, ...], now: datetime) -> tuple[Reading, ...]:
    """What was found as readings: one for each field that drifted, one for each region that was not read.

    One reading that is ok when there is neither.
    """
    rows = [
        Reading(
            check=CHECK,
            subject=str(one.address),
            value=one.field or one.moved,
            verdict="bad",
            at=now,
            detail=f"{one.severity.level}: {one.severity.why}",
            fix="sbctl drift --revert",
        )
        for one in found
    ]
    rows += [
        Reading(
            check=CHECK, target=region, verdict="unknown", at=now, detail=f"{region} was not read", fix="sbctl drift"
        )
        for region in unread
    ]
    return tuple(rows) or (Reading(check=CHECK, value=0, unit="resources", verdict="ok", at=now),)
