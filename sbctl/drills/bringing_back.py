"""Ends what a drill began to move, and brings traffic back: never past a later order, and by the guards of a failback.

Everything is done again after a kill: a return that was begun is ended, a failover that is open is taken back or, where a guard
forbids that traffic leaves it, carried to its end, so that `failback` can undo it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.core.address import Address
from sbctl.core.events import StepWaiting
from sbctl.core.moving.run import MOVES, Run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.drills.context import DrillContext
from sbctl.drills.steadiness import PATIENCE_SECONDS, POLL_SECONDS, not_restored, wait_healthy
from sbctl.failover.decision.observe import look
from sbctl.failover.decision.rehearsals import parts_of, stands
from sbctl.failover.decision.request import FailoverRequest, Guard
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.decision.supersede import gave_signal
from sbctl.failover.execution.prepare import Prepared, prepare
from sbctl.failover.execution.runner import RunOptions, RunOutcome
from sbctl.failover.execution.tools import Tools
from sbctl.failover.execution.workflow import abort, carry_out, proceed
from sbctl.failover.signal import Signal

TRAFFIC_STAYS = "traffic-stays"
"""The code of what is told where the drill's restore leaves traffic to a later order."""
PASSING = frozenset({"lag", "target-unhealthy", "source-unhealthy", "signal-unknown"})
"""Refusals that end by themselves once what was broken is mended."""


def bring_back(run: Run, context: DrillContext, *, cut_off: bool) -> tuple[Problem, ...]:
    """End what the drill began. What is left alone is told. Raises SbctlError or AwsError when it cannot be done, or not now."""
    parts = parts_of(run, context.runs.all())
    inner = next((one for one in parts if one.kind == "failover"), None)
    if inner is None:
        return ()
    if run.fact("superseded_by"):
        return (_stays(run, f"an order took its place: {run.fact('superseded_by')}"),)
    world = _seen(run, parts, context)
    later = _later_order(inner, parts, world, context)
    if later is not None:
        _overtaken(parts, later, context)
        return (_stays(run, later.words),)
    for back in [one for one in parts if one.kind == "failback" and one.status == "open"]:
        _end_return(back, world, context)
    if inner.status == "open":
        inner = _end_failover(run, inner, context, cut_off=cut_off)
    known = context.runs.all()
    if inner.status == "finished" and not inner.acknowledged:
        context.runs.add(inner, "acknowledged", by=context.by, note=f"part of {run.id}")
    if stands(inner, known):
        _return(run, inner, context, cut_off=cut_off)
    return ()


def _seen(run: Run, parts: tuple[Run, ...], context: DrillContext) -> TrafficSnapshot:
    """The world; with somebody in it who says who has taken over, where a signal moves traffic."""
    world = look(context.observer(), context.kit)
    by_signal = any(one.order.get("mechanism") != "records" for one in parts)
    if by_signal and context.kit.signal_table and all(view.signal is None for view in world.regions):
        raise SbctlError(not_restored(run, "no region says who has taken over, so nobody knows whose order stands"))
    return world


@dataclass(frozen=True)
class _Later:
    """An order that came after the drill's: its run, and in words whose it is."""

    run: str
    words: str


def _later_order(inner: Run, parts: tuple[Run, ...], world: TrafficSnapshot, context: DrillContext) -> _Later | None:
    """The order that came after the drill's: by the signal, or by the journals at hand; None when none did."""
    ours = {one.id for one in parts}
    given = world.signal
    if given.run and given.run not in ours and given.generation >= _generation(inner):
        return _Later(given.run, f"traffic was ordered to {given.region or 'nobody'} by {given.whose}")
    others = [one for one in context.runs.all() if one.kind in MOVES and one.id not in ours]
    after = [one for one in others if one.begun.at >= inner.begun.at and one.status != "aborted"]
    if not after or (after[-1].order.get("undoes") == inner.id and after[-1].status == "finished"):
        return None  # somebody has brought traffic back already
    last = after[-1]
    why = f": {last.order['reason']}" if last.order.get("reason") else ""
    words = f"{last.id} to {last.order.get('target')} was begun by {last.order.get('by') or 'somebody'}{why}"
    return _Later(last.id, words)


def _generation(inner: Run) -> int:
    return Signal.model_validate(inner.begun.data["signal"]).generation


def _stays(run: Run, why: str) -> Problem:
    return Problem(
        code=TRAFFIC_STAYS,
        summary="Traffic was left where a later order has it",
        detail=why,
        at=run.id,
        fix="sbctl status says where traffic is; to return from that order: sbctl failback",
        exit=Exit.DONE,
    )


def _tools(context: DrillContext) -> Tools:
    """A restore is not stopped half way."""
    return context.tools(lambda: False)


