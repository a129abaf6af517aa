"""The function health: what Route 53 is told when parts of a region fail."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from sbctl.core.clock import FakeClock
from tests.unit.lambdas.loading import handler_of

health = handler_of("health")
ENVIRONMENT = {"CUSTOMERS_TABLE": "customers", "CONFIG_TABLE": "config", "INSTANCE_ID": "i-1"}


class Region:
    """Clients of one region: tables that fail are named in `broken`, the instance has a status."""

    def __init__(self, *broken: str, status: str = "ACTIVE") -> None:
        self.broken = set(broken)
        self.status = status
        self.reads: list[str] = []

    def client(self, _service: str) -> Region:
        return self

    def get_item(self, TableName: str, Key: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002, N803 - boto3's names
        self.reads.append(TableName)
        if TableName in self.broken:
            raise ConnectionError("secret-host.internal")
        return {}

    def describe_instance(self, InstanceId: str) -> dict[str, Any]:  # noqa: ARG002, N803 - boto3's name
        return {"Instance": {"InstanceStatus": self.status}}


class Site:
    """The function with a region behind it and a clock of its own."""

    def __init__(self, region: Region, environment: dict[str, str] | None = None) -> None:
        self.clock = FakeClock()
        checks = health.checks_of(region.client, ENVIRONMENT if environment is None else environment)
        self._health = health.Health(checks, self.clock.monotonic)

    def get(self, path: str = "/health", method: str = "GET") -> tuple[int, dict[str, Any]]:
        event = {"rawPath": path, "requestContext": {"http": {"method": method}}}
        answer = health.answer(event, lambda: self._health)
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


def test_other_paths_are_not_found() -> None:
    """Only GET and HEAD of /health are answered, and nothing else costs a read."""
    region = Region()
    site = Site(region)
    assert site.get("/")[0] == site.get("/admin")[0] == site.get(method="POST")[0] == 404
    assert not region.reads


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
    site = health.Health({"hangs": lambda: release.wait(30) and None, "fine": lambda: None}, FakeClock().monotonic)
    try:
        assert site.failed() == ["hangs"]
    finally:
        release.set()


def test_clients_give_up_before_route_53_does() -> None:
    """One attempt's timeouts, and the budget for all checks, stay under the 2 seconds that Route 53 waits."""
    assert health.TIMEOUTS.connect_timeout + health.TIMEOUTS.read_timeout < 2
    assert health.TIMEOUTS.retries["total_max_attempts"] == 1
    assert health.BUDGET_SECONDS < 2
