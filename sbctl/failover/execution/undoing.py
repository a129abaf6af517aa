"""Takes moves back: gives the signal to whom it named before, or finds that nothing of this run is there to take back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.failover.execution.actions import Hands, other_operator, records_changed
from sbctl.failover.execution.steps import Move
from sbctl.failover.signal import ATTEMPTS, Signal, give_signal, read_signal, signal_call

Fate = Literal["given-back", "never-given", "taken-by-another"]


@dataclass(frozen=True)
class Undone:
    """What became of a move that was to be taken back, facts for the journal, and what the operator should know."""

    fate: Fate
    facts: dict[str, Any] = field(default_factory=dict)
    note: Problem | None = None


def undo(move: Move, hands: Hands, previous: str) -> Undone:
    """Take one move back. `previous` is the region that the signal named, or that was answered first, before.

    Raises AwsError; SbctlError when others write the signal faster than it can be read.
    """
    if move.name == "records":
        return Undone("given-back", records_changed(hands, previous))
    return _signal_back(move, hands, previous)


def _signal_back(move: Move, hands: Hands, previous: str) -> Undone:
    aws, table = hands.eyes.aws, hands.kit.signal_table
    first = Signal()
    for _ in range(ATTEMPTS):
        here = read_signal(aws, table, move.region)
        undone, back = _found(here, hands, previous)
        if back is None:
            return undone
        taken = give_signal(aws, signal_call(table, move.region, back, here.generation), back)
        if taken is None:
            return undone
        first = taken
    raise SbctlError(other_operator(first))


def _found(here: Signal, hands: Hands, previous: str) -> tuple[Undone, Signal | None]:
    """What a signal that was found means for the run, and the signal to give; None when there is none to give."""
    ours = hands.signal
    if here.run == ours.run:
        back = here.model_copy(update={"region": previous, "generation": here.generation + 1})
        done = here.region != ours.region  # a take-back that was cut off after its write
        return Undone("given-back", {"signal": (here if done else back).as_json()}), None if done else back
    if here.generation == hands.known:
        # Nobody wrote since the decision. A write that is still on its way is made to come too late.
        region = previous if here.run in hands.replaced else here.region
        fence = ours.model_copy(update={"region": region, "generation": here.generation + 1})
        return Undone("never-given", {"signal": fence.as_json()}, _never_given(ours)), fence
    return Undone("taken-by-another", {"by": here.as_json()}, _anothers(here)), None


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
