"""One sandbox for the whole run, empty at the start of each test, without rate limits and with a clock that stands, and clients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sbctl.sandbox.http.server import Running
from sbctl.sandbox.world import World
from tests.waits import PATIENCE_SECONDS
from tests.worlds import empty_world, still


@dataclass(frozen=True)
class Sandbox:
    """A served sandbox. `world` is its inside, `endpoint` its outside."""

    running: Running

    @property
    def endpoint(self) -> str:
        return self.running.endpoint

    @property
    def world(self) -> World:
        return self.running.world

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """A boto3 client with placeholder credentials that tries once."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            config=Config(
                retries={"total_max_attempts": 1},
                connect_timeout=PATIENCE_SECONDS,
                read_timeout=PATIENCE_SECONDS,
                max_pool_connections=50,
                proxies={},
            ),
        )


@pytest.fixture(scope="session")
def served() -> Iterator[Sandbox]:
    """The server of the whole run. Its time moves when a test advances it."""
    with empty_world(still()) as running:
        yield Sandbox(running)


@pytest.fixture
def sandbox(served: Sandbox) -> Sandbox:
    """The server with an empty account and no rate limits."""
    served.world.limits.enabled = False
    served.running.reset()
    return served
