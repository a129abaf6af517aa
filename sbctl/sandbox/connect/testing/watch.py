"""The observations of one execution: which wait, what they saw, and what they then do.

An event that matches makes its observation inactive, runs its actions one after the other, and activates those that follow.
https://docs.aws.amazon.com/connect/latest/devguide/testing-language.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sbctl.sandbox.connect.running.contract import Spoken
from sbctl.sandbox.connect.testing.content import Observation
from sbctl.sandbox.connect.testing.matching import holds, received, same_resource
from sbctl.sandbox.connect.testing.overrides import Overrides, resource_of

Resolve = Callable[[str], Any]
"""The value of a reference such as "$.Queue.Name" now; None where there is none."""


@dataclass
class Record:
    """What became of one observation. `when` in seconds since the epoch of the world's clock."""

    observation: str
    status: str
    when: float
    said: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """As the API tells it."""
        return json.dumps(self.said, ensure_ascii=False)


class Watch:
    """Watches for one simulated contact. `inbox` is what the customer does, `ended` whether EndTest was said or a check failed."""

    def __init__(self, observations: Sequence[Observation], resolve: Resolve, now: Callable[[], float]) -> None:
        self._all = {one.id: one for one in observations}
        named = {following for one in observations for following in one.following}
        self._active = [one for one in observations if one.id not in named]
        self._resolve = resolve
        self._now = now
        self.overrides = Overrides()
        self.records: list[Record] = []
        self.inbox: list[tuple[str, str]] = []
        self.is_ended = False
        self.is_broken = False
        """An assertion did not hold."""

    @property
    def unmatched(self) -> list[str]:
        """Observations that saw nothing yet."""
        seen = {record.observation for record in self.records}
        return [identifier for identifier in self._all if identifier not in seen]

    def begin(self) -> None:
        self._fire("TestInitiated", lambda _: True, {})

    def complete(self) -> None:
        """The contact, the time or the test is over."""
        self._fire("TestCompleted", lambda _: True, {}, also_when_ended=True)

    def heard(self, pieces: Sequence[Spoken]) -> None:
        """What was said since the last input reaches the customer as one message."""
        said = {"Heard": [one.text for one in pieces], "Block": pieces[0].block if pieces else ""}
        self._fire("MessageReceived", lambda one: received(one.properties, one.matching, pieces), said)

    def started(self, action: str, parameters: Mapping[str, Any], block: str) -> None:
        """An action of the flow begins, its references resolved."""
        said = {"ActionType": action, "ActionParameters": dict(parameters), "Block": block}
        self._fire("FlowActionStarted", lambda one: _is_for(one.properties, action, parameters), said)

    def _fire(
        self,
        event: str,
        matches: Callable[[Observation], bool],
        said: Mapping[str, Any],
        *,
        also_when_ended: bool = False,
    ) -> None:
        fired = [one for one in self._active if one.event == event and matches(one)]
        for one in fired:
            if self.is_broken or (self.is_ended and not also_when_ended):
                return
            self._active.remove(one)
            record = Record(one.id, "PASSED", self._now(), {"Event": event, **said})
            self.records.append(record)
            for action in one.actions:
                if not self._act(action, record):
                    return
            self._active += [self._all[name] for name in one.following]

    def _act(self, action: Mapping[str, Any], record: Record) -> bool:
        """Do one action; False where it ends the test as failed."""
        parameters = action.get("Parameters") or {}
        kind = action["Type"]
        if kind == "SendInstruction":
            self._instruct(parameters["Instruction"])
        elif kind == "OverrideSystemBehavior":
            self.overrides.add(parameters["Behavior"]["Properties"])
        elif kind == "Assert":
            return self._asserted(parameters, record)
        elif parameters["Command"]["Type"] == "EndTest":
            self.is_ended = True
        else:
            expressions = (parameters["Command"].get("Properties") or {}).get("Expressions") or {}
            record.said["LogData"] = {label: self._text(str(value)) for label, value in expressions.items()}
        return True

    def _instruct(self, instruction: Mapping[str, Any]) -> None:
        properties = instruction.get("Properties") or {}
        value = properties.get("Value") if instruction["Type"] == "DtmfInput" else properties.get("Text")
        self.inbox.append((str(instruction["Type"]), str(value if value is not None else properties.get("SSML") or "")))

    def _asserted(self, parameters: Mapping[str, Any], record: Record) -> bool:
        namespace, operator = str(parameters["Namespace"]), str(parameters["Operator"])
        wanted, found = str(parameters.get("Operand") or ""), self._resolve(namespace)
        if holds(found, operator, wanted):
            return True
        shown = None if found is None else str(found)
        failed = {"Namespace": namespace, "Operator": operator, "Expected": wanted, "Found": shown}
        record.said["FailedAssertion"] = failed
        record.status, self.is_broken = "FAILED", True
        return False

    def _text(self, text: str) -> str:
        found = self._resolve(text) if text.startswith("$.") else text
        return "" if found is None else str(found)


def _is_for(wanted: Mapping[str, Any], action: str, parameters: Mapping[str, Any]) -> bool:
    """Whether an action that starts is the one that is waited for; without a resource any of its type is."""
    if wanted.get("ActionType") != action:
        return False
    resource = resource_of(action, wanted.get("ActionParameters") or {})
    return not resource or same_resource(resource, resource_of(action, parameters))
