"""What contacts leave in other services, as Connect itself reaches them: nothing of it in a region that is down."""

from __future__ import annotations

from urllib.parse import quote

from sbctl.sandbox.connect.traces.sinks import Figures, Lines, Sinks
from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.hooks import Relay
from sbctl.sandbox.moto_bridge.logs import MotoLogs
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.identify import Identity, Request

NAMESPACE = "AWS/Connect"
AT_ONCE = 500
"""Of one PutMetricData, which takes a thousand."""


def sinks_of(on: ServiceContext, put_object: Relay) -> Sinks:
    """CloudWatch, CloudWatch Logs and S3 of a world. `put_object` answers S3's PutObject, replication included."""
    logs = MotoLogs(on.account, on.moto)

    def figures(region: str, data: Figures) -> None:
        for start in range(0, len(data), AT_ONCE):
            if not on.faults.region_is_down(region):
                metrics = {"Namespace": NAMESPACE, "MetricData": list(data[start : start + AT_ONCE])}
                on.upstream.call("cloudwatch", "PutMetricData", region, metrics)

    def lines(region: str, group: str, stream: str, texts: Lines) -> None:
        if not on.faults.region_is_down(region):
            on.upstream.call("logs", "DescribeLogGroups", region, {"logGroupNamePrefix": group})  # which loads moto
            logs.append(region, group, stream, texts)

    def put(region: str, bucket: str, key: str, body: bytes, content: str) -> bool:
        if on.faults.region_is_down(region):
            return False
        path = {"Bucket": quote(bucket, safe=""), "Key": quote(key, safe="/")}
        who = Identity("s3", region, "PutObject", "rest-xml", path)
        headers = {"host": "localhost", "content-type": content, "content-length": str(len(body))}
        try:
            return put_object(who, Request("PUT", f"/{path['Bucket']}/{path['Key']}", "", headers, body)).status < 300
        except ApiError:
            return False

    return Sinks(figures, lines, put)
