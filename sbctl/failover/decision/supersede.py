"""A failover whose target is lost before it has come to its end: another one takes its place, and says what stays behind.

What stays behind is the lost target's own copy of the signal, which nobody can write to. It matters only while that region's
health function reads it and traffic is somewhere that its takeover draws traffic from (`core.takeover.rivals`).
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from sbctl.core.kinds.spec import Frozen
from sbctl.core.moving.run import MOVES, Run
from sbctl.core.problem import AGAIN, Exit, Problem
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import mechanism_named
from sbctl.failover.signal import Signal

REJOINED = "rejoined"
"""The phase of the event that says that a region's copy of the signal is in order again."""


class Stale(Frozen):
    """A copy of the signal that may still name its own region: whose run gave it, what it does, and what puts it right."""

    region: str
    run: str
    when_back: str
    fix: str


def replaces(left: Run, order: FailoverRequest) -> bool:
    """Whether an order may take the place of an open run at all: by force, to another region, in nobody's return."""
    return order.mode == "forced" and order.target != left.order.get("target") and not order.undoes


def answers(left: Run, world: TrafficSnapshot) -> str:
    """What the open run's target still answers, so that the run can be resumed or aborted; "" when it answers nothing."""
    view = world.view(str(left.order["target"]))
    if not signals(left):
        return f"{view.region} is {view.health}" if view.health in ("healthy", "failing") else ""
    if view.signal is not None:
        return f"{view.region} still answers: its table says that the signal names {view.signal.region or 'nobody'}"
    return view.refusal and f"{view.region} still answers: {view.refusal}"


def signals(run: Run) -> bool:
    """Whether what a run orders is a signal in its target's own region."""
    return mechanism_named(str(run.order["mechanism"])).signals


def still_answers(left: Run, order: FailoverRequest, said: str) -> Problem:
    """Why an open run is not replaced: what it did can be taken back as it should."""
    return Problem(
        code="failover-open",
        summary="A failover is open, and its target answers",
        detail=f"{left.id} to {left.order['target']} has not ended; {said}",
        at=left.id,
        fix=f"Roll it back: sbctl failover --abort, then this command again. Resume it: sbctl failover --resume."
        f" Or go to {order.target} at once, and leave the rest to replication: {AGAIN} --override open",
        exit=Exit.REFUSED,
    )


def lost_with(left: Run | None) -> set[str]:
    """The regions that count as lost where an open run is replaced: its target, and what it left by force. Not a drill's."""
    if left is None or left.order.get("drill"):
        return set()
    source = {left.source} if left.order.get("mode") == "forced" else set()
    return {str(left.order["target"])} | source


def replaced_by(left: Run | None) -> list[str]:
    """The open runs that an order takes the place of: the one that is open, and those whose place that one took."""
    return [*left.replaced, left.id] if left else []


def leave_for(run: Run, kit: Kit) -> str:
    """The command that takes traffic to another region than an open run's target; "" where there is no other one."""
    region = elsewhere(run, kit)
    return f"sbctl failover --to {region} --mode forced" if region else ""


def elsewhere(run: Run, kit: Kit, healthy: Iterable[str] = ()) -> str:
    """The region to go to when an open run's target is lost: by priority, one that was not left by force; "" for none."""
    order = run.order
    avoid = {order.get("target"), run.source if order.get("mode") == "forced" else ""}
    fits = [one.region for one in kit.by_priority if one.region not in avoid]
    known = {*healthy}
    return next((region for region in fits if region in known), fits[0] if fits else "")


def gave_signal(run: Run) -> bool:
    """Whether a run may have written a signal that nobody took back."""
    standing = False
    for event in run.events:
        if event.move == "signal":
            standing = (standing or event.what == "move-begun") and not event.data.get("undone")
    return standing


def signal_of_run(run: Run) -> Signal:
    """The signal that a run gives, as its journal says it last; nobody's where that cannot be read."""
    try:
        return Signal.model_validate(run.fact("signal"))
    except ValidationError:
        return Signal()


def silent_target(run: Run, kit: Kit, said: str, traffic: str) -> Problem:
    """An abort whose target does not answer: what is known, and what can be done all the same."""
    target, way_out = str(run.order["target"]), leave_for(run, kit)
    given = any(event.what == "move-done" and event.move == "signal" for event in run.events)
    known = "the signal was given there" if given else "whether the signal was given there is not known"
    fix = f"When {target} answers: sbctl failover --abort. "
    if way_out:
        fix += f"To have traffic elsewhere now, which ends this run too: {way_out}"
    else:
        fix += f"When {run.source} is back: sbctl failover --to {run.source} --mode forced"
    return Problem(
        code="target-silent",
        summary="The run cannot be taken back: its target does not answer",
        detail=f"{known}; {target} does not answer ({said}); {traffic}",
        at=run.id,
        fix=fix,
        exit=Exit.PARTIAL,
    )


def stale_copies(runs: Iterable[Run], kit: Kit) -> tuple[Stale, ...]:
    """The copies of the signal that runs left behind in regions which did not answer, as far as the journals tell."""
    found: dict[str, str] = {}
    known = [run for run in runs if run.kind in MOVES]
    replaced = {run.supersedes for run in known}
    for run in known:
        previous, source = run.previous, run.source
        if run.order.get("mode") == "forced" and previous and previous == source and run.status != "aborted":
            found[str(source)] = run.id
        if run.id in replaced and gave_signal(run):
            found[str(run.order.get("target"))] = run.id
        elif run.status == "finished":
            found.pop(str(run.order.get("target")), None)
    settled = {(event.data.get("region"), run.id) for run in known for event in run.events if _rejoins(event.data)}
    known_regions = {one.region for one in kit.regions}
    ordered = (str(run.order.get("target")) for run in reversed(known) if run.status != "aborted")
    now = next((region for region in ordered if region in known_regions), kit.primary.region)
    left = [(region, run) for region, run in found.items() if (region, run) not in settled and region != now]
    # A region that draws traffic from nobody, as the first one does, does no harm whatever its copy says.
    return tuple(
        stale(kit, region, run, now) for region, run in left if region in known_regions and kit.drawn_by(region)
    )


def stale(kit: Kit, region: str, run: str, target: str) -> Stale:
    """What a stale copy does when its region returns while traffic is in `target`, and the command that puts it right."""
    return Stale(
        region=region, run=run, when_back=when_back(kit, region, target), fix=f"sbctl failover --rejoin {region}"
    )


def when_back(kit: Kit, region: str, target: str) -> str:
    """Which region DNS answers when `region` returns with a signal that names itself, while the newer one names `target`."""
    seconds = kit.rules.takeover.interval_seconds * kit.rules.takeover.failure_threshold
    if target in kit.drawn_by(region):
        return (
            f"when {region} returns, replication overwrites its copy; should that take longer than {seconds:.0f} s, DNS"
            f" leaves {target} until it has"
        )
    return f"when {region} returns, DNS goes on answering {target}, whose takeover outweighs that of {region}"


def _rejoins(data: dict[str, object]) -> bool:
    return data.get("phase") == REJOINED
