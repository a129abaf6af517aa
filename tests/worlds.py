"""Sandboxes served inside the test's own process, empty at their start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sbctl.sandbox.server import Running, serve
from sbctl.sandbox.world import World, WorldSettings


@contextmanager
def empty_world(settings: WorldSettings, dns_port: int | None = None) -> Iterator[Running]:
    """A world of its own, and its server. moto's state is the process's: that of an earlier world goes."""
    with serve(World(settings), dns_port=dns_port) as running:
        running.reset()
        yield running
