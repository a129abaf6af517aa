"""Sandboxes served inside the test's own process: empty at their start, or as they were saved.

Their clock stands still. It moves when a test advances it, and when a run of sbctl waits for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3

from sbctl.sandbox.http.server import Running, serve
from sbctl.sandbox.http.strangers import TOKEN_HEADER
from sbctl.sandbox.world import World, WorldSettings


def still(**settings: Any) -> WorldSettings:
    """Settings of a world whose clock stands, without rate limits."""
    return WorldSettings(**{"speed": 0.0, "limits": False, **settings})


@contextmanager
def empty_world(settings: WorldSettings, dns_port: int | None = None) -> Iterator[Running]:
    """A world of its own, and its server. moto's state is the process's: that of an earlier world goes."""
    with serve(World(settings), dns_port=dns_port) as running:
        running.reset()
        yield running


@lru_cache(maxsize=64)
def client_of(endpoint: str, service: str, region: str) -> Any:
    """A boto3 client of a sandbox: the same for the same question, since one takes as long to make as ten calls."""
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )


def trusted(running: Running) -> dict[str, str]:
    """The headers of a control request."""
    return {TOKEN_HEADER: running.world.token}


def make_known(running: Running, state: Path) -> None:
    """Leave the note of a sandbox in a state folder, by which commands with `--sandbox` find it."""
    note = {"port": running.port, "endpoint": running.endpoint, "instance": running.world.instance}
    note["token"] = running.world.token
    if running.dns_port:
        note["dns"] = f"127.0.0.1:{running.dns_port}"
    place = state / "sandbox"
    place.mkdir(parents=True, exist_ok=True)
    (place / "sandbox.json").write_text(json.dumps(note), encoding="utf-8")
