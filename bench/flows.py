"""The linter's CPU time, in pairs: the case flows copied to many files beside another linter, and large flows beside their JSON.

python bench/flows.py [--rounds 5] [--files 280] [--vs 'connect-flow lint']

Another linter is not installed with sbctl: `pip install connect-flow==0.3.1` in an environment of its own, and name its command.
It gets the files' names behind its words. CPU time is user and system time of the process, and of its children.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sbctl.flows.lint.lint import lint_file  # noqa: E402
from sbctl.flows.reading.read import read_flows  # noqa: E402
from tests.real_flows.generator import FLOW, Names, flow  # noqa: E402

CASES = ROOT / "tests" / "unit" / "flows" / "cases"
SIZES = (50, 100, 250)
REPEATS = 20
BATCHES = 5


def copied(folder: Path, count: int) -> list[str]:
    """So many files with the case flows that Connect takes, in turns."""
    good = sorted(CASES.glob("FP-*.json"))
    paths = []
    for number in range(count):
        case = good[number % len(good)]
        paths.append(str(shutil.copy(case, folder / f"flow_{number:03d}_{case.name}")))
    return paths


def cpu_of(command: list[str], compiled: str) -> float:
    """CPU seconds of a process, whatever it ends with. Bytecode is in the folder `compiled`, as where a tool is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    variables = {**kept, "PYTHONPYCACHEPREFIX": compiled}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env=variables)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu_in(work: Callable[[], Any]) -> float:
    """CPU seconds of a call in this process: of the batch that was disturbed least."""
    batches = []
    for _ in range(BATCHES):
        begun = time.process_time()
        for _ in range(REPEATS):
            work()
        batches.append((time.process_time() - begun) / REPEATS)
    return min(batches)


def against_json(folder: Path, size: int, rounds: int) -> tuple[float, float, float]:
    """Seconds to lint a flow that was read, seconds to parse its JSON, and the median of the ratios."""
    made = flow(random.Random(size), f"Large {size}", FLOW, Names(), size=size - 2)
    path = folder / f"large_{size}.json"
    path.write_text(json.dumps(made.content, indent=2), encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    (file,), _ = read_flows([str(path)])
    rows = [(cpu_in(lambda: lint_file(file)), cpu_in(lambda: json.loads(text))) for _ in range(rounds)]
    return (
        statistics.median(row[0] for row in rows),
        statistics.median(row[1] for row in rows),
        statistics.median(row[0] / row[1] for row in rows),
    )


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=280)
    parser.add_argument("--vs", default="")
    asked = parser.parse_args()
    table = Table("what", "measured", "beside", "ratio")
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as compiled:
        folder = Path(name)
        paths = copied(folder, asked.files)
        ours = [sys.executable, "-m", "sbctl", "flow", "lint", name]
        theirs = (
            [*shlex.split(asked.vs), *paths]
            if asked.vs
            else [sys.executable, "-c", "import click, pydantic, rich.table"]
        )
        rows = [(cpu_of(ours, compiled), cpu_of(theirs, compiled)) for _ in range(asked.rounds + 1)][1:]
        mine, other = (statistics.median(row[turn] for row in rows) for turn in (0, 1))
        ratio = statistics.median(row[0] / row[1] for row in rows)
        beside = asked.vs or "Python importing click, pydantic and rich"
        table.add_row(f"flow lint of {asked.files} files", f"{mine:.2f} s", f"{beside}: {other:.2f} s", f"{ratio:.1f}")
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            lint, parse, ratio = against_json(Path(name), size, asked.rounds)
            told = f"parsing its JSON: {1000 * parse:.2f} ms"
            table.add_row(f"lint of a flow with {size} blocks", f"{1000 * lint:.2f} ms", told, f"{ratio:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
