"""One step of a plan: journal the intent, call, journal the result. After a crash at any point the next run goes on."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import Clock
from sbctl.core.kinds.compare import is_left, same_value
from sbctl.core.kinds.resource import Kind, Live, NotReady
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Spec
from sbctl.core.kinds.values import Unknown, from_json, plain, refs, resolve
from sbctl.core.plan import Step
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import OWNERSHIP_TAGS
from sbctl.core.state import Record, State, Status
from sbctl.engine.apply.journal import Journal
from sbctl.engine.apply.outputs import Outputs
from sbctl.engine.apply.versions import Versions
from sbctl.engine.apply.waiter import Waiter
from sbctl.engine.matching.targets import Kinds, region_to_call
from sbctl.engine.planning.asides import only_asides

ALREADY_THERE = frozenset(
    {
        "DuplicateResourceException",
        "ResourceConflictException",
        "ResourceInUseException",
        "EntityAlreadyExists",
        "BucketAlreadyOwnedByYou",
        "ResourceAlreadyExistsException",
        "HostedZoneAlreadyExists",
        "HealthCheckAlreadyExists",
        "InvalidChangeBatch",
    }
)
"""Answers to a create that may mean "your earlier attempt worked": look before giving up."""
LOOKS = 5
T = TypeVar("T")


@dataclass
class Workshop:
    """What every step needs."""

    kinds: Kinds
    aws: AwsCalls
    clock: Clock
    journal: Journal
    outputs: Outputs
    patience: Waiter
    state: State
    primary: str
    versions: Versions


class StepRun:
    """Does one step, or with `halves` one half of it: its deferred fields are then left to `finish`."""

    def __init__(self, shop: Workshop, step: Step, halves: bool) -> None:
        self._shop = shop
        self._step = step
        self._halves = halves
        self._address: Address = step.at
        self._kind: Kind[Any, Any] = shop.kinds[step.at.kind]
        self._region = region_to_call(self._kind, step.at, shop.primary)
        self._needs = tuple(Address.parse(text) for text in step.needs)
        self._attempts = 0
        self._earlier = False
        """Whether an attempt before made it: then not all that a creation does may have been done."""

    @property
    def step(self) -> Step:
        """The step that it does."""
        return self._step

    def create(self) -> None:
        """Create it; in halves without the deferred fields, so that others can refer to it."""
        spec = self._wanted(deferred=not self._halves)
        generation = self._shop.journal.creation(self._address, spec)
        record = self._shop.journal.intend(self._step, "creating", generation, spec)
        self._shop.patience.fresh.begin(self._address)
        try:
            ids = self._through(lambda: self._make(spec, generation))
        except _CameAlong as there:
            self._take(there.live)
            return
        self._shop.patience.fresh.begin(self._address)
        self._shop.journal.made(record, ids)
        live = self._ready(ids)
        if self._earlier and not self._halves:
            live = self._complete(live, spec)
        if not self._halves:
            self._keep(record, live, spec, new=not self._earlier)
        status: Status = "creating" if self._halves else "ready"
        self._shop.outputs.put(self._shop.journal.done(record, live, spec, status))

    def _complete(self, live: Live[Any], spec: Spec) -> Live[Any]:
        """Do what the attempt that made it may have left undone: its tags, policies or settings."""
        self._through(lambda: self._kind.update(self._shop.aws, self._region, live.ids, live.spec, spec, {}))
        return self._ready(live.ids)

    def _through(self, act: Callable[[], T]) -> T:
        return self._shop.patience.through(self._address, self._kind, act, self._needs)

    def _ready(self, ids: Mapping[str, str]) -> Live[Any]:
        return self._shop.patience.ready(self._address, self._kind, self._region, ids, self._needs)

    def finish(self) -> None:
        """Put the deferred fields right, now that everything they refer to exists."""
        record = self._shop.outputs.record(self._address)
        assert record is not None
        self._change(record, self._ready(record.ids))

    def update(self) -> None:
        """Make the live resource what is wanted."""
        record = self._shop.journal.intend(self._step, "updating", self._generation())
        self._change(record, self._seen(record))

    def adopt(self) -> None:
        """Take what exists into the state, then make it what is wanted (in `finish`, when it is done in halves)."""
        self._take(self._ready(self._step.ids))

    def _take(self, live: Live[Any]) -> None:
        owner = self._step.owner if self._address.known_as(self._step.owner) else live.owner
        step = self._step.model_copy(update={"ids": dict(live.ids), "owner": owner})
        record = self._shop.journal.adopt(step, self._generation())
        if self._halves:
            self._shop.outputs.put(self._shop.journal.taken(record, live))
        else:
            self._change(record, live)

    def replace(self) -> None:
        """Delete and create anew: for fields that AWS cannot change in place."""
        self.delete()
        self.create()

    def delete(self) -> None:
        record = self._shop.journal.intend(self._step, "deleting", self._generation())
        ids = self._step.ids or record.ids
        self._through(lambda: self._kind.delete(self._shop.aws, self._region, ids))
        self.forget()

    def forget(self) -> None:
        """Leave the resource alone and drop the record."""
        self._shop.journal.forget(self._address, self._generation())
        self._shop.outputs.drop(self._address)

    def recheck(self) -> None:
        """Refuse to go on when the resource is no longer as the plan saw it."""
        if self._step.action not in ("update", "replace", "delete") or self._step.seen is None:
            return
        live = self._kind.read(self._shop.aws, self._region, self._step.ids)
        seen = self._spec(self._step.seen)
        told = {} if live is None else live.spec.told(plain(live.spec), self._step.seen)
        if live is None or not _same_spec(self._kind, told, plain(seen)):
            raise SbctlError(
                Problem(
                    code="changed-since-planned",
                    summary="The resource changed after the plan was made",
                    detail="What AWS has now is not what the plan was made on; nothing was done to it.",
                    at=str(self._address),
                    fix="Make a new plan and look at it again.",
                    exit=Exit.STALE,
                )
            )

    def _generation(self) -> int:
        record = self._shop.state.get(self._address)
        return record.generation if record else self._shop.state.generation(self._address)

    def _make(self, spec: Spec, generation: int) -> Mapping[str, str]:
        """Create, and when the answer is lost or says that it exists, look for it by its key before giving up."""
        token = creation_token(self._shop.state.lineage, self._address, generation)
        self._attempts += 1
        try:
            return self._kind.create(self._shop.aws, self._region, spec, token)
        except AwsError as error:
            if not error.in_doubt and error.code not in ALREADY_THERE:
                raise
            live = self._look(spec)
            if live is not None and (error.in_doubt or self._ours(live)):
                self._earlier = True
                return live.ids
            if live is None and not error.in_doubt and self._is_late():
                raise NotReady(f"{self._kind.title} not visible yet") from error
            if error.in_doubt:
                return self._kind.create(self._shop.aws, self._region, spec, token)
            if live is not None and self._is_in_new():
                raise _CameAlong(live) from error
            if live is not None:
                self.forget()
            raise

    def _is_late(self) -> bool:
        """Whether an attempt before this one may have made it, a moment ago, so that AWS does not show it yet."""
        return self._attempts > 1 and self._shop.patience.fresh.is_new(self._address)

    def _ours(self, live: Live[Any]) -> bool:
        """Whether what exists is our own earlier attempt: its tag says so, a creation of it was on record, or this run tried.

        The plan has seen that there was none before the first attempt.
        """
        before = self._shop.state.get(self._address)
        on_record = before is not None and before.status == "creating"
        return self._address.known_as(live.owner) or on_record or self._attempts > 1

    def _is_in_new(self) -> bool:
        """Whether what it lives in was made by this run: AWS furnishes new containers, so the plan could not see it."""
        container = (self._step.wanted or {}).get(self._kind.within) if self._kind.within else None
        found = [ref.address for ref in refs(from_json(container))] if container is not None else []
        return any(self._shop.state.get(address) is None for address in found)

    def _look(self, spec: Spec) -> Live[Any] | None:
        key = self._kind.key(spec)
        within = str(getattr(spec, self._kind.within)) if self._kind.within else ""
        for attempt in range(LOOKS):
            found = self._kind.find(self._shop.aws, self._region, within, Sought(frozenset({key})))
            live = next((item for item in found if self._kind.key(item.spec) == key), None)
            if live is not None or not (self._kind.lags or attempt == 0):
                return live
            self._shop.aws.wait(1.0, "looking for what an earlier attempt made")
        return None

    def _wanted(self, *, deferred: bool) -> Spec:
        tree = from_json(self._step.wanted or {})
        if not deferred:
            tree = {name: value for name, value in tree.items() if name not in self._kind.spec.deferred}
        missing = next((ref for ref in refs(tree) if self._is_missing(ref)), None)
        if missing is not None:
            raise SbctlError(_unresolved(self._address, str(missing)))
        return self._spec(resolve(tree, self._shop.outputs.lookup))

    def _spec(self, values: Any) -> Spec:
        try:
            return self._kind.spec.model_validate(values)
        except ValidationError as error:
            raise SbctlError(_unfit(self._address, error)) from error

    def _is_missing(self, ref: Any) -> bool:
        return isinstance(self._shop.outputs.lookup(ref), Unknown)

    def _seen(self, record: Record) -> Live[Any]:
        return Live(spec=self._spec(self._step.seen), ids=self._step.ids or record.ids)

    def _change(self, record: Record, live: Live[Any]) -> None:
        wanted = (
            _without_ownership(self._wanted(deferred=True))
            if record.origin == "adopted"
            else self._wanted(deferred=True)
        )
        there = self._with_asides(live.spec, wanted)
        moved = self._through(
            lambda: self._kind.update(self._shop.aws, self._region, live.ids, there, wanted, record.applied)
        )
        now = self._ready(moved or live.ids)
        self._keep(record, now, wanted, new=self._step.action in ("create", "replace"))
        left = left_of(self._kind, wanted, now, record.applied)
        self._shop.outputs.put(self._shop.journal.done(record, now, wanted, left=left))

    def _with_asides(self, live: Spec, wanted: Spec) -> Spec:
        """What is live, without the fields that are to be written although they mean the same."""
        fields = only_asides(self._kind, self._step, plain(wanted), plain(live))
        return live.model_copy(update=dict.fromkeys(fields))

    def _keep(self, record: Record, live: Live[Any], applied: Spec, *, new: bool) -> None:
        self._shop.versions.keep(self._kind, self._region, self._step, record, live, applied, new=new)


def left_of(kind: Kind[Any, Any], wanted: Spec, now: Live[Any], applied: Mapping[str, Any]) -> dict[str, Any]:
    """What was applied, is no longer wanted, and is still there: AWS has no way back, or did not go it."""
    live = plain(now.spec)
    given_up = [name for name in (*kind.spec.taken_back, *kind.spec.stays) if getattr(wanted, name) is None]
    return {name: applied[name] for name in given_up if is_left(kind, name, live, applied)}


class _CameAlong(Exception):  # noqa: N818 - a state, not an error
    """AWS put the resource into a container that this run made."""

    def __init__(self, live: Live[Any]) -> None:
        super().__init__()
        self.live = live


def _without_ownership(spec: Spec) -> Spec:
    """What was not made by sbctl does not say that it was."""
    tags = getattr(spec, "tags", None)
    if not tags:
        return spec
    return spec.model_copy(update={"tags": {key: text for key, text in tags.items() if key not in OWNERSHIP_TAGS}})


def creation_token(lineage: str, address: Address, generation: int) -> str:
    """The same UUID for every attempt at one creation: AWS then makes one thing, however often it is asked."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sbctl:{lineage}:{address}:{generation}"))


def _same_spec(kind: Kind[Any, Any], one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(same_value(kind, name, one.get(name), other.get(name)) for name in kind.spec.model_fields)


def _unfit(address: Address, error: ValidationError) -> Problem:
    first = error.errors(include_url=False)[0]
    return Problem(
        code="plan-unfit",
        summary="The plan's values do not fit the resource",
        detail=f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
        at=str(address),
        fix="Make a new plan with this version of sbctl: sbctl plan --out FILE",
    )


def _unresolved(address: Address, missing: str) -> Problem:
    return Problem(
        code="unresolved-reference",
        summary="Something that this resource refers to does not exist",
        detail=f"{missing} is not known",
        at=str(address),
        fix="Deploy without --region, or repair what it refers to first.",
        exit=Exit.PARTIAL,
    )
