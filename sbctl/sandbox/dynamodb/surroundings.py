"""What replication needs to know of the world round it: which regions cannot reach each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Faults(Protocol):
    """What is broken at the moment."""

    def replication_paused(self, service: str, source: str, target: str, resource: str = "") -> bool:
        """Whether nothing gets from one region to the other, also because one of them is down."""

    def listen(self, callback: Callable[[], None]) -> Any:
        """Call when faults come or go."""
