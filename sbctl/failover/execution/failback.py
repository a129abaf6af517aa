"""What changed while traffic was away: what a failback should know before it goes home."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import State
from sbctl.failover.decision.rehearsals import stands


def to_undo(runs: Iterable[Run], wanted: str = "", there: str = "") -> Run:
    """The failover that a failback undoes: the one named, else the last that ended and was not undone yet.

    Where the signal names a region, `there`, one that moved traffic to it comes first. Raises SbctlError when there is none.
    """
    known = [*runs]
    ended = [run for run in known if stands(run, known)]
    open_ones = [run for run in ended if home_of(run, known) != run.order.get("target")]
    fits = [run for run in open_ones if run.id.startswith(wanted)]
    if not fits:
        raise SbctlError(_nothing_to_undo(wanted))
    return sorted(fits, key=lambda run: (run.order.get("target") == there, run.begun.at))[-1]


def home_of(run: Run, runs: Iterable[Run]) -> str:
    """Where traffic was before a failover: before the first one, where it took the place of others that were open."""
    known = {one.id: one for one in runs}
    first = run
    for _ in known:  # never longer than the chain can be
        before = first.supersedes
        # A return whose place was taken has not happened: home is where the failover began that it was to undo.
        undone = str(first.order.get("undoes")) if first is not run else ""
        first = known.get(before, known.get(undone, first))
    return first.source


def changed_since(begun: datetime, state: State) -> list[dict[str, Any]]:
    """The resources that were made or changed since traffic was taken away, by address."""
    found = [record for record in state.records.values() if record.updated_at and record.updated_at > begun]
    rows = [{"address": record.address, "updated_at": str(record.updated_at)} for record in found]
    return sorted(rows, key=lambda row: row["address"])


def _nothing_to_undo(wanted: str) -> Problem:
    return Problem(
        code="nothing-to-undo",
        summary="There is no failover to return from",
        detail=f"none begins with {wanted!r}" if wanted else "every failover that ended was undone, or there was none",
        at="the runs of this state",
        fix="sbctl history shows the runs; sbctl status says where traffic is",
        exit=Exit.USAGE,
    )
