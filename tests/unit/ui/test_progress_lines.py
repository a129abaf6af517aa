"""Progress off a terminal: a line for what is done, and now and then one for what takes long."""

from __future__ import annotations

import pytest

from sbctl.core.address import Address
from sbctl.core.events import StepDone, StepWaiting
from sbctl.ui.progress import Lines

REPLICA = Address.parse("dynamodb_replica.us-west-2.customers")
WAITING = StepWaiting(REPLICA, "replica is being created", 10.0)


def test_a_long_wait_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing for ten seconds, then a line every half minute that says why and how long; a next wait counts anew."""
    seconds = [0.0, 9.0, 11.0, 21.0, 31.0, 42.0, 50.0, 61.0]
    clock = iter(seconds)
    lines = Lines(verbose=False, now=lambda: next(clock))
    for _ in seconds[:-2]:
        lines.hear(WAITING)
    lines.hear(StepDone(REPLICA, "create", 42.0))
    for _ in seconds[-2:]:
        lines.hear(WAITING)
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("waiting")]
    assert told == [f"waiting {REPLICA}: replica is being created ({seconds} s)" for seconds in (11, 42, 11)]
