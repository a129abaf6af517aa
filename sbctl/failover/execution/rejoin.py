"""Puts a returned region's copy of the signal in order: the newest signal of the others is written into it, and noted."""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.failover.decision.observe import Observer, look
from sbctl.failover.decision.supersede import REJOINED, stale_copies
from sbctl.failover.execution.open_runs import Runs
from sbctl.failover.kit.kit import Kit
from sbctl.failover.signal import Signal, give_signal, newest, read_signal, signal_call


@dataclass(frozen=True)
class Rejoin:
    """A region's own copy of the signal, and the newest one that the other regions have."""

    region: str
    own: Signal
    newest: Signal

    @property
    def stale(self) -> bool:
        """Whether the copy is to be overwritten."""
        return (self.own.generation, self.own.run) != (self.newest.generation, self.newest.run)


def examine(observer: Observer, kit: Kit, region: str) -> Rejoin:
    """Look at all copies. Nothing is written. Raises AwsError when the region does not answer, SbctlError when none else does."""
    if not kit.signal_table:
        raise SbctlError(_refused("Regions cannot take over by a signal here", kit.no_signal))
    own = read_signal(observer.aws, kit.signal_table, region)
    world = look(observer, kit, frozenset({region}))
    others = [view.signal for view in world.regions if view.region != region and view.signal is not None]
    if not others:
        raise SbctlError(_refused("No other region says who has taken over", "there is nothing to compare it with"))
    found = Rejoin(region, own, newest(others))
    if newest((own, found.newest)) != found.newest:
        detail = f"it names {own.region or 'nobody'} by {own.by or 'somebody'}, run {own.run}, at {own.at}"
        raise SbctlError(_refused(f"The copy in {region} is the newest", detail))
    return found


def carry_out(observer: Observer, kit: Kit, found: Rejoin, runs: Runs) -> bool:
    """Write where it has to be, and note in the journals that the region is in order; whether a write was needed.

    Raises AwsError; SbctlError when somebody else wrote there meanwhile.
    """
    wrote = found.stale
    if wrote:
        call = signal_call(kit.signal_table, found.region, found.newest, found.own.generation)
        taken = give_signal(observer.aws, call, found.newest)
        if taken is not None and (taken.generation, taken.run) != (found.newest.generation, found.newest.run):
            raise SbctlError(
                _refused(f"Somebody else wrote to {found.region}", f"the signal is of run {taken.run} now")
            )
    known = {one.run for one in stale_copies(runs.all(), kit) if one.region == found.region}
    for run in runs.all():
        if run.id in known:
            _note(run, runs, found)
    return wrote


def _note(run: Run, runs: Runs, found: Rejoin) -> None:
    named = found.newest.region or "nobody"
    text = f"the copy of the signal in {found.region} names {named} now"
    runs.add(run, "noted", phase=REJOINED, region=found.region, text=text)


def _refused(summary: str, detail: str) -> Problem:
    return Problem(
        code="not-stale",
        summary=summary,
        detail=detail,
        at="--rejoin",
        fix="sbctl status says where traffic is, and what comes next.",
        exit=Exit.REFUSED,
    )
