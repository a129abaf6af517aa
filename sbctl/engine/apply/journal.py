"""What a step writes down, and when: the intent before the call, the ids right after it, the result at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sbctl.core.address import Address
from sbctl.core.clock import Clock
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.spec import Spec
from sbctl.core.kinds.values import plain
from sbctl.core.plan import Step
from sbctl.core.state import Record, State, Status

NOTHING: Mapping[str, Any] = {}


class Ledger(Protocol):
    """The part of the store that steps write to; each call is on disk when it returns."""

    def put(self, record: Record) -> None: ...

    def drop(self, address: Address, generation: int) -> None: ...


class Journal:
    """Turns the moments of a step into records. Thread-safe as far as the ledger is."""

    def __init__(self, ledger: Ledger, clock: Clock, state: State) -> None:
        self._ledger = ledger
        self._clock = clock
        self._state = state

    def creation(self, address: Address, spec: Spec) -> int:
        """The generation of a creation: that of an earlier attempt whose end nobody recorded, when it asked for the same.

        So the token is the same too, and AWS makes one thing although it was asked twice.
        """
        before = self._state.get(address)
        unfinished = before is not None and before.status == "creating" and not before.ids
        if before is not None and unfinished and before.applied == _applied(spec):
            return before.generation
        return self._state.generation(address)

    def intend(self, step: Step, status: Status, generation: int, spec: Spec | None = None) -> Record:
        """Before the call: what is about to happen to this address; of a creation also `spec`, which tells its key."""
        before = self._state.get(step.at)
        base = before or Record(address=step.address, created_at=self._clock.now())
        record = base.model_copy(
            update={"status": status, "generation": generation, "needs": list(step.needs), "ids": dict(step.ids)}
        )
        if status == "creating":
            fresh = {"origin": "created", "ids": {}, "applied": _applied(spec), "outputs": {}}
            record = record.model_copy(update=fresh)
        return self._put(record)

    def adopt(self, step: Step, generation: int) -> Record:
        """Take over what exists. It is ours to destroy only when we made it: by its tag, or by an intent on record."""
        before = self._state.get(step.at)
        kept = before is not None and before.origin == "created" and not step.leaves
        ours = kept or step.at.known_as(step.owner)
        base = before or Record(address=step.address, created_at=self._clock.now())
        if step.leaves:
            base = base.model_copy(update={"applied": {}})
        return self._put(
            base.model_copy(
                update={
                    "status": "updating",
                    "origin": "created" if ours else "adopted",
                    "ids": dict(step.ids),
                    "needs": list(step.needs),
                    "generation": generation,
                }
            )
        )

    def made(self, record: Record, ids: Mapping[str, str]) -> None:
        """Right after the create call, before any waiting: the ids must not be lost."""
        self._put(record.model_copy(update={"ids": dict(ids)}))

    def taken(self, record: Record, live: Live[Any]) -> Record:
        """Adopted, but not yet made what is wanted: others may refer to it already."""
        return self._put(record.model_copy(update={"ids": dict(live.ids), "outputs": {**live.ids, **live.outputs}}))

    def done(
        self, record: Record, live: Live[Any], spec: Spec, status: Status = "ready", left: Mapping[str, Any] = NOTHING
    ) -> Record:
        """The step is through: what was applied, what AWS did not take back of it, and what others may refer to."""
        return self._put(
            record.model_copy(
                update={
                    "status": status,
                    "ids": dict(live.ids),
                    "applied": {**_applied(spec), **left},
                    "left": sorted(left),
                    "rolled_back": {},
                    "outputs": {**live.ids, **live.outputs},
                }
            )
        )

    def forget(self, address: Address, generation: int) -> None:
        self._ledger.drop(address, generation)

    def _put(self, record: Record) -> Record:
        stamped = record.model_copy(update={"updated_at": self._clock.now()})
        self._ledger.put(stamped)
        return stamped


def _applied(spec: Spec | None) -> dict[str, Any]:
    return {name: value for name, value in plain(spec).items() if value is not None} if spec is not None else {}
