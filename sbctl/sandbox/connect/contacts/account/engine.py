"""What runs flows: the interpreter, and whether hours of operation are open."""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.sandbox.connect.contacts.live.centre import Hours
from sbctl.sandbox.connect.contacts.live.driver import Runs
from sbctl.sandbox.connect.running.opening import is_open
from sbctl.sandbox.connect.running.run import FlowRun


@dataclass(frozen=True)
class Engine:
    """One of each. Benchmarks and tests may have their own."""

    runs: Runs = FlowRun
    hours: Hours = is_open


ENGINE = Engine()
