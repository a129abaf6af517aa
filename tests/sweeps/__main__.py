"""`python -m tests.sweeps`: the sweeps in their long form, what they found as a table or as JSON on stdout."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.long.figures import write_figures
from tests.sweeps.forks import Told
from tests.sweeps.moving import MOVING
from tests.sweeps.operations import OPERATIONS
from tests.sweeps.sweep import PROJECTS, Swept, Wish, sweep
from tests.sweeps.walk import FAULTS

EVERY = (*OPERATIONS, *MOVING)
LONGEST = 400
"""Of what is said of one thing that is wrong."""


def main() -> int:
    """Sweep what was asked for; 0 when every point held."""
    asked = _arguments()
    results = [sweep(_wish(asked, operation), tell) for operation in asked.operation or EVERY]
    if asked.output == "json":
        sys.stdout.write(json.dumps([found.as_json() for found in results], indent=2) + "\n")
    else:
        sys.stdout.write("".join(table(found) for found in results))
    tried = sum(row.runs for found in results for row in found.rows)
    write_figures(asked.figures, tried, sum(len(found.wrong) for found in results))
    return int(any(found.wrong for found in results))


def table(found: Swept) -> str:
    """One sweep for people."""
    lines = [f"{found.operation} of the {found.project} project: {found.seconds:.0f} s, seed {found.seed}\n"]
    lines.append(f"  {'fault':<12}{'points':>8}{'runs':>8}{'wrong':>8}{'seconds':>10}\n")
    for row in found.rows:
        lines.append(f"  {row.fault:<12}{row.points:>8}{row.runs:>8}{row.wrong:>8}{row.seconds:>10.1f}\n")
    for one in found.wrong:
        lines.append(f"  {one.fault} at {one.point}:\n")
        lines += [f"    {text[:LONGEST]}\n" for text in one.wrong]
    return "".join(lines)


def tell(told: Told) -> None:
    """What goes wrong is said at once."""
    if told.wrong:
        sys.stderr.write(f"{told.fault} at {told.point}: {told.wrong[0]}\n")
        sys.stderr.flush()


def _wish(asked: argparse.Namespace, operation: str) -> Wish:
    return Wish(
        operation,
        asked.project,
        tuple(asked.fault or FAULTS),
        asked.share,
        asked.turns,
        asked.each,
        asked.seed,
        asked.jobs,
        asked.seconds,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sweeps", description=__doc__)
    parser.add_argument("--operation", action="append", choices=sorted(EVERY), help="default: all")
    parser.add_argument("--project", choices=sorted(PROJECTS), default="small")
    parser.add_argument("--fault", action="append", choices=FAULTS, help="default: all")
    parser.add_argument("--share", type=float, default=1.0, help="part of the points that is tried")
    parser.add_argument("--turns", action="store_true", help="one fault a point, in turn, instead of all")
    parser.add_argument("--each", action="store_true", help="one of each fault and sort of point at least")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for each operation")
    parser.add_argument("--output", choices=("table", "json"), default="table")
    parser.add_argument(
        "--figures", type=Path, default=None, metavar="FILE", help="write how many were tried and wrong"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
