"""The scheduler: what is planned happens at its time, in order, by moving the clock or in the thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler
from tests.waits import PATIENCE_SECONDS

WHILE = 0.1
"""Real seconds for which something that must not happen is given the chance to."""


@pytest.fixture
def clock() -> WorldClock:
    """The clock of the scheduler."""
    return WorldClock()


@pytest.fixture
def scheduler(clock: WorldClock) -> Scheduler:
    """An empty one."""
    return Scheduler(clock)


@pytest.fixture
def fast() -> Iterator[Scheduler]:
    """One with its thread, two hundred times as fast as real time."""
    scheduler = Scheduler(WorldClock(200.0))
    scheduler.start()
    yield scheduler
    scheduler.stop()


def test_acts_happen_in_the_order_of_their_times(scheduler: Scheduler) -> None:
    """Nothing happens early, and what is due happens once."""
    done: list[str] = []
    scheduler.after(20, lambda: done.append("second"))
    scheduler.after(10, lambda: done.append("first"))
    scheduler.run_due()
    assert done == []
    scheduler.advance(30)
    scheduler.advance(30)
    assert done == ["first", "second"]


def test_an_act_sees_its_own_time(scheduler: Scheduler, clock: WorldClock) -> None:
    """Moving the clock by an hour stops at each act, also at those which acts plan on the way."""
    start = clock.seconds()
    seen: list[float] = []

    def note() -> None:
        seen.append(clock.seconds() - start)
        if len(seen) < 3:
            scheduler.after(600, note)

    scheduler.after(600, note)
    scheduler.advance(3600)
    assert seen == [pytest.approx(600.0 * number, abs=5.0) for number in (1, 2, 3)]


def test_a_period_repeats_until_it_is_cleared(scheduler: Scheduler) -> None:
    """Every 60 seconds is ten times in ten minutes, and never after clear."""
    done: list[int] = []
    scheduler.every(60, lambda: done.append(1))
    scheduler.advance(605)
    assert len(done) == 10
    scheduler.clear()
    scheduler.advance(605)
    assert len(done) == 10


@pytest.mark.parametrize("speed", [0.0, 1.0, 1e9])
def test_three_checks_are_made_in_ninety_seconds_each_at_its_instant(speed: float) -> None:
    """A period of 30 s falls due three times in the 90 s that are advanced, at exactly 30, 60 and 90, however slow the act."""
    clock = WorldClock(0.0)
    scheduler, seen = Scheduler(clock), list[float]()

    def check() -> None:
        clock.run_at(speed)  # from when the advance ends: until then the clock is held
        seen.append(clock.seconds())

    start = scheduler.every(30, check).when - 30
    scheduler.advance(90)
    assert [round(at - start, 5) for at in seen] == [30, 60, 90]


def test_acts_of_one_instant_happen_in_the_order_of_planning(scheduler: Scheduler) -> None:
    """Equal times keep their order, and what an act plans for before the end is not too late."""
    done: list[str] = []

    def ten() -> None:
        done.append("ten")
        scheduler.after(5, lambda: done.append("fifteen"))

    when = scheduler.after(30, lambda: done.append("thirty")).when
    scheduler.at(when, lambda: done.append("thirty too"))
    scheduler.after(10, ten)
    scheduler.advance(60)
    assert done == ["ten", "fifteen", "thirty", "thirty too"]


def test_a_first_time_may_be_named(scheduler: Scheduler) -> None:
    """A period that begins at once acts once more than one that begins after a period."""
    done: list[int] = []
    scheduler.every(10, lambda: done.append(1), first=0)
    scheduler.advance(35)
    assert len(done) == 4


def test_what_is_cancelled_does_not_happen(scheduler: Scheduler) -> None:
    """A cancelled act never happens, and a period that cancels itself does not come again."""
    done: list[str] = []

    def again() -> None:
        done.append("again")
        repeated.cancel()

    scheduler.after(1, lambda: done.append("once")).cancel()
    repeated = scheduler.every(1, again)
    scheduler.advance(10)
    assert done == ["again"]


def test_clear_forgets_also_what_is_being_done(scheduler: Scheduler) -> None:
    """A period during whose act the scheduler is cleared does not come again."""
    done: list[str] = []

    def clear() -> None:
        done.append("clearing")
        scheduler.clear()

    scheduler.every(1, clear)
    scheduler.advance(10)
    assert done == ["clearing"]


def test_clear_waits_for_the_act_that_is_being_done(fast: Scheduler) -> None:
    """An act in the thread ends before clear returns, so that what it still plans is forgotten too."""
    begun, gate, done = threading.Event(), threading.Event(), list[str]()

    def act() -> None:
        begun.set()
        gate.wait(PATIENCE_SECONDS)
        fast.after(0, lambda: done.append("planned by what was cleared"))

    fast.after(0, act)
    assert begun.wait(PATIENCE_SECONDS)
    with ThreadPoolExecutor(1) as pool:
        clearing = pool.submit(fast.clear)
        with pytest.raises(TimeoutError):
            clearing.result(WHILE)
        gate.set()
        clearing.result(PATIENCE_SECONDS)
    fast.advance(100)
    assert done == []


def test_a_period_must_be_above_nothing(scheduler: Scheduler) -> None:
    """A repetition without a period would never end, and is refused."""
    with pytest.raises(ValueError, match="above 0"):
        scheduler.every(0, lambda: None)


def test_a_period_that_fails_comes_again(scheduler: Scheduler) -> None:
    """A repeated act that raises is repeated all the same."""
    done: list[int] = []

    def fail() -> None:
        done.append(1)
        raise ValueError("on purpose")

    scheduler.every(10, fail)
    scheduler.advance(30)
    assert len(done) == 3


def test_an_advance_wakes_the_thread(fast: Scheduler) -> None:
    """What an advance brings near is done by the thread when it falls due, although it had meant to sleep for long."""
    done = threading.Event()
    fast.after(1_000_000, done.set)
    fast.advance(999_990)
    assert done.wait(PATIENCE_SECONDS)


def test_an_act_slower_than_its_period_does_not_starve_the_others() -> None:
    """A repeated act that takes longer than its period leaves turns out; other acts, and an advance, get theirs."""
    breathless = Scheduler(WorldClock(1e9))  # on such a clock every act takes thousands of seconds
    others = threading.Semaphore(0)
    breathless.every(1, lambda: None)
    breathless.every(5, others.release)
    breathless.start()
    assert all(others.acquire(timeout=PATIENCE_SECONDS) for _ in range(3))
    thread = threading.Thread(target=breathless.advance, args=(2,), daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    breathless.stop()
    assert not thread.is_alive()


def test_an_act_may_wait_for_others_that_plan(scheduler: Scheduler) -> None:
    """Acts run without a lock: a thread that an act waits for can plan meanwhile."""
    done: list[str] = []

    def plan_elsewhere() -> None:
        helper = threading.Thread(target=lambda: scheduler.after(1, lambda: done.append("planned")))
        helper.start()
        helper.join(PATIENCE_SECONDS)
        done.append("stuck" if helper.is_alive() else "free")

    scheduler.after(1, plan_elsewhere)
    scheduler.advance(5)
    assert done == ["free", "planned"]


def test_no_act_runs_beside_another(fast: Scheduler) -> None:
    """The thread and an advance take turns: never are two acts in hand at once."""
    inside, together, ran = threading.Lock(), threading.Event(), threading.Semaphore(0)

    def act() -> None:
        if not inside.acquire(blocking=False):
            together.set()
            return
        together.wait(0.001)  # the other one's chance to come meanwhile
        inside.release()
        ran.release()

    for _ in range(3):
        fast.every(1, act)
    for _ in range(5):
        fast.advance(3)
    assert all(ran.acquire(timeout=PATIENCE_SECONDS) for _ in range(40))
    assert not together.is_set()


@pytest.mark.parametrize("speed", [0.0, 1e9])
def test_a_held_clock_runs_on_from_where_it_stands(speed: float) -> None:
    """While it is held only jumps move a clock, and afterwards it goes on from there, never back."""
    clock = WorldClock(1e9, start=1000.0)
    with clock.held():
        before = clock.seconds()
        assert clock.seconds() == before
        clock.advance_to(before + 60)
        clock.advance_to(before)
        assert clock.seconds() == before + 60
        clock.run_at(speed)
    assert (clock.seconds() > before + 60) is (speed > 0)
    assert clock.seconds() >= before + 60


def test_a_failing_act_stops_nobody(scheduler: Scheduler, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the next one happens."""
    done: list[int] = []
    scheduler.after(1, lambda: done.append(1 // len(done)))
    scheduler.after(2, lambda: done.append(2))
    scheduler.advance(5)
    assert done == [2]
    assert "an act of the sandbox failed" in caplog.text


def test_the_thread_does_what_falls_due(scheduler: Scheduler) -> None:
    """Started, nobody has to ask; stopped, nothing happens any more."""
    done = threading.Event()
    scheduler.start()
    scheduler.after(0.01, done.set)
    assert done.wait(PATIENCE_SECONDS)
    scheduler.stop()
    late = threading.Event()
    scheduler.after(0, late.set)
    assert not late.wait(WHILE)


def test_a_clock_that_gets_another_speed_goes_on_from_where_it_is() -> None:
    """Neither does it jump when its speed changes, nor does it forget what it was moved forward."""
    clock = WorldClock(speed=1e-9)
    clock.advance(500.0)
    before = clock.seconds()
    clock.run_at(1e-6)
    assert clock.seconds() == pytest.approx(before, abs=0.001)
    clock.run_at(1e12)
    assert clock.seconds() > before + 1000.0


def test_a_stop_ends_an_advance_where_it_has_got_to() -> None:
    """A server that is told to end does not first live through years that somebody asked for; plans stay planned."""
    scheduler = Scheduler(WorldClock(1e-6))
    begun = threading.Event()
    done: list[int] = []

    def daily() -> None:
        done.append(1)
        begun.set()
        scheduler.after(86400.0, daily)

    scheduler.after(86400.0, daily)
    advancing = threading.Thread(target=scheduler.advance, args=(86400.0 * 1e9,), daemon=True)
    advancing.start()
    assert begun.wait(PATIENCE_SECONDS)
    scheduler.stop()
    advancing.join(PATIENCE_SECONDS)
    assert not advancing.is_alive()
    assert len(done) < 1e9
    before = len(done)
    scheduler.start()
    scheduler.advance(86400.0)
    scheduler.stop()
    assert len(done) > before
