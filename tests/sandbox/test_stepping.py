"""A clock that stands: what moves it, who waits for it, and that nobody who waits is forgotten."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from sbctl.sandbox.awslambda.child import WorldTime
from sbctl.sandbox.faults.fault import Fault, Kind
from sbctl.sandbox.http.server import Running
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler
from sbctl.sandbox.time.stepping import Stepper
from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.world import World, WorldSettings
from tests.sandbox.conftest import Sandbox
from tests.waits import PATIENCE_SECONDS, eventually
from tests.worlds import empty_world, still, trusted

WHILE = 0.15
"""Real seconds for which something that must not happen is given the chance to."""


def ask(running: Running, method: str, action: str, body: str = "") -> tuple[int, dict[str, Any]]:
    """One control request: status and answer."""
    connection = HTTPConnection("127.0.0.1", running.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, f"/_sandbox/{action}", body, trusted(running))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def wait(sandbox: Sandbox, seconds: float) -> float:
    """Wait by the world's clock: what it then says that it shows, in seconds since the epoch."""
    status, said = ask(sandbox.running, "POST", "wait", json.dumps({"seconds": seconds}))
    assert status == 200, said
    return datetime.fromisoformat(said["time"]).timestamp()


@contextmanager
def held_up(world: World) -> Iterator[threading.Event]:
    """The next answers do not go out before the context ends; the event says that one has got so far."""
    arrived, gate = threading.Event(), threading.Event()
    looks_away = world.witness

    def stop(_: Identity, __: Response) -> None:
        arrived.set()
        gate.wait(PATIENCE_SECONDS)

    world.witness = stop
    try:
        yield arrived
    finally:
        world.witness = looks_away
        gate.set()


class Standing:
    """A clock that stands, its scheduler, and a stepper that is started by the test. Notes who is woken, and when."""

    def __init__(self, speed: float = 0.0) -> None:
        self.clock = WorldClock(speed, start=1000.0)
        self.scheduler = Scheduler(self.clock)
        self.stepper = Stepper(self.clock, self.scheduler)
        self.woken: list[tuple[str, float]] = []

    def wait(self, name: str, seconds: float, then: Callable[[], object] = lambda: None) -> threading.Event:
        """Someone who waits, and then does something; the event says that it was woken."""
        done = threading.Event()

        def wake() -> None:
            self.woken.append((name, self.clock.seconds() - 1000.0))
            then()
            done.set()

        self.stepper.after(seconds, wake)
        return done


@pytest.fixture
def standing() -> Iterator[Standing]:
    made = Standing()
    yield made
    made.stepper.stop()


def test_a_standing_clock_does_not_move_by_itself(sandbox: Sandbox) -> None:
    """Whatever is asked, and however long that takes: it shows the same time to the last digit."""
    before = sandbox.world.clock.seconds()
    for _ in range(3):
        assert sandbox.client("dynamodb").list_tables()["TableNames"] == []
    assert sandbox.world.clock.seconds() == before
    assert ask(sandbox.running, "GET", "status")[1]["speed"] == 0


def test_a_wait_moves_it_as_far_as_was_asked(sandbox: Sandbox) -> None:
    """What is due on the way happens at its instant, and the clock stands again afterwards."""
    before, seen = sandbox.world.clock.seconds(), list[float]()
    sandbox.world.scheduler.after(60, lambda: seen.append(sandbox.world.clock.seconds() - before))
    assert wait(sandbox, 90) - before == pytest.approx(90)
    assert seen == [pytest.approx(60)]
    assert sandbox.world.clock.seconds() - before == pytest.approx(90)


def test_a_wait_for_nothing_is_answered_at_once(sandbox: Sandbox) -> None:
    """Zero seconds leave the clock where it is."""
    before = sandbox.world.clock.seconds()
    assert wait(sandbox, 0) == pytest.approx(before)


def test_it_stands_while_a_request_is_under_way(sandbox: Sandbox) -> None:
    """A request that takes long sees one time only; whoever waits is answered after it."""
    before, tables = sandbox.world.clock.seconds(), sandbox.client("dynamodb")
    with ThreadPoolExecutor(2) as pool:
        with held_up(sandbox.world) as arrived:
            pool.submit(tables.list_tables)
            assert arrived.wait(PATIENCE_SECONDS)
            waiting = pool.submit(wait, sandbox, 30)
            with pytest.raises(TimeoutError):
                waiting.result(WHILE)
            assert sandbox.world.clock.seconds() == before
        assert waiting.result(PATIENCE_SECONDS) - before == pytest.approx(30)


