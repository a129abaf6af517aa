"""Fifty threads on every service at once, for a minute: no answer may be a failure of the sandbox itself.

python bench/hammer.py [--seconds 60] [--threads 50]      exit 1 when any answer is a 5xx
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from http.client import HTTPConnection

from rich.console import Console
from rich.table import Table
from server_rate import CALLS, Request, dynamodb, free_port, prepare, running

WRITES = (
    dynamodb("PutItem", TableName="bench", Item={"id": {"S": "w"}, "n": {"N": "1"}}),
    dynamodb(
        "Query", TableName="bench", KeyConditionExpression="id = :i", ExpressionAttributeValues={":i": {"S": "1"}}
    ),
    dynamodb("TransactWriteItems", TransactItems=[{"Put": {"TableName": "bench", "Item": {"id": {"S": "t"}}}}]),
    dynamodb("DeleteItem", TableName="bench", Key={"id": {"S": "w"}}),
    dynamodb("DescribeTable", TableName="bench"),
    Request("s3 PutObject", "s3", "PUT", "/bench-bucket/own", body="x" * 500),
    Request("s3 GetObject", "s3", "GET", "/bench-bucket/key"),
    Request("s3 ListObjectsV2", "s3", "GET", "/bench-bucket?list-type=2"),
    Request(
        "cloudwatch DescribeAlarms",
        "monitoring",
        body="Action=DescribeAlarms&Version=2010-08-01",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    ),
    Request("route53 ListHealthChecks", "route53", "GET", "/2013-04-01/healthcheck"),
    Request("connect ListInstances 2", "connect", "GET", "/instance?maxResults=10"),
)
EVERY = (*CALLS, *WRITES)


class Hammer:
    """Threads that ask whatever comes, and what they were answered."""

    def __init__(self, port: int, threads: int) -> None:
        self._port = port
        self._count = threads
        self._lock = threading.Lock()
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def strike(self, seconds: float) -> None:
        """Go on for so long."""
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._work, args=(seed, end)) for seed in range(self._count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, seed: int, end: float) -> None:
        choose = random.Random(seed)
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        while time.monotonic() < end:
            request = choose.choice(EVERY)
            begun = time.monotonic()
            connection.request(request.method, request.path, request.body or None, request.all_headers())
            response = connection.getresponse()
            response.read()
            with self._lock:
                self.statuses[request.name][response.status] += 1
                self.seconds[request.name].append(time.monotonic() - begun)

    @property
    def failures(self) -> int:
        """How many answers were 5xx."""
        return sum(count for seen in self.statuses.values() for status, count in seen.items() if status >= 500)


def shown(hammer: Hammer) -> Table:
    table = Table("call", "answers", "by status", "p50 ms", "p99 ms")
    for name, seen in sorted(hammer.statuses.items()):
        taken = sorted(hammer.seconds[name])
        p50, p99 = (taken[int(part * (len(taken) - 1))] * 1000 for part in (0.5, 0.99))
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(seen.items()))
        table.add_row(name, str(sum(seen.values())), statuses, f"{p50:.0f}", f"{p99:.0f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=50)
    options = parser.parse_args()
    port = free_port()
    with running([sys.executable, "-m", "sbctl.sandbox", "--port", str(port), "--no-limits"], port):
        prepare(port)
        hammer = Hammer(port, options.threads)
        hammer.strike(options.seconds)
    Console().print(shown(hammer))
    total = sum(sum(seen.values()) for seen in hammer.statuses.values())
    Console().print(
        f"{total} answers in {options.seconds:.0f} s by {options.threads} threads, {hammer.failures} of them 5xx"
    )
    sys.exit(1 if hammer.failures else 0)


if __name__ == "__main__":
    main()
