"""A small project on a sandbox of its own, whose clock stands, for tests that run sbctl as a user does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
from click.testing import CliRunner

from sbctl.main import cli
from sbctl.sandbox.http.server import Running
from tests.saved import restored
from tests.worlds import empty_world, make_known, still

ROOT = Path(__file__).parents[2]
CONFIG = {
    "project": "small",
    "account": "123456789012",
    "domain": "example.com",
    "strategy": "active-passive",
    "regions": [
        {"name": "East", "region": "us-east-1", "isPrimary": True, "priority": 1},
        {"name": "West", "region": "us-west-2", "isPrimary": False, "priority": 2},
    ],
    "hours": [{"name": "Always", "timeZone": "UTC", "always": True}],
    "queues": [{"name": "Support", "hours": "Always"}],
    **{section: [] for section in ("routingProfiles", "flows", "lambdas", "tables", "alarms", "dashboards")},
    "buckets": [{"name": "recordings"}],
}
SETTINGS = still(account="123456789012", zone="example.com")
BETWEEN_SECONDS = 5.0
"""What passes between two commands that somebody types: indexes and replicas catch up."""
FOREIGN = ("AWS_", "SBCTL_")
KEYS = {
    "AWS_ACCESS_KEY_ID": "sandbox",
    "AWS_SECRET_ACCESS_KEY": "sandbox",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True)
class Small:
    """The project in a folder, and the sandbox that it is on. `state` is where its state is kept, when not in state/."""

    folder: Path
    running: Running
    state: Path | str | None = None

    @property
    def endpoint(self) -> str:
        return self.running.endpoint

    @property
    def state_file(self) -> Path:
        """Where the state is, of one in a folder."""
        return Path(self.state or self.folder / "state") / "sbctl.json"

    def with_state(self, place: Path | str) -> Small:
        """The same project with its state at another place."""
        if isinstance(place, Path):
            make_known(self.running, place)
        return replace(self, state=place)

    def command(self, *arguments: str) -> list[str]:
        place = [] if self.state is None else ["--state", str(self.state)]
        config = ["--config", str(self.folder / "config")]
        return [*config, *place, "--sandbox", "--yes", "--output", "json", *arguments]

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON envelope of one sbctl on the sandbox, typed some seconds after the last one."""
        self.running.world.scheduler.advance(BETWEEN_SECONDS)
        return self.call(*self.command(*arguments))

    def call(self, *arguments: str, **environment: str) -> tuple[int, dict[str, Any]]:
        """The same with nothing said for the user, and at once."""
        others = {name: None for name in os.environ if name.startswith(FOREIGN)}
        done = CliRunner(env={**others, **KEYS, **environment}).invoke(cli, arguments, catch_exceptions=False)
        return done.exit_code, json.loads(done.stdout)

    def process(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """The same in a process of its own, in the project's folder."""
        command = [sys.executable, "-m", "sbctl", *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment_of_a_user(), cwd=self.folder
        )
        return done.returncode, json.loads(done.stdout)

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """Plain boto3, as somebody else would use it."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
        )


def environment_of_a_user() -> dict[str, str]:
    """Of the process of a user who has no keys but the sandbox's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**kept, **KEYS, "PYTHONPATH": str(ROOT)}


@contextmanager
def small_on_sandbox(folder: Path) -> Iterator[Small]:
    """The project in a new folder, with an empty sandbox of its own."""
    with empty_world(SETTINGS, dns_port=0) as running:
        yield known(running, small_project(folder))


@contextmanager
def small_deployed(folder: Path) -> Iterator[Small]:
    """The same after a deploy: deployed once, then restored."""
    with restored("small", _deploy, SETTINGS, folder) as running:
        yield known(running, folder)


def with_own_state(small: Small, folder: Path) -> Small:
    """The project with a copy of its state that a test may spoil; the sandbox stays."""
    for kept in ("sbctl.json", "generations"):
        source, target = small.folder / "state" / kept, folder / kept
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    return small.with_state(folder)


def known(running: Running, folder: Path) -> Small:
    """The project in a folder, whose commands find this sandbox."""
    make_known(running, folder / "state")
    return Small(folder, running)


def _deploy(running: Running, folder: Path) -> None:
    code, said = known(running, small_project(folder)).run("deploy")
    assert (code, said["problems"]) == (0, [])


def small_project(folder: Path) -> Path:
    """Write the project; its folder."""
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "regions.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    rules = (ROOT / "config" / "failover-rules.json").read_text(encoding="utf-8")
    (folder / "config" / "failover-rules.json").write_text(rules, encoding="utf-8")
    return folder
