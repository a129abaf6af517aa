"""Contacts that a planned move would leave behind: how many are with agents, queued, and waiting to be called back.

https://docs.aws.amazon.com/connect/latest/APIReference/API_GetCurrentMetricData.html: current metrics are per queue, of at most 100
queues a request. Calls that are still in a flow are in none of them. A region that is left by force is never asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import answers
from sbctl.core.kinds.spec import Frozen

CALLS: frozenset[str] = frozenset({"connect:ListQueues", "connect:GetCurrentMetricData"})
QUEUES_A_REQUEST = 100
METRICS = {"SLOTS_ACTIVE": "in_progress", "CONTACTS_IN_QUEUE": "queued", "CONTACTS_SCHEDULED": "callbacks"}


class ContactsLeft(Frozen):
    """Contacts in a region now; null where nobody knows, and `detail` says why. `in_progress` are those with agents."""

    region: str
    in_progress: int | None = None
    queued: int | None = None
    callbacks: int | None = None
    detail: str = ""

    @property
    def none_left(self) -> bool:
        """Whether it is known that nobody is with an agent or in a queue; a callback waits for its time, and not for a move."""
        return self.in_progress == 0 and self.queued == 0

    def words(self) -> str:
        """In one line."""
        if self.in_progress is None:
            return f"unknown ({self.detail})"
        return f"{self.in_progress} with agents, {self.queued} queued, {self.callbacks} callbacks"


def contacts_left(aws: AwsCalls, region: str, instance: str) -> ContactsLeft:
    """The contacts in a region. Never raises for what the region answers."""
    if not instance:
        return ContactsLeft(region=region, detail="the region has no instance")
    try:
        queues = [*_queues(aws, region, instance)]
        found = dict.fromkeys(METRICS.values(), 0)
        for some in _in_parts(queues):
            for name, value in _counted(aws, region, instance, some):
                found[name] += value
    except AwsError as error:
        return ContactsLeft(region=region, detail=f"{error.code}: {error.message}")
    return ContactsLeft.model_validate({"region": region, **found})


def _in_parts(queues: list[str]) -> Iterable[list[str]]:
    return (queues[at : at + QUEUES_A_REQUEST] for at in range(0, len(queues), QUEUES_A_REQUEST))


def _queues(aws: AwsCalls, region: str, instance: str) -> Iterable[str]:
    """The ids of all queues but agents' own."""
    tokens = {"NextToken": "NextToken"}
    for page in answers(aws, "connect", "ListQueues", region, tokens, InstanceId=instance, QueueTypes=["STANDARD"]):
        yield from (str(row["Id"]) for row in page.get("QueueSummaryList", ()))


def _counted(aws: AwsCalls, region: str, instance: str, queues: list[str]) -> Iterable[tuple[str, int]]:
    """The figures of some queues together, by name."""
    asked: dict[str, Any] = {
        "InstanceId": instance,
        "Filters": {"Queues": queues, "Channels": ["VOICE", "CHAT", "TASK"]},
        "CurrentMetrics": [{"Name": name, "Unit": "COUNT"} for name in METRICS],
    }
    tokens = {"NextToken": "NextToken"}
    for page in answers(aws, "connect", "GetCurrentMetricData", region, tokens, **asked):
        for row in page.get("MetricResults", ()):
            for one in row.get("Collections", ()):
                name = METRICS.get(str(one.get("Metric", {}).get("Name", "")))
                if name:
                    yield name, int(one.get("Value") or 0)
