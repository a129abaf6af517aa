"""Repetition and waiting.

https://docs.aws.amazon.com/connect/latest/adminguide/loop.html
https://docs.aws.amazon.com/connect/latest/adminguide/wait.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.running.context import Back, Pending, RunContext
from sbctl.sandbox.connect.running.contract import Elapsed, Event, Waiting, Words
from sbctl.sandbox.connect.running.outcome import Asked, Done, Failed, Outcome, Paused
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.references import text

MOST_ROUNDS = 100
CUSTOMER = "CustomerReturned"
BOT = "BotParticipantDisconnected"


def loop(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """Loop: so many rounds, or one for each element; then it is done, and begins again when it is entered again."""
    elements = parameters.get("Elements")
    if "Elements" in parameters and not isinstance(elements, list):
        return Failed(why="Elements is no list")
    rounds = len(elements) if isinstance(elements, list) else _rounds(parameters)
    if rounds is None:
        return Failed(why=f"LoopCount is no number from 0 to {MOST_ROUNDS}")
    frame, name = context.frame, text(parameters.get("LoopName"))
    index = frame.counts.get(step.identifier, 0)
    named = frame.data.setdefault("Loop", {})
    if index >= rounds:
        frame.counts.pop(step.identifier, None)
        named.pop(name, None)
        return Asked("DoneLooping")
    frame.counts[step.identifier] = index + 1
    if name:
        element = {"Element": elements[index], "Elements": elements} if isinstance(elements, list) else {}
        named[name] = {"Index": index, **element}
    return Asked("ContinueLooping")


def _rounds(parameters: Mapping[str, Any]) -> int | None:
    found = number(parameters.get("LoopCount"))
    return int(found) if found is not None and found == int(found) and 0 <= found <= MOST_ROUNDS else None


def wait(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """Wait. Calls only wait for an event, or beside other actions: `Continue` leads to these, and their end back here."""
    events, limit = _events(parameters), _limit(parameters)
    beside = text(parameters.get("ContinueExecution")).lower() == "true"
    if context.contact.channel == "VOICE" and not events and not beside:
        return Failed(why="a call waits for an event only")
    if context.contact.channel == "TASK" and events:
        return Failed("ParticipantNotFound", "a task has no participant")
    if BOT in events:
        return Failed("ParticipantNotFound", "there is no bot")
    if limit is None:
        return Failed(why="TimeLimitSeconds is no time")
    frame, until = context.frame, context.now + limit
    back, frame.back = frame.back, None
    if beside and (back is None or back.at != step.identifier):
        frame.back = Back(step.identifier, until=until)
        return Done("Continue")
    if beside and back is not None and back.until is not None:
        until = back.until
    return Paused(Waiting("time", step.identifier, until, keys=context.buffering, words=CUSTOMER in events))


def _events(parameters: Mapping[str, Any]) -> list[str]:
    found = parameters.get("Events")
    return [text(one) for one in found] if isinstance(found, list) else []


def _limit(parameters: Mapping[str, Any]) -> float | None:
    found = number(parameters.get("TimeLimitSeconds") or parameters.get("MinimumWaitTimeSeconds"))
    return float(found) if found is not None and found > 0 else None


def waited(_context: RunContext, _step: Step, pending: Pending, event: Event) -> Outcome | None:
    """The time came, or the customer wrote."""
    if isinstance(event, Elapsed):
        return Done("WaitCompleted")
    return Done(CUSTOMER) if isinstance(event, Words) and CUSTOMER in _events(pending.parameters) else None
