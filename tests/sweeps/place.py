"""A world in this process, without sockets and threads: sbctl's own door in front of it, and time that passes when waited for.

Nothing runs beside the one thread, so that the process can be forked at any call with everything in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from sbctl.app import App, Settings
from sbctl.aws.client import ClientSettings
from sbctl.aws.layers.stack import Layer, Stack, open_door
from sbctl.client_profiles import ClientProfiles
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import Clock
from sbctl.core.events import silent
from sbctl.core.executors import sequential
from sbctl.failover.kit.cache import KitCache
from sbctl.probes.dns import Dns
from sbctl.probes.download import NotFetched
from sbctl.probes.http import Http
from sbctl.sandbox.http.gateway import Gateway
from sbctl.sandbox.http.presigned import handed_out
from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.world import World, WorldSettings
from sbctl.store.files.atomic import Disk
from sbctl.store.runs.store import RunStore
from tests.sweeps.faulty_disk import Unlocked
from tests.sweeps.sites import Sites

ENDPOINT = "http://127.0.0.1:1"
"""Nobody listens there: requests are answered before they would be sent."""


UNLOCKED = Unlocked()


class Body:
    """An HTTP body as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Any:
        yield self._content

    def read(self, _amount: int | None = None, **_: Any) -> bytes:
        content, self._content = self._content, b""
        return content


class WorldTime:
    """The world's time. It stands while sbctl works, and goes on as far as sbctl waits."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        return self._world.clock.now()

    def monotonic(self) -> float:
        return self._world.clock.seconds()

    def sleep(self, seconds: float) -> None:
        self._world.scheduler.advance(seconds)


class Lost:
    """Lets no call through to regions that are lost, and notes that somebody tried."""

    def __init__(self, inner: AwsCalls, place: Place) -> None:
        self._inner = inner
        self._place = place

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        if region in self._place.lost:
            self._place.asked_lost.append(region)
            raise AwsError("Unreachable", "lost", service=service, operation=operation, region=region)
        return self._inner.call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)


@dataclass
class Place:
    """A world and a project's config. `state` is where the state is kept: relative, so that a fork has its own.

    Calls to regions in `lost` are not answered, and noted in `asked_lost`.
    """

    world: World
    config: Path
    state: Path = Path("state")
    lost: set[str] = field(default_factory=set)
    asked_lost: list[str] = field(default_factory=list)

    @classmethod
    def made(cls, config: Path) -> Place:
        """A new world with the zone example.com. Health checkers do not run: they would start functions."""
        world = World(WorldSettings(speed=0.0, limits=False, zone="example.com"))
        place = cls(world, config)
        place.empty()  # moto's state is the process's, so that of an earlier world is still there
        return place

    def empty(self) -> None:
        """A new account."""
        self.world.reset()
        self.world.scheduler.clear()
        self.lost.clear()
        self.asked_lost.clear()

    def stack(self, clock: Clock, faults: Layer | None = None) -> Stack:
        """The door to the world."""
        settings = ClientSettings(
            endpoint_url=ENDPOINT, placeholder_credentials=True, rate_limits=False, transport=self.answer
        )
        return open_door(settings, clock, silent, clock, lambda aws_client: (faults or _as_is)(Lost(aws_client, self)))

    @cached_property
    def undisturbed(self) -> Stack:
        """One for all runs without faults: botocore takes a while to make clients."""
        return self.stack(WorldTime(self.world))

    @cached_property
    def sites(self) -> Sites:
        """Endpoints and DNS of the world."""
        return Sites(self.world)

    @cached_property
    def _gateway(self) -> Gateway:
        return Gateway(self.world)

    def answer(self, request: AWSPreparedRequest) -> AWSResponse:
        """What the world answers to a signed request."""
        url = urlsplit(request.url)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
        response = self._gateway.handle(Request(request.method, url.path, url.query, headers, content))
        shown = b"" if request.method == "HEAD" else response.body
        return AWSResponse(request.url, response.status, dict(response.headers), Body(shown))


def _as_is(inner: AwsCalls) -> AwsCalls:
    return inner


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class _Web:
    """Files by their addresses, in the shape of calls."""

    def __init__(self, world: World) -> None:
        self._world = world

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:  # noqa: ARG002
        return {"content": handed_out(self._world.files, params["path"]).body}

    def wait(self, seconds: float, reason: str) -> None: ...


class Maker:
    """A boto3 client of a place, as far as `foreign_centre` uses one."""

    def __init__(self, place: Place, service: str) -> None:
        self._place = place
        self._service = service

    def __getattr__(self, name: str) -> Any:
        operation = "".join(part.capitalize() for part in name.split("_"))
        calls = self._place.undisturbed.calls
        return lambda **params: calls.call(self._service, operation, "us-east-1", **params)


class OneDoor:
    """Every door is the same: a place has neither silence nor rates."""

    def __init__(self, stack: Stack) -> None:
        self.standard = self.urgent = self.examining = self.probing = stack

    def measuring(self) -> Stack:
        return self.standard

    def for_steps(self) -> AwsCalls:
        return self.standard.once


class PlacedApp(App):
    """The app of one run in a place: no threads, no rate limits, no audit log, and where wanted faults."""

    def __init__(
        self, place: Place, faults: Layer | None = None, disk: Disk = UNLOCKED, clock: Clock | None = None
    ) -> None:
        settings = Settings(config=place.config, state=place.state, yes=True, output="json")
        super().__init__(settings, silent, "sbctl deploy")
        self.make_executor = sequential
        self.disk = disk
        self._place = place
        self._faults = faults
        self._time = clock or WorldTime(place.world)

    @cached_property
    def clock(self) -> Clock:  # type: ignore[override]
        return self._time

    @cached_property
    def spare(self) -> Path | None:
        return Path("spare")  # which goes with the fork's folder

    def _runs_in(self, folder: Path) -> RunStore:
        """The temporary directory lies on a disk of its own, which refuses nothing."""
        disk = UNLOCKED if folder == self.spare else self.disk
        return RunStore(folder / "runs", self.clock, self.world, self.command, disk, self.actor)

    @cached_property
    def kits(self) -> KitCache:
        return KitCache(None)

    @cached_property
    def waiting(self) -> Clock:
        return self._time

    @cached_property
    def world(self) -> Clock:
        return self._time

    def download(self, url: str, most: int) -> bytes:  # noqa: ARG002
        """What the world hands out, as a call that faults can break."""
        web = _Web(self._place.world)
        calls = self._faults(web) if self._faults else web
        try:
            content: bytes = calls.call("web", "GetFile", "", path=urlsplit(url).path)["content"]
        except AwsError as error:
            raise NotFetched(error.message, passing=True) from error
        return content

    @cached_property
    def clients(self) -> ClientProfiles:
        place = self._place
        stack = place.stack(self.clock, self._faults) if self._faults else place.undisturbed.anew()
        return OneDoor(stack)  # type: ignore[return-value]

    @cached_property
    def http(self) -> Http:
        return self._place.sites  # type: ignore[return-value]

    @cached_property
    def dns(self) -> Dns:
        return self._place.sites  # type: ignore[return-value]
