"""Tables and buckets of a project, deployed by the command line into a sandbox in this process, to be verified and broken."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sbctl.core.moving.canary import MARK, OBJECT_PREFIX
from sbctl.main import cli
from sbctl.sandbox.dynamodb.service import DynamoDbService
from sbctl.sandbox.http.server import Running
from sbctl.sandbox.world import World
from tests.sandbox.deployed import BETWEEN_SECONDS
from tests.saved import restored
from tests.worlds import client_of, make_known, still

ROOT = Path(__file__).parents[2]
EAST, WEST, LONDON = REGIONS = ("us-east-1", "us-west-2", "eu-west-2")
TABLE, NUMBERS = "customers-global", "numbers-global"
TABLES = ("connect-config-global", TABLE, NUMBERS)
BUCKETS = ("recordings", "transcripts", "reports")
TIMEOUT = "20s"
"""Of a canary; longer than any lag that the sandbox draws by itself."""
UNDER_WAY_SECONDS = 30.0
"""What is under way has arrived by then."""


@dataclass(frozen=True)
class Scene:
    """A deployed project. `folder` holds its config and its state."""

    running: Running
    folder: Path

    @property
    def world(self) -> World:
        return self.running.world

    @property
    def tables(self) -> DynamoDbService:
        found = self.world.services["dynamodb"]
        assert isinstance(found, DynamoDbService)
        return found

    @property
    def options(self) -> list[str]:
        return ["--config", str(self.folder / "config"), "--state", str(self.folder / "state"), "--sandbox", "--yes"]

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON envelope of a command, typed some seconds after the last one."""
        self.pass_time(BETWEEN_SECONDS)
        done = CliRunner().invoke(cli, [*self.options, "--output", "json", *arguments], catch_exceptions=False)
        return done.exit_code, json.loads(done.stdout)

    def verify(self, *arguments: str, timeout: str = TIMEOUT) -> tuple[int, dict[str, Any]]:
        """`sbctl verify-replication`, and the time in which its deletes arrive everywhere."""
        found = self.run("verify-replication", "--timeout", timeout, *arguments)
        self.pass_time(UNDER_WAY_SECONDS)
        return found

    def follow(self, fix: str) -> None:
        """Do what a problem's remedy says."""
        word, *arguments = shlex.split(fix)
        assert word == "sbctl"
        code, envelope = self.run(*arguments)
        assert code == 0, envelope["problems"]

    def client(self, service: str, region: str = EAST) -> Any:
        return client_of(self.running.endpoint, service, region)

    def bucket(self, region: str, name: str = BUCKETS[0]) -> str:
        return f"enterprise-{name}-123456789012-{region}"

    def items(self, table: str, region: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self.client("dynamodb", region).scan(TableName=table)["Items"]
        return found

    def versions(self, name: str, region: str) -> list[str]:
        """The keys of all versions and delete markers in a bucket."""
        found = self.client("s3", region).list_object_versions(Bucket=self.bucket(region, name))
        return [entry["Key"] for part in ("Versions", "DeleteMarkers") for entry in found.get(part, ())]

    def canaries(self) -> list[str]:
        """Where canaries are, of items and objects, and what is noted of them on disk."""
        items = [f"{t} {r}" for t in TABLES for r in REGIONS for item in self.items(t, r) if MARK in item]
        objects = [
            f"{b} {r}" for b in BUCKETS for r in REGIONS for k in self.versions(b, r) if k.startswith(OBJECT_PREFIX)
        ]
        return [*items, *objects, *(path.name for path in self.notes())]

    def notes(self) -> list[Path]:
        return sorted((self.folder / "state" / "canaries").glob("*.json"))

    def pass_time(self, seconds: float) -> None:
        self.world.scheduler.advance(seconds)


@contextmanager
def deployed(folder: Path) -> Iterator[Scene]:
    """Three regions, three tables (one with a number and bytes for a key), three buckets; nothing else of the project."""
    with restored("replicating", _deploy, still(), folder) as running:
        make_known(running, folder / "state")
        yield Scene(running, folder)


def _deploy(running: Running, folder: Path) -> None:
    write_project(folder)
    make_known(running, folder / "state")
    for kind in ("replica", "replication"):
        code, envelope = Scene(running, folder).run(kind, "apply")
        assert code == 0, envelope["problems"]


def write_project(folder: Path) -> None:
    """The default project with another table and two more buckets."""
    for name in ("config", "flows", "lambdas"):
        shutil.copytree(ROOT / name, folder / name)
    path = folder / "config" / "regions.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    keys = {"partitionKey": {"name": "Id", "type": "N"}, "sortKey": {"name": "At", "type": "B"}}
    config["tables"].append({"name": NUMBERS, **keys})
    config["buckets"] += [{"name": name} for name in BUCKETS[1:]]
    path.write_text(json.dumps(config), encoding="utf-8")


def readings(envelope: Mapping[str, Any], *verdicts: str) -> list[tuple[str, str, str, str]]:
    """(check, subject, from, to) of the readings with these verdicts."""
    return [
        (one["check"], one["subject"], one["from"], one["to"])
        for one in envelope["data"]["readings"]
        if one["verdict"] in verdicts
    ]


def failing(envelope: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """All that is not ok."""
    return readings(envelope, "late", "bad", "unknown")


def fixes(envelope: Mapping[str, Any], check: str) -> Sequence[str]:
    """The remedies of the problems of one check."""
    found = (one for one in envelope["data"]["readings"] if one["check"] == check and one["verdict"] != "ok")
    return list(dict.fromkeys(one["fix"] for one in found))
