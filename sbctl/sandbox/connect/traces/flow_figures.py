"""Connect's metrics in CloudWatch, of flows: error branches that were taken, flows that could not go on, queues that were full.

https://docs.aws.amazon.com/connect/latest/adminguide/monitoring-cloudwatch.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.happenings import Happening, Passed
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.connect.traces.samples import MinuteFigures, Series

ERRORS = frozenset(
    {
        "CallFailed",
        "ChannelMismatch",
        "InFlightRedactionConfigurationFailed",
        "InvalidCallbackNumber",
        "NoMatchingError",
        "ParticipantNotFound",
    }
)
"""Branches that are errors. A wait that is over, a full queue and a value without a branch of its own are none."""
BOT = "ConnectParticipantWithLexBot"
"""The block whose error branch does not count."""
SHOWN = re.compile(r"[0-9A-Za-z., \-_/#:$@|&{}+?%]+")
"""Names under which CloudWatch shows metrics of flows and queues."""


class FlowFigures:
    """Samples flows. Used under Connect's lock: hears happenings and blocks."""

    def __init__(self, figures: MinuteFigures, instances: Mapping[str, Instance]) -> None:
        self._figures = figures
        self._instances = instances

    def passed(self, contact: Contact, block: Passed) -> None:
        """A block was left by a branch."""
        instance = self._instances.get(contact.instance)
        if instance is None or contact.test or not block.took:
            return
        if block.took in ERRORS and block.type != BOT:
            self._of_flow(instance, block.flow_name, "ContactFlowErrors")
        if block.took == "CallbackNumberNotDialable":
            self._of_flow(instance, block.flow_name, "CallBackNotDialableNumber")
        if block.took == "QueueAtCapacity":
            queue = instance.all("queue").get(contact.queue)
            if queue is not None:
                self._add(instance, "QueueCapacityExceededError", "Queue", "QueueName", str(queue.values["Name"]))

    def hear(self, happening: Happening) -> None:
        """A flow could not go on."""
        instance = self._instances.get(happening.instance)
        if happening.what == "failed" and instance is not None:
            flow = instance.all("contact-flow").get(happening.detail)
            if flow is not None:
                self._of_flow(instance, str(flow.values["Name"]), "ContactFlowFatalErrors")

    def _of_flow(self, instance: Instance, name: str, metric: str) -> None:
        self._add(instance, metric, "ContactFlow", "ContactFlowName", name)

    def _add(self, instance: Instance, metric: str, group: str, dimension: str, name: str) -> None:
        if SHOWN.fullmatch(name):
            dimensions = (("InstanceId", instance.id), ("MetricGroup", group), (dimension, name))
            self._figures.add(Series(instance.region, metric, "Count", dimensions))
