"""A global table and its account in memory, as the checks see AWS: items that arrive after a lag on a clock of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sbctl.aws.layers.guards import CanaryOnly
from sbctl.checks.lag.measuring import Measuring
from sbctl.checks.lag.routes import Replicated
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.moving.canary import CanaryPlace
from sbctl.desired.config.sections import KeyAttribute, TableItem
from sbctl.store.canaries import CanaryLedger

EAST, WEST = "us-east-1", "us-west-2"
SCHEMA = (("Id", "S"), ("At", "N"))


class Tables:
    """One table in two regions. `lag` in seconds; regions in `silent` do not answer; `lost` loses answers of writes.

    `written` are the items put so far; `before_write` is called before each.
    """

    def __init__(self, clock: FakeClock, lag: float = 1.0, schema: Sequence[tuple[str, str]] = SCHEMA) -> None:
        self.clock = clock
        self.lag = lag
        self.schema = schema
        self.silent: set[str] = set()
        self.lost = False
        self.ttl = ""
        self.written: list[dict[str, Any]] = []
        self.before_write: Callable[[], object] = lambda: None
        self.calls: list[tuple[str, str]] = []
        self.items: dict[str, list[tuple[dict[str, Any], float]]] = {EAST: [], WEST: []}

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        assert service == "dynamodb"
        self.calls.append((operation, region))
        if region in self.silent:
            raise AwsError("Unreachable", "nothing", service=service, operation=operation, region=region)
        found: dict[str, Any] = getattr(self, operation)(region, **params)
        return found

    def wait(self, seconds: float, reason: str) -> None:  # noqa: ARG002
        self.clock.sleep(seconds)

    def DescribeTable(self, _region: str, **_: Any) -> dict[str, Any]:
        schema = zip(self.schema, ("HASH", "RANGE"), strict=False)
        return {
            "Table": {
                "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in self.schema],
                "KeySchema": [{"AttributeName": name, "KeyType": role} for (name, _), role in schema],
            }
        }

    def DescribeTimeToLive(self, _region: str, **_: Any) -> dict[str, Any]:
        return {"TimeToLiveDescription": {"AttributeName": self.ttl} if self.ttl else {}}

    def PutItem(self, region: str, Item: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        self.before_write()
        self.written.append(Item)
        now = self.clock.monotonic()
        for place in self.items:
            self.items[place].append((Item, now + (0 if place == region else self.lag)))
        if self.lost:
            raise AwsError("Timeout", "", service="dynamodb", operation="PutItem", region=region)
        return {}

    def GetItem(self, region: str, Key: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        now = self.clock.monotonic()
        found = [item for item, due in self.items[region] if due <= now and item.items() >= Key.items()]
        return {"Item": found[0]} if found else {}

    def DeleteItem(self, region: str, Key: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        self.items[region] = [(item, due) for item, due in self.items[region] if not item.items() >= Key.items()]
        return {}


def customers() -> Replicated:
    """The table as the project has it."""
    item = TableItem(name="customers", partition_key=KeyAttribute(name="Id"))
    return Replicated(
        "table", "customers", tuple(CanaryPlace(region=r, resource="customers") for r in (EAST, WEST)), item
    )


def measuring(tables: Tables, folder: Path, **settings: Any) -> Measuring:
    """How to measure it, by the fake clock alone."""
    given = {"rpo": 60.0, "timeout": 120.0, "account": "123456789012", **settings}
    ledger = CanaryLedger(folder / "canaries")
    return Measuring(aws=CanaryOnly(tables), world=tables.clock, clock=tables.clock, ledger=ledger, **given)
