"""A tiny cloud and two kinds of things in it, for tests of the engine: shelves, and boxes that stand on a shelf."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.events import silent
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Kind, Live, NotReady, Retry
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.moving.rules import Rules
from sbctl.core.project import Project, Region
from sbctl.engine.session import Session
from sbctl.store.media.memory import MemoryStore


class Cloud:
    """Things by (region, name). `dead` regions do not answer; `fail` maps a call number to what happens to it."""

    def __init__(self) -> None:
        self.things: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.dead: set[str] = set()
        self.fail: dict[int, str] = {}
        self.waits: list[str] = []
        self.ghosts: dict[tuple[str, str], list[dict[str, Any]]] = {}
        """What was deleted and is still listed, by (region, kind); kept when `lagging`."""
        self.furniture: dict[str, Any] = {}
        """The box that the cloud puts on every new shelf; none when empty."""
        self.lagging = False
        self.holding = False
        """Whether it takes nothing back that it was told once."""
        self.strict = False
        """Whether a list of what stands on a shelf that is not there is refused, as Connect refuses it."""
        self.building: dict[str, int] = {}
        """Id → how many more times somebody must ask until the thing is built."""
        self._lock = threading.Lock()
        self._ids = itertools.count(1)

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        with self._lock:
            self.calls.append((region, operation))
            number = len(self.calls)
            if region in self.dead:
                raise AwsError("Unreachable", "no answer", service=service, operation=operation, region=region)
            failure = self.fail.get(number)
            if failure == "before":
                raise Died
            answer: dict[str, Any] = getattr(self, operation)(region, params)
            if failure == "after":
                raise Died
            if failure == "busy":
                raise AwsError("Busy", "later, please", service=service, operation=operation, region=region)
            if failure == "lost":
                raise AwsError("Timeout", "no answer in time", service=service, operation=operation, region=region)
            return answer

    def wait(self, seconds: float, reason: str) -> None:  # noqa: ARG002
        self.waits.append(reason)

    def List(self, region: str, params: dict[str, Any]) -> dict[str, Any]:
        if params.get("within") in self.building:
            raise AwsError("InvalidRequestException", "still being built", operation="List", region=region)
        within = params.get("within")
        if self.strict and within and within not in [t["id"] for (r, _, _), t in self.things.items() if r == region]:
            raise AwsError("ResourceNotFoundException", f"{within} does not exist", operation="List", region=region)
        found = [thing for (r, kind, _), thing in self.things.items() if (r, kind) == (region, params["kind"])]
        found += self.ghosts.get((region, params["kind"]), [])
        return {"things": [dict(thing) for thing in found if thing.get("shelf", "") == params.get("within", "")]}

    def Get(self, region: str, params: dict[str, Any]) -> dict[str, Any]:
        found = [t for (r, kind, _), t in self.things.items() if (r, kind) == (region, params["kind"])]
        return {"things": [dict(thing) for thing in found if thing["id"] == params["id"]]}

    def Create(self, region: str, params: dict[str, Any]) -> dict[str, Any]:
        key = (region, params["kind"], params["name"])
        if key in self.things:
            raise AwsError("DuplicateResourceException", "it exists", operation="Create", region=region)
        identity = f"{params['kind']}-{next(self._ids)}"
        self.things[key] = {**{k: v for k, v in params.items() if k != "kind"}, "id": identity}
        if params["kind"] == "shelf" and self.furniture:
            box = {"id": f"box-{next(self._ids)}", "shelf": identity, **self.furniture}
            self.things[region, "box", box["name"]] = box
        return {"id": identity}

    def Update(self, region: str, params: dict[str, Any]) -> dict[str, Any]:
        for key, thing in list(self.things.items()):
            if key[:2] == (region, params["kind"]) and thing["id"] == params["id"]:
                self._rename(key, params.get("name", key[2]))
                kept = ("kind", "id", *(k for k, v in params.items() if self.holding and v is None))
                thing.update({k: v for k, v in params.items() if k not in kept})
        return {}

    def _rename(self, key: tuple[str, str, str], name: str) -> None:
        place = (*key[:2], name)
        if place != key and place in self.things:
            raise AwsError("DuplicateResourceException", "it exists", operation="Update", region=key[0])
        self.things[place] = self.things.pop(key)

    def Ask(self, region: str, params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        left = self.building.pop(params["id"], 0)
        if left > 1:
            self.building[params["id"]] = left - 1
        return {"building": left > 0}

    def Delete(self, region: str, params: dict[str, Any]) -> dict[str, Any]:
        for key, thing in list(self.things.items()):
            if key[0] == region and thing["id"] == params["id"]:
                gone = self.things.pop(key)
                if self.lagging:
                    self.ghosts.setdefault(key[:2], []).append(gone)
        return {}

    def world(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Everything but the ids, which differ from run to run."""
        hidden = ("id", "shelf", "friend", "token")
        return {key: {k: v for k, v in thing.items() if k not in hidden} for key, thing in self.things.items()}


