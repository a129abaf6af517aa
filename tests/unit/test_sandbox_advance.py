"""A long time of the sandbox passes in pieces: each as long as a few seconds of real work, and seen to pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from sbctl.commands.sandbox.advance import FIRST_PIECE_SECONDS, TOLD_EVERY_SECONDS, in_pieces
from sbctl.core.clock import FakeClock

DAY = 86400.0


@dataclass
class Sandbox:
    """One that works for so long, in real time, on each second of its own."""

    work: float
    clock: FakeClock = field(default_factory=FakeClock)
    pieces: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def move(self, seconds: float) -> dict[str, Any]:
        self.pieces.append(seconds)
        self.clock.sleep(seconds * self.work)
        return {"time": f"T+{sum(self.pieces):.0f}"}

    def passes(self, seconds: float) -> dict[str, Any]:
        return in_pieces(seconds, self.move, self.clock, self.told.append)


@pytest.mark.parametrize("seconds", [0.5, FIRST_PIECE_SECONDS, 1000.0, DAY])
@pytest.mark.parametrize("work", [0.0, 0.001, 0.01])
def test_the_whole_time_passes(seconds: float, work: float) -> None:
    """No more and no less, however long its work takes; the last answer is given back."""
    sandbox = Sandbox(work)
    assert sandbox.passes(seconds) == {"time": f"T+{seconds:.0f}"}
    assert sum(sandbox.pieces) == pytest.approx(seconds)


def test_an_idle_sandbox_is_asked_seldom() -> None:
    """Pieces grow where nothing falls due."""
    sandbox = Sandbox(0.0)
    sandbox.passes(31 * DAY)
    assert len(sandbox.pieces) < 20
    assert sandbox.told == []


def test_a_day_of_much_work_is_told_every_few_seconds() -> None:
    """With the share that has passed and the time that the sandbox shows."""
    sandbox = Sandbox(0.01)
    sandbox.passes(DAY)
    assert max(sandbox.pieces) <= FIRST_PIECE_SECONDS
    assert len(sandbox.told) > DAY * 0.01 / TOLD_EVERY_SECONDS / 3
    assert "%, the sandbox's clock shows T+" in sandbox.told[0]


def test_what_the_sandbox_refuses_is_raised() -> None:
    """In the middle too: what has passed has passed."""

    def refuses(seconds: float) -> dict[str, Any]:
        raise ValueError(seconds)

    with pytest.raises(ValueError, match="600"):
        in_pieces(DAY, refuses, FakeClock(), print)
