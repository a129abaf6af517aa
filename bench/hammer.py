"""Fifty threads on every service at once, for a minute: no answer may be a failure of the sandbox itself.

python bench/hammer.py [--seconds 60] [--threads 50]      exit 1 when any answer is a 5xx, a SERVFAIL or none at all, or when a
                                                          service had no turn
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from dnslib import RCODE, DNSError, DNSRecord
from hammer_calls import ZONE, requests_of
from hammer_world import Clients, furnish
from rich.console import Console
from rich.table import Column, Table
from server_rate import Request, free_port, running

DNS = "dns query"
SERVICES = {"cloudwatch", "connect", "dns", "dynamodb", "iam", "lambda", "route53", "s3", "sns", "sqs", "sts"}
TIMEOUT_SECONDS = 60
SPEED = "60"
"""Of the world's clock, so that replication, alarms and health checks are at work all the time."""


class Hammer:
    """Threads that ask whatever comes, and what they were answered: an HTTP status, a DNS code, or an error's name."""

    def __init__(self, port: int, dns_port: int, threads: int, seed: int) -> None:
        self._port = port
        self._dns_port = dns_port
        self._lock = threading.Lock()
        self.answers: dict[str, Counter[str]] = defaultdict(Counter)
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.failures: Counter[str] = Counter()
        clients = Clients(port)
        instance = furnish(clients)
        zone = clients.client("route53").list_hosted_zones()["HostedZones"][0]["Id"]
        self._requests = [requests_of(clients, instance, zone, number) for number in range(threads)]
        self._choosers = [random.Random(f"{seed} {number}") for number in range(threads)]

    def strike(self, seconds: float) -> None:
        """Go on for so long."""
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._work, args=(number, end)) for number in range(len(self._requests))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, number: int, end: float) -> None:
        choose, requests = self._choosers[number], self._requests[number]
        connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_SECONDS)
        while time.monotonic() < end:
            place = choose.randrange(len(requests) + 1)
            if place == len(requests):
                self._query(f"h{choose.randrange(2 * len(self._requests))}.{ZONE}")
            else:
                self._ask(connection, requests[place])

    def _ask(self, connection: HTTPConnection, request: Request) -> None:
        begun = time.monotonic()
        try:
            connection.request(request.method, request.path, request.body or None, request.headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, HTTPException) as error:
            connection.close()
            self._note(request.name, type(error).__name__, begun, str(error) or "no answer")
            return
        why = f"{response.status} {text[:200].decode('utf-8', 'replace')}" if response.status >= 500 else ""
        self._note(request.name, str(response.status), begun, why)

    def _query(self, name: str) -> None:
        begun = time.monotonic()
        try:
            reply = DNSRecord.parse(DNSRecord.question(name).send("127.0.0.1", self._dns_port, timeout=10))
        except (OSError, DNSError) as error:
            self._note(DNS, type(error).__name__, begun, str(error) or "no answer")
            return
        code = str(RCODE[reply.header.rcode])
        self._note(DNS, code, begun, "" if code in ("NOERROR", "NXDOMAIN") else code)

    def _note(self, name: str, answer: str, begun: float, failure: str) -> None:
        taken = time.monotonic() - begun
        with self._lock:
            self.answers[name][answer] += 1
            self.seconds[name].append(taken)
            if failure:
                self.failures[f"{name}: {failure}"] += 1


@contextmanager
def hammer(threads: int, seed: int) -> Iterator[Hammer]:
    """A hammer over a sandbox of its own, with everything in it that is struck."""
    port, dns_port = free_port(), free_port()
    where = ["--port", str(port), "--dns-port", str(dns_port)]
    with running(
        [sys.executable, "-m", "sbctl.sandbox", *where, "--no-limits", "--speed", SPEED, "--zone", ZONE], port
    ):
        yield Hammer(port, dns_port, threads, seed)


def shown(hammer: Hammer) -> Table:
    """What was answered and how soon, by call."""
    table = Table(Column("call", no_wrap=True), "answers", "as", "p50 ms", "p99 ms")
    for name, seen in sorted(hammer.answers.items()):
        taken = sorted(hammer.seconds[name])
        p50, p99 = (taken[int(part * (len(taken) - 1))] * 1000 for part in (0.5, 0.99))
        answers = ", ".join(f"{answer}: {count}" for answer, count in sorted(seen.items()))
        table.add_row(name, str(seen.total()), answers, f"{p50:.0f}", f"{p99:.0f}")
    return table


def unheard(hammer: Hammer) -> list[str]:
    """The services that gave no answer at all: of them nothing is known."""
    return sorted(SERVICES - {name.split()[0] for name in hammer.answers})


def main() -> None:
    """Strike, and print what came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="of the order in which each thread asks")
    parser.add_argument("--figures", type=Path, default=None, help="file for how many answers there were, and failures")
    options = parser.parse_args()
    console = Console()
    with hammer(options.threads, options.seed) as struck:
        struck.strike(options.seconds)
    struck.failures.update(f"{service}: had no turn" for service in unheard(struck))
    console.print(shown(struck))
    total = sum(seen.total() for seen in struck.answers.values())
    rate = total / options.seconds
    console.print(
        f"{total} answers to {options.threads} threads, {rate:.0f} a second; {struck.failures.total()} failures"
    )
    for failure, count in struck.failures.most_common(20):
        console.print(f"{count} x {failure}", markup=False)
    if options.figures:
        options.figures.write_text(json.dumps({"tried": total, "wrong": struck.failures.total()}), encoding="utf-8")
    sys.exit(1 if struck.failures else 0)


if __name__ == "__main__":
    main()
