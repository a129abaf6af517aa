"""Answers Route 53's health checks by really checking what a call needs in this region.

A call needs the customers table, the config table and an active Connect instance, so exactly these are asked, side by
side. Route 53 waits 4 seconds for a connection and then 2 for the status, hence one second for each check, one attempt.
The URL is public: the answer names failed checks and nothing more.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import boto3
from botocore.config import Config

log = logging.getLogger()
log.setLevel(logging.INFO)

PATH = "/health"
KEPT_SECONDS = 5.0
BUDGET_SECONDS = 1.6
TIMEOUTS = Config(connect_timeout=0.6, read_timeout=0.8, retries={"mode": "standard", "total_max_attempts": 1})

Check = Callable[[], None]
Answer = dict[str, Any]


class Health:
    """Runs checks and keeps the result for a few seconds, since Route 53 asks from many places at once."""

    def __init__(self, checks: Mapping[str, Check], monotonic: Callable[[], float]) -> None:
        self._checks = checks
        self._monotonic = monotonic
        self._pool = ThreadPoolExecutor(max_workers=len(checks) + 1)
        self._failed: list[str] = []
        self._until = float("-inf")

    def failed(self) -> list[str]:
        """The names of the checks that do not hold, at most 5 seconds old."""
        if self._monotonic() >= self._until:
            self._failed = self._run()
            self._until = self._monotonic() + KEPT_SECONDS
        return self._failed

    def _run(self) -> list[str]:
        running = {name: self._pool.submit(check) for name, check in self._checks.items()}
        wait(running.values(), timeout=BUDGET_SECONDS)
        return sorted(name for name, future in running.items() if not holds(name, future))


def holds(name: str, future: Future[None]) -> bool:
    """Whether a check has come to an end without an error."""
    if not future.done():
        log.error("check %s did not end in time", name)
        return False
    error = future.exception()
    if error is not None:
        log.error("check %s failed: %s", name, error)
    return error is None


def answer(event: Mapping[str, Any], health: Callable[[], Health]) -> Answer:
    """The response of the function URL."""
    if event.get("rawPath", "") != PATH or method(event) not in ("GET", "HEAD"):
        return response(404, {"status": "not found"})
    failed = health().failed()
    return response(503, {"status": "failing", "failed": failed}) if failed else response(200, {"status": "ok"})


def method(event: Mapping[str, Any]) -> str:
    """The HTTP method of a function URL's event."""
    return str(event.get("requestContext", {}).get("http", {}).get("method", "GET"))


def response(status: int, body: Mapping[str, Any]) -> Answer:
    """An answer that nobody on the way keeps."""
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}


def checks_of(client: Callable[[str], Any], environment: Mapping[str, str]) -> dict[str, Check]:
    """The checks for this region, by the names that the answer may show."""
    dynamodb, connect = client("dynamodb"), client("connect")

    def customers() -> None:
        dynamodb.get_item(TableName=environment["CUSTOMERS_TABLE"], Key={"CustomerId": {"S": "health"}})

    def config() -> None:
        key = {"PK": {"S": "HEALTH"}, "SK": {"S": "HEALTH"}}
        dynamodb.get_item(TableName=environment["CONFIG_TABLE"], Key=key)

    def instance() -> None:
        status = connect.describe_instance(InstanceId=environment["INSTANCE_ID"])["Instance"]["InstanceStatus"]
        if status != "ACTIVE":
            raise RuntimeError(f"the instance is {status}")

    checks = {"customers": customers, "config": config}
    # A data-only region has no instance, and its INSTANCE_ID is empty.
    return {**checks, "instance": instance} if environment.get("INSTANCE_ID") else checks


class _Once:
    """Makes the clients with the first request and keeps them for the life of the execution environment."""

    def __init__(self) -> None:
        self._health: Health | None = None

    def __call__(self) -> Health:
        if self._health is None:
            region = os.environ["REGION"]
            session = boto3.session.Session(region_name=region)
            checks = checks_of(lambda service: session.client(service, config=TIMEOUTS), os.environ)
            self._health = Health(checks, time.monotonic)
        return self._health


_health = _Once()


def handler(event: Mapping[str, Any], _context: object) -> Answer:
    """Lambda's entry point."""
    return answer(event, _health)
