"""The world's agenda: acts in the order of their time, at their time, by the world's clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.clock import WorldClock

PATIENCE_SECONDS = 10.0


@pytest.fixture
def clock() -> WorldClock:
    """A clock at real speed: in a test it moves by jumps alone, near enough."""
    return WorldClock()


@pytest.fixture
def agenda(clock: WorldClock) -> Agenda:
    """An agenda without a thread."""
    return Agenda(clock)


@pytest.fixture
def fast() -> Iterator[Agenda]:
    """An agenda with its thread, two hundred times as fast as real time."""
    agenda = Agenda(WorldClock(200.0))
    agenda.start()
    yield agenda
    agenda.stop()


def test_three_checks_are_made_in_ninety_seconds_each_at_its_instant(clock: WorldClock, agenda: Agenda) -> None:
    """Advancing 90 s runs a 30 s check three times, with the clock at exactly 30, 60 and 90, and ends there."""
    seen: list[float] = []
    entry = agenda.every(30, lambda: seen.append(clock.seconds()), first=30)
    start = entry.when - 30
    agenda.advance(90.5)
    assert [round(at - start, 6) for at in seen] == [30, 60, 90]
    assert clock.seconds() - start >= 90.5


def test_acts_run_in_order_of_their_time_and_not_of_their_making(agenda: Agenda) -> None:
    """What is due earlier runs earlier, equal times in order of making, and what an act adds on the way is not too late."""
    done: list[str] = []

    def ten() -> None:
        done.append("ten")
        agenda.after(5, lambda: done.append("fifteen"))

    agenda.after(20, lambda: done.append("twenty"))
    agenda.after(10, ten)
    when = agenda.after(30, lambda: done.append("thirty")).when
    agenda.at(when, lambda: done.append("thirty too"))
    agenda.advance(60)
    assert done == ["ten", "fifteen", "twenty", "thirty", "thirty too"]


def test_nothing_runs_before_its_time(agenda: Agenda) -> None:
    """An advance that ends before an act is due leaves it for the next one."""
    done: list[int] = []
    agenda.after(100, lambda: done.append(1))
    agenda.advance(50)
    assert (done, agenda.run_due()) == ([], 0)
    agenda.advance(60)
    assert done == [1]


def test_what_is_cancelled_does_not_run(agenda: Agenda) -> None:
    """A cancelled act never runs, and a repeating one that cancels itself does not come again."""
    done: list[str] = []

    def again() -> None:
        done.append("again")
        repeated.cancel()

    agenda.after(1, lambda: done.append("once")).cancel()
    repeated = agenda.every(1, again)
    agenda.advance(10)
    assert done == ["again"]


def test_a_failing_act_stops_neither_the_rest_nor_itself(agenda: Agenda) -> None:
    """After an act raised, later acts run, and a repeating act that raises comes again."""
    done: list[str] = []

    def fail() -> None:
        done.append("tried")
        raise ValueError("on purpose")

    agenda.every(10, fail, first=10)
    agenda.after(15, lambda: done.append("between"))
    agenda.advance(20)
    assert done == ["tried", "between", "tried"]


def test_clear_forgets_everything_also_what_runs(agenda: Agenda) -> None:
    """After clear nothing runs any more, not even the repeating act that called it."""
    done: list[str] = []

    def clear() -> None:
        done.append("clearing")
        agenda.clear()

    agenda.every(1, clear, first=1)
    agenda.after(2, lambda: done.append("later"))
    agenda.advance(10)
    assert done == ["clearing"]


def test_an_interval_must_be_above_nothing(agenda: Agenda) -> None:
    """A repetition without an interval would never end, and is refused."""
    with pytest.raises(ValueError, match="above 0"):
        agenda.every(0, lambda: None)


def test_the_thread_runs_acts_as_they_become_due(fast: Agenda) -> None:
    """An act is run by the thread without any advance, and one added later but due earlier does not wait for it."""
    early, late = threading.Event(), threading.Event()
    fast.after(100_000, late.set)
    fast.after(1, early.set)
    assert early.wait(PATIENCE_SECONDS)
    assert not late.is_set()


def test_an_advance_wakes_the_thread(fast: Agenda) -> None:
    """What an advance brings near is run by the thread when it is due, although the thread had meant to sleep for long."""
    done = threading.Event()
    fast.after(1_000_000, done.set)
    fast.advance(999_990)
    assert done.wait(PATIENCE_SECONDS)


def test_an_act_slower_than_its_interval_does_not_starve_the_others(fast: Agenda) -> None:
    """A repeating act that takes longer than its interval leaves turns out; other acts, and advance, get theirs."""
    others = threading.Semaphore(0)
    fast.every(1, lambda: time.sleep(0.02))
    fast.every(5, others.release)
    assert all(others.acquire(timeout=PATIENCE_SECONDS) for _ in range(3))
    thread = threading.Thread(target=fast.advance, args=(2,), daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_acts_may_use_the_agenda_from_other_threads(agenda: Agenda) -> None:
    """An act runs outside the lock: a thread that it waits for may add to the agenda meanwhile."""
    done: list[str] = []

    def add_elsewhere() -> None:
        helper = threading.Thread(target=lambda: agenda.after(1, lambda: done.append("added")))
        helper.start()
        helper.join(PATIENCE_SECONDS)
        done.append("stuck" if helper.is_alive() else "free")

    agenda.after(1, add_elsewhere)
    agenda.advance(5)
    assert done == ["free", "added"]


def test_no_act_runs_beside_another(fast: Agenda) -> None:
    """The thread and an advance take turns: never are two acts in hand at once."""
    inside, together, ran = threading.Lock(), [], threading.Semaphore(0)

    def act() -> None:
        together.append(not inside.acquire(blocking=False))
        time.sleep(0.001)
        inside.release()
        ran.release()

    for _ in range(3):
        fast.every(1, act)
    for _ in range(5):
        fast.advance(3)
    assert all(ran.acquire(timeout=PATIENCE_SECONDS) for _ in range(40))
    assert not any(together)


def test_stopping_and_starting_again(fast: Agenda) -> None:
    """After stop nothing runs; entries stay and run after the next start."""
    fast.stop()
    done = threading.Event()
    fast.after(1, done.set)
    assert _holds_for_a_moment(lambda: not done.is_set())
    fast.start()
    assert done.wait(PATIENCE_SECONDS)


def _holds_for_a_moment(claim: Callable[[], bool]) -> bool:
    time.sleep(0.05)
    return claim()
