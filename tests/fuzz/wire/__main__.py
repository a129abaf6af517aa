"""Random requests to a sandbox in a process of its own; prints its seed, what was answered, and every broken promise.

A promise is broken by a 5xx of the sandbox's own, an error that is not of the protocol's form, an answer that never comes, a
traceback in its log, and by memory above what the limits of bodies allow.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.say import say
from tests.fuzz.wire.campaign import Tally, asked, campaign
from tests.fuzz.wire.served import allowed_growth, peak_memory, served
from tests.long.figures import write_figures

TRACEBACK = re.compile(r"^Traceback.*?^\w[^\n]*$", re.MULTILINE | re.DOTALL)


def main() -> int:
    """Exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.wire", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="of an earlier run, to have the same requests")
    parser.add_argument("--clients", type=int, default=2, help="that ask at once")
    parser.add_argument(
        "--figures", type=Path, default=None, metavar="FILE", help="write how many were tried and wrong"
    )
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else time.time_ns() % 2**32
    say(f"seed {seed}, {chosen.requests} requests")
    with tempfile.TemporaryDirectory(prefix="sbctl-wire-") as folder:
        tally = _all(Path(folder), seed, chosen.requests, chosen.clients)
    for title, counts in (("request", tally.kinds), ("damage", tally.damage), ("status", tally.statuses)):
        _table(title, counts)
    say(f"{tally.tried} requests, {len(tally.broken)} broken promises")
    write_figures(chosen.figures, tally.tried, len(tally.broken))
    return 1 if tally.broken else 0


def _all(folder: Path, seed: int, requests: int, clients: int) -> Tally:
    with served(folder) as server:
        on = asked(server.port, server.token)
        before = peak_memory(server.pid)
        each = [requests // clients + (number < requests % clients) for number in range(clients)]
        with ThreadPoolExecutor(clients) as pool:
            parts = [pool.submit(campaign, on, f"{seed} {number}", many, say) for number, many in enumerate(each)]
            tally = sum((part.result() for part in parts), Tally())
        grown = peak_memory(server.pid) - before
        say(f"memory: {before >> 20} MiB at the start, at most {grown >> 20} MiB more")
        if not server.answers():
            tally.broken.append("the server does not answer any more")
        if grown > allowed_growth(clients):
            tally.broken.append(f"memory grew by {grown >> 20} MiB, {allowed_growth(clients) >> 20} MiB are allowed")
    for error, times in Counter(TRACEBACK.findall(server.log.read_text(encoding="utf-8", errors="replace"))).items():
        tally.broken.append(f"traceback, {times} times: {error[-2_000:]}")
        say(f"BROKEN: {tally.broken[-1]}")
    return tally


def _table(title: str, counts: Counter[str]) -> None:
    say(f"by {title}")
    for name, count in counts.most_common():
        say(f"  {count:6}  {name}")


if __name__ == "__main__":
    sys.exit(main())
