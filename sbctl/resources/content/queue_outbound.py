"""What a queue says of outbound calls, one document in AWS, and its quick connects, a list with operations of its own.

https://docs.aws.amazon.com/connect/latest/APIReference/API_OutboundCallerConfig.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.spec import Spec
from sbctl.resources.calls import connect

MEMBERS = {
    "outbound_caller_name": "OutboundCallerIdName",
    "outbound_number": "OutboundCallerIdNumberId",
    "outbound_flow": "OutboundFlowId",
}
"""Field → member of the document."""
LINKS_A_PAGE = 100
LINKS_A_REQUEST = 50
"""More are refused, although a queue may have 700."""


def link(kind: str, region: str, name: str | None) -> Link | None:
    """The id of what a queue names in its region; None where it names nothing."""
    return Address.of(kind, region, name).ref("id") if name is not None else None


def links(kind: str, region: str, names: Iterable[str] | None) -> tuple[Link, ...] | None:
    """The same of several; None where the config does not speak of them."""
    return None if names is None else tuple(Address.of(kind, region, name).ref("id") for name in names)


def at(ids: Mapping[str, str]) -> dict[str, str]:
    """The members that name a queue in every request about it."""
    return {"InstanceId": ids["instance"], "QueueId": ids["id"]}


def caller_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a queue that its row says of outbound calls; ids without what stands before them in an ARN."""
    config = row.get("OutboundCallerConfig") or {}
    name = config.get(MEMBERS["outbound_caller_name"])
    rest = {field: config.get(MEMBERS[field]) for field in ("outbound_number", "outbound_flow")}
    return {"outbound_caller_name": name, **{field: value and bare(value) for field, value in rest.items()}}


def bare(identity: str) -> str:
    """The id of an ARN, or the id itself: AWS takes and answers both."""
    return identity.rpartition("/")[2]


def set_caller(aws: AwsCalls, region: str, ids: Mapping[str, str], wanted: Spec, dropped: set[str]) -> None:
    """Set what is wanted, take `dropped` fields away and keep all else: the call replaces the whole document."""
    now = aws.call("connect", "DescribeQueue", region, **at(ids))["Queue"].get("OutboundCallerConfig") or {}
    rest = {name: value for name, value in now.items() if name not in {MEMBERS[field] for field in dropped}}
    mine = {member: getattr(wanted, field) for field, member in MEMBERS.items()}
    caller = {**rest, **connect.given(**mine)}
    aws.call("connect", "UpdateQueueOutboundCallerConfig", region, **at(ids), OutboundCallerConfig=caller)


def quick_connects(aws: AwsCalls, region: str, ids: Mapping[str, str]) -> tuple[str, ...] | None:
    """The ids of a queue's quick connects, sorted; None when the queue is gone. A call for each queue: no page has them."""
    rows = connect.pages(aws, region, "ListQueueQuickConnects", "QuickConnectSummaryList", LINKS_A_PAGE, **at(ids))
    try:
        return tuple(sorted(row["Id"] for row in rows))
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        return None


def set_quick_connects(
    aws: AwsCalls, region: str, ids: Mapping[str, str], live: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    """Add first and take away last, so that agents keep what stays."""
    added, gone = sorted(set(wanted) - set(live)), sorted(set(live) - set(wanted))
    for operation, rows in (("AssociateQueueQuickConnects", added), ("DisassociateQueueQuickConnects", gone)):
        for chunk in connect.chunks(rows, LINKS_A_REQUEST):
            aws.call("connect", operation, region, **at(ids), QuickConnectIds=chunk)
