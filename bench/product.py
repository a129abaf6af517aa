"""sbctl's own time and calls, beside the least that is possible: ratios, each measured in one run.

python bench/product.py [--only help plan deploy users failover] [--queues 990] [--users 1000] [--rounds 5]

help      `sbctl --help` beside a Python that imports click.
plan      a plan without changes: its calls with many queues, beside those of the same project without them.
deploy    a first deploy of many queues into one region, with AWS's rate limits, beside the bound that these set for its calls.
users     a deploy of many users from a CSV file into a region that stands, with AWS's rate limits, beside the bound that these set.
failover  forced, the region it leaves hanging: from the command's start to the takeover signal, and to its end.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from rich.console import Console
from rich.table import Table
from start_time import SBCTL, taken

from sbctl.aws.layers.rates import rate_of

ROOT = Path(__file__).parents[1]
LOST, TAKES_OVER = "us-east-1", "us-west-2"
QUEUES = 990
"""For the plan: with the project's own and the one that comes with an instance just under the sandbox's quota."""
DEPLOYED_QUEUES = 150
"""For the deploy with rate limits: at two creations a second that is more than a minute."""
USERS = 1000
USERS_QUOTA = {"ServiceCode": "connect", "QuotaCode": "L-9A46857E", "DesiredValue": 2000.0}


@dataclass(frozen=True)
class Figure:
    """What was measured, what it is measured against, and the first as a multiple of the second."""

    what: str
    measured: str
    against: str
    ratio: str


@dataclass(frozen=True)
class Project:
    """A copy of the default project in a folder of its own."""

    folder: Path

    def run(self, *words: str) -> dict[str, Any]:
        """A command's JSON, in a process as a user starts it; it must end well."""
        line = [*SBCTL, "--sandbox", "--yes", "--output", "json", *words]
        done = subprocess.run(line, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(words)} ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
        return dict(json.loads(done.stdout))

    def calls(self) -> list[dict[str, str]]:
        """The lines of the audit log."""
        log = self.folder / "state" / "audit.jsonl"
        return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]

    def have_queues(self, count: int, regions: int) -> None:
        """Give its config so many queues more, and leave it the first few regions."""
        path = self.folder / "config" / "regions.json"
        config = json.loads(path.read_text(encoding="utf-8"))
        config["queues"] += [{"name": f"Line {number:04d}", "hours": "24x7"} for number in range(count)]
        config["regions"] = config["regions"][:regions]
        path.write_text(json.dumps(config), encoding="utf-8")

    def have_users(self, count: int) -> None:
        """Let its users stand in a file, so many of them."""
        path = self.folder / "config" / "regions.json"
        config = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**config, "users": {"file": "users.csv"}}), encoding="utf-8")
        rows = [f"load-{number:04d},Load,N{number},l{number}@example.com,Agent,Basic Agents" for number in range(count)]
        head = "name,firstName,lastName,email,securityProfiles,routingProfile"
        (path.parent / "users.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")

    def raise_quota(self) -> None:
        """Let the instance have many users, as AWS does when it is asked."""
        endpoint = self.run("sandbox", "env")["data"]["AWS_ENDPOINT_URL"]
        keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox", "region_name": LOST}
        connect, quotas = (boto3.client(name, endpoint_url=endpoint, **keys) for name in ("connect", "service-quotas"))
        (instance,) = connect.list_instances()["InstanceSummaryList"]
        quotas.request_service_quota_increase(**USERS_QUOTA, ContextId=instance["Arn"])


@contextmanager
def project(*sandbox: str) -> Iterator[Project]:
    """The default project and a sandbox that is started with these options."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("config", "flows", "lambdas"):
            shutil.copytree(ROOT / part, folder / part)
        subprocess.run([*SBCTL, "sandbox", "up", *sandbox], cwd=folder, check=True, capture_output=True)
        try:
            yield Project(folder)
        finally:
            subprocess.run([*SBCTL, "sandbox", "down"], cwd=folder, check=True, capture_output=True)


def seconds_of(line: list[str]) -> float:
    return taken(lambda: subprocess.run(line, check=True, capture_output=True))


def help_time(options: argparse.Namespace) -> Iterator[Figure]:
    """Both sides take turns."""
    pairs = [
        (seconds_of([*SBCTL, "--help"]), seconds_of([sys.executable, "-c", "import click"]))
        for _ in range(options.rounds)
    ]
    ours, clicks = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / click for mine, click in pairs)
    yield Figure("sbctl --help", f"{ours:.2f} s", f"import click {clicks:.2f} s", f"{ratio:.1f}")


def plan_calls(options: argparse.Namespace) -> Iterator[Figure]:
    """No limits, so that the sandbox is filled soon: calls are counted, which no limit changes."""
    with project("--no-limits", "--speed", "200") as one:
        few, few_seconds = _planned(one)
        one.have_queues(options.queues, regions=3)
        many, many_seconds = _planned(one)
    for region, calls in many.items():
        what = f"plan, {options.queues} queues more: Connect calls, {region}"
        yield Figure(what, str(calls), f"{few[region]} without them", f"{calls / few[region]:.1f}")
    what = f"that plan, {options.queues} queues more in each of {len(many)} regions"
    yield Figure(
        what, f"{many_seconds:.1f} s", f"{few_seconds:.1f} s without them", f"{many_seconds / few_seconds:.1f}"
    )


def _planned(one: Project) -> tuple[dict[str, int], float]:
    """Deploy; then Connect's calls by region of a plan, and its seconds. The index of what was just made may catch up."""
    one.run("deploy", "--region", "all")
    one.run("sandbox", "advance", "150s")
    begun = time.perf_counter()
    regions = one.run("plan", "--exit-code")["data"]["calls"]["by_region"]
    seconds = time.perf_counter() - begun
    return {region: found["connect"] for region, found in regions.items() if "connect" in found}, seconds