def _ended(outcome: RunOutcome) -> Run:
    if outcome.stopped_by and outcome.run.status == "open":  # what went wrong beside an ended run stops no restore
        raise SbctlError(*outcome.stopped_by)
    return outcome.run


def _overtaken(parts: tuple[Run, ...], later: _Later, context: DrillContext) -> None:
    """Close what a later order has overtaken, in the journal alone: not a byte of the signal is touched any more."""
    for one in parts:
        if one.status == "open":
            context.runs.add(one, "aborted", superseded_by=later.run, left_behind=gave_signal(one))


def _end_return(back: Run, world: TrafficSnapshot, context: DrillContext) -> None:
    """A return that was cut off: ended where traffic is on its way already, else taken back, to be thought through anew."""
    begun = {event.move for event in back.events if event.what == "move-begun"}
    given = world.signal.run == back.id and world.signal.region == back.order["target"]
    if "records" in begun or given:
        _ended(proceed(back, _tools(context), RunOptions()))
    else:
        _ended(abort(back, _tools(context)))


def _end_failover(run: Run, inner: Run, context: DrillContext, *, cut_off: bool) -> Run:
    """A failover that was cut off is taken back. Where a guard forbids that traffic leaves its target, it is carried to its end."""
    moving = any(event.what == "move-begun" and event.move in ("signal", "records") for event in inner.events)
    active = look(context.observer(), context.kit).active
    if not moving or active == run.source:
        return _ended(abort(inner, _tools(context)))
    prepared = _thought_through(run, inner, context, cut_off=cut_off)
    if prepared.decision.go:
        return _ended(abort(inner, _tools(context)))
    ended = _ended(proceed(inner, _tools(context), RunOptions()))
    raise SbctlError(_kept(run, ended, prepared))


def _return(run: Run, done: Run, context: DrillContext, *, cut_off: bool) -> None:
    """The failback of a drill, by every guard that may hold it up."""
    prepared = _thought_through(run, done, context, cut_off=cut_off)
    if not prepared.decision.go:
        raise SbctlError(_kept(run, done, prepared))
    _ended(carry_out(prepared, _tools(context), RunOptions()))


def _thought_through(run: Run, inner: Run, context: DrillContext, *, cut_off: bool) -> Prepared:
    """The decision about the way back, once what was broken has had its time to be well again."""
    source, observer = run.source, context.observer()
    wait_healthy(source, run, context)
    begun = observer.world.monotonic()
    while True:
        world = look(context.observer(), context.kit)
        order = FailoverRequest(
            target=source,
            source=str(inner.order["target"]),
            mode="planned",
            mechanism=inner.order["mechanism"],
            reason=f"end of {run.id}",
            by=context.by,
            overridden=_overridden(world, source, context, cut_off=cut_off),
            undoes=inner.id,
            drill=run.id,
        )
        prepared = prepare(order, _tools(context))
        passing = {problem.code for problem in prepared.decision.refusals} <= PASSING
        if prepared.decision.go or not passing or observer.world.monotonic() - begun > PATIENCE_SECONDS:
            return prepared
        reason = "; ".join(problem.detail for problem in prepared.decision.refusals)
        context.listen(StepWaiting(Address(kind="drill", region=source, name="restore"), reason, POLL_SECONDS))
        observer.world.sleep(POLL_SECONDS)


def _overridden(world: TrafficSnapshot, source: str, context: DrillContext, *, cut_off: bool) -> tuple[Guard, ...]:
    """The guards that need not be asked.

    The drill's own order is no cooldown, and traffic that is there already need not be moved. A drill that was watched to its end
    changed no resource; on the sandbox nobody has written either, but the drill.
    """
    found: list[Guard] = ["cooldown"]
    found += ["active", "from"] if world.active == source else []
    if not cut_off:
        found += ["parity"]
        found += ["lag"] if context.injector is not None else []
    return tuple(found)


def _kept(run: Run, ended: Run, prepared: Prepared) -> Problem:
    """Why traffic is left where the drill has taken it, and which commands bring it back."""
    why = "; ".join(problem.detail or problem.summary for problem in prepared.decision.refusals)
    trouble = f"traffic stays in {ended.order['target']}: {why}"
    fix = f"When that holds: sbctl drill restore. To return all the same: {_forced_return(ended, prepared)}"
    return not_restored(run, trouble, fix)


def _forced_return(ended: Run, prepared: Prepared) -> str:
    named = {"lag": "lag", "parity": "parity", "target-unhealthy": "health", "source-unhealthy": "health"}
    guards = dict.fromkeys(named[one.code] for one in prepared.decision.refusals if one.code in named)
    return " ".join(["sbctl failback --run", ended.id, *(f"--override {guard}" for guard in guards)])
