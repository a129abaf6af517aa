"""Gives the takeover signal in the target's own region; its health checks draw traffic there. Data planes alone, and nothing lost.

https://aws.amazon.com/blogs/networking-and-content-delivery/creating-disaster-recovery-mechanisms-using-amazon-route-53/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sbctl.core.moving.recovery_bound import WorstCase, commanded
from sbctl.core.moving.rules import Rules
from sbctl.core.moving.step_names import MOVED, SERVED, SIGNAL
from sbctl.core.moving.takeover import KEY
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.failover.arrival import arrival, await_arrival, until
from sbctl.failover.decision.refusing import guarded
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import (
    EVERYWHERE,
    TARGET,
    ActionContext,
    Before,
    Mechanism,
    Plane,
    Refusal,
    RunStep,
    Undone,
)
from sbctl.failover.signal import ATTEMPTS, CALLS, Signal, give_signal, read_signal, signal_call

NAME = "standby-takeover"
TAKEOVER_PATH = "/takeover"
SERVED_SECONDS = 60.0
ON_ITS_WAY = "other-operator"
"""The code of the refusal while another operator's order is being carried out."""


class StandbyTakeover:
    """The mechanism, see the module's text."""

    name = NAME
    signals = True
    calls = CALLS
    keys: tuple[str, ...] = (KEY["PK"],)
    planes: tuple[Plane, ...] = (
        Plane(mechanism=NAME, step="give the signal", plane="data", service="DynamoDB", where=TARGET),
        Plane(mechanism=NAME, step="serve the signal", plane="data", service="Lambda", where=TARGET),
        Plane(mechanism=NAME, step="see the signal", plane="data", service="Route 53 health checks", where=EVERYWHERE),
        Plane(mechanism=NAME, step="answer the new region", plane="data", service="Route 53 DNS", where=EVERYWHERE),
    )

    def refusals(self, order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Iterator[Refusal]:
        """Where the project has no signal; and a signal that was not seen, since it is given on the condition that it was."""
        if not kit.signal_table:
            fix = f"Give the project what it needs and deploy; or, while us-east-1 answers{_by_records(order)}"
            yield (
                "mechanism",
                _refused("no-takeover", "Regions cannot take over by a signal here", kit.no_signal, fix),
            )
            return
        view = world.view(order.target)
        told = view.signal is not None or (view.health != "healthy" and "health" not in order.overridden)
        if not told:
            yield "signal", _unseen(order, kit, world)

    def under_way(self, order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Iterator[Refusal]:
        """Another operator's signal that DNS does not show yet: whoever comes second is told, and does not order it again."""
        given = world.signal
        if not given.region or given.region == world.active or given.when is None:
            return
        passed = (world.at - given.when).total_seconds()
        # A look takes a moment, and machines' clocks differ: an order that was given since it began is one, too.
        if abs(passed) < commanded(kit.rules).seconds:
            who, ago = given.by or "somebody", max(0.0, passed)
            why = f": {given.reason}" if given.reason else ""
            order_given = f"{who} ordered traffic to {given.region} {ago:.0f} s ago (run {given.run}){why}"
            detail = f"{order_given}, and DNS does not show it yet"
            problem = guarded(order, kit, ON_ITS_WAY, "Another operator was first", detail, "active")
            yield "active", replace(problem, exit=Exit.LOCKED)

    def recovery_bound(self, rules: Rules) -> WorstCase:
        """The signal, its way through the health checks, and the answers in caches."""
        return commanded(rules)

    def steps(self, order: FailoverRequest, kit: Kit, world: TrafficSnapshot, signal: Signal) -> tuple[RunStep, ...]:
        """Give the signal, see it served, wait for DNS."""
        target = kit.region(order.target)
        known = world.view(order.target).signal or Signal()
        call = signal_call(kit.signal_table, order.target, signal, known.generation)
        return (
            RunStep(
                name=SIGNAL,
                title=f"give the takeover signal in {order.target}",
                region=order.target,
                depends_on=f"DynamoDB's data plane in {order.target}",
                undo=f"the signal names {known.region or 'nobody'} again",
                calls=(call.as_json(),),
            ),
            RunStep(
                name=SERVED,
                title=f"the takeover function of {order.target} answers that it has taken over",
                region=order.target,
                depends_on=f"Lambda's data plane in {order.target}",
                calls=({"get": f"https://{next(iter(target.signal_hosts), '')}{TAKEOVER_PATH}", "expect": "200"},),
            ),
            arrival(order, kit),
        )

    def do(self, step: RunStep, on: ActionContext, change: str) -> dict[str, Any]:  # noqa: ARG002
        """Do one step; a signal that was given already is not given again."""
        if step.name == SIGNAL:
            return _signalled(on)
        if step.name == SERVED:
            return _served(step, on)
        assert step.name == MOVED
        return await_arrival(step, on)

    def undo(self, step: RunStep, on: ActionContext, before: Before) -> Undone:
        """Give the signal to whom it named before, or find that nothing of this run is there to take back."""
        aws, table = on.observer.aws, on.kit.signal_table
        first = Signal()
        for _ in range(ATTEMPTS):
            here = read_signal(aws, table, step.region)
            undone, back = _found(here, on, before.signal)
            if back is None:
                return undone
            taken = give_signal(aws, signal_call(table, step.region, back, here.generation), back)
            if taken is None:
                return undone
            first = taken
        raise SbctlError(other_operator(first))


def _unseen(order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Problem:
    view = world.view(order.target)
    said = view.refusal or "no answer in time"
    detail = f"the table {kit.signal_table} in {order.target}: {said}"
    fix = f"Run the same command again; when it stays, another region: sbctl doctor --to {order.target} says more."
    problem = _refused("signal-unknown", "The region to go to does not say who has taken over", detail, fix)
    if view.caller is None:
        return problem
    return replace(problem, fix=view.caller.fix, exit=view.caller.exit)


def _refused(code: str, summary: str, detail: str, fix: str) -> Problem:
    return Problem(code=code, summary=summary, detail=detail, fix=fix, exit=Exit.REFUSED)


def _signalled(on: ActionContext) -> dict[str, Any]:
    ours, known = on.signal, on.known
    here = read_signal(on.observer.aws, on.kit.signal_table, on.order.target)
    if here.run == ours.run:
        if here.region == ours.region:
            return {"signal": here.as_json()}
        # It was taken back, and that was cut off before the run was closed: the run goes on after all.
        ours, known = ours.model_copy(update={"generation": here.generation + 1}), here.generation
    elif here.run in {on.order.undoes, *on.replaced} - {""} and here.generation < ours.generation:
        known = here.generation  # the signal that is undone has only now arrived here by replication
    call = signal_call(on.kit.signal_table, on.order.target, ours, known)
    first = give_signal(on.observer.aws, call, ours)
    if first is not None:
        raise SbctlError(other_operator(first))
    return {"signal": ours.as_json()}


def _served(step: RunStep, on: ActionContext) -> dict[str, Any]:
    hosts = on.kit.region(step.region).signal_hosts

    def look() -> str:
        said = "there is no function to ask"
        for host in hosts:
            answer = on.observer.http.get(host, TAKEOVER_PATH)
            if answer.status == 200:
                return ""
            said = f"it answers {answer.status or answer.failure}"
        return said

    return {"seconds": until(step, on, look, SERVED_SECONDS)}


def _found(here: Signal, on: ActionContext, previous: str) -> tuple[Undone, Signal | None]:
    """What a signal that was found means for the run, and the signal to give; None when there is none to give."""
    ours = on.signal
    if here.run == ours.run:
        back = here.model_copy(update={"region": previous, "generation": here.generation + 1})
        done = here.region != ours.region  # a take-back that was cut off after its write
        return Undone("given-back", {"signal": (here if done else back).as_json()}), None if done else back
    if here.generation == on.known:
        # Nobody wrote since the decision. A write that is still on its way is made to come too late.
        region = previous if here.run in on.replaced else here.region
        fence = ours.model_copy(update={"region": region, "generation": here.generation + 1})
        return Undone("never-given", {"signal": fence.as_json()}, _never_given(ours)), fence
    return Undone("taken-by-another", {"by": here.as_json()}, _anothers(here)), None


def other_operator(first: Signal) -> Problem:
    """Whose signal stands there."""
    return Problem(
        code=ON_ITS_WAY,
        summary="Another operator was first",
        detail=f"the signal names {first.region or 'nobody'} by {first.by or 'somebody'}, run {first.run}, at {first.at}",
        fix="Speak to them, look at sbctl status, and decide again; sbctl failover --abort rolls this run back.",
        exit=Exit.LOCKED,
    )


def _never_given(ours: Signal) -> Problem:
    return Problem(
        code="signal-never-given",
        summary="There was no signal to take back",
        detail=f"this run had not given the signal to {ours.region}: traffic was never ordered there by it",
        at=ours.run,
        exit=Exit.DONE,
    )


def _anothers(here: Signal) -> Problem:
    who = f"{here.by or 'somebody'}, run {here.run or 'unknown'}, at {here.at or 'an unknown time'}"
    return Problem(
        code="signal-of-another",
        summary="The signal is another operator's, and was left as it is",
        detail=f"it names {here.region or 'nobody'} by {who}; nothing of this run was there to take back",
        at=here.run,
        fix="Speak to them; sbctl status says where traffic is.",
        exit=Exit.DONE,
    )


def _by_records(order: FailoverRequest) -> str:
    """How the same is done by records. A drill rehearses what the rules say, and a failback takes its run's own mechanism."""
    if order.drill:
        return ', name "records" as the mechanism in failover-rules.json, and deploy.'
    if order.undoes:
        return f": sbctl failover --to {order.target} --mechanism records"
    return f": {AGAIN} --mechanism records"


MECHANISM: Mechanism = StandbyTakeover()
