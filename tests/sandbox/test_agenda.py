"""The agenda: what is planned happens at its time, in order, by moving the clock or in the thread."""

from __future__ import annotations

import threading

import pytest

from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.clock import WorldClock


@pytest.fixture
def clock() -> WorldClock:
    """The clock of the agenda."""
    return WorldClock()


@pytest.fixture
def agenda(clock: WorldClock) -> Agenda:
    """An empty one."""
    return Agenda(clock)


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
    assert done.wait(timeout=10)
    agenda.stop()
    late = threading.Event()
    agenda.after(0, late.set)
    assert not late.wait(timeout=0.1)
