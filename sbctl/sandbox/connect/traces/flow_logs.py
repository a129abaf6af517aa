"""Flow logs: a line for each block that a contact passes while logging is on, in batches, in `/aws/connect/<alias>`.

Only of instances whose flow logs are enabled. https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-logs.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.happenings import Passed
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.connect.traces.sinks import Alone, Sinks
from sbctl.sandbox.time.scheduler import Scheduler

BATCH_SECONDS = 5.0
"""AWS says nothing of how soon lines are there."""
ATTRIBUTE = "CONTACTFLOW_LOGS"
Line = Callable[[Contact, str, Any], Iterable[Mapping[str, Any]]]
"""The lines of a block, of a contact in an instance with this ARN; none where AWS logs none."""


class FlowLogs:
    """Gathers lines and hands them over. Used under Connect's lock, as a tracer of flows."""

    def __init__(
        self,
        scheduler: Scheduler,
        instances: Mapping[str, Instance],
        alone: Alone,
        sinks: Callable[[], Sinks],
        line: Line,
    ) -> None:
        self._scheduler = scheduler
        self._instances = instances
        self._alone = alone
        self._sinks = sinks
        self._line = line
        self._streams: dict[tuple[str, str], str] = {}
        self._batches: dict[tuple[str, str, str], list[tuple[int, str]]] = {}

    def passed(self, contact: Contact, block: Passed) -> None:
        """A block was entered or left."""
        instance = self._instances.get(contact.instance)
        if instance is None or not contact.logging or instance.attributes.get(ATTRIBUTE) != "true":
            return
        for line in self._line(contact, instance.arn, block):
            self._add(instance, block.when, json.dumps(line, ensure_ascii=False))

    def _add(self, instance: Instance, when: float, text: str) -> None:
        if not self._batches:
            self._scheduler.after(BATCH_SECONDS, self._hand_over)
        group = f"/aws/connect/{instance.values.get('InstanceAlias') or instance.id}"
        place = (instance.region, group, self._stream(instance, when))
        self._batches.setdefault(place, []).append((int(when * 1000), text))

    def _stream(self, instance: Instance, when: float) -> str:
        """A stream for each hour."""
        hour = f"{datetime.fromtimestamp(when, UTC):%Y/%m/%d/%H}"
        key = (instance.id, hour)
        if key not in self._streams:
            self._streams[key] = f"{hour}/stream-{uuid4().hex[:20]}"
        return self._streams[key]

    def _hand_over(self) -> None:
        taken: dict[tuple[str, str, str], list[tuple[int, str]]] = {}

        def take() -> None:
            taken.update(self._batches)
            self._batches.clear()

        self._alone(take)
        for (region, group, stream), lines in taken.items():
            self._sinks().lines(region, group, stream, sorted(lines, key=lambda one: one[0]))
