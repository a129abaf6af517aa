"""The queues of a routing profile: at most ten a request, and changes as a difference that leaves no gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.spec import Frozen
from sbctl.resources.calls import connect

QUEUES_A_PAGE = 100
QUEUES_A_REQUEST = 10
Channel = Literal["VOICE", "CHAT", "TASK", "EMAIL"]
Queues = tuple["QueueConfig", ...]


class QueueConfig(Frozen):
    """One queue and channel of a profile, as AWS has it; `delay` in seconds."""

    queue: Link
    channel: Channel
    priority: int = Field(ge=1, le=99)
    delay: int = Field(ge=0, le=9999)


def at(ids: Mapping[str, str]) -> dict[str, str]:
    """The members that name a profile in every request about it."""
    return {"InstanceId": ids["instance"], "RoutingProfileId": ids["id"]}


def _reference(row: QueueConfig) -> dict[str, Any]:
    return {"QueueId": row.queue, "Channel": row.channel}


def config(row: QueueConfig) -> dict[str, Any]:
    """A queue as requests carry it."""
    return {"QueueReference": _reference(row), "Priority": row.priority, "Delay": row.delay}


def listed(aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Queues | None:
    """The queues of a profile, sorted; None when the profile is gone, which a search may not know yet.

    They cost a call of their own: neither search nor describe answers them.
    """
    rows = connect.pages(
        aws,
        region,
        "ListRoutingProfileQueues",
        "RoutingProfileQueueConfigSummaryList",
        QUEUES_A_PAGE,
        **at(ids),
    )
    try:
        queues = [
            QueueConfig(queue=row["QueueId"], channel=row["Channel"], priority=row["Priority"], delay=row["Delay"])
            for row in rows
        ]
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        return None
    return tuple(sorted(queues, key=lambda queue: (queue.priority, str(queue.queue), queue.channel)))


def change(
    aws: AwsCalls,
    region: str,
    ids: Mapping[str, str],
    live: Queues,
    wanted: Queues,
) -> None:
    """Add first and take away last, so that agents are never without a queue."""
    before = {(row.queue, row.channel): row for row in live}
    after = {(row.queue, row.channel): row for row in wanted}
    added = [row for pair, row in after.items() if pair not in before]
    moved = [row for pair, row in after.items() if pair in before and before[pair] != row]
    for chunk in connect.chunks(added, QUEUES_A_REQUEST):
        send(aws, region, "AssociateRoutingProfileQueues", ids, chunk)
    for chunk in connect.chunks(moved, QUEUES_A_REQUEST):
        send(aws, region, "UpdateRoutingProfileQueues", ids, chunk)
    gone = [_reference(row) for pair, row in before.items() if pair not in after]
    for references in connect.chunks(gone, QUEUES_A_REQUEST):
        aws.call("connect", "DisassociateRoutingProfileQueues", region, **at(ids), QueueReferences=references)


def send(aws: AwsCalls, region: str, operation: str, ids: Mapping[str, str], rows: Iterable[QueueConfig]) -> None:
    """Send queues with one of the operations that carry them; at most ten."""
    aws.call("connect", operation, region, **at(ids), QueueConfigs=[config(row) for row in rows])
