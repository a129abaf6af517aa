"""Keys that a caller presses: a menu, a number that is stored, and the buffer.

https://docs.aws.amazon.com/connect/latest/adminguide/get-customer-input.html
https://docs.aws.amazon.com/connect/latest/adminguide/store-customer-input.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.running.actions.prompts import speak
from sbctl.sandbox.connect.running.actions.stored import Rules, rules_of
from sbctl.sandbox.connect.running.context import Pending, RunContext
from sbctl.sandbox.connect.running.contract import Elapsed, Event, Keys, Waiting
from sbctl.sandbox.connect.running.outcome import TIMEOUT, Done, Failed, Outcome, Paused
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.references import text

NO_INPUT = "Timeout"
"""What is stored when nobody presses a key: the store form has no branch for it."""


def ask(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """GetParticipantInput, in its three forms."""
    buffering = text(parameters.get("EnableDTMFBuffer")).lower()
    if buffering:
        context.stop_buffering()
        context.buffering = buffering == "true"
        return Done()
    failed = speak(context, step, parameters)
    limit = number(parameters.get("InputTimeLimitSeconds"))
    if failed is not None or limit is None or limit <= 0:
        return failed or Failed(why="InputTimeLimitSeconds is no time")
    until = context.now + float(limit)
    context.chained = 0.0
    stores = parameters.get("StoreInput") == "True"
    rules = rules_of(parameters) if stores else None
    if stores and rules is None:
        return Failed(why="MaximumLength is no number")
    waiting = Waiting("keys", step.identifier, until, keys=True)
    if context.buffer:
        kept, context.buffer = context.buffer, ""
        return _pressed(context, step, Pending(waiting, parameters), kept, waiting)
    return Paused(waiting)


def answer(context: RunContext, step: Step, pending: Pending, event: Event) -> Outcome | None:
    """Keys, or the time when nobody pressed one."""
    if isinstance(event, Keys):
        turn = pending.turn
        return _pressed(context, step, pending, event.text, turn) if event.text and isinstance(turn, Waiting) else None
    if not isinstance(event, Elapsed):
        return None
    if pending.parameters.get("StoreInput") != "True":
        return Failed(TIMEOUT)
    typed = str(pending.notes.get("typed", ""))
    if typed:
        return _store(context, _rules(pending), typed)
    context.frame.data["StoredCustomerInput"] = NO_INPUT
    return Done()


def _pressed(context: RunContext, step: Step, pending: Pending, keys: str, waiting: Waiting) -> Outcome:
    if pending.parameters.get("StoreInput") != "True":
        context.buffer += keys[1:] if context.buffering else ""
        return Done(keys[0])
    rules = _rules(pending)
    typed = str(pending.notes.get("typed", ""))
    for place, key in enumerate(keys):
        typed = rules.typed(typed, key)
        if rules.is_whole(typed):
            context.buffer += keys[place + 1 :] if context.buffering else ""
            return _store(context, rules, rules.value(typed))
    pending.notes["typed"] = typed
    until = context.now + rules.between if typed else waiting.until
    return Paused(Waiting("keys", step.identifier, until, keys=True))


def _rules(pending: Pending) -> Rules:
    found = rules_of(pending.parameters)
    assert found is not None, "looked at when the action was entered"
    return found


def _store(context: RunContext, rules: Rules, typed: str) -> Outcome:
    value = rules.stored(typed)
    if value is None:
        return Failed("InvalidPhoneNumber")
    context.frame.data["StoredCustomerInput"] = value
    return Done()
