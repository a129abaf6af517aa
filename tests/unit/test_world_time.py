"""Whose time measured figures are is said, where the sandbox's clock does not run as real time does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sbctl.app import App, Settings
from sbctl.cli.world_time import foreign_time
from sbctl.clocks import SandboxClock, WorldTime
from sbctl.core.clock import FakeClock
from sbctl.core.events import silent
from sbctl.core.report import Report
from sbctl.ui.views import DrillShown, Text


class Hurried(App):
    """A run whose sandbox's clock has a speed of its own; 1 where there is no sandbox."""

    def __init__(self, speed: float) -> None:
        super().__init__(Settings(), silent, "sbctl")
        said = WorldTime(datetime(2026, 3, 1, tzinfo=UTC), speed)
        self.waiting = FakeClock() if speed == 1 else SandboxClock(FakeClock(), lambda: said)


@pytest.mark.parametrize(("speed", "word"), [(10.0, "10 times as fast"), (0.5, "0.5 times"), (0.0, "moves only")])
def test_measured_times_of_another_clock_are_told(speed: float, word: str) -> None:
    """Below the figures of a failover; not below a text without figures."""
    assert word in foreign_time(Hurried(speed), Report(command="failover", view=DrillShown({})))
    assert foreign_time(Hurried(speed), Report(command="flow render", view=Text(""))) == ""


def test_real_time_needs_no_word() -> None:
    """On AWS, and where the sandbox's clock runs as real time does."""
    assert foreign_time(Hurried(1.0), Report(command="failover", view=DrillShown({}))) == ""
