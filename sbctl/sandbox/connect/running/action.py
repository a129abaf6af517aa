"""What the sandbox knows of one type of action: how it is run, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sbctl.sandbox.connect.running.context import Pending, RunContext
from sbctl.sandbox.connect.running.contract import Event
from sbctl.sandbox.connect.running.outcome import ERROR, Asked, Done, Failed, Outcome, Over
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.references import text

Act = Callable[[RunContext, Step, Mapping[str, Any]], Outcome]
"""Does an action with its parameters as they were resolved."""
Hear = Callable[[RunContext, Step, Pending, Event], Outcome | None]
"""Goes on with an action that waits; None where the event is nothing to it."""
NOT_RUN = "not run by the sandbox"

INBOUND, AGENT_TRANSFER, QUEUE_TRANSFER = "CONTACT_FLOW", "AGENT_TRANSFER", "QUEUE_TRANSFER"
QUEUE, CUSTOMER_WHISPER, AGENT_WHISPER = "CUSTOMER_QUEUE", "CUSTOMER_WHISPER", "AGENT_WHISPER"
OUTBOUND, CUSTOMER_HOLD, AGENT_HOLD = "OUTBOUND_WHISPER", "CUSTOMER_HOLD", "AGENT_HOLD"
CALLERS = frozenset({INBOUND, AGENT_TRANSFER, QUEUE_TRANSFER})
WITH_QUEUE = CALLERS | {QUEUE}
WITH_OUTBOUND = WITH_QUEUE | {OUTBOUND}
WHISPERS = frozenset({CUSTOMER_WHISPER, AGENT_WHISPER, OUTBOUND})

CALLS: Mapping[str, str] = {"CHAT": ERROR, "TASK": ERROR}
"""Of what only calls have."""
CHATS: Mapping[str, str] = {"VOICE": ERROR, "TASK": ERROR}


def deaf(_context: RunContext, _step: Step, _pending: Pending, _event: Event) -> Outcome | None:
    """Nothing is waited for."""
    return None


@dataclass(frozen=True)
class Action:
    """One type. `channels`: the error that it takes on a channel, "" where it succeeds there without an effect.

    `types`: the flow types that have it, empty for all; asked in modules alone, where it takes its error branch elsewhere.
    `goes_on`: the next action follows an error that has no branch. `is_input`: what comes in is the participant's, so that a
    flow which asks again and again is not endless. `is_logged_twice`: the flow log has a line of its result.
    """

    act: Act
    hear: Hear = deaf
    note: str = ""
    how: Literal["run", "scripted", "not run"] = "run"
    channels: Mapping[str, str] = field(default_factory=dict)
    types: frozenset[str] = frozenset()
    goes_on: bool = False
    is_input: bool = False
    is_logged_twice: bool = False

    def results(self, outcome: Outcome) -> str | None:
        """What the flow log says of the action on its way out; None where it says nothing."""
        if self.how == "not run":
            return f"Error ({NOT_RUN})"
        if not self.is_logged_twice:
            return None
        if isinstance(outcome, Failed) and self.how == "scripted" and outcome.why:
            return f"Error ({outcome.why})"
        if isinstance(outcome, Failed):
            return "Error" if outcome.error == ERROR else outcome.error
        if isinstance(outcome, Over):
            return "Error" if outcome.how == "error" else "Success"
        value = outcome.value if isinstance(outcome, Asked) else outcome.result if isinstance(outcome, Done) else None
        return text(value) or "Success"


def not_run(_context: RunContext, step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """An action of which the sandbox has no model: its error branch."""
    return Failed(why=f"{step.type} is {NOT_RUN}")
