"""Every point at which the inside of moto's CloudWatch Logs is touched: another version of moto fails here first and by name."""

from __future__ import annotations

from sbctl.sandbox.moto_bridge.logs import MotoLogs
from tests.sandbox.conftest import Sandbox

GROUP, STREAM = "/aws/connect/acme", "2026/03/01/03/stream-1"
DAY = 86400_000


def test_lines_far_ahead_of_the_machine_are_put_and_read(sandbox: Sandbox) -> None:
    """Group and stream are made with the first line; lines are read as they were put, whatever the machine's clock says."""
    sandbox.client("logs", "us-west-2").describe_log_groups()  # moto is loaded by a first call
    at = int(sandbox.world.clock.seconds() * 1000) + 30 * DAY
    logs = MotoLogs(sandbox.world.account, sandbox.world.moto)
    logs.append("us-west-2", GROUP, STREAM, [(at, "one")])
    logs.append("us-west-2", GROUP, STREAM, [(at + 1, "two")])
    client = sandbox.client("logs", "us-west-2")
    found = client.get_log_events(logGroupName=GROUP, logStreamName=STREAM, startFromHead=True)["events"]
    assert [(one["timestamp"], one["message"]) for one in found] == [(at, "one"), (at + 1, "two")]
    filtered = client.filter_log_events(logGroupName=GROUP, startTime=at, filterPattern="two")["events"]
    assert [one["message"] for one in filtered] == ["two"]