def test_those_who_wait_are_woken_in_order_each_at_its_time(standing: Standing) -> None:
    """The clock goes from one to the next, and those of one time are woken in the order in which they came."""
    events = [standing.wait(*who) for who in (("late", 30.0), ("early", 10.0), ("late too", 30.0))]
    standing.stepper.start()
    assert all(event.wait(PATIENCE_SECONDS) for event in events)
    assert standing.woken == [("early", 10.0), ("late", 30.0), ("late too", 30.0)]


def test_who_waits_anew_comes_before_those_who_wait_longer(standing: Standing) -> None:
    """Ten seconds and again ten are over before a minute is."""
    again = list[threading.Event]()
    standing.wait("early", 10.0, lambda: again.append(standing.wait("again", 10.0)))
    long = standing.wait("long", 60.0)
    standing.stepper.start()
    assert long.wait(PATIENCE_SECONDS)
    assert standing.woken == [("early", 10.0), ("again", 20.0), ("long", 60.0)]


def test_an_advance_wakes_those_whose_time_it_brings(standing: Standing) -> None:
    """Also while a request is under way; those whose time is not there go on waiting."""
    short, long = standing.wait("short", 10.0), standing.wait("long", 60.0)
    with standing.stepper.asked():
        standing.stepper.start()
        standing.scheduler.advance(20.0)
        assert short.wait(PATIENCE_SECONDS)
        assert not long.wait(WHILE)
    assert long.wait(PATIENCE_SECONDS)
    (first, then), last = standing.woken
    assert (first, last) == ("short", ("long", 60.0))
    assert 10.0 <= then <= 20.0, "by another thread, while the clock goes on"


def test_the_clock_is_not_moved_for_who_has_gone_away(standing: Standing) -> None:
    """Nobody waits for the earlier time any more: it is let go at once, and the clock goes to the later one."""
    woken: list[float] = []
    standing.stepper.after(10.0, lambda: woken.append(standing.clock.seconds() - 1000.0), lambda: True)
    there = standing.wait("there", 20.0)
    standing.stepper.start()
    assert there.wait(PATIENCE_SECONDS)
    assert (woken, standing.woken) == ([0.0], [("there", 20.0)])


