"""Does the moves: one function each, which returns what it learned. Each may be done again after a kill without harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sbctl.core.address import Address
from sbctl.core.aws_error import AwsError
from sbctl.core.events import Listener, StepWaiting
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.failover.api_call import Call
from sbctl.failover.decision.observe import Eyes, active_region
from sbctl.failover.decision.request import Order
from sbctl.failover.execution.steps import Act, Move, records_call
from sbctl.failover.kit.kit import Kit
from sbctl.failover.signal import Signal, give_signal, read_signal, signal_call

TAKEOVER_PATH = "/takeover"
PAUSE_SECONDS = 1.0
"""Of the world's time, between two looks."""
SERVED_SECONDS = 60.0
IN_SYNC_SECONDS = 300.0
MARGIN_SECONDS = 60.0
"""On top of the worst case, before a move counts as failed."""
CALLS = frozenset({"route53:ChangeResourceRecordSets", "route53:GetChange"})
"""What the mechanism `records` calls; the signal's calls are in `signal`."""


class MoveFailedError(Exception):
    """A move did not come to its end; the text says why. It may be tried again, skipped, or the run aborted."""


class PausedError(Exception):
    """The operator asked to stop here; the run stays open."""


@dataclass(frozen=True)
class Hands:
    """What moves are made with. `stopping` says whether the operator asked to stop."""

    eyes: Eyes
    kit: Kit
    order: Order
    signal: Signal
    """The signal that this run gives."""
    known: int
    """The generation that the target's signal had when the decision was made."""
    expected: float
    """Seconds that the worst case takes."""
    listen: Listener
    stopping: Callable[[], bool]
    replaced: frozenset[str] = frozenset()
    """The runs whose place this one took: their signals are taken back with its own."""


def do(move: Move, hands: Hands, change: str) -> dict[str, Any]:
    """Make one move; returns facts for the journal. `change` is the record change that an earlier move made.

    Raises MoveFailedError, PausedError, AwsError; SbctlError when another operator was first.
    """
    acts: dict[Act, Callable[[], dict[str, Any]]] = {
        "signal": lambda: _signal(hands),
        "served": lambda: _served(move, hands),
        "records": lambda: records_changed(hands, hands.order.target),
        "in-sync": lambda: _in_sync(move, hands, change),
        "moved": lambda: _moved(move, hands),
    }
    return acts[move.name]()


def _signal(hands: Hands) -> dict[str, Any]:
    ours, known = hands.signal, hands.known
    here = read_signal(hands.eyes.aws, hands.kit.signal_table, hands.order.target)
    if here.run == ours.run:
        if here.region == ours.region:
            return {"signal": here.as_json()}
        # It was taken back, and that was cut off before the run was closed: the run goes on after all.
        ours, known = ours.model_copy(update={"generation": here.generation + 1}), here.generation
    _give(hands, ours, known)
    return {"signal": ours.as_json()}


def _give(hands: Hands, signal: Signal, known: int) -> None:
    call = signal_call(hands.kit.signal_table, hands.order.target, signal, known)
    first = give_signal(hands.eyes.aws, call, signal)
    if first is not None:
        raise SbctlError(other_operator(first))


def _served(move: Move, hands: Hands) -> dict[str, Any]:
    host = hands.kit.region(move.region).health_host

    def look() -> str:
        answer = hands.eyes.http.get(host, TAKEOVER_PATH)
        return "" if answer.status == 200 else f"it answers {answer.status or answer.failure}"

    seconds = _until(move, hands, look, SERVED_SECONDS)
    return {"seconds": seconds}


def records_changed(hands: Hands, first: str) -> dict[str, Any]:
    """Put one region's records first; the change's id as a fact. Raises AwsError."""
    call: Call = records_call(hands.kit, first)
    answer = hands.eyes.aws.call(call.service, call.operation, call.region, **call.params)
    return {"change": str(answer["ChangeInfo"]["Id"]).rpartition("/")[2]}


def _in_sync(move: Move, hands: Hands, change: str) -> dict[str, Any]:
    def look() -> str:
        answer = hands.eyes.aws.call("route53", "GetChange", HOME_OF_GLOBAL_SERVICES, Id=change)
        status = str(answer["ChangeInfo"]["Status"])
        return "" if status == "INSYNC" else f"the change is {status}"

    return {"seconds": _until(move, hands, look, IN_SYNC_SECONDS)}


def _moved(move: Move, hands: Hands) -> dict[str, Any]:
    def look() -> str:
        active, said = active_region(hands.eyes, hands.kit)
        return "" if active == hands.order.target else f"DNS answers {active or said}"

    seconds = _until(move, hands, look, hands.expected + MARGIN_SECONDS)
    return {"seconds": seconds, "moved_at": hands.eyes.world.now().isoformat()}


def _until(move: Move, hands: Hands, look: Callable[[], str], limit: float) -> float:
    """Look until there is nothing left to wait for; the seconds that it took, on the world's clock."""
    clock = hands.eyes.world
    begun = clock.monotonic()
    while True:
        try:
            reason = look()
        except AwsError as error:
            if not error.unreachable:
                raise
            reason = f"{error.region} does not answer"
        passed = clock.monotonic() - begun
        if not reason:
            return round(passed, 3)
        if passed > limit:
            raise MoveFailedError(f"{reason}, after {passed:.0f} s")
        if hands.stopping():
            raise PausedError(reason)
        hands.listen(
            StepWaiting(address_of(move), f"{reason} ({passed:.0f} s of {limit:.0f} s at most)", PAUSE_SECONDS)
        )
        clock.sleep(PAUSE_SECONDS)


def address_of(move: Move) -> Address:
    """A move as progress displays know it."""
    return Address(kind="move", region=move.region, name=move.name)


def other_operator(first: Signal) -> Problem:
    """Whose signal stands there."""
    return Problem(
        code="other-operator",
        summary="Another operator was first",
        detail=f"the signal names {first.region or 'nobody'} by {first.by or 'somebody'}, run {first.run}, at {first.at}",
        fix="Speak to them, look at sbctl status, and decide anew; this run can be ended with sbctl failover --abort.",
        exit=Exit.LOCKED,
    )
