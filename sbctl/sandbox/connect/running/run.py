"""A flow that runs: from action to action until something must come from outside, or until it is over.

https://docs.aws.amazon.com/connect/latest/adminguide/connect-contact-flows.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.running.branches import Choice, choose
from sbctl.sandbox.connect.running.context import Pending, RunContext
from sbctl.sandbox.connect.running.contract import Block, Centre, Elapsed, Ended, Event, Keys, Turn
from sbctl.sandbox.connect.running.outcome import Done, Failed, Moved, Outcome, Over, Paused, Returned
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.sources import flow_frame
from sbctl.sandbox.connect.running.table import action_of
from sbctl.sandbox.connect.running.values.references import path

MOST_STEPS = 1000
"""Actions without input, time or a wait; AWS documents no limit, so this one is chosen here."""
MOST_KEYS = 30
"""Keys that the buffer holds."""
Parameters = Mapping[str, Any]


class FlowRun:
    """One run of one flow for one contact. It can be pickled, without its centre: `attach` gives it one again."""

    def __init__(self, contact: Contact, centre: Centre, flow: str) -> None:
        """`flow`: id or ARN of a flow of the contact's instance, with or without a version or alias behind a colon."""
        self._context = RunContext(contact, centre)
        self._flow = flow
        self._turn: Turn = Ended("error", why="The flow has not begun")

    def attach(self, centre: Centre) -> None:
        """Go on in this centre, after the run was loaded from a save."""
        self._context.centre = centre

    @property
    def turn(self) -> Turn:
        """What the run waits for, or how it ended."""
        return self._turn

    @property
    def flow(self) -> str:
        """Id of the flow or module that runs; "" when none could be begun."""
        return self._context.frame.id if self._context.frames else ""

    def value(self, reference: str) -> Any:
        """What a reference such as "$.Queue.Name" stands for now; None where it is nothing, or no reference."""
        keys = path(reference)
        return self._context.lookup(keys) if keys and self._context.frames else None

    def begin(self) -> Turn:
        """Run the flow from its start."""
        frame = flow_frame(self._context.instance, self._flow)
        if frame is None:
            return self._ended(Ended("error", why=f"There is no published flow {self._flow}"))
        self._context.frames = [frame]
        return self._go()

    def take(self, event: Event) -> Turn:
        """Give the run what it waits for. Of what it does not wait for, only keys are kept, where the flow buffers them."""
        context = self._context
        pending = context.pending
        if pending is None:
            return self._turn
        step = context.step
        action = action_of(step.type)
        outcome = action.hear(context, step, pending, event)
        if outcome is None:
            if isinstance(event, Keys) and context.buffering:
                context.buffer = (context.buffer + event.text)[:MOST_KEYS]
            return self._turn
        if action.is_input or isinstance(event, Elapsed):
            context.steps = 0
        if isinstance(outcome, Paused):
            pending.turn = self._turn = outcome.turn
            return self._turn
        context.pending = None
        turn = self._follow(step, pending.parameters, outcome)
        return self._go() if turn is None else turn

    def _go(self) -> Turn:
        context = self._context
        while True:
            step = context.step
            context.steps += 1
            if context.steps > MOST_STEPS:
                why = f"endless: {MOST_STEPS} actions without input or a wait, at {step.identifier}"
                return self._ended(Ended("error", step.identifier, why))
            parameters = step.resolved(context.lookup)
            self._tell(step, parameters)
            turn = self._follow(step, parameters, self._act(step, parameters))
            if turn is not None:
                return turn

    def _act(self, step: Step, parameters: Parameters) -> Outcome:
        context, action = self._context, action_of(step.type)
        error = action.channels.get(context.contact.channel)
        if error is not None:
            return Failed(error, f"not on {context.contact.channel}") if error else Done()
        frame = context.frame
        if frame.is_module and action.types and frame.type not in action.types:
            return Failed(why=f"not in flows of type {frame.type}")
        return action.act(context, step, parameters)

    def _follow(self, step: Step, parameters: Parameters, outcome: Outcome) -> Turn | None:
        """The turn after an action; None where another action follows."""
        if isinstance(outcome, Paused):
            self._context.pending = Pending(outcome.turn, parameters)
            self._turn = outcome.turn
            return self._turn
        if isinstance(outcome, Over):
            self._tell(step, parameters, "", outcome)
            return self._finish(step, parameters, outcome)
        if isinstance(outcome, Returned):
            self._tell(step, parameters, "", outcome)
            return self._return(outcome)
        if isinstance(outcome, Moved):
            return self._move(step, parameters, outcome)
        choice = choose(step, outcome, self._context.lookup, goes_on=action_of(step.type).goes_on)
        self._tell(step, parameters, choice.took, outcome)
        return self._lead(step, choice, outcome)

    def _move(self, step: Step, parameters: Parameters, outcome: Moved) -> Turn | None:
        """Into a module, which is left when it returns, or into another flow, from which nothing returns."""
        frames = self._context.frames
        if outcome.frame.is_module:
            frames.append(outcome.frame)
        else:
            self._tell(step, parameters, "", outcome)
            frames[:] = [outcome.frame]
        return None

    def _lead(self, step: Step, choice: Choice, outcome: Outcome) -> Turn | None:
        frame = self._context.frame
        if choice.target in frame.program.steps:
            frame.at = choice.target
            return None
        if choice.lost:
            detail = outcome.why if isinstance(outcome, Failed) else ""
            why = f"{step.type} failed with {choice.lost} and has no branch for it{f': {detail}' if detail else ''}"
            return self._ended(Ended("error", step.identifier, why))
        return self._return(Returned()) if frame.is_module else self._finish(step, step.parameters, Over("end"))

    def _return(self, outcome: Returned) -> Turn | None:
        """Back from a module to the action that invoked it."""
        context = self._context
        context.frames.pop()
        step = context.step
        context.frame.data["Modules"] = {"Result": outcome.result or None, "ResultData": outcome.data}
        return self._follow(step, step.resolved(context.lookup), Done(outcome.result or None))

    def _finish(self, step: Step, parameters: Parameters, outcome: Over) -> Turn | None:
        """The end, unless a branch ends that leads back to where it came from."""
        context = self._context
        if outcome.how == "end":
            for depth in range(len(context.frames), 0, -1):
                back = context.frames[depth - 1].back
                if back is not None:
                    del context.frames[depth:]
                    context.frame.at = back.at
                    return None
        turn = self._ended(Ended(outcome.how, step.identifier, outcome.why))
        if outcome.goes_on:
            context.pending = Pending(turn, parameters)
        return turn

    def _ended(self, turn: Ended) -> Turn:
        self._context.stop_buffering()
        self._turn = turn
        return turn

    def _tell(
        self, step: Step, parameters: Parameters, took: str | None = None, outcome: Outcome | None = None
    ) -> None:
        context, frame = self._context, self._context.frame
        results = None if outcome is None else action_of(step.type).results(outcome)
        now = context.centre.now()
        block = Block(frame.id, frame.name, step.identifier, step.type, parameters, now, results, took, frame.is_module)
        context.centre.passed(context.contact, block)