class Died(BaseException):
    """The process was killed here."""


class ThingSpec(Spec):
    owned_maps = frozenset({"tags"})
    replace_on = frozenset({"colour"})
    deferred = frozenset({"friend"})
    taken_back: ClassVar[Mapping[str, Any]] = {"limit": None}
    stays: ClassVar[Mapping[str, str]] = {"note": "the cloud wipes no notes"}
    name: str
    size: int = 1
    colour: str = "red"
    shelf: Link = ""
    friend: Link | None = None
    limit: int | None = None
    note: str | None = None
    tags: dict[str, str] = {}


class Item(ConfigItem):
    size: int = 1


class ThingKind(Kind[ThingSpec, Item]):
    """Shelves and boxes differ only in name and container."""

    title = "thing"
    section = "things"
    spec = ThingSpec
    item = Item
    calls = frozenset({"cloud:List", "cloud:Get", "cloud:Create", "cloud:Update", "cloud:Delete"})
    docs = "https://docs.aws.amazon.com/"
    examples = (ThingSpec(name="a"), ThingSpec(name="a", size=2))
    retry = (Retry("Busy", "", "it is busy"),)
    lags = True
    singly = frozenset({"cloud:Get"})  # so that resources are looked for side by side

    def __init__(self, name: str, within: str = "", protected: bool = False) -> None:
        self.name = name  # type: ignore[misc]
        self.within = within  # type: ignore[misc]
        self.protected = protected  # type: ignore[misc]

    def key(self, spec: ThingSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[ThingSpec]]:
        for thing in aws.call("cloud", "List", region, kind=self.name, within=within)["things"]:
            yield self._live(thing)

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[ThingSpec] | None:
        found = aws.call("cloud", "Get", region, kind=self.name, id=ids["id"])["things"]
        return self._live(found[0]) if found else None

    def create(self, aws: AwsCalls, region: str, spec: ThingSpec, token: str) -> Mapping[str, str]:
        values = {k: v for k, v in spec.model_dump().items() if k not in spec.deferred and v is not None}
        return {"id": aws.call("cloud", "Create", region, kind=self.name, token=token, **values)["id"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: ThingSpec,
        wanted: ThingSpec,
        owned: Mapping[str, Any],
    ) -> None:
        gone = set(owned.get("tags", {})) - set(wanted.tags)
        tags = {k: v for k, v in {**live.tags, **wanted.tags}.items() if k not in gone}
        target = wanted.model_copy(update={"tags": tags})
        changed = {k: v for k, v in target.model_dump().items() if v is not None and v != getattr(live, k)}
        if given_up("limit", live, wanted, owned):
            changed["limit"] = None
        if changed:
            aws.call("cloud", "Update", region, kind=self.name, id=ids["id"], **changed)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        aws.call("cloud", "Delete", region, kind=self.name, id=ids["id"])

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[ThingSpec]:
        live = self.read(aws, region, ids)
        if live is None or aws.call("cloud", "Ask", region, id=ids["id"])["building"]:
            raise NotReady("being made")
        return live

    def _live(self, thing: dict[str, Any]) -> Live[ThingSpec]:
        values = {k: v for k, v in thing.items() if k in ThingSpec.model_fields}
        owner = thing.get("tags", {}).get("sbctl:address", "")
        return Live(ThingSpec(**values), {"id": thing["id"]}, {"url": f"//{thing['id']}"}, owner)


class PlaySpec(ThingSpec):
    """Like a flow: `friends` are what it leads to, and it is made whole unless it stands in a circle."""

    deferred_in_circles = True
    friends: list[Link] | None = None
    deferred = frozenset({"friends"})


class PlayKind(ThingKind):
    """Plays lead to each other. One whose `friends` were never given is a draft."""

    spec = PlaySpec

    def create(self, aws: AwsCalls, region: str, spec: ThingSpec, token: str) -> Mapping[str, str]:
        values = {k: v for k, v in spec.model_dump().items() if v is not None}
        return {"id": aws.call("cloud", "Create", region, kind=self.name, token=token, **values)["id"]}

    def _live(self, thing: dict[str, Any]) -> Live[ThingSpec]:
        found = super()._live(thing)
        return replace(found, spec=PlaySpec(**found.spec.model_dump(), friends=thing.get("friends")))


KINDS: dict[str, Kind[Any, Any]] = {
    "play": PlayKind("play"),
    "shelf": ThingKind("shelf", protected=True),
    "box": ThingKind("box", within="shelf"),
}
PROJECT = Project(
    name="test",
    account="123456789012",
    domain="example.com",
    strategy="active-passive",
    regions=(Region("East", "us-east-1", True, 1), Region("West", "us-west-2", False, 2)),
    rules=Rules(),
)


def shelf(name: str, region: str = "us-east-1", **values: Any) -> Desired:
    return _thing("shelf", region, name, **values)


def box(name: str, on: Desired, region: str = "us-east-1", **values: Any) -> Desired:
    return _thing("box", region, name, shelf=on.address.ref("id"), **values)


def _thing(kind: str, region: str, name: str, **values: Any) -> Desired:
    address = Address.of(kind, region, name)
    tags = {"sbctl:project": PROJECT.name, "sbctl:address": str(address), **values.pop("tags", {})}
    return Desired(address=address, spec=ThingSpec(name=name, tags=tags, **values))


def play(name: str, *friends: str, region: str = "us-east-1", **values: Any) -> Desired:
    """A play that leads to these others."""
    address = Address.of("play", region, name)
    tags = {"sbctl:project": PROJECT.name, "sbctl:address": str(address)}
    leads: list[Link] = [Address.of("play", region, friend).ref("id") for friend in friends]
    return Desired(address=address, spec=PlaySpec(name=name, tags=tags, friends=leads, **values))


def circle(one: Desired, two: Desired) -> tuple[Desired, Desired]:
    """The two, each naming the other in a deferred field."""
    return (
        replace(one, spec=one.spec.model_copy(update={"friend": two.address.ref("id")})),
        replace(two, spec=two.spec.model_copy(update={"friend": one.address.ref("id")})),
    )


def session(
    cloud: Cloud,
    store: MemoryStore,
    *desired: Desired,
    stop: threading.Event | None = None,
    days: float = 0.0,
    kinds: Mapping[str, Kind[Any, Any]] | None = None,
) -> Session:
    """A session on the tiny cloud, `days` after the others, with a clock that does not wait."""
    return Session(
        kinds=kinds or KINDS,
        project=PROJECT,
        desired=desired,
        digest="digest",
        reads=cloud,
        calls=cloud,
        store=store,
        clock=FakeClock(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)),
        listen=silent,
        stop=stop or threading.Event(),
    )
