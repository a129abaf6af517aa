"""What Ctrl-C, SIGTERM and a closed terminal do to a run: it ends in an orderly way, and a drill is put back first."""

from __future__ import annotations

import contextlib
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from sbctl.app import App

STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, what ends a process in an orderly way, and a terminal that is closed; not all of them exist on every system."""
ENDING_SIGNALS = 2
"""The number of the signal that ends a run at once; one more while a drill is put back."""


@contextmanager
def interruptible(app: App) -> Iterator[None]:
    """Signals to stop: the first finishes the calls in hand and records them, the second ends at once.

    While a drill has something to put back the second is told that this goes on, and the third ends. A signal that the process was
    started to ignore, as nohup does, stays ignored.
    """
    heard: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        app.stop.set()
        if len(heard) >= ENDING_SIGNALS + app.restoring.is_set():
            raise KeyboardInterrupt
        _say(_restoring(len(heard)) if app.restoring.is_set() else _stopping(number))

    with _handled_by(on_signal):
        yield


@contextmanager
def asking() -> Iterator[None]:
    """While a question is asked nothing is in hand that a signal should let finish: each raises KeyboardInterrupt."""
    with _handled_by(signal.default_int_handler):
        yield


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    numbers = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    taken = [one for one in numbers if one == signal.SIGINT or signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, handler) for one in taken}
    try:
        yield
    finally:
        for one, found in before.items():
            signal.signal(one, found)


def _stopping(number: int) -> str:
    again = "press Ctrl-C again" if number == signal.SIGINT else "signal again"
    return f"Stopping after the calls in hand; {again} to stop at once."


def _restoring(heard: int) -> str:
    if heard == 1:
        return "Stopping: what the drill did is put back first."
    return "What the drill did is being put back, and that goes on; once more ends it, and sbctl drill restore does it later."


def _say(text: str) -> None:
    """On stderr, as far as anybody still listens: a closed terminal must not keep a drill from being put back."""
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        click.echo(text, err=True)
