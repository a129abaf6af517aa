"""Replication while regions are cut off: what waits, what goes on, and that everything arrives once. In process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from sbctl.sandbox.s3.replication import CopyLag
from sbctl.sandbox.s3.service import S3Service
from sbctl.sandbox.service import Call
from sbctl.sandbox.wire.identify import Identity, Request
from tests.sandbox.conftest import Sandbox
from tests.sandbox.s3_buckets import EAST, IRELAND, LAG, REGIONS, ROLE, WEST, Buckets, rule
from tests.waits import PATIENCE_SECONDS

THREADS = 8
OBJECTS = 800


class Cuts:
    """Regions that are down, and pairs of regions between which nothing gets through."""

    def __init__(self) -> None:
        self._down: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()
        self._listeners: list[Callable[[], None]] = []

    def replication_paused(self, service: str, source: str, target: str, resource: str = "") -> bool:
        assert service == "s3"
        assert resource in REGIONS
        return source in self._down or target in self._down or (source, target) in self._pairs

    def listen(self, callback: Callable[[], None]) -> None:
        self._listeners.append(callback)

    def down(self, region: str) -> None:
        self._down.add(region)
        self._tell()

    def pause(self, source: str, target: str) -> None:
        self._pairs.add((source, target))
        self._tell()

    def heal(self) -> None:
        self._down.clear()
        self._pairs.clear()
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


class Cut:
    """A service of its own over the sandbox's buckets, with faults that the test decides."""

    def __init__(self, sandbox: Sandbox) -> None:
        world = sandbox.world
        self.world = world
        self.faults = Cuts()
        self.buckets = Buckets(sandbox)
        self.service = S3Service(world.clock, world.account, world.upstream, world.moto, world.scheduler, self.faults)
        self.service.replication.lag = LAG

    def rules(self, bucket: str, *destinations: str) -> None:
        """Copies to each of the destinations."""
        rules = [rule(destination, Priority=number) for number, destination in enumerate(destinations)]
        params = {"Bucket": bucket, "ReplicationConfiguration": {"Role": ROLE, "Rules": rules}}
        call = Call("s3", "PutBucketReplication", REGIONS[bucket], self.world.account, params)
        self.service.operations["PutBucketReplication"](call)

    def put(self, bucket: str, key: str) -> None:
        """A new object of 5 bytes."""
        who = Identity("s3", REGIONS[bucket], "PutObject", "rest-xml", {"Bucket": bucket, "Key": key})
        scope = f"Credential=sandbox/20261123/{REGIONS[bucket]}/s3/aws4_request"
        request = Request("PUT", f"/{bucket}/{key}", "", {"authorization": f"AWS4-HMAC-SHA256 {scope}"}, b"voice")
        assert self.service.relays["PutObject"](who, request).status == 200


@pytest.fixture
def cut(sandbox: Sandbox) -> Cut:
    """Three buckets; the first copies to the two others."""
    made = Cut(sandbox)
    made.rules(EAST, WEST, IRELAND)
    return made


@pytest.mark.parametrize("lost", ["us-west-2", "pair"])
def test_what_cannot_get_through_waits_and_catches_up(cut: Cut, lost: str) -> None:
    """While a region is down or a pair paused its copies wait and the source stays PENDING; healed, they arrive at once."""
    if lost == "pair":
        cut.faults.pause("us-east-1", "us-west-2")
    else:
        cut.faults.down(lost)
    cut.put(EAST, "k")
    cut.buckets.pass_time(3600.0)
    assert (cut.buckets.status(EAST), cut.buckets.keys(WEST), cut.buckets.keys(IRELAND)) == ("PENDING", [], ["k"])
    [entry] = cut.service.replication.backlog()
    assert (entry.destination, entry.pending, entry.bytes, entry.oldest_seconds >= 3600.0) == (WEST, 1, 5, True)
    cut.faults.heal()
    cut.buckets.pass_time(0.0)
    assert (cut.buckets.status(EAST), cut.buckets.keys(WEST)) == ("COMPLETED", ["k"])
    assert cut.service.replication.backlog() == []


def test_what_a_lost_source_had_not_sent_arrives_late(cut: Cut) -> None:
    """Objects written just before the source's region was lost come when it returns, with their old time."""
    cut.rules(WEST, EAST)
    cut.put(EAST, "k")
    cut.faults.down("us-east-1")
    cut.buckets.pass_time()
    assert cut.buckets.keys(WEST) == []
    cut.put(WEST, "k")
    cut.faults.heal()
    cut.buckets.pass_time()
    current = {bucket: cut.buckets.clients[bucket].head_object(Bucket=bucket, Key="k") for bucket in (EAST, WEST)}
    assert current[EAST]["VersionId"] == current[WEST]["VersionId"]
    assert (cut.buckets.status(WEST), cut.buckets.status(EAST)) == ("COMPLETED", "REPLICA")


def test_what_is_not_due_yet_waits_for_its_time_after_healing(cut: Cut) -> None:
    """Healing releases what is due and shortens no lag."""
    cut.faults.down("us-west-2")
    cut.put(EAST, "k")
    cut.faults.heal()
    cut.buckets.pass_time(0.0)
    assert cut.buckets.keys(WEST) == []
    cut.buckets.pass_time()
    assert cut.buckets.keys(WEST) == ["k"]


def test_everything_arrives_once_across_a_loss(cut: Cut) -> None:
    """Objects written by eight threads, with a region lost in the middle, are all in both other regions, each once."""
    cut.service.replication.lag = CopyLag(2.0, 2.0)
    quarter = threading.Barrier(THREADS, action=lambda: cut.faults.down("us-west-2"))

    def write(thread: int) -> None:
        for number in range(OBJECTS // THREADS):
            if number == OBJECTS // THREADS // 4:
                quarter.wait(timeout=PATIENCE_SECONDS)
            cut.put(EAST, f"{thread}/{number}")
            cut.service.replication.run_due()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    cut.buckets.pass_time(10.0)
    waiting = {entry.destination: entry.pending for entry in cut.service.replication.backlog()}
    assert set(waiting) == {WEST}
    assert waiting[WEST] >= OBJECTS * 3 // 4
    cut.faults.heal()
    cut.buckets.pass_time(0.0)
    for bucket in (WEST, IRELAND):
        pages = cut.buckets.clients[bucket].get_paginator("list_object_versions").paginate(Bucket=bucket)
        found = [version["Key"] for page in pages for version in page["Versions"]]
        assert len(found) == len(set(found)) == OBJECTS
    assert cut.service.replication.backlog() == []
