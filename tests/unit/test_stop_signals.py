"""Signals to stop: all of them end a run in an orderly way, and a drill that is being put back goes on after a second one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from sbctl.app import App, Settings
from sbctl.cli.stop_signals import asking, interruptible
from sbctl.core.events import silent

ALL = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(Settings(state=tmp_path), silent, "test")


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Nothing is ignored, though the tests may run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@ALL
def test_the_first_stops_and_the_second_ends(app: App, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The handlers of before are there again afterwards."""
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), interruptible(app):
        os.kill(os.getpid(), number)
        assert app.stop.is_set()
        os.kill(os.getpid(), number)
    assert "Stopping after the calls in hand" in capsys.readouterr().err
    assert signal.getsignal(number) is before


@ALL
def test_a_drill_is_put_back_first(app: App, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The first and the second say so; the third ends."""
    app.restoring.set()
    with pytest.raises(KeyboardInterrupt), interruptible(app):
        os.kill(os.getpid(), number)
        assert "put back first" in capsys.readouterr().err
        os.kill(os.getpid(), number)
        assert "that goes on" in capsys.readouterr().err
        os.kill(os.getpid(), number)


def test_what_is_ignored_stays_ignored(app: App) -> None:
    """A run under nohup does not stop when its terminal is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptible(app):
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not app.stop.is_set()


@ALL
def test_a_question_is_ended_at_once(app: App, number: int) -> None:
    """Nothing is in hand: no signal waits for an answer that nobody gives."""
    with interruptible(app):
        with pytest.raises(KeyboardInterrupt), asking():
            os.kill(os.getpid(), number)
        assert not app.stop.is_set()
