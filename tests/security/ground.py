"""A project whose state says that it is deployed, and a sandbox that holds nothing of it and may be of another account.

What a guard must stop is stopped before AWS is asked for anything, so that nothing need be there.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from click.testing import CliRunner

from sbctl.app import App, Settings
from sbctl.commands.kit.find import kit_found
from sbctl.core.events import silent
from sbctl.core.plan import Plan
from sbctl.core.state import Record
from sbctl.main import cli
from sbctl.sandbox.http.server import Running
from sbctl.store.plans import save_plan
from tests.worlds import empty_world, make_known, still

ROOT = Path(__file__).parents[2]
EAST, WEST, LONDON = "us-east-1", "us-west-2", "eu-west-2"
OURS, FOREIGN = "123456789012", "210987654321"
NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class ServiceContext:
    """The project's folder, with config and state, and the server that callers reach with --sandbox."""

    running: Running
    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def app(self) -> App:
        settings = Settings(config=self.folder / "config", state=self.state, sandbox=True)
        return App(settings, silent, "sbctl test")

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON envelope of a command that is not asked whether it may."""
        place = ["--config", str(self.folder / "config"), "--state", str(self.state)]
        asked = [*place, "--sandbox", "--yes", "--output", "json", *arguments]
        done = CliRunner().invoke(cli, asked, catch_exceptions=False)
        return done.exit_code, json.loads(done.stdout)

    def make_signal_table(self, region: str) -> None:
        """The one thing that a forced failover must be able to read in the region that it goes to."""
        keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
        dynamodb = boto3.client("dynamodb", region_name=region, endpoint_url=self.running.endpoint, **keys)
        parts = (("PK", "HASH"), ("SK", "RANGE"))
        name = kit_found(self.app).kit.signal_table
        dynamodb.create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": part, "AttributeType": "S"} for part, _ in parts],
            KeySchema=[{"AttributeName": part, "KeyType": kind} for part, kind in parts],
            BillingMode="PAY_PER_REQUEST",
        )
        while dynamodb.describe_table(TableName=name)["Table"]["TableStatus"] != "ACTIVE":
            self.running.world.scheduler.advance(1.0)

    def calls(self) -> list[dict[str, Any]]:
        """What was called since the last look, as the audit log has it."""
        audit = self.state / "audit.jsonl"
        lines = audit.read_text(encoding="utf-8").splitlines() if audit.exists() else []
        audit.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]


@contextmanager
def ground(folder: Path, account: str) -> Iterator[ServiceContext]:
    """The default project of the account OURS; those who call the sandbox belong to `account`."""
    for name in ("config", "flows", "lambdas"):
        shutil.copytree(ROOT / name, folder / name)
    with empty_world(still(account=account), dns_port=0) as running:
        make_known(running, folder / "state")
        found = ServiceContext(running, folder)
        _pretend(found.app)
        yield found


def _pretend(app: App) -> None:
    """Records of all that is wanted, a failover that has ended, and a plan: as if it all had been deployed."""
    loaded, store = app.loaded, app.store
    with store.lock():
        store.stamp(project=loaded.project.name, account=OURS, endpoint="sandbox")
        for one in loaded.desired:
            applied = {"values": [f"{one.address.region}.example.com"]}
            store.put(Record(address=str(one.address), ids={"id": "x", "name": "x"}, applied=applied))
        state = store.compact()
    plan = Plan(
        made_at=NOW,
        lineage=state.lineage,
        serial=state.serial,
        account=OURS,
        project=loaded.project.name,
        config_digest=loaded.digest,
        regions=(EAST, WEST, LONDON),
    )
    save_plan(plan, app.state / "a.plan")
    run = app.runs.begin("failover", "failover-1", source=EAST, order=order_to(WEST), previous="")
    app.runs.add(run, "finished")


def order_to(target: str, **more: str) -> dict[str, Any]:
    """An order as a run's journal has it."""
    return {"target": target, "source": "", "mode": "planned", "mechanism": "standby-takeover", "reason": "x", **more}
