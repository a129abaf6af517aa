"""Contacts that went as a test says, without a sandbox, and an instance in which they were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.store import ConnectResource, Instance

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC).timestamp()
ARN = "arn:aws:connect:us-east-1:123456789012:instance/i-1"
QUEUES = ("sales", "support")


def instance() -> Instance:
    """An instance with two queues, two agents and a routing profile that serves sales."""
    made = Instance("i-1", ARN, "us-east-1", {"InstanceAlias": "acme"}, {}, NOW, 0.0)
    for queue in QUEUES:
        made.all("queue")[queue] = resource("queue", queue, Name=queue.title())
    turn = {"QueueId": "sales", "Channel": "VOICE", "Priority": 1, "Delay": 0}
    concurrency = [{"Channel": "VOICE", "Concurrency": 1}, {"Channel": "CHAT", "Concurrency": 2}]
    made.all("routing-profile")["basic"] = resource(
        "routing-profile", "basic", Name="Basic", Queues=[turn], MediaConcurrencies=concurrency
    )
    for agent in ("ann", "bob"):
        made.all("agent")[agent] = resource("agent", agent, Name=agent, RoutingProfileId="basic")
    return made


def resource(kind: str, identity: str, **values: Any) -> ConnectResource:
    """A resource of the instance."""
    return ConnectResource(identity, f"{ARN}/{kind}/{identity}", kind, values)


def contact(named: str, at: float = 0.0, **values: Any) -> Contact:
    """A call that began so many seconds after START; times among the values are seconds after that too."""
    times = ("queued", "dequeued", "connected", "acw_begun", "acw_ended", "ended", "scheduled", "updated")
    moved = {name: START + value if name in times and value is not None else value for name, value in values.items()}
    usual = {"region": "us-east-1", "instance": "i-1", "channel": "VOICE", "initiation": "INBOUND", "queue": "sales"}
    return Contact(**{**usual, "id": named, "begun": START + at, **moved})


def answered(named: str, at: float = 0.0, wait: float = 10.0, talk: float = 60.0, **values: Any) -> Contact:
    """A call that waited, was answered by ann, and ended by its caller; then came 20 seconds of work after it."""
    queued, connected, ended = at + 5, at + 5 + wait, at + 5 + wait + talk
    usual = {
        "agent": "ann", "queued": queued, "dequeued": connected, "connected": connected, "ended": ended, "offers": 1,
        "acw_begun": ended, "acw_ended": ended + 20, "reason": "CUSTOMER_DISCONNECT",
    }  # fmt: skip
    return contact(named, at, **{**usual, **values})


def abandoned(named: str, at: float = 0.0, wait: float = 30.0, **values: Any) -> Contact:
    """A call whose caller gave up in the queue."""
    left = at + 5 + wait
    return contact(
        named, at, **{"queued": at + 5, "dequeued": left, "ended": left, "reason": "CUSTOMER_DISCONNECT", **values}
    )
