"""The clock by which a run waits when it talks to the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from sbctl.app import App, Settings
from sbctl.clocks import SLICE_SECONDS, SandboxClock, WorldClock, WorldTime, read_world_time, wait_world_time
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


TOKEN = "of the note"


class _Status(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._say(
            b'{"time": "2026-03-01T00:00:00.5+00:00", "speed": 20.0}' if self.path == "/_sandbox/status" else b"{}"
        )

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["content-length"])), self.path
        known = asked == (b'{"seconds": 7.5}', "/_sandbox/wait")
        self._say(b'{"time": "2026-03-01T00:00:08+00:00", "speed": 0}' if known else b"{}")

    def _say(self, body: bytes) -> None:
        self.send_response(200 if self.headers["X-Sbctl-Token"] == TOKEN else 403)
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
        assert read_world_time(endpoint, TOKEN) == WorldTime(START + timedelta(seconds=0.5), 20.0)
    with pytest.raises(OSError, match="refused"):
        read_world_time(endpoint, TOKEN)


def test_the_sandbox_is_waited_for_over_http() -> None:
    """The wait names its seconds, and its answer is the time when it was over; an answer without a time is an error."""
    with HTTPServer(("127.0.0.1", 0), _Status) as server:
        endpoint = f"http://127.0.0.1:{server.server_port}"
        for seconds in (7.5, 1.0):
            Thread(target=server.handle_request, daemon=True).start()
            if seconds == 7.5:
                assert wait_world_time(endpoint, TOKEN, seconds) == WorldTime(START + timedelta(seconds=8), 0.0)
            else:
                with pytest.raises(KeyError):
                    wait_world_time(endpoint, TOKEN, seconds)
    with pytest.raises(OSError, match="refused"):
        wait_world_time(endpoint, TOKEN, 1.0)


class Standing:
    """A sandbox whose clock stands until it is asked to move it, beside a fake real one. `gone`: it answers no more."""

    def __init__(self) -> None:
        self.real = FakeClock()
        self.moved = 0.0
        self.waits: list[float] = []
        self.asked = 0
        self.gone = False

    def read(self) -> WorldTime:
        self.asked += 1
        if self.gone:
            raise ConnectionRefusedError
        return WorldTime(START + timedelta(seconds=self.moved), 0.0)

    def wait(self, seconds: float) -> WorldTime:
        self.waits.append(seconds)
        if not self.gone:
            self.moved += seconds
        return self.read()

    @property
    def clock(self) -> SandboxClock:
        return SandboxClock(self.real, self.read, self.wait)


def test_a_clock_that_stands_is_asked_to_move() -> None:
    """A wait is one question with its seconds, and takes no real time."""
    world = Standing()
    world.clock.sleep(90.0)
    assert (world.waits, world.moved, world.real.monotonic()) == ([90.0], 90.0, 0.0)


def test_it_is_known_whether_a_clock_stands() -> None:
    """By its speed; one that does not answer is taken to run."""
    world, running = Standing(), World(20.0)
    assert world.clock.stands
    assert not SandboxClock(running.real, running.read).stands
    world.gone = True
    assert not world.clock.stands


def test_waits_for_a_standing_sandbox_that_is_gone_take_real_time() -> None:
    """Who waits again and again for it does not ask without a pause: each wait, however short, is a slice at least."""
    world = Standing()
    clock = world.clock
    clock.sleep(1.0)
    world.gone = True
    for _ in range(10):
        clock.sleep(0.05)
    assert world.moved == 1.0
    assert world.real.monotonic() == pytest.approx(10 * SLICE_SECONDS)


def test_a_clock_without_a_way_to_wait_does_not_spin() -> None:
    """A standing clock that nobody can move takes a slice of real time for each wait."""
    world = Standing()
    SandboxClock(world.real, world.read).sleep(5.0)
    assert world.real.monotonic() == pytest.approx(SLICE_SECONDS)


def test_the_worlds_clock_of_a_standing_sandbox_shows_each_move() -> None:
    """It is asked at every look: what it said before tells nothing, however short a while ago that was."""
    world = Standing()
    clock = WorldClock(world.clock, world.real, world.read, believed=60.0)
    begun = clock.now()
    clock.sleep(30.0)
    world.moved += 5.0
    world.real.sleep(7.0)
    assert (clock.now() - begun).total_seconds() == pytest.approx(35.0)
    assert clock.monotonic() == pytest.approx(35.0)


def test_the_worlds_clock_goes_on_when_a_standing_sandbox_is_gone() -> None:
    """As real time does, from its last word: whoever waits until a deadline comes to an end, and does not ask on and on."""
    world = Standing()
    clock = WorldClock(world.clock, world.real, world.read)
    clock.sleep(30.0)
    assert clock.monotonic() == pytest.approx(30.0)
    world.gone, asked, waits = True, world.asked, 0
    while clock.monotonic() < 90.0:
        clock.sleep(0.05)
        waits += 1
    assert world.real.monotonic() == pytest.approx(60.0)
    assert waits == 60.0 / SLICE_SECONDS
    assert world.asked - asked < 5 * waits


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
