"""Which file is read by which commands: what is damaged, and how it is looked at afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fuzz.damage import LINES, PLAIN, SAVED_PLAN, STATE, Form
from tests.fuzz.project import PLAN, PRICES, RUN, USAGE
from tests.sandbox.deployed import WEST

Command = tuple[str, ...]
KIT = "state/failover-kit.json"
TOKEN = "0" * 31 + "7"
CONFIG: tuple[Command, ...] = (
    ("config", "check"),
    ("config", "check"),
    ("flow", "lint"),
    ("flow", "render", "SalesInbound"),
    ("cost", "--compare"),
    ("explain", "connect_queue.us-west-2.billing"),
    ("iam-policy", "--for", "deploy"),
)
STATES: tuple[Command, ...] = (
    ("state", "list"),
    ("state", "show", "connect_queue.us-west-2.support"),
    ("state", "show", "dynamodb_table.us-east-1.customers-global"),
    ("state", "history"),
    ("status", "--cached"),
    ("runbook", "region-down"),
    ("state", "restore", "1"),
    ("config", "check"),
)
RUNS: tuple[Command, ...] = (
    ("history",),
    ("history", "show", RUN),
    ("history", "ack", RUN, "--note", "seen"),
    ("status", "--cached"),
    ("runbook", "region-down"),
)


@dataclass(frozen=True)
class Target:
    """A file of the project and who reads it. `slow` commands ask the sandbox, and are taken now and then."""

    file: str
    commands: tuple[Command, ...]
    form: Form = PLAIN
    slow: tuple[Command, ...] = ()
    weight: int = 1


TARGETS = (
    Target("config/regions.json", CONFIG, slow=(("plan",),), weight=5),
    Target("config/failover-rules.json", CONFIG, slow=(("plan",),), weight=3),
    Target(
        "flows/AfterHours.json",
        (*CONFIG[:3], ("flow", "render", "AfterHours"), ("flow", "render", "AfterHours", "--draw")),
        weight=3,
    ),
    Target("flows/sales_inbound.py", CONFIG[:3]),
    Target("lambdas/health/handler.py", CONFIG[:2]),
    Target("lambdas/health", CONFIG[:2]),
    Target("lambdas/customer_lookup", CONFIG[:2]),
    Target(PLAN, (("apply", PLAN),), PLAIN),
    Target(PLAN, (("apply", PLAN), ("apply", PLAN), ("apply", PLAN, "--yes")), SAVED_PLAN, weight=3),
    Target("state/sbctl.json", STATES, STATE, slow=(("plan",), ("state", "rebuild")), weight=4),
    Target("state/sbctl.json", STATES, PLAIN),
    Target("state/journal.jsonl", STATES, LINES, slow=(("plan",),), weight=2),
    Target("state/generations/00000001.json", (("state", "history"), ("state", "restore", "1")), STATE, weight=2),
    Target("state/generations", STATES),
    Target(
        KIT,
        (("runbook", "region-down", "--kit", KIT), ("runbook", "--kit", KIT), ("status", "--cached")),
        slow=(("failover", "--kit", KIT, "--to", WEST, "--dry-run"), ("status",)) * 2,
        weight=3,
    ),
    Target(
        f"state/canaries/{TOKEN}.json",
        (("status", "--cached"),),
        slow=(("verify-replication", "--table", "customers-global", "--timeout", "5s"),) * 3,
        weight=2,
    ),
    Target(
        f"state/runs/{RUN}.run",
        RUNS,
        LINES,
        slow=(("failover", "--resume"), ("failover", "--abort"), ("status",)),
        weight=3,
    ),
    Target("state/runs", RUNS),
    Target("state/readings.json", (("status", "--cached"),), slow=(("status",),), weight=2),
    Target(PRICES, (("cost", "--prices", PRICES), ("cost", "--prices", PRICES, "--print-prices")), weight=2),
    Target(USAGE, (("cost", "--usage", USAGE),), weight=2),
    Target("state", STATES),
    Target("config", CONFIG),
    Target("flows", CONFIG[:3]),
    Target("lambdas", CONFIG[:2]),
)
