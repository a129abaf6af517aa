"""`sbctl sandbox advance`: a long time passes in pieces, so that it is seen to pass and can be stopped.

Everything that falls due on the way is really done: a day of a deployed project is many thousand health checks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.durations import DURATION
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.sandbox.control import request_to
from sbctl.core.clock import Clock
from sbctl.core.events import PhaseStarted
from sbctl.core.report import Report
from sbctl.ui.views import Pairs

CODES = "0 done, 1 no sandbox runs or it refused, 2 wrong usage, 130 stopped: what has passed until then has passed"
FIRST_PIECE_SECONDS = 600.0
"""Of the sandbox's time."""
SHORT_SECONDS, LONG_SECONDS = 1.0, 4.0
"""Of real time: a piece that took less is followed by a longer one, and one that took more by a shorter one."""
TOLD_EVERY_SECONDS = 5.0
Move = Callable[[float], dict[str, Any]]


@click.command("advance", epilog=epilog_of("sbctl sandbox advance 90s\nsbctl sandbox advance 1h", CODES))
@click.argument("seconds", metavar="TIME", type=DURATION)
@command("sandbox advance")
def advance(app: App, seconds: float) -> Report:
    """Advance the sandbox's clock by TIME, such as 90s, 5m or 1h. Everything due until then happens, in its order."""

    def move(piece: float) -> dict[str, Any]:
        if app.stop.is_set():
            raise KeyboardInterrupt
        return request_to(app, "POST", "advance", {"seconds": piece})

    found = in_pieces(seconds, move, app.clock, lambda text: app.listen(PhaseStarted(text)))
    return Report(command="sandbox advance", data=found, view=Pairs("", (("time", str(found["time"])),)))


def in_pieces(seconds: float, move: Move, clock: Clock, tell: Callable[[str], object]) -> dict[str, Any]:
    """Move the sandbox's clock by so many seconds; `tell` hears every few seconds of real time how far it has come.

    What `move` says last is given back, and what it raises is raised.
    """
    passed, piece, told = 0.0, FIRST_PIECE_SECONDS, clock.monotonic()
    while True:
        begun, step = clock.monotonic(), min(piece, seconds - passed)
        found = move(step)
        passed += step
        if passed >= seconds:
            return found
        took = clock.monotonic() - begun
        piece = piece * 2 if took < SHORT_SECONDS else max(1.0, piece / 2) if took > LONG_SECONDS else piece
        if clock.monotonic() - told >= TOLD_EVERY_SECONDS:
            told = clock.monotonic()
            tell(f"letting time pass: {passed / seconds:.0%}, the sandbox's clock shows {found['time']}")