def test_one_who_fails_keeps_nobody_from_being_woken(standing: Standing, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the next one gets its turn."""
    standing.wait("fails", 1.0, lambda: list[int]().pop())
    other = standing.wait("other", 1.0)
    standing.stepper.start()
    assert other.wait(PATIENCE_SECONDS)
    assert "one who waited could not be woken" in caplog.text


def test_with_a_running_clock_one_is_woken_when_it_gets_there() -> None:
    """And not before, though nobody asks anything; an advance shortens the wait."""
    running = Standing(speed=100.0)
    running.stepper.start()
    assert running.wait("soon", 10.0).wait(PATIENCE_SECONDS)
    never = running.wait("advanced", 1e6)
    assert not never.wait(WHILE)
    running.scheduler.advance(1e6)
    assert never.wait(PATIENCE_SECONDS)
    running.stepper.stop()
    assert [name for name, _ in running.woken] == ["soon", "advanced"]
    assert running.woken[0][1] >= 10.0
    assert running.woken[1][1] >= 1e6


def test_a_server_whose_clock_runs_answers_a_wait_too() -> None:
    """After as many seconds of its time as were asked for."""
    with empty_world(WorldSettings(speed=100.0, limits=False)) as running:
        before = running.world.clock.seconds()
        assert wait(Sandbox(running), 10.0) - before >= 10.0


def test_a_stop_lets_everybody_go() -> None:
    """Whoever still waits for a server that ends is told so at once, instead of waiting for ever."""
    with empty_world(still()) as running, ThreadPoolExecutor(1) as pool, running.world.stepper.asked():
        waiting = pool.submit(wait, Sandbox(running), 3600.0)
        eventually(lambda: running.world.stepper.waiting, "somebody who waits")
        running.world.stepper.stop()
        waiting.result(PATIENCE_SECONDS)


def test_a_reset_leaves_nobody_waiting(sandbox: Sandbox) -> None:
    """Who waited before it is answered by the same clock after it."""
    before = sandbox.world.clock.seconds()
    with ThreadPoolExecutor(1) as pool:
        with sandbox.world.stepper.asked():
            waiting = pool.submit(wait, sandbox, 60.0)
            eventually(lambda: sandbox.world.stepper.waiting, "somebody who waits")
            sandbox.running.reset()
        assert waiting.result(PATIENCE_SECONDS) - before == pytest.approx(60.0)


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", "{", '"5"', '{"seconds": "5"}', '{"seconds": -1}', '{"seconds": true}',
             '{"seconds": Infinity}', '{"seconds": NaN}', '{"seconds": null}'],
)  # fmt: skip
def test_a_wait_for_no_number_is_refused(sandbox: Sandbox, body: str) -> None:
    """400 with what is wanted; the clock stands."""
    before = sandbox.world.clock.seconds()
    status, said = ask(sandbox.running, "POST", "wait", body)
    assert (status, sorted(said)) == (400, ["error"])
    assert sandbox.world.clock.seconds() == before


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_wait_is_posted(sandbox: Sandbox, method: str) -> None:
    """Other methods do not know it."""
    assert ask(sandbox.running, method, "wait", '{"seconds": 1}')[0] == 404


def test_what_hangs_is_cut_after_its_seconds(sandbox: Sandbox) -> None:
    """A client that waits for ever sees a reset, two seconds of the world's time after its request."""
    sandbox.world.faults.add(Fault("", "hang", "us-east-1"))
    before = sandbox.world.clock.seconds()
    with pytest.raises(ConnectionClosedError):
        sandbox.client("dynamodb").list_tables()
    assert sandbox.world.clock.seconds() - before == pytest.approx(sandbox.world.settings.hang)


def test_what_hangs_is_not_cut_before(sandbox: Sandbox) -> None:
    """A second short of it the connection is open and silent."""
    sandbox.world.faults.add(Fault("", "hang", "us-east-1"))
    tables = sandbox.client("dynamodb")
    with ThreadPoolExecutor(1) as pool, sandbox.world.stepper.asked():
        asking = pool.submit(tables.list_tables)
        eventually(lambda: sandbox.world.stepper.waiting, "a connection that hangs")
        sandbox.world.scheduler.advance(sandbox.world.settings.hang - 1.0)
        with pytest.raises(TimeoutError):
            asking.result(WHILE)
        sandbox.world.scheduler.advance(1.0)
        assert isinstance(asking.exception(PATIENCE_SECONDS), ConnectionClosedError)


def test_a_slow_service_answers_by_the_worlds_time(sandbox: Sandbox) -> None:
    """Its answer is whole, and late by as much as was asked for."""
    sandbox.world.faults.add(Fault("", "slow", "us-east-1", delay=7.0))
    before = sandbox.world.clock.seconds()
    assert sandbox.client("dynamodb").list_tables()["TableNames"] == []
    assert sandbox.world.clock.seconds() - before == pytest.approx(7.0)


@pytest.mark.parametrize("kind", [None, "hang", "slow"])
def test_a_client_that_went_away_disturbs_nobody(
    sandbox: Sandbox, kind: Kind | None, caplog: pytest.LogCaptureFixture
) -> None:
    """Who waits beside it is woken at its time, and the server complains of nothing."""
    if kind:
        sandbox.world.faults.add(Fault("", kind, "us-east-1", delay=5.0))
    action = "dynamodb" if kind else "_sandbox/wait"
    before = sandbox.world.clock.seconds()
    with ThreadPoolExecutor(1) as pool:
        with sandbox.world.stepper.asked():
            _ask_and_go(sandbox, action)
            waiting = pool.submit(wait, sandbox, 20.0)
            eventually(lambda: sandbox.world.stepper.waiting == 1, "the one who stays")
        assert waiting.result(PATIENCE_SECONDS) - before == pytest.approx(20.0)
    assert wait(sandbox, 1.0) - before == pytest.approx(21.0)
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


def _ask_and_go(sandbox: Sandbox, path: str) -> None:
    """Ask, and hang up without waiting for the answer."""
    body = b'{"seconds": 5}'
    scope = "AWS4-HMAC-SHA256 Credential=sandbox/20260301/us-east-1/dynamodb/aws4_request"
    head = (
        f"POST /{path if path.startswith('_') else ''} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        f"X-Sbctl-Token: {sandbox.world.token}\r\nAuthorization: {scope}\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", sandbox.running.port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(head.encode() + body)


def test_a_functions_time_never_goes_back() -> None:
    """An event of an earlier time of the world, as after a restored one, shows no earlier time than was shown."""
    shown = WorldTime()
    shown.set(5000.0, 0.0)
    first = shown.seconds()
    shown.set(4000.0, 0.0)
    second = shown.seconds()
    shown.set(9000.0, 0.0)
    assert 5000.0 <= first <= second < 9000.0 <= shown.seconds()
