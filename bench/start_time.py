"""How long a sandbox takes from `sbctl sandbox up` until it answers, and its first call of each service after that.

python bench/start_time.py [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import boto3
from rich.console import Console
from rich.table import Table

FIRST_CALLS = (
    ("connect", "list_instances"),
    ("dynamodb", "list_tables"),
    ("s3", "list_buckets"),
    ("iam", "list_roles"),
)
IMPORTS = "import sbctl.sandbox.__main__"
SBCTL = [sys.executable, "-m", "sbctl"]


def taken(action: Callable[[], object]) -> float:
    """Seconds of an action."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def one_round(folder: Path) -> dict[str, float]:
    """Seconds of each step, in a folder of its own."""

    def run(*words: str) -> str:
        done = subprocess.run([*SBCTL, *words], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout

    found = {"imports of the server": taken(lambda: subprocess.run([sys.executable, "-c", IMPORTS], check=True))}
    found["sbctl sandbox up"] = taken(lambda: run("sandbox", "up"))
    try:
        note = json.loads((folder / "state" / "sandbox" / "sandbox.json").read_text(encoding="utf-8"))
        for service, operation in FIRST_CALLS:
            keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
            client = boto3.client(service, region_name="us-east-1", endpoint_url=note["endpoint"], **keys)
            found[f"first {service} {operation}"] = taken(getattr(client, operation))
    finally:
        run("sandbox", "down")
    return found


def main() -> None:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    seconds: dict[str, list[float]] = defaultdict(list)
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            for step, time_taken in one_round(Path(folder)).items():
                seconds[step].append(time_taken)
    table = Table("step", "median s", "slowest s")
    for step, times in seconds.items():
        table.add_row(step, f"{statistics.median(times):.2f}", f"{max(times):.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
