"""An act in a process of its own that gets a signal at its n-th instant, as from outside: real signals, real journals."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

from sbctl.app import App, Settings
from sbctl.cli.stop_signals import interruptible
from sbctl.core.events import silent
from sbctl.ui import streams
from sbctl.ui.progress import Lines
from tests.instants.acts import Act, Operator

CLOSED = 0
"""In the place of a signal's number: nobody reads the output any more."""
ENDED, INTERRUPTED, BROKEN = 0, 130, 70


class Instants:
    """Counts instants, and does what is to be done at one of them. `at` 0: never."""

    def __init__(self, at: int, act: Callable[[], object]) -> None:
        self._at, self._act = at, act
        self.count = 0

    def __call__(self, _what: str) -> None:
        self.count += 1
        if self.count == self._at:
            self._act()


def run_in_process(folder: Path, act: Act, number: int, at: int) -> tuple[int, int]:
    """Do an act in a fork; (how it ended, instants that it came to, 0 where it could not say).

    A process that stops itself is told to go on.
    """
    said = folder / "instants"
    said.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        os._exit(_in_child(folder, act, number, at, said))
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            break
        os.kill(child, signal.SIGCONT)
    code = os.waitstatus_to_exitcode(status)
    return code, int(said.read_text()) if said.exists() else 0


def _in_child(folder: Path, act: Act, number: int, at: int, said: Path) -> int:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where the tests run under nohup
    reader = _piped()
    app = App(Settings(state=folder), silent, "test")
    hit = (lambda: os.close(reader)) if number == CLOSED else (lambda: os.kill(os.getpid(), number))
    instants = Instants(at, hit)
    try:
        with interruptible(app):
            act(Operator(folder, instants, Lines(verbose=True).hear, app.stop, app.restoring))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BaseException as error:  # noqa: BLE001 - the parent is told, whatever it was
        (folder / "error").write_text(repr(error))
        return BROKEN
    said.write_text(str(instants.count))
    return ENDED


def _piped() -> int:
    """Have stdout and stderr go to a pipe that somebody reads as long as it is open; its other end."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    for descriptor in (1, 2):
        os.dup2(writer, descriptor)
    os.close(writer)
    sys.stdout, sys.stderr = (TextIOWrapper(os.fdopen(one, "wb", 0, closefd=False)) for one in (1, 2))
    sys.stdout, sys.stderr = streams.opened(1, sys.stdout), streams.opened(2, sys.stderr)
    return reader
