"""Continuous probes while a drill runs: what callers would have got, and which writes would have been lost.

A probe is good when DNS answers a region and that region's health function answers well. A write is an item in the active
region, acknowledged or not; which of them stand in another region is looked up when traffic has moved.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import TOO_MANY, AwsError
from sbctl.core.aws.odd_answers import nonsense
from sbctl.core.aws.paging import answers
from sbctl.core.clock import Clock
from sbctl.failover.decision.observe import HEALTH_PATH
from sbctl.failover.kit.kit import Kit
from sbctl.probes.protocols import Endpoints, NameLookup

PARTITION = "DRILL"
CALLS = frozenset({"dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Query"})
EVERY_SECONDS = 2.0
"""Of the world's time, between two probes."""
EXPIRES = timedelta(days=1)
SCAN_LIMIT = 200


@dataclass(frozen=True)
class Probe:
    """What a caller got at an instant of the world. `region` is what DNS answered."""

    at: datetime
    region: str
    good: bool
    why: str = ""


@dataclass(frozen=True)
class Write:
    """One item: its number, when it was sent, and whether it was acknowledged."""

    number: int
    at: datetime
    acknowledged: bool
    why: str = ""


@dataclass
class Probed:
    """What the probes have found so far. Appended to by their threads, read when they have stopped."""

    probes: list[Probe] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    settled: int = 0
    """How many probes came before the one from which on it counts what callers got."""

    @property
    def counted(self) -> list[Probe]:
        """The last good probe before anything was broken, and all after it."""
        return self.probes[self.settled :]

    def settle(self) -> bool:
        """Count from the last good probe on; whether there is one."""
        good = [place for place, probe in enumerate(self.probes) if probe.good]
        self.settled = good[-1] if good else 0
        return bool(good)


class Probing:
    """Two threads: one asks DNS and the answering region, one writes. They go on until `stop`."""

    def __init__(
        self,
        kit: Kit,
        run: str,
        aws: AwsCalls,
        http: Endpoints,
        dns: NameLookup,
        world: Clock,
        region: str,
        seen: Probed,
    ) -> None:
        self.seen = seen
        self._kit, self._run, self._aws, self._http, self._dns, self._world = kit, run, aws, http, dns, world
        self._region = region
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._loop, args=(self._look,), daemon=True)]
        if kit.signal_table:
            self._threads.append(threading.Thread(target=self._loop, args=(self._write,), daemon=True))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop both, and wait for what they have in hand."""
        self._stop.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout=10)

    def _loop(self, act: Callable[[], None]) -> None:
        while not self._stop.is_set():
            act()
            self._world.sleep(EVERY_SECONDS)

    def _look(self) -> None:
        at = self._world.now()
        answer = self._dns.ask(self._kit.public_name, self._kit.record_type)
        region = self._kit.answering(answer.values)
        if not region:
            self.seen.probes.append(Probe(at, "", good=False, why=answer.failure or "an answer of no region"))
            return
        reply = self._http.get(self._kit.region(region).health_host, HEALTH_PATH)
        good = reply.ok or reply.status == TOO_MANY  # throttled is alive
        why = "" if good else reply.failure or f"HTTP {reply.status} {reply.body}".strip()
        self.seen.probes.append(Probe(at, region, good=good, why=why))

    def _write(self) -> None:
        number, at = len(self.seen.writes), self._world.now()
        item = {
            "PK": {"S": PARTITION},
            "SK": {"S": sort_key(self._run, number)},
            "at": {"S": at.isoformat()},
            "expires_at": {"N": str(int((at + EXPIRES).timestamp()))},
        }
        try:
            self._aws.call("dynamodb", "PutItem", self._region, TableName=self._kit.signal_table, Item=item)
        except AwsError as error:
            self.seen.writes.append(Write(number, at, acknowledged=False, why=error.code))
        else:
            self.seen.writes.append(Write(number, at, acknowledged=True))


def sort_key(run: str, number: int) -> str:
    return f"{run}#{number:06d}"


def arrived(aws: AwsCalls, kit: Kit, run: str, region: str) -> frozenset[int]:
    """The numbers of a run's writes that stand in a region. Raises AwsError."""
    keys = [one["SK"]["S"] for one in _items(aws, kit, region, f"{run}#")]
    try:
        return frozenset(int(key.rpartition("#")[2]) for key in keys)
    except ValueError as error:
        raise nonsense(error, "drill's items", ("dynamodb", "Query", region)) from error


def remove_items(aws: AwsCalls, kit: Kit, run: str, region: str) -> int:
    """Delete a run's items in a region, from where the deletion replicates; how many there were. Raises AwsError."""
    count = 0
    for item in _items(aws, kit, region, f"{run}#"):
        key = {name: item[name] for name in ("PK", "SK")}
        aws.call("dynamodb", "DeleteItem", region, TableName=kit.signal_table, Key=key)
        count += 1
    return count


def _items(aws: AwsCalls, kit: Kit, region: str, prefix: str) -> Iterable[dict[str, Any]]:
    if not kit.signal_table:
        return
    ask: dict[str, Any] = {
        "TableName": kit.signal_table,
        "KeyConditionExpression": "PK = :drill AND begins_with(SK, :run)",
        "ExpressionAttributeValues": {":drill": {"S": PARTITION}, ":run": {"S": prefix}},
        "ConsistentRead": True,
        "Limit": SCAN_LIMIT,
    }
    tokens = {"ExclusiveStartKey": "LastEvaluatedKey"}
    for answer in answers(aws, "dynamodb", "Query", region, tokens, **ask):
        yield from answer.get("Items", ())


@dataclass(frozen=True)
class Outage:
    """When answers were bad: the last good one before, the first good one after, and how many probes failed."""

    last_good: datetime | None
    first_good_after: datetime | None
    failed: int

    @property
    def seconds(self) -> float | None:
        """How long callers got no good answer: 0 without a bad probe, None while it lasts."""
        if not self.failed:
            return 0.0
        if self.last_good is None or self.first_good_after is None:
            return None
        return (self.first_good_after - self.last_good).total_seconds()


def outage(probes: Sequence[Probe]) -> Outage:
    """The first stretch of bad probes up to the good one after the last bad one of the drill."""
    bad = [place for place, probe in enumerate(probes) if not probe.good]
    if not bad:
        return Outage(None, None, 0)
    before = [probe.at for probe in probes[: bad[0]] if probe.good]
    after = [probe.at for probe in probes[bad[-1] :] if probe.good]
    return Outage(before[-1] if before else None, after[0] if after else None, len(bad))


def lost(writes: Iterable[Write], there: frozenset[int], until: datetime) -> list[Write]:
    """The writes that were acknowledged until an instant and do not stand in the region that took over."""
    return [one for one in writes if one.acknowledged and one.at <= until and one.number not in there]


def reach_back(missing: Sequence[Write], writes: Sequence[Write], until: datetime) -> float | None:
    """The recovery point in seconds: from the oldest missing write to the last one acknowledged until then. 0: none missing.

    None: already the first write is missing, so that the loss reaches back to before anybody looked.
    """
    known = [one.at for one in writes if one.acknowledged and one.at <= until]
    if not known:
        return None
    if not missing:
        return 0.0
    oldest = min(one.at for one in missing)
    return None if oldest == min(known) else max(EVERY_SECONDS, (max(known) - oldest).total_seconds())
