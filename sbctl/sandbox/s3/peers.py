"""What replication needs of the world round it: something that acts later, and word of which regions cannot be reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class CopyScheduler(Protocol):
    """Acts at times of the world's clock."""

    def after(self, delay: float, act: Callable[[], None]) -> Any:
        """Act once, `delay` world seconds from now."""

    def at(self, when: float, act: Callable[[], None]) -> Any:
        """Act once at a time of the world's clock, or at once when that is past."""

    def every(self, period: float, act: Callable[[], None]) -> Any:
        """Act again and again, every `period` world seconds."""


class Faults(Protocol):
    """What is broken at the moment."""

    def replication_paused(self, service: str, source: str, target: str, resource: str = "") -> bool:
        """Whether nothing gets from one region to the other, also because one of them is down."""

    def listen(self, callback: Callable[[], None]) -> Any:
        """Call when faults come or go."""
