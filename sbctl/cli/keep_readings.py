"""Keeps what a command has seen, so that `status --cached` right after it says so. A cache: where it cannot be written, it is left.

Looks at the regions go under "status", whoever looks; a command's own readings under its name.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sbctl.core.problem import SbctlError
from sbctl.core.reading import Reading
from sbctl.failover.guidance.faults import DEPLOYED
from sbctl.failover.guidance.looks import MEASURED, answered_well, answering, deployed, good_now, heard, mute, renewed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sbctl.app import App
    from sbctl.failover.decision.snapshot import TrafficSnapshot

STATUS = "status"
LAST_GOOD = "last-good"
"""Under this name the cache keeps when each region's health function last answered well, as the world's time."""


def keep_look(app: App, world: TrafficSnapshot, at_world: datetime) -> None:
    """Keep what was seen of the regions. Raises nothing: a cache must hold up nobody."""
    with _if_writable():
        kept = app.readings.load()
        app.readings.keep(STATUS, renewed(kept.get(STATUS, ()), world))
        app.readings.keep(LAST_GOOD, good_now(world, kept.get(LAST_GOOD, ()), at_world))


def keep_readings(app: App, name: str, readings: Iterable[Reading]) -> None:
    """Keep what a command measured, and what that says of the regions. Raises SbctlError when the disk refuses.

    What Ctrl-C cut off is worth less than what it would replace, and is not kept.
    """
    if app.stop.is_set():
        return
    found = tuple(readings)
    app.readings.keep(name, found)
    keep_good(app, found)
    _hear(app, mute(found), answering(found), name)


def keep_good(app: App, found: Iterable[Reading]) -> None:
    """Keep that regions answered well, as a check of their endpoints found."""
    with _if_writable():
        kept = app.readings.load().get(LAST_GOOD, ())
        after = answered_well(kept, found, app.now())
        if after != tuple(kept):
            app.readings.keep(LAST_GOOD, after)


def forget_good(app: App, regions: Iterable[str]) -> None:
    """Forget the last good answers: what answers was replaced, so no outage counts from before."""
    there = {*regions}
    with _if_writable():
        kept = app.readings.load().get(LAST_GOOD, ())
        left = [one for one in kept if one.source not in there]
        if len(left) < len(kept):
            app.readings.keep(LAST_GOOD, left)


def keep_part(app: App, name: str, readings: Iterable[Reading]) -> None:
    """Keep what a failover measured between two regions of what the command `name` measures between all.

    It renews what that command has kept, whose other readings stay with their age. Where that command never ran it proves nothing,
    and is kept apart. What Ctrl-C cut off is not kept.
    """
    if app.stop.is_set():
        return
    found = tuple(readings)
    now = {(one.check, one.subject, one.source, one.target) for one in found}
    with _if_writable():
        kept = app.readings.load().get(name, ())
        rest = [one for one in kept if (one.check, one.subject, one.source, one.target) not in now]
        app.readings.keep(name if kept else f"{MEASURED}{name}", [*found, *rest])


def keep_silences(app: App, silent: set[str], name: str) -> None:
    """Keep which regions were silent to a command."""
    _hear(app, silent, set(), name)


def keep_deployed(app: App, regions: Iterable[str]) -> None:
    """Keep that all is as wanted in these regions now."""
    now, there = app.now(), {*regions}
    with _if_writable():
        kept = app.readings.load()
        others = [one for one in kept.get(DEPLOYED, ()) if one.source not in there]
        here = [Reading(check=DEPLOYED, source=region, verdict="ok", at=now) for region in sorted(there)]
        app.readings.keep(DEPLOYED, [*others, *here])
        if kept.get(STATUS):
            app.readings.keep(STATUS, deployed(kept[STATUS], there, now))


def _hear(app: App, silent: set[str], answered: set[str], name: str) -> None:
    with _if_writable():
        kept = app.readings.load().get(STATUS, ())
        after = heard(kept, silent, answered, app.now(), name)
        if after != kept:
            app.readings.keep(STATUS, after)


@contextmanager
def _if_writable() -> Iterator[None]:
    try:
        yield
    except SbctlError:
        return
