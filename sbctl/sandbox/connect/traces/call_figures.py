"""Connect's metrics in CloudWatch, of calls, chats, tasks and queues, from what happens to contacts.

https://docs.aws.amazon.com/connect/latest/adminguide/monitoring-cloudwatch.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.happenings import Happening
from sbctl.sandbox.connect.contacts.live.calling import Cause
from sbctl.sandbox.connect.contacts.store import ContactStore
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.connect.traces.samples import Level, MinuteFigures, Series

CALLS, CHATS, TASKS = "VoiceCalls", "Chats", "Tasks"
OF_CHANNEL: Mapping[str, tuple[str, str, str]] = {
    "VOICE": (CALLS, "ConcurrentCalls", "ConcurrentCallsPercentage"),
    "CHAT": (CHATS, "ConcurrentActiveChats", "ConcurrentActiveChatsPercentage"),
    "TASK": (TASKS, "ConcurrentTasks", "ConcurrentTasksPercentage"),
}
"""MetricGroup, and the names of what is in progress and of its share of the quota."""
WHOLE = {"VOICE": 1.0, "CHAT": 100.0, "TASK": 100.0}
"""What the share is told as where all of the quota is in use: of calls 1, of the others 100, as AWS's page says."""
WAITS = frozenset({"queued", "dequeued", "offered", "connected", "ended"})
LEFT = frozenset({"dequeued", "connected"})
"""Happenings with which a contact has left a queue."""
Most = Callable[[Instance, str], float]
"""The quota of an instance for contacts of a channel that are in progress at once."""


class CallFigures:
    """Samples calls and queues. Used under Connect's lock, as a listener of happenings."""

    def __init__(
        self,
        figures: MinuteFigures,
        contacts: ContactStore,
        instances: Mapping[str, Instance],
        most: Most,
        now: Callable[[], float],
    ) -> None:
        self._figures = figures
        self._contacts = contacts
        self._instances = instances
        self._most = most
        self._now = now
        self._going: dict[tuple[str, str], set[str]] = {}
        self._second: dict[tuple[str, str], tuple[int, int]] = {}
        self._queues: set[tuple[str, str]] = set()

    def hear(self, happening: Happening) -> None:
        """Sample what a happening changes."""
        contact, instance = happening.contact, self._instances.get(happening.instance)
        if contact is None or instance is None or contact.test:
            return
        if happening.what in ("begun", "dialled", "ended"):
            self._in_progress(instance, contact, happening)
        if happening.what == "missed" and contact.channel == "VOICE":
            self._figures.add(_series(instance, "MissedCalls", "Count", CALLS))
        if happening.what in WAITS and happening.queue:
            self._queue(instance, happening.queue, left=contact.queued if happening.what in LEFT else None)

    def refused(self, instance: Instance, cause: Cause) -> None:
        """A call reached no flow."""
        if cause == "quota":
            self._figures.add(_series(instance, "CallsBreachingConcurrencyQuota", "Count", CALLS))
        elif cause == "flow":
            self._figures.add(_series(instance, "MisconfiguredPhoneNumbers", "Count", CALLS))

    def _in_progress(self, instance: Instance, contact: Contact, happening: Happening) -> None:
        key = (instance.id, contact.channel)
        going = self._going.setdefault(key, set())
        if happening.what == "ended":
            going.discard(contact.id)
        elif contact.initiation != "CALLBACK" or happening.what == "dialled":  # one that waits is no call yet
            if contact.id not in going:
                self._arrived(instance, contact, happening.when)
            going.add(contact.id)
        self._sample(instance, contact.channel)

    def _sample(self, instance: Instance, channel: str) -> None:
        for series, value in self._concurrency(instance, channel):
            self._figures.add(series, value)

    def _concurrency(self, instance: Instance, channel: str) -> Iterable[Level]:
        group, name, share = OF_CHANNEL[channel]
        count, most = len(self._going.get((instance.id, channel), ())), self._most(instance, channel)
        yield _series(instance, name, "Count", group), float(count)
        yield _series(instance, share, "Percent", group), WHOLE[channel] * count / most if most else 0.0

    def _arrived(self, instance: Instance, contact: Contact, when: float) -> None:
        """Calls are told by the second: one sample of each second in which any came."""
        if contact.channel == "TASK" or contact.initiation in ("QUEUE_TRANSFER", "TRANSFER", "DISCONNECT"):
            return
        key, second = (instance.id, contact.channel), int(when)
        before, count = self._second.get(key, (second, 0))
        if before != second:
            self._tell_second(instance, contact.channel, count)
            count = 0
        self._second[key] = (second, count + 1)

    def _tell_second(self, instance: Instance, channel: str, count: int) -> None:
        voice = channel == "VOICE"
        name, group = ("CallsPerInterval", CALLS) if voice else ("SuccessfulChatsPerInterval", CHATS)
        self._figures.add(_series(instance, name, "Count", group), float(count))

    def _queue(self, instance: Instance, queue: str, left: float | None) -> None:
        self._queues.add((instance.id, queue))
        for series, value in self._waiting(instance, queue):
            self._figures.add(series, value)
        if left is not None:
            self._figures.add(_queue_series(instance, queue, "LongestQueueWaitTime", "Seconds"), self._now() - left)

    def _waiting(self, instance: Instance, queue: str) -> Iterable[Level]:
        waiting = list(self._contacts.waiting.get(queue, {}).values())
        oldest = max((self._now() - one.queued for one in waiting if one.queued is not None), default=0.0)
        yield _queue_series(instance, queue, "QueueSize", "Count"), float(len(waiting))
        yield _queue_series(instance, queue, "LongestQueueWaitTime", "Seconds"), oldest

    def levels(self) -> Iterable[Level]:
        """What holds at the end of a minute, after which what came in its last second is told."""
        seconds, self._second = self._second, {}
        for (named, channel), (_, count) in seconds.items():
            if named in self._instances:
                self._tell_second(self._instances[named], channel, count)
        for named, channel in [key for key, going in self._going.items() if going]:
            if named in self._instances:
                yield from self._concurrency(self._instances[named], channel)
        busy = [(named, queue) for named, queue in self._queues if self._contacts.waiting.get(queue)]
        self._queues = set(busy)
        for named, queue in sorted(busy):
            if named in self._instances:
                yield from self._waiting(self._instances[named], queue)


def _series(instance: Instance, metric: str, unit: str, group: str) -> Series:
    return Series(instance.region, metric, unit, (("InstanceId", instance.id), ("MetricGroup", group)))


def _queue_series(instance: Instance, queue: str, metric: str, unit: str) -> Series:
    found = instance.all("queue").get(queue)
    name = str(found.values["Name"]) if found else queue
    dimensions = (("InstanceId", instance.id), ("MetricGroup", "Queue"), ("QueueName", name))
    return Series(instance.region, metric, unit, dimensions)
