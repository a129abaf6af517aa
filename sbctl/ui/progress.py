"""Progress on stderr: a bar a region with what it is doing and why it waits; off a terminal, plain lines."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.live import Live
from rich.progress_bar import ProgressBar

from sbctl.core.aws.global_region import GLOBAL
from sbctl.core.events import (
    CallMade,
    CallWaiting,
    Event,
    Listener,
    PairMeasured,
    PairStarted,
    PhaseStarted,
    QuestionAsked,
    ReadDone,
    ReadStarted,
    StepDone,
    StepFailed,
    StepSkipped,
    StepStarted,
    StepWaiting,
    silent,
)
from sbctl.ui.console import columns, err, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sbctl.core.address import Address

REASON_SHOWN_SECONDS = 2.0
SILENT_SECONDS = 3.0
BAR_COLUMNS = 10
WAIT_TOLD_AFTER_SECONDS = 10.0
WAIT_TOLD_AGAIN_SECONDS = 30.0


@contextmanager
def progress(output: str, quiet: bool, verbose: bool) -> Iterator[Listener]:
    """A listener that shows progress for as long as the context lasts."""
    if quiet:
        yield silent
    elif sys.stderr.isatty() and output != "json":
        screen = Screen()
        try:
            yield screen.hear
        finally:
            screen.stop()
    else:
        yield Lines(verbose).hear


class Lines:
    """One plain line for each thing done; for logs and pipes."""

    def __init__(self, verbose: bool, now: Callable[[], float] = time.monotonic) -> None:
        self._verbose = verbose
        self._now = now
        self._lock = threading.Lock()
        self._waits: dict[Address, Wait] = {}

    def hear(self, event: Event) -> None:
        with self._lock:
            text = self._waiting(event) if isinstance(event, StepWaiting) else _line(event, self._verbose)
            if isinstance(event, StepDone | StepFailed):
                self._waits.pop(event.address, None)
            if text:
                err().print(plain(text), soft_wrap=True)

    def _waiting(self, event: StepWaiting) -> str:
        """What takes long is told now and then; most waits are over before it."""
        now = self._now()
        wait = self._waits.setdefault(event.address, Wait(now, now + WAIT_TOLD_AFTER_SECONDS))
        if now < wait.told_at:
            return ""
        wait.told_at = now + WAIT_TOLD_AGAIN_SECONDS
        return f"waiting {event.address}: {event.reason} ({now - wait.since:.0f} s)"


@dataclass
class Wait:
    """How long something waits already, and when that is told next."""

    since: float
    told_at: float


def _line(event: Event, verbose: bool) -> str:
    match event:
        case PhaseStarted(phase, total):
            return f"{phase}" + (f" ({total})" if total else "")
        case StepDone(address, action, seconds):
            return f"{action} {address} done in {seconds:.1f} s"
        case StepFailed(address, action, summary):
            return f"{action} {address} FAILED: {summary}"
        case StepSkipped(address, reason):
            return f"skipped {address}: {reason}"
        case PairMeasured(subject, source, target, outcome):
            return f"measured {subject} {source} → {target}: {outcome}"
        case CallMade(service, operation, region, outcome, seconds) if verbose:
            return f"  {service}:{operation} {region} {outcome} {seconds:.2f} s"
        case CallWaiting(service, operation, region, reason, seconds) if verbose:
            return f"  {service}:{operation} {region} waits {seconds:.1f} s: {reason}"
    return ""


class Screen:
    """A board on the terminal, which makes room for questions."""

    def __init__(self) -> None:
        self._board = Board()
        self._live = self._new_live()
        self._live.start()

    def hear(self, event: Event) -> None:
        self._board.hear(event)
        if isinstance(event, QuestionAsked):
            self._live.stop()
        elif isinstance(event, PhaseStarted) and not self._live.is_started:
            self._live = self._new_live()
            self._live.start()

    def stop(self) -> None:
        """Clear the board away."""
        self._live.stop()

    def _new_live(self) -> Live:
        return Live(console=err(), get_renderable=self._board.draw, refresh_per_second=8, transient=True)


class RegionProgress:
    """What one region is doing."""

    def __init__(self, total: int = 0) -> None:
        self.total = total
        self.done = 0
        self.failed = 0
        self.running: dict[Address, str] = {}
        self.reading: dict[str, float] = {}
        """What is being read, with the time at which it began."""
        self.awaited: dict[str, float] = {}
        """What should arrive here from elsewhere, with the time at which the waiting began."""
        self.reason = ""
        self.reason_at = 0.0

    def read(self, kind: str, count: int) -> None:
        """All of a kind was read. Where steps are counted, reads between them are none."""
        self.reading.pop(kind, None)
        if not self.total:
            self.done += count


class Board:
    """Regions as rows. Fed by events from many threads, drawn a few times a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._phase = ""
        self._total = 0
        self._begun = time.monotonic()
        self._regions: dict[str, RegionProgress] = {}

    def hear(self, event: Event) -> None:
        with self._lock:
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case PhaseStarted(phase, total, by_region):
                self._phase, self._total = phase, total
                self._begun = time.monotonic()
                self._regions = {name: RegionProgress(count) for name, count in by_region.items()}
            case ReadStarted(kind, region):
                self._region(region).reading[kind] = time.monotonic()
            case ReadDone(kind, region, count):
                self._region(region).read(kind, count)
            case StepStarted(address, action):
                self._region(address.region).running[address] = action
            case StepWaiting(address, reason, _):
                self._wait(address.region, f"{address.name}: {reason}")
            case StepDone(address, _, _):
                self._ended(address).done += 1
            case StepFailed(address, _, _) | StepSkipped(address, _):
                self._ended(address).failed += 1
            case PairStarted() | PairMeasured():
                self._take_pair(event)
            case CallWaiting(service, operation, region_name, reason, seconds):
                self._wait(region_name, f"{service} {operation}: {reason} ({seconds:.1f} s)")

    def _take_pair(self, event: PairStarted | PairMeasured) -> None:
        region, name = self._region(event.target), f"{event.source} {event.subject}"
        if isinstance(event, PairStarted):
            region.awaited[name] = time.monotonic()
        else:
            region.awaited.pop(name, None)
            region.done += 1

    def _ended(self, address: Address) -> RegionProgress:
        progress = self._region(address.region)
        progress.running.pop(address, None)
        return progress

    def _region(self, name: str) -> RegionProgress:
        return self._regions.setdefault(name or GLOBAL, RegionProgress())

    def _wait(self, name: str, reason: str) -> None:
        region = self._region(name)
        region.reason, region.reason_at = reason, time.monotonic()

    def draw(self) -> Any:
        """The table of now."""
        with self._lock:
            table = columns("region", title=self._title())
            table.expand = True
            table.add_column("", width=BAR_COLUMNS)
            table.add_column("done", no_wrap=True, justify="right")
            table.add_column("now", no_wrap=True, overflow="ellipsis", ratio=1)
            table.add_column("waiting for", no_wrap=True, overflow="ellipsis", ratio=1)
            for name in sorted(self._regions, key=lambda text: (text != GLOBAL, text)):
                table.add_row(name, *self._row(self._regions[name]))
            return table

    def _row(self, region: RegionProgress) -> tuple[Any, ...]:
        fresh = time.monotonic() - region.reason_at < REASON_SHOWN_SECONDS
        waiting = region.reason if fresh else ""
        if region.awaited:
            return "", str(region.done), f"awaits {len(region.awaited)}", plain(_awaits(region))
        if not region.total:
            return "", str(region.done), plain(_reads(region)), plain(waiting or _silence(region))
        colour = "red" if region.failed else "green"  # rich's own bar is red while all is well
        bar = ProgressBar(region.total, region.done, BAR_COLUMNS, complete_style=colour, finished_style=colour)
        failed = f" ({region.failed} failed)" if region.failed else ""
        return bar, f"{region.done}/{region.total}{failed}", plain(_now(region)), plain(waiting)

    def _title(self) -> str:
        elapsed = time.monotonic() - self._begun
        if not self._phase:
            return "starting"
        if self._phase != "applying" or not self._total:
            return f"{self._phase} {elapsed:.0f} s"
        done = sum(region.done for region in self._regions.values())
        left = f", about {elapsed / done * (self._total - done):.0f} s left" if done > 2 and done < self._total else ""
        return f"applying {done}/{self._total}, {elapsed:.0f} s{left}"


def _reads(region: RegionProgress) -> str:
    kinds = list(region.reading)
    more = f" +{len(kinds) - 1}" if len(kinds) > 1 else ""
    return f"reading {kinds[0]}{more}" if kinds else "read"


def _awaits(region: RegionProgress) -> str:
    """What has been waited for the longest."""
    first, begun = next(iter(region.awaited.items()))
    return f"{time.monotonic() - begun:.0f} s for {first}"


def _silence(region: RegionProgress) -> str:
    """That a region has not answered for a while, so that nobody takes the silence for work."""
    waited = time.monotonic() - min(region.reading.values(), default=time.monotonic())
    return f"no answer for {waited:.0f} s" if waited > SILENT_SECONDS else ""


def _now(region: RegionProgress) -> str:
    """The first step in hand, without the region, which stands at the row's beginning, and how many more there are."""
    first = next(iter(region.running.items()), None)
    if first is None:
        return ""
    more = f" +{len(region.running) - 1}" if len(region.running) > 1 else ""
    return f"{first[1]} {first[0].name} ({first[0].kind}){more}"
