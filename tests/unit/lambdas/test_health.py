"""The function health: what Route 53 is told when parts of a region fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from sbctl.core.clock import FakeClock
from tests.unit.lambdas.loading import handler_of

health = handler_of("health")
ENVIRONMENT = {
    "CUSTOMERS_TABLE": "customers", "CONFIG_TABLE": "config", "INSTANCE_ID": "i-1", "REGION": "us-west-2",
}  # fmt: skip
NOW = 1_800_000_000.0


class Region:
    """Clients of one region: tables that fail are named in `broken`, the instance has a status."""

    def __init__(self, *broken: str, status: str = "ACTIVE", refusal: Exception | None = None) -> None:
        self.broken = set(broken)
        self.status = status
        self.refusal = refusal
        self.reads: list[str] = []
        self.items: dict[tuple[str, str], dict[str, Any]] = {}

    def client(self, _service: str) -> Region:
        return self

    def get_item(self, TableName: str, Key: dict[str, Any], **_more: Any) -> dict[str, Any]:  # noqa: N803 - boto3's
        self.reads.append(TableName)
        if self.refusal is not None:
            raise self.refusal
        if TableName in self.broken:
            raise ConnectionError("secret-host.internal")
        item = self.items.get((Key["PK"]["S"], Key["SK"]["S"])) if "PK" in Key else None
        return {"Item": item} if item else {}

    def describe_instance(self, InstanceId: str) -> dict[str, Any]:  # noqa: ARG002, N803 - boto3's name
        if self.refusal is not None:
            raise self.refusal
        return {"Instance": {"InstanceStatus": self.status}}


def until_all_end(running: Iterable[Future[None]], timeout: float) -> None:  # noqa: ARG001 - on a busy machine too
    """Wait for checks that end."""
    wait(running)


class Site:
    """The function with a region behind it and a clock of its own."""

    def __init__(self, region: Region, environment: dict[str, str] | None = None) -> None:
        self.clock = FakeClock()
        environment = ENVIRONMENT if environment is None else environment
        checks = health.checks_of(region.client, environment, lambda: NOW)
        signal = health.Signal(health.signal_of(region.client, environment), "us-west-2", self.clock.monotonic)
        self._site = health.Site(health.Health(checks, self.clock.monotonic, until_all_end), signal)

    def get(self, path: str = "/health", method: str = "GET") -> tuple[int, dict[str, Any]]:
        event = {"rawPath": path, "requestContext": {"http": {"method": method}}}
        answer = health.answer(event, lambda: self._site)
        return answer["statusCode"], json.loads(answer["body"])


def test_sound_region() -> None:
    """When tables and instance answer, the status is 200, and both tables were really read."""
    region = Region()
    assert Site(region).get() == (200, {"status": "ok"})
    assert sorted(region.reads) == ["config", "customers"]


@pytest.mark.parametrize(
    ("region", "failed"),
    [
        (Region("customers"), ["customers"]),
        (Region("customers", "config"), ["config", "customers"]),
        (Region(status="CREATION_FAILED"), ["instance"]),
    ],
)
def test_failing_region(region: Region, failed: list[str]) -> None:
    """Each part that fails makes 503, and the body names the checks and nothing else."""
    assert Site(region).get() == (503, {"status": "failing", "failed": failed})


def refusal(code: str, status: int) -> ClientError:
    """What boto3 raises for an answer of AWS."""
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "DescribeInstance")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (refusal("ThrottlingException", 400), 200),
        (refusal("TooManyRequestsException", 429), 200),
        (refusal("ProvisionedThroughputExceededException", 400), 200),
        (refusal("RequestLimitExceeded", 503), 200),
        (refusal("SomethingNew", 429), 200),
        (refusal("AccessDeniedException", 403), 503),
        (refusal("ResourceNotFoundException", 404), 503),
        (refusal("InternalServerError", 500), 503),
        (ReadTimeoutError(endpoint_url="https://connect.us-west-2.amazonaws.com"), 503),
        (EndpointConnectionError(endpoint_url="https://connect.us-west-2.amazonaws.com"), 503),
    ],
    ids=lambda value: type(value).__name__ + str(value)[-40:] if isinstance(value, Exception) else str(value),
)
def test_what_is_throttled_is_alive(error: Exception, status: int) -> None:
    """Too many requests are an answer of a service that is there; silence, refusals and faults are not."""
    assert Site(Region(refusal=error)).get()[0] == status


def test_other_paths_are_not_found() -> None:
    """Only GET and HEAD of /health are answered, and nothing else costs a read."""
    region = Region()
    site = Site(region)
    assert site.get("/")[0] == site.get("/admin")[0] == site.get(method="POST")[0] == 404
    assert not region.reads


@pytest.mark.parametrize(("region", "status"), [("", 404), ("us-east-1", 404), ("us-west-2", 200)])
def test_takeover_is_this_regions_only(region: str, status: int) -> None:
    """200 says that this region has taken over; a signal of another region, or none, is 404."""
    here = Region()
    if region:
        here.items["TAKEOVER", "SIGNAL"] = {"region": {"S": region}}
    assert Site(here).get("/takeover")[0] == status


def test_takeover_without_a_table_is_no_takeover() -> None:
    """A table that does not answer makes 503 and tells nothing of itself."""
    assert Site(Region("config")).get("/takeover") == (503, {"status": "unknown"})


def test_takeover_cannot_be_set_from_outside() -> None:
    """Whatever is sent, the function only reads."""
    here = Region()
    site = Site(here)
    assert [site.get("/takeover", method)[0] for method in ("POST", "PUT", "DELETE")] == [404, 404, 404]
    assert site.get("/takeover")[0] == 404
    assert here.reads == ["config"]


@pytest.mark.parametrize(("until", "status"), [(NOW + 60, 503), (NOW - 1, 200)])
def test_a_rehearsal_makes_a_region_call_itself_failing_for_a_time(until: float, status: int) -> None:
    """The flag in the config table counts until its instant and never longer."""
    here = Region()
    here.items["HEALTH", "us-west-2"] = {"failing_until": {"N": str(until)}}
    assert Site(here).get()[0] == status


def test_result_is_kept_five_seconds() -> None:
    """Requests within 5 seconds share one result; after that the region is asked again."""
    region = Region()
    site = Site(region)
    site.get()
    region.broken.add("config")
    site.clock.sleep(4.9)
    assert site.get()[0] == 200
    site.clock.sleep(0.2)
    assert site.get()[0] == 503


def test_data_only_region_has_no_instance_to_ask() -> None:
    """With an empty INSTANCE_ID the instance is no part of the answer."""
    region = Region(status="GONE")
    assert Site(region, {**ENVIRONMENT, "INSTANCE_ID": ""}).get()[0] == 200


def test_hanging_check_fails_in_time() -> None:
    """A check that never ends counts as failed while the others still count."""
    release = threading.Event()
    given = []

    def until_one_ends(running: Iterable[Future[None]], timeout: float) -> None:
        given.append(timeout)
        wait(running, return_when=FIRST_COMPLETED)

    def hangs() -> None:
        release.wait()

    checks = {"hangs": hangs, "fine": lambda: None}
    try:
        assert health.Health(checks, FakeClock().monotonic, until_one_ends).failed() == ["hangs"]
    finally:
        release.set()
    assert given == [health.BUDGET_SECONDS]


def test_clients_give_up_before_route_53_does() -> None:
    """One attempt's timeouts, and the budget for all checks, stay under the 2 seconds that Route 53 waits."""
    assert health.TIMEOUTS.connect_timeout + health.TIMEOUTS.read_timeout < 2
    assert health.TIMEOUTS.retries["total_max_attempts"] == 1
    assert health.BUDGET_SECONDS < 2
