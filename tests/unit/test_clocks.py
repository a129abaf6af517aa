"""The clock by which a run waits when it talks to the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from sbctl.app import App, Settings
from sbctl.clocks import SLICE_SECONDS, SandboxClock, WorldClock, WorldTime, read_world_time
from sbctl.core.clock import FakeClock

START = datetime(2026, 3, 1, tzinfo=UTC)


class World:
    """A sandbox's clock that runs beside a fake real one. `at(t, act)` does something once real time has come to t."""

    def __init__(self, speed: float) -> None:
        self.real = FakeClock()
        self.speed = speed
        self.advanced = 0.0
        self.asked = 0
        self._acts: list[tuple[float, Callable[[], None]]] = []

    def at(self, when: float, act: Callable[[], None]) -> None:
        self._acts.append((when, act))

    def read(self) -> WorldTime:
        self.asked += 1
        for when, act in self._acts:
            if self.real.monotonic() >= when:
                act()
        return WorldTime(START + timedelta(seconds=self.real.monotonic() * self.speed + self.advanced), self.speed)


@pytest.mark.parametrize(("speed", "real"), [(20.0, 0.5), (1.0, 10.0), (200.0, 0.05), (0.5, 20.0)])
def test_ten_seconds_of_the_world_take_their_share_of_real_time(speed: float, real: float) -> None:
    """A wait of ten seconds takes ten divided by the speed."""
    world = World(speed)
    SandboxClock(world.real, world.read).sleep(10)
    assert world.real.monotonic() == pytest.approx(real)


def test_a_wait_ends_when_the_world_is_advanced_past_it() -> None:
    """Somebody who advances the sandbox by a minute ends a wait of a minute within a slice."""
    world = World(1.0)
    world.at(2.0, lambda: setattr(world, "advanced", 60.0))
    SandboxClock(world.real, world.read).sleep(60)
    assert 2.0 <= world.real.monotonic() <= 2.0 + SLICE_SECONDS


def test_a_wait_goes_on_when_the_sandbox_is_gone() -> None:
    """Once it no longer answers, the rest of a wait is made at the speed it had; before it ever answered, at real speed."""
    world = World(2.0)

    def gone() -> WorldTime:
        raise ConnectionRefusedError

    clock = SandboxClock(world.real, lambda: world.read() if world.real.monotonic() < 1 else gone())
    clock.sleep(10)
    assert world.real.monotonic() == pytest.approx(5)
    never = World(2.0)
    SandboxClock(never.real, gone).sleep(10)
    assert never.real.monotonic() == pytest.approx(10)


def test_short_waits_ask_once() -> None:
    """A wait within a slice costs the sandbox one question."""
    world = World(20.0)
    SandboxClock(world.real, world.read).sleep(5)
    assert world.asked == 1


def test_no_wait_is_no_wait() -> None:
    """Nothing is waited for nothing."""
    world = World(1.0)
    SandboxClock(world.real, world.read).sleep(0)
    assert world.real.monotonic() == 0


def test_what_it_shows_is_real_time() -> None:
    """Stamps and deadlines do not jump when the sandbox is advanced."""
    world = World(20.0)
    world.advanced = 86400.0
    clock = SandboxClock(world.real, world.read)
    clock.sleep(10)
    assert (clock.now(), clock.monotonic()) == (world.real.now(), world.real.monotonic())


def test_only_a_run_against_the_sandbox_waits_by_its_clock() -> None:
    """Without --sandbox a run waits in real time, whatever endpoint it talks to."""
    app = App(Settings(endpoint_url="http://127.0.0.1:1"), lambda _: None, "sbctl plan")
    assert app.waiting is app.clock


class _Status(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"time": "2026-03-01T00:00:00.5+00:00", "speed": 20.0}' if self.path == "/_sandbox/status" else b"{}"
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_the_sandbox_is_asked_over_http() -> None:
    """Time and speed are what the sandbox's status says; where nothing listens that is an error."""
    with HTTPServer(("127.0.0.1", 0), _Status) as server:
        Thread(target=server.handle_request, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        assert read_world_time(endpoint) == WorldTime(START + timedelta(seconds=0.5), 20.0)
    with pytest.raises(OSError, match="refused"):
        read_world_time(endpoint)


def test_the_worlds_clock_is_the_sandboxs() -> None:
    """A stretch of work is measured by the sandbox's time, advances included."""
    world = World(10.0)
    clock = WorldClock(SandboxClock(world.real, world.read), world.real, world.read)
    begun = clock.now()
    world.real.sleep(2)
    world.advanced = 30.0
    assert (clock.now() - begun).total_seconds() == pytest.approx(50.0)
    assert clock.monotonic() == pytest.approx(50.0)


def test_the_worlds_clock_goes_on_when_the_sandbox_is_gone() -> None:
    """Its last word, and what has passed since at the speed it had."""
    world = World(10.0)
    answers = iter([world.read, world.read])

    def read() -> WorldTime:
        found = next(answers, None)
        if found is None:
            raise OSError("gone")
        return found()

    clock = WorldClock(SandboxClock(world.real, read), world.real, read)
    begun = clock.now()
    world.real.sleep(3)
    assert (clock.now() - begun).total_seconds() == pytest.approx(30.0)
