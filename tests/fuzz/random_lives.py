"""`make random`: random projects through plan, deploy, change, deploy and destroy; prints what was drawn and what broke."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.configurations import Files, projects
from tests.fuzz.lives import empty_scene, live
from tests.fuzz.say import say
from tests.long.figures import write_figures


def main() -> int:
    """Exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.random_lives", description=__doc__)
    parser.add_argument("--lives", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None, help="of an earlier run, to have the same projects")
    parser.add_argument(
        "--figures", type=Path, default=None, metavar="FILE", help="write how many were tried and wrong"
    )
    chosen = parser.parse_args()
    number = chosen.seed if chosen.seed is not None else time.time_ns() % 2**32
    say(f"seed {number}, {chosen.lives} lives")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sbctl-random-") as folder:
        broken, sizes = _all(Path(folder), number, chosen.lives)
    for name, count in sorted(sizes.items()):
        say(f"  {count:6}  {name}")
    say(f"{chosen.lives} lives in {time.monotonic() - begun:.0f} s; {broken} broke a promise")
    write_figures(chosen.figures, chosen.lives, broken)
    return 1 if broken else 0


def _all(folder: Path, number: int, lives: int) -> tuple[int, Counter[str]]:
    broken: list[str] = []
    sizes: Counter[str] = Counter()
    with empty_scene(folder) as scene:

        @seed(number)
        @settings(
            max_examples=lives,
            phases=(Phase.generate,),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(projects(), projects())
        def one_life(before: Files, after: Files) -> None:
            for files in (before, after):
                sizes.update({f"with {len(files.regions['regions'])} regions": 1, "flows": len(files.flows)})
                sizes.update(
                    {name: len(files.regions[name]) for name in ("queues", "hours", "tables", "buckets", "lambdas")}
                )
            found = list(live(scene, before, after))
            if found:
                broken.extend(found)
                say(f"BROKEN: {found}\n  before {json.dumps(before.__dict__)}\n  after {json.dumps(after.__dict__)}\n")

        one_life()
    return len(broken), sizes


if __name__ == "__main__":
    sys.exit(main())
