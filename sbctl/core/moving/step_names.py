"""The names of the steps that mechanisms take, in their order: what steps of one's own come before or after."""

from __future__ import annotations

from collections.abc import Mapping

SIGNAL, SERVED, RECORDS, IN_SYNC, MOVED = "signal", "served", "records", "in-sync", "moved"
STEPS: Mapping[str, tuple[str, ...]] = {
    "standby-takeover": (SIGNAL, SERVED, MOVED),
    "records": (RECORDS, IN_SYNC, MOVED),
}
"""By mechanism. The first of each is the one that orders traffic away."""
ALL_STEPS: tuple[str, ...] = tuple(dict.fromkeys(name for names in STEPS.values() for name in names))
