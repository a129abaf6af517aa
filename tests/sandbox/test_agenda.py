"""The agenda: what is planned happens at its time, in order, by moving the clock or in the thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Agenda
from tests.waits import PATIENCE_SECONDS

WHILE = 0.1
"""Real seconds for which something that must not happen is given the chance to."""


@pytest.fixture
def clock() -> WorldClock:
    """The clock of the agenda."""
    return WorldClock()


@pytest.fixture
def agenda(clock: WorldClock) -> Agenda:
    """An empty one."""
    return Agenda(clock)


@pytest.fixture
def fast() -> Iterator[Agenda]:
    """One with its thread, two hundred times as fast as real time."""
    agenda = Agenda(WorldClock(200.0))
    agenda.start()
    yield agenda
    agenda.stop()


def test_acts_happen_in_the_order_of_their_times(agenda: Agenda) -> None:
    """Nothing happens early, and what is due happens once."""
    done: list[str] = []
    agenda.after(20, lambda: done.append("second"))
    agenda.after(10, lambda: done.append("first"))
    agenda.run_due()
    assert done == []
    agenda.advance(30)
    agenda.advance(30)
    assert done == ["first", "second"]


def test_an_act_sees_its_own_time(agenda: Agenda, clock: WorldClock) -> None:
    """Moving the clock by an hour stops at each act, also at those which acts plan on the way."""
    start = clock.seconds()
    seen: list[float] = []

    def note() -> None:
        seen.append(clock.seconds() - start)
        if len(seen) < 3:
            agenda.after(600, note)

    agenda.after(600, note)
    agenda.advance(3600)
    assert seen == [pytest.approx(600.0 * number, abs=5.0) for number in (1, 2, 3)]


def test_a_period_repeats_until_it_is_cleared(agenda: Agenda) -> None:
    """Every 60 seconds is ten times in ten minutes, and never after clear."""
    done: list[int] = []
    agenda.every(60, lambda: done.append(1))
    agenda.advance(605)
    assert len(done) == 10
    agenda.clear()
    agenda.advance(605)
    assert len(done) == 10


@pytest.mark.parametrize("speed", [0.0, 1.0, 1e9])
def test_three_checks_are_made_in_ninety_seconds_each_at_its_instant(speed: float) -> None:
    """A period of 30 s falls due three times in the 90 s that are advanced, at exactly 30, 60 and 90, however slow the act."""
    clock = WorldClock(0.0)
    agenda, seen = Agenda(clock), list[float]()

    def check() -> None:
        clock.run_at(speed)  # from when the advance ends: until then the clock is held
        seen.append(clock.seconds())

    start = agenda.every(30, check).when - 30
    agenda.advance(90)
    assert [round(at - start, 5) for at in seen] == [30, 60, 90]


def test_acts_of_one_instant_happen_in_the_order_of_planning(agenda: Agenda) -> None:
    """Equal times keep their order, and what an act plans for before the end is not too late."""
    done: list[str] = []

    def ten() -> None:
        done.append("ten")
        agenda.after(5, lambda: done.append("fifteen"))

    when = agenda.after(30, lambda: done.append("thirty")).when
    agenda.at(when, lambda: done.append("thirty too"))
    agenda.after(10, ten)
    agenda.advance(60)
    assert done == ["ten", "fifteen", "thirty", "thirty too"]


def test_a_first_time_may_be_named(agenda: Agenda) -> None:
    """A period that begins at once acts once more than one that begins after a period."""
    done: list[int] = []
    agenda.every(10, lambda: done.append(1), first=0)
    agenda.advance(35)
    assert len(done) == 4


def test_what_is_cancelled_does_not_happen(agenda: Agenda) -> None:
    """A cancelled act never happens, and a period that cancels itself does not come again."""
    done: list[str] = []

    def again() -> None:
        done.append("again")
        repeated.cancel()

    agenda.after(1, lambda: done.append("once")).cancel()
    repeated = agenda.every(1, again)
    agenda.advance(10)
    assert done == ["again"]


def test_clear_forgets_also_what_is_being_done(agenda: Agenda) -> None:
    """A period during whose act the agenda is cleared does not come again."""
    done: list[str] = []

    def clear() -> None:
        done.append("clearing")
        agenda.clear()

    agenda.every(1, clear)
    agenda.advance(10)
    assert done == ["clearing"]


def test_clear_waits_for_the_act_that_is_being_done(fast: Agenda) -> None:
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


def test_a_period_must_be_above_nothing(agenda: Agenda) -> None:
    """A repetition without a period would never end, and is refused."""
    with pytest.raises(ValueError, match="above 0"):
        agenda.every(0, lambda: None)


def test_a_period_that_fails_comes_again(agenda: Agenda) -> None:
    """A repeated act that raises is repeated all the same."""
    done: list[int] = []

    def fail() -> None:
        done.append(1)
        raise ValueError("on purpose")

    agenda.every(10, fail)
    agenda.advance(30)
    assert len(done) == 3


def test_an_advance_wakes_the_thread(fast: Agenda) -> None:
    """What an advance brings near is done by the thread when it falls due, although it had meant to sleep for long."""
    done = threading.Event()
    fast.after(1_000_000, done.set)
    fast.advance(999_990)
    assert done.wait(PATIENCE_SECONDS)


def test_an_act_slower_than_its_period_does_not_starve_the_others() -> None:
    """A repeated act that takes longer than its period leaves turns out; other acts, and an advance, get theirs."""
    breathless = Agenda(WorldClock(1e9))  # on such a clock every act takes thousands of seconds
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


def test_an_act_may_wait_for_others_that_plan(agenda: Agenda) -> None:
    """Acts run without a lock: a thread that an act waits for can plan meanwhile."""
    done: list[str] = []

    def plan_elsewhere() -> None:
        helper = threading.Thread(target=lambda: agenda.after(1, lambda: done.append("planned")))
        helper.start()
        helper.join(PATIENCE_SECONDS)
        done.append("stuck" if helper.is_alive() else "free")

    agenda.after(1, plan_elsewhere)
    agenda.advance(5)
    assert done == ["free", "planned"]


def test_no_act_runs_beside_another(fast: Agenda) -> None:
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


def test_a_failing_act_stops_nobody(agenda: Agenda, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the next one happens."""
    done: list[int] = []
    agenda.after(1, lambda: done.append(1 // len(done)))
    agenda.after(2, lambda: done.append(2))
    agenda.advance(5)
    assert done == [2]
    assert "an act of the sandbox failed" in caplog.text


def test_the_thread_does_what_falls_due(agenda: Agenda) -> None:
    """Started, nobody has to ask; stopped, nothing happens any more."""
    done = threading.Event()
    agenda.start()
    agenda.after(0.01, done.set)
    assert done.wait(PATIENCE_SECONDS)
    agenda.stop()
    late = threading.Event()
    agenda.after(0, late.set)
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
    agenda = Agenda(WorldClock(1e-6))
    begun = threading.Event()
    done: list[int] = []

    def daily() -> None:
        done.append(1)
        begun.set()
        agenda.after(86400.0, daily)

    agenda.after(86400.0, daily)
    advancing = threading.Thread(target=agenda.advance, args=(86400.0 * 1e9,), daemon=True)
    advancing.start()
    assert begun.wait(PATIENCE_SECONDS)
    agenda.stop()
    advancing.join(PATIENCE_SECONDS)
    assert not advancing.is_alive()
    assert len(done) < 1e9
    before = len(done)
    agenda.start()
    agenda.advance(86400.0)
    agenda.stop()
    assert len(done) > before
