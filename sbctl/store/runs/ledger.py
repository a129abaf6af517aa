"""A run while it is acted on: its journal's one writer, and the run as the journal has it now."""

from __future__ import annotations

from typing import Any, Protocol

from sbctl.core.moving.run import Run, What


class RunJournal(Protocol):
    """Where events go; on disk when `add` returns."""

    def add(self, run: Run, what: What, move: str = "", **data: Any) -> Run: ...


class Ledger:
    """Adds events to a run's journal, and holds the run with all of them."""

    def __init__(self, run: Run, journal: RunJournal) -> None:
        self.run = run
        self._journal = journal

    def add(self, what: What, move: str = "", **data: Any) -> Run:
        """The run with one event more, which is on disk. Raises SbctlError when the disk refuses."""
        self.run = self._journal.add(self.run, what, move, **data)
        return self.run
