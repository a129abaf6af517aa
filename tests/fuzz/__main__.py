"""`make fuzz`: many trials; prints how many of each kind there were, how they ended, and every one that broke a promise."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.fuzz.campaign import Tally
from tests.fuzz.say import say
from tests.fuzz.share import share
from tests.long.figures import write_figures


def main() -> int:
    """Exit code 1 when a trial broke a promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="of an earlier run, to have the same inputs")
    parser.add_argument("--jobs", type=int, default=2, help="processes; each has the seed after that of the one before")
    parser.add_argument("--only", default="", help="only files that begin so")
    parser.add_argument(
        "--figures", type=Path, default=None, metavar="FILE", help="write how many were tried and wrong"
    )
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else time.time_ns() % 2**32
    say(f"seed {seed}, {chosen.inputs} inputs")
    begun = time.monotonic()
    parts = [(seed + number, chosen.inputs // chosen.jobs, chosen.only) for number in range(chosen.jobs)]
    with ProcessPoolExecutor(chosen.jobs, mp_context=get_context("spawn")) as pool:
        tally = sum(pool.map(share, *zip(*parts, strict=True)), Tally())
    _tell(tally, time.monotonic() - begun)
    write_figures(chosen.figures, tally.count, sum(tally.broken.values()))
    return 1 if tally.broken else 0


def _tell(tally: Tally, seconds: float) -> None:
    for title, counts in (
        ("file", tally.files),
        ("damage", tally.kinds),
        ("command", tally.commands),
        ("exit code", tally.exits),
    ):
        _table(title, counts)
    say(
        f"{tally.count} inputs in {seconds:.0f} s; {sum(tally.broken.values())} broke a promise, in {len(tally.broken)} ways"
    )


def _table(title: str, counts: Counter[str]) -> None:
    say(f"by {title}")
    for name, count in counts.most_common():
        say(f"  {count:6}  {name}")


if __name__ == "__main__":
    sys.exit(main())
