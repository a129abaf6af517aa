"""Answers Route 53 whether this region has taken over: 200 while the signal in the config table names it, else 404.

It is apart from the health function, so that a flood of the public health address cannot silence it. What it reads it also
publishes as a metric. A health check keeps the last status of that metric while no data arrives, so that silence, throttling
and errors change nothing. Only a read of the table is ever published.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.config import Config

log = logging.getLogger()
log.setLevel(logging.INFO)

PATH = "/takeover"
SIGNAL = {"PK": {"S": "TAKEOVER"}, "SK": {"S": "SIGNAL"}}
NAMESPACE = "sbctl"
METRIC = "TakenOver"
KEPT_SECONDS = 1.0
PUBLISHED_SECONDS = 20.0
"""A metric's period is a minute: three datapoints in each from every execution environment."""
TIMEOUTS = Config(connect_timeout=0.5, read_timeout=0.7, retries={"mode": "standard", "total_max_attempts": 1})

Answer = dict[str, Any]


class Takeover:
    """What this region's own replica of the table says, kept for a second, and published when it was read."""

    def __init__(
        self,
        read: Callable[[], str],
        publish: Callable[[bool], None],
        region: str,
        monotonic: Callable[[], float],
    ) -> None:
        self._read = read
        self._publish = publish
        self._region = region
        self._monotonic = monotonic
        self._taken = False
        self._until = float("-inf")
        self._published: tuple[bool, float] | None = None

    def taken(self) -> bool:
        """Raises what the read raises: without a table nothing is known, and nothing is published."""
        if self._monotonic() >= self._until:
            self._taken = self._read() == self._region
            self._until = self._monotonic() + KEPT_SECONDS
            self._tell()
        return self._taken

    def _tell(self) -> None:
        """Publish at once what has changed, and every twenty seconds what has not. A failure is no reason not to answer."""
        now = self._monotonic()
        if self._published is not None:
            last, at = self._published
            if last == self._taken and now - at < PUBLISHED_SECONDS:
                return
        try:
            self._publish(self._taken)
        except Exception:
            log.exception("the metric cannot be published")
        self._published = (self._taken, now)


def answer(event: Mapping[str, Any], takeover: Callable[[], Takeover]) -> Answer:
    """The response of the function URL."""
    http = event.get("requestContext", {}).get("http", {})
    if event.get("rawPath", "") != PATH or str(http.get("method", "GET")) not in ("GET", "HEAD"):
        return response(404, "not found")
    try:
        taken = takeover().taken()
    except Exception:
        log.exception("the takeover signal cannot be read")
        return response(503, "unknown")
    return response(200, "taken over") if taken else response(404, "standing by")


def response(status: int, said: str) -> Answer:
    """An answer that nobody on the way keeps."""
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps({"status": said})}


def signal_of(dynamodb: Any, table: str) -> Callable[[], str]:
    """Reads which region has taken over; "" for none."""

    def read() -> str:
        found = dynamodb.get_item(TableName=table, Key=SIGNAL, ConsistentRead=True)
        return str(found.get("Item", {}).get("region", {}).get("S", ""))

    return read


def metric_of(cloudwatch: Any, function: str) -> Callable[[bool], None]:
    """Publishes whether the region has taken over."""

    def publish(taken: bool) -> None:
        dimensions = [{"Name": "FunctionName", "Value": function}]
        datum = {"MetricName": METRIC, "Dimensions": dimensions, "Value": float(taken)}
        cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=[datum])

    return publish


class _Once:
    """Makes the clients with the first request and keeps them for the life of the execution environment."""

    def __init__(self) -> None:
        self._takeover: Takeover | None = None

    def __call__(self) -> Takeover:
        if self._takeover is None:
            region = os.environ["REGION"]
            session = boto3.session.Session(region_name=region)
            read = signal_of(session.client("dynamodb", config=TIMEOUTS), os.environ["CONFIG_TABLE"])
            function = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
            publish = metric_of(session.client("cloudwatch", config=TIMEOUTS), function)
            self._takeover = Takeover(read, publish, region, time.monotonic)
        return self._takeover


_takeover = _Once()


def handler(event: Mapping[str, Any], _context: object) -> Answer:
    """Lambda's entry point."""
    return answer(event, _takeover)
