"""Progress on stderr: a bar a region with what it is doing and why it waits; off a terminal, plain lines."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.live import Live
from rich.table import Table

from sbctl.core.address import Address
from sbctl.core.events import (
    CallMade,
    CallWaiting,
    Event,
    Listener,
    PhaseStarted,
    ReadDone,
    StepDone,
    StepFailed,
    StepSkipped,
    StepStarted,
    StepWaiting,
    silent,
)
from sbctl.ui.console import err, plain

REASON_SHOWN_SECONDS = 2.0


@contextmanager
def progress(output: str, quiet: bool, verbose: bool) -> Iterator[Listener]:
    """A listener that shows progress for as long as the context lasts."""
    if quiet:
        yield silent
    elif sys.stderr.isatty() and output == "human":
        board = Board()
        with Live(console=err(), get_renderable=board.draw, refresh_per_second=8, transient=True):
            yield board.hear
    else:
        yield Lines(verbose).hear


class Lines:
    """One plain line for each thing done; for logs and pipes."""

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose
        self._lock = threading.Lock()

    def hear(self, event: Event) -> None:
        text = _line(event, self._verbose)
        if text:
            with self._lock:
                err().print(plain(text), soft_wrap=True)


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
        case CallMade(service, operation, region, outcome, seconds) if verbose:
            return f"  {service}:{operation} {region} {outcome} {seconds:.2f} s"
        case CallWaiting(service, operation, region, reason, seconds) if verbose:
            return f"  {service}:{operation} {region} waits {seconds:.1f} s: {reason}"
    return ""


class RegionProgress:
    """What one region is doing."""

    def __init__(self) -> None:
        self.done = 0
        self.failed = 0
        self.running: dict[str, str] = {}
        self.reason = ""
        self.reason_at = 0.0


class Board:
    """Regions as rows. Fed by events from many threads, drawn a few times a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._phase = ""
        self._total = 0
        self._read = 0
        self._begun = time.monotonic()
        self._regions: dict[str, RegionProgress] = {}

    def hear(self, event: Event) -> None:
        with self._lock:
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case PhaseStarted(phase, total):
                self._phase, self._total, self._read = phase, total, 0
                self._begun = time.monotonic()
                self._regions = {}
            case ReadDone(kind, region, count):
                self._read += count
                self._region(region).reason = f"read {count} {kind}"
            case StepStarted(address, action):
                self._region(address.region).running[str(address)] = action
            case StepWaiting(address, reason, _):
                self._wait(address.region, f"{address.name}: {reason}")
            case StepDone(address, _, _):
                self._ended(address).done += 1
            case StepFailed(address, _, _) | StepSkipped(address, _):
                self._ended(address).failed += 1
            case CallWaiting(service, operation, region_name, reason, seconds):
                self._wait(region_name, f"{service} {operation}: {reason} ({seconds:.1f} s)")

    def _ended(self, address: Address) -> RegionProgress:
        progress = self._region(address.region)
        progress.running.pop(str(address), None)
        return progress

    def _region(self, name: str) -> RegionProgress:
        return self._regions.setdefault(name, RegionProgress())

    def _wait(self, name: str, reason: str) -> None:
        region = self._region(name)
        region.reason, region.reason_at = reason, time.monotonic()

    def draw(self) -> Any:
        """The table of now."""
        with self._lock:
            table = Table(box=None, pad_edge=False, title=self._title(), title_justify="left", title_style="head")
            for column in ("region", "done", "now", "waiting for"):
                table.add_column(column, no_wrap=True, overflow="ellipsis")
            for name in sorted(self._regions, key=lambda text: (text != "global", text)):
                table.add_row(name, *self._row(self._regions[name]))
            return table

    def _row(self, region: RegionProgress) -> tuple[str, str, str]:
        now = next(iter(region.running.items()), None)
        more = f" +{len(region.running) - 1}" if len(region.running) > 1 else ""
        running = f"{now[1]} {now[0]}{more}" if now else ""
        fresh = time.monotonic() - region.reason_at < REASON_SHOWN_SECONDS
        failed = f" ({region.failed} failed)" if region.failed else ""
        return f"{region.done}{failed}", running, region.reason if fresh else ""

    def _title(self) -> str:
        elapsed = time.monotonic() - self._begun
        if not self._phase:
            return "starting"
        if self._phase != "applying" or not self._total:
            return f"{self._phase} {elapsed:.0f} s"
        done = sum(region.done for region in self._regions.values())
        left = f", about {elapsed / done * (self._total - done):.0f} s left" if done > 2 and done < self._total else ""
        return f"applying {done}/{self._total}, {elapsed:.0f} s{left}"
