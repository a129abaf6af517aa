"""Answers Route 53's health checks by really checking what a call needs in this region.

A call needs the customers table, the config table and an active Connect instance, so exactly these are asked, side by
side. Route 53 waits 4 seconds for a connection and then 2 for the status, hence one second for each check, one attempt.
A service that throttles a check is alive, and so is the region. The URL is public: the answer names failed checks and
nothing more.

On a second path it says whether this region has taken over: 200 while the signal in the config table names this region,
else 404. It only reads; the signal is written by those who may write to the table. Since the function `takeover` has an
address of its own this path is for failover kits of before.
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
from botocore.exceptions import ClientError

log = logging.getLogger()
log.setLevel(logging.INFO)

PATH = "/health"
TAKEOVER_PATH = "/takeover"
SIGNAL = {"PK": {"S": "TAKEOVER"}, "SK": {"S": "SIGNAL"}}
KEPT_SECONDS = 5.0
SIGNAL_KEPT_SECONDS = 1.0
BUDGET_SECONDS = 1.6
THROTTLED = frozenset(
    {
        "LimitExceededException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "SlowDown",
        "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
    }
)  # fmt: skip
TOO_MANY = 429
TIMEOUTS = Config(connect_timeout=0.6, read_timeout=0.8, retries={"mode": "standard", "total_max_attempts": 1})

Check = Callable[[], None]
Answer = dict[str, Any]


class Health:
    """Runs checks and keeps the result for a few seconds, since Route 53 asks from many places at once.

    `wait_for` waits for the ends of checks, so many seconds at most.
    """

    def __init__(
        self, checks: Mapping[str, Check], monotonic: Callable[[], float], wait_for: Callable[..., object] = wait
    ) -> None:
        self._checks = checks
        self._monotonic = monotonic
        self._wait_for = wait_for
        self._pool = ThreadPoolExecutor(max_workers=len(checks) + 1)
        self._failed: list[str] = []
        self._until = float("-inf")

    def failed(self) -> list[str]:
        """The names of the checks that do not hold, as they were asked for at most 5 seconds ago."""
        begun = self._monotonic()
        if begun >= self._until:
            self._failed = self._run()
            self._until = begun + KEPT_SECONDS
        return self._failed

    def _run(self) -> list[str]:
        running = {name: self._pool.submit(check) for name, check in self._checks.items()}
        self._wait_for(running.values(), timeout=BUDGET_SECONDS)
        return sorted(name for name, future in running.items() if not holds(name, future))


def holds(name: str, future: Future[None]) -> bool:
    """Whether a check has come to an end without an error."""
    if not future.done():
        log.error("check %s did not end in time", name)
        return False
    error = future.exception()
    if error is not None and throttled(error):
        log.warning("check %s was throttled: %s", name, error)
        return True
    if error is not None:
        log.error("check %s failed: %s", name, error)
    return error is None


def throttled(error: BaseException) -> bool:
    """Whether a service answered that it is asked too often: it is there, and it serves those who keep to its rate."""
    if not isinstance(error, ClientError):
        return False
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status == TOO_MANY or error.response.get("Error", {}).get("Code") in THROTTLED


class Signal:
    """Whether this region has taken over, as its own replica of the config table says; kept for a second."""

    def __init__(self, read: Callable[[], str], region: str, monotonic: Callable[[], float]) -> None:
        self._read = read
        self._region = region
        self._monotonic = monotonic
        self._taken = False
        self._until = float("-inf")

    def taken(self) -> bool:
        """Raises what the read raises: without a table nobody can say, and no answer means no takeover."""
        if self._monotonic() >= self._until:
            self._taken = self._read() == self._region
            self._until = self._monotonic() + SIGNAL_KEPT_SECONDS
        return self._taken


class Site:
    """What this region can say of itself."""

    def __init__(self, health: Health, signal: Signal) -> None:
        self.health = health
        self.signal = signal


def answer(event: Mapping[str, Any], site: Callable[[], Site]) -> Answer:
    """The response of the function URL."""
    path = event.get("rawPath", "")
    if path not in (PATH, TAKEOVER_PATH) or method(event) not in ("GET", "HEAD"):
        return response(404, {"status": "not found"})
    return health_answer(site().health) if path == PATH else takeover_answer(site().signal)


def health_answer(health: Health) -> Answer:
    """200 while every check holds."""
    failed = health.failed()
    return response(503, {"status": "failing", "failed": failed}) if failed else response(200, {"status": "ok"})


def takeover_answer(signal: Signal) -> Answer:
    """200 while this region has taken over. A table that does not answer is logged, and is no takeover."""
    try:
        taken = signal.taken()
    except Exception:
        log.exception("the takeover signal cannot be read")
        return response(503, {"status": "unknown"})
    return response(200, {"status": "taken over"}) if taken else response(404, {"status": "standing by"})


def method(event: Mapping[str, Any]) -> str:
    """The HTTP method of a function URL's event."""
    return str(event.get("requestContext", {}).get("http", {}).get("method", "GET"))


def response(status: int, body: Mapping[str, Any]) -> Answer:
    """An answer that nobody on the way keeps."""
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}


def signal_of(client: Callable[[str], Any], environment: Mapping[str, str]) -> Callable[[], str]:
    """Reads which region has taken over; "" for none."""
    dynamodb = client("dynamodb")

    def read() -> str:
        answer = dynamodb.get_item(TableName=environment["CONFIG_TABLE"], Key=SIGNAL, ConsistentRead=True)
        return str(answer.get("Item", {}).get("region", {}).get("S", ""))

    return read


def checks_of(
    client: Callable[[str], Any], environment: Mapping[str, str], now: Callable[[], float] = time.time
) -> dict[str, Check]:
    """The checks for this region, by the names that the answer may show."""
    dynamodb, connect = client("dynamodb"), client("connect")

    def customers() -> None:
        dynamodb.get_item(TableName=environment["CUSTOMERS_TABLE"], Key={"CustomerId": {"S": "health"}})

    def config() -> None:
        key = {"PK": {"S": "HEALTH"}, "SK": {"S": environment["REGION"]}}
        item = dynamodb.get_item(TableName=environment["CONFIG_TABLE"], Key=key).get("Item", {})
        # A rehearsal may ask a region to call itself failing, until an instant and no longer.
        if float(item.get("failing_until", {}).get("N", 0)) > now():
            raise RuntimeError("a rehearsal says so")

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
        self._site: Site | None = None

    def __call__(self) -> Site:
        if self._site is None:
            region = os.environ["REGION"]
            session = boto3.session.Session(region_name=region)

            def client(service: str) -> Any:
                return session.client(service, config=TIMEOUTS)

            health = Health(checks_of(client, os.environ), time.monotonic)
            self._site = Site(health, Signal(signal_of(client, os.environ), region, time.monotonic))
        return self._site


_site = _Once()


def handler(event: Mapping[str, Any], _context: object) -> Answer:
    """Lambda's entry point."""
    return answer(event, _site)
