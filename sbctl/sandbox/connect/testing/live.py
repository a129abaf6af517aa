"""An execution that runs now: the simulated contact is stepped on the world's clock until its test case is decided."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.live.driver import Bots
from sbctl.sandbox.connect.running.contract import Centre, FunctionAnswered, FunctionRequest
from sbctl.sandbox.connect.running.run import FlowRun
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.connect.testing.cases import entry
from sbctl.sandbox.connect.testing.content import observations
from sbctl.sandbox.connect.testing.execution import Execution
from sbctl.sandbox.connect.testing.simulated import Run, SimulatedCentre, SimulatedContact
from sbctl.sandbox.connect.testing.watch import Watch

Start = Callable[[Centre, Contact, str], Run]
"""Makes a run of a published flow, by its id."""
Ask = Callable[[str, FunctionRequest, Callable[[FunctionAnswered], object]], object]
"""Invokes a function in a region."""


def start_run(centre: Centre, contact: Contact, flow: str) -> Run:
    return FlowRun(contact, centre, flow)


CALLER, CALLED = "+15555550100", "+15555550199"
"""Where an entry point names no numbers; those of fiction."""


@dataclass(frozen=True)
class Grounds:
    """What executions run on. `ask` and `later` call back with Connect's lock held: with an answer, at a time of its clock."""

    centre: Centre
    ask: Ask
    later: Callable[[float, Callable[[], object]], object]
    bots: Bots
    start: Start = start_run


class LiveExecution:
    """Steps one execution, under Connect's lock; `done` is called once when it is decided."""

    def __init__(
        self,
        grounds: Grounds,
        instance: Instance,
        content: Mapping[str, Any],
        flow: str,
        execution: Execution,
        done: Callable[[], None],
    ) -> None:
        self._on = grounds
        self._execution = execution
        self._done = done
        self._contact = contact = _contact(instance, content, grounds.centre.now())
        self._run: Run | None = None
        watch = Watch(observations(content["Content"]), self._value, grounds.centre.now)
        watch.records = execution.records
        self._centre = SimulatedCentre(grounds.centre, watch)
        self._run = grounds.start(self._centre, contact, flow)
        self._simulated = SimulatedContact(self._centre, contact, self._run, grounds.bots)
        self._planned: float | None = None

    def step(self) -> None:
        """Go on as far as goes now."""
        request = self._simulated.step() if self._goes_on else None
        if request is not None:
            self._on.ask(self._contact.region, request, partial(self._answered, request))
            if not request.awaited:
                self._answered(request, FunctionAnswered())
        self._settle()

    def _answered(self, request: FunctionRequest, answer: FunctionAnswered) -> None:
        if self._goes_on and self._simulated.answered(request, answer):
            self.step()

    @property
    def _goes_on(self) -> bool:
        return self._execution.status == "IN_PROGRESS"

    def _value(self, reference: str) -> Any:
        return self._run.value(reference) if self._run is not None else None

    def _settle(self) -> None:
        """Decide, or plan the next step."""
        if not self._goes_on:
            return
        watch, now = self._centre.watch, self._on.centre.now()
        deadline = self._execution.deadline
        assert deadline is not None
        over = watch.is_ended or (self._simulated.is_over and not self._simulated.is_queued)
        if over or now >= deadline:
            watch.complete()
            self._centre.note_path()
        if watch.is_broken:
            self._end("FAILED", "an assertion did not hold")
        elif watch.is_ended:
            self._end("FAILED" if watch.unmatched else "PASSED", "the test ended before it was observed")
        elif now >= deadline:
            self._end("FAILED", "it was not observed within five minutes")
        elif over and watch.unmatched:
            self._end("FAILED", "the contact ended before it was observed")
        else:
            self._plan(min(self._simulated.wakes or deadline, deadline))

    def _plan(self, when: float) -> None:
        if self._planned is None or when < self._planned or self._planned <= self._on.centre.now():
            self._planned = when
            self._on.later(when, self.step)

    def _end(self, status: str, why: str) -> None:
        self._execution.end(status, self._on.centre.now(), why, self._centre.path)
        self._done()


def _contact(instance: Instance, content: Mapping[str, Any], now: float) -> Contact:
    """The simulated contact: a real one but for its mark."""
    point = content.get("EntryPoint") or {}
    numbers = entry(content)
    is_call = point.get("Type") != "CHAT"
    identifier = str(uuid4())
    return Contact(
        id=identifier,
        initial=identifier,
        region=instance.region,
        instance=instance.id,
        channel="VOICE" if is_call else "CHAT",
        initiation="INBOUND" if is_call else "API",
        begun=now,
        customer=str(numbers.get("SourcePhoneNumber") or CALLER) if is_call else "",
        system=str(numbers.get("DestinationPhoneNumber") or CALLED) if is_call else "",
        attributes=_attributes(content),
        segment_attributes={"connect:ValidationTestType": {"ValueString": "EXPERIENCE_VALIDATION"}},
        test=True,
    )


def _attributes(content: Mapping[str, Any]) -> dict[str, str]:
    """The attributes with which the contact begins; the page shows them plain, the console below Attributes: both are read."""
    found = json.loads(content.get("InitializationData") or "{}")
    inner = found.get("Attributes")
    return {str(name): str(value) for name, value in (inner if isinstance(inner, dict) else found).items()}
