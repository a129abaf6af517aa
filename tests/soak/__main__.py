"""`make soak N=10`: `make test` so many times, each with a seed of its own, every third beside other work."""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from tests.run.started import started
from tests.soak.load import load
from tests.soak.outcome import Outcome, failed_of, summary_of, table

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build"
EVERY = 3
INTERRUPTED = 130


def main() -> int:
    """Exit code 1 when a run failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("runs", type=int, nargs="?", default=10)
    runs = parser.parse_args().runs
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    outcomes: list[Outcome] = []
    try:
        for number in range(1, runs + 1):
            outcomes.append(_run(number, runs))
    except KeyboardInterrupt:
        _say("interrupted: the run that was under way is not counted")
        return INTERRUPTED
    finally:
        for line in table(outcomes):
            _say(line)
    return int(any(one.exit for one in outcomes))


def _run(number: int, runs: int) -> Outcome:
    seed, loaded = random.SystemRandom().randrange(2**32), number % EVERY == 0
    said = FOLDER / "soak" / f"{number}.txt"
    said.parent.mkdir(parents=True, exist_ok=True)
    words = "beside four busy processes" if loaded else "alone"
    _say(f"run {number} of {runs}, seed {seed}, {words}: make test SEED={seed} > {said.relative_to(ROOT)}")
    when, begun = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    with load() if loaded else nullcontext(), started(("make", "test", f"SEED={seed}"), ROOT, said) as tests:
        code = tests.wait()
    text = said.read_text(encoding="utf-8", errors="backslashreplace")
    seconds = round(time.monotonic() - begun, 1)
    outcome = Outcome(when, seed, loaded, code, seconds, summary_of(text), failed_of(text))
    with (FOLDER / "soak.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(outcome.as_line())
    _say(f"  exit {code} after {seconds:.0f} s: {outcome.summary or 'no summary'}")
    return outcome


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