def deploy_time(_: argparse.Namespace) -> Iterator[Figure]:
    """The bound: until AWS has made the instance, and then the longest time that one rate needs for the calls under it."""
    with project("--speed", "1") as one:
        one.have_queues(DEPLOYED_QUEUES, regions=1)
        data = one.run("deploy", "--region", "all")["data"]
        bucket, rate_bound = longest(one.calls())
        instance = instance_seconds(one.calls())
    elapsed = data["elapsed_seconds"]
    what = f"first deploy, {DEPLOYED_QUEUES} queues more, one region"
    against = f"{instance:.0f} s for the instance + {rate_bound:.0f} s by the rate of {bucket}"
    yield Figure(what, f"{elapsed:.0f} s", against, f"{elapsed / (instance + rate_bound):.2f}")


def users_time(options: argparse.Namespace) -> Iterator[Figure]:
    """Creations at two a second; everything else of a user goes on beside them. What was estimated stands before."""
    with project("--speed", "1") as one:
        one.have_queues(0, regions=1)
        one.run("deploy", "--region", "all")
        one.raise_quota()
        one.have_users(options.users)
        estimated = one.run("plan")["data"]["estimated_seconds"]
        before = len(one.calls())
        data = one.run("deploy", "--region", "all", "--max-deletes", "10")["data"]
        bucket, rate_bound = longest(one.calls()[before:])
    elapsed = data["elapsed_seconds"]
    against = f"{rate_bound:.0f} s by the rate of {bucket}; estimated {estimated:.0f} s"
    yield Figure(
        f"deploy of {options.users} users, one region", f"{elapsed:.0f} s", against, f"{elapsed / rate_bound:.2f}"
    )


def instance_seconds(calls: list[dict[str, str]]) -> float:
    """From the instance's creation until something could be made in it."""
    first: dict[str, datetime] = {}
    for call in calls:
        first.setdefault(call["call"], datetime.fromisoformat(call["time"]))
    return (first["connect:CreateQueue"] - first["connect:CreateInstance"]).total_seconds()


def longest(calls: list[dict[str, str]]) -> tuple[str, float]:
    """The bucket of calls that takes longest at its rate, and how long in seconds."""
    made = Counter((call["region"], call["call"]) for call in calls if call["call"])
    return max(
        ((f"{call} in {region}", bound(call, count)) for (region, call), count in made.items()), key=lambda one: one[1]
    )


def bound(call: str, count: int) -> float:
    rate, burst = rate_of(*call.split(":"))
    return max(0, count - burst) / rate


def failover_time(options: argparse.Namespace) -> Iterator[Figure]:
    """The signal is the only item that a failover puts into a table."""
    signals, ends = [], []
    for _ in range(options.rounds):
        with project("--speed", "10") as one:
            one.run("deploy", "--region", "all")
            one.run("sandbox", "fault", "add", "--region", LOST, "--kind", "hang")
            before, begun = len(one.calls()), datetime.now(UTC)
            one.run("failover", "--to", TAKES_OVER, "--mode", "forced", "--reason", "bench")
            ends.append((datetime.now(UTC) - begun).total_seconds())
            signals.append((_signal(one.calls()[before:]) - begun).total_seconds())
    what = f"failover, {LOST} hanging: to the signal"
    yield Figure(what, f"{statistics.median(signals):.1f} s, slowest {max(signals):.1f}", "", "")
    what = f"failover, {LOST} hanging: to its end, DNS's time at ten times the speed"
    yield Figure(what, f"{statistics.median(ends):.1f} s, slowest {max(ends):.1f}", "", "")


def _signal(calls: list[dict[str, str]]) -> datetime:
    return next(datetime.fromisoformat(call["time"]) for call in calls if call["call"] == "dynamodb:PutItem")


MEASURES: dict[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    "help": help_time,
    "plan": plan_calls,
    "deploy": deploy_time,
    "users": users_time,
    "failover": failover_time,
}


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=list(MEASURES))
    parser.add_argument("--queues", type=int, default=QUEUES)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    table = Table("what", "measured", "against", "ratio")
    for name in options.only:
        for figure in MEASURES[name](options):
            table.add_row(figure.what, figure.measured, figure.against, figure.ratio)
    Console().print(table)


if __name__ == "__main__":
    main()
