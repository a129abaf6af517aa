"""One resource driven as the engine drives it: the shared hand of the lifecycle suite. Waits advance the world's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.compare import changes
from sbctl.core.kinds.resource import Kind, Live, NotReady
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Spec
from sbctl.core.kinds.values import plain, resolve
from sbctl.engine.apply.waiter import passing
from sbctl.engine.planning.unlisted import completed_whole
from sbctl.sandbox.world import World
from tests.conformance.prerequisites import Prerequisites

T = TypeVar("T")
READS = ("List", "Describe", "Get", "BatchGet", "Search", "Head")
REGION = "us-east-1"
TOKEN = "3f0e5b0a-6c0d-4c55-9c7e-3d3a4f5b6c7d"
STEP_SECONDS = 2.0
"""Of the world's time, between two looks."""
LOOKS = 300


class Recorder:
    """A door that notes which operations pass it. Who waits at it finds that the time has passed."""

    def __init__(self, door: AwsCalls, world: World) -> None:
        self._door = door
        self._world = world
        self.made: list[str] = []

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        self.made.append(f"{service}:{operation}")
        return self._door.call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None:  # noqa: ARG002
        self._world.scheduler.advance(seconds)

    def writes(self) -> list[str]:
        """The operations that change something, and forget all so far."""
        found = [call for call in self.made if not call.partition(":")[2].startswith(READS)]
        self.made.clear()
        return found


class Life:
    """One resource of a kind, driven as the engine drives it."""

    def __init__(self, kind: Kind[Any, Any], aws: Recorder, needed: Prerequisites) -> None:
        self.kind = kind
        self.aws = aws
        self.needed = needed
        self.region = kind.home or REGION
        needed.beside(kind.name, self.region)
        self.before, self.after = (self._resolved(example, needed) for example in kind.examples)
        self.within = str(getattr(self.before, kind.within)) if kind.within else ""
        self.seen: set[str] = set()

    def _resolved(self, example: Spec, needed: Prerequisites) -> Spec:
        return type(example).model_validate(resolve(plain(example), needed.lookup))

    def create(self, *, whole: bool = False) -> Mapping[str, str]:
        """Create as the engine does: without deferred fields, ready, then the deferred fields; or all at once."""
        later = frozenset[str]() if whole else self.kind.spec.deferred
        values = {name: value for name, value in plain(self.before).items() if name not in later}
        spec = self.kind.spec.model_validate(values)
        ids = self.settled(lambda: self.kind.create(self.aws, self.region, spec, TOKEN))
        live = self.settled(lambda: self.kind.ready(self.aws, self.region, ids))
        self._take_on(live)
        if later:
            self.update(live, self.before, spec)
        return ids

    def _take_on(self, live: Live[Any]) -> None:
        """What AWS chose at the creation is wanted from now on, as the engine has it with `Desired.initial`."""
        chosen = {name: getattr(live.spec, name) for name in CHOSEN.get(self.kind.name, ())}
        self.before, self.after = (one.model_copy(update=chosen) for one in (self.before, self.after))

    def update(self, live: Live[Any], wanted: Spec, owned: Spec) -> None:
        applied = plain(owned)
        self.settled(lambda: self.kind.update(self.aws, self.region, live.ids, live.spec, wanted, applied))
        self.settled(lambda: self.kind.ready(self.aws, self.region, live.ids))

    def listed(self, expected: Callable[[Live[Any] | None], bool]) -> Live[Any] | None:
        """The resource as the list has it, and `find` too; where the list lags, it is waited for what is expected."""
        for _ in range(LOOKS):
            found, by_key = self.both_ways()
            agree = [live.spec for live in by_key] == [live.spec for live in found]
            live = found[0] if found else None
            if (agree and expected(live)) or not self.kind.lags:
                break
            self.aws.wait(STEP_SECONDS, "the search index is behind")
        assert len(found) < 2, "the key is not unique"
        assert agree
        return live

    def both_ways(self) -> tuple[list[Live[Any]], list[Live[Any]]]:
        """What `list` has under the key, and what `find` has."""
        key = self.kind.key(self.before)
        rows = self.kind.list(self.aws, self.region, self.within)
        by_key = self.kind.find(self.aws, self.region, self.within, Sought(frozenset({key})))
        return self._whole(rows, key), self._whole(by_key, key)

    def _whole(self, rows: Iterable[Live[Any]], key: str) -> list[Live[Any]]:
        """Those with a key, with the fields that lists lack."""
        named = [live for live in rows if self.kind.key(live.spec) == key]
        return [*completed_whole(self.kind, self.aws, self.region, named)]

    def settled(self, act: Callable[[], T]) -> T:
        """Run `act` again while the kind says that it passes by waiting."""
        last: Exception | None = None
        for _ in range(LOOKS):
            try:
                return act()
            except NotReady as state:
                last = state
            except AwsError as error:
                if passing(self.kind, error) is None:
                    raise
                last = error
            self.aws.wait(STEP_SECONDS, "settling")
        raise AssertionError(f"never settled: {last}")

    def differences(self, wanted: Spec, live: Live[Any], applied: Mapping[str, Any]) -> list[str]:
        """The fields that a plan would still change."""
        return [change.field for change in changes(self.kind, plain(wanted), plain(live.spec), applied)]

    def client(self, service: str) -> Any:
        """Plain boto3 in its region, as others would use it."""
        return self.needed.plain(service, self.region)

    def differing(self) -> list[str]:
        """The fields in which the two examples differ and that an update changes in place."""
        before, after = plain(self.before), plain(self.after)
        return [name for name in self.in_place() if before[name] != after[name] and after[name] is not None]

    def in_place(self) -> list[str]:
        """The fields that an update changes in place; tags are tried with owned maps."""
        fixed = self.kind.spec.replace_on | self.kind.spec.create_only | {"tags"}
        return [name for name in self.kind.spec.model_fields if name not in fixed]

    def with_one(self, field: str, value: Any) -> Spec:
        """The example with another value of one field."""
        return self.before.model_copy(update={field: value})

    def seen_as(self, wanted: Spec, ids: Mapping[str, str]) -> Live[Any]:
        """The resource as it is read, once it is what is wanted."""
        live = self.kind.read(self.aws, self.region, ids)
        assert live is not None, f"{self.kind.name} {wanted} is gone"
        return live

    def prepare(self, fields: Iterable[str]) -> None:
        """Give the example a value of each of these fields, from the other example where it has none."""
        values = {name: getattr(self.before, name) or getattr(self.after, name) for name in fields}
        missing = [name for name, value in values.items() if value in (None, "")]
        values |= {name: MAKERS_OF_VALUES[name](self) for name in missing}
        self.before = self.before.model_copy(update=values)


CHOSEN: Mapping[str, tuple[str, ...]] = {"connect_phone_number": ("number",)}
"""Fields that are empty in examples since AWS chooses their values."""


def a_key(life: Life) -> str:
    """A key of the region; a replica has one where its table does."""
    home = str(getattr(life.before, "home", life.region))
    if home != life.region:
        life.needed.encrypt(str(getattr(life.before, "name", "")), home)
    return life.needed.make_key(life.region)


MAKERS_OF_VALUES: Mapping[str, Callable[[Life], Any]] = {"key": a_key, "key_arn": a_key}
"""Values for fields that no example has."""
