"""A small project on a sandbox of its own, for tests that run sbctl as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from sbctl.sandbox import lifecycle

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


@dataclass(frozen=True)
class Small:
    """The project in a folder, and the endpoint of its sandbox. `state` is where its state is kept, when not in state/."""

    folder: Path
    endpoint: str
    state: Path | str | None = None

    @property
    def state_file(self) -> Path:
        """Where the state is, of one in a folder."""
        return Path(self.state or self.folder / "state") / "sbctl.json"

    @property
    def environment(self) -> dict[str, str]:
        """Of a user in the project's folder, who has no keys but the sandbox's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SBCTL_"))}
        keys = {"AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox"}
        return {**kept, **keys, "PYTHONPATH": str(ROOT), "AWS_EC2_METADATA_DISABLED": "true"}

    def command(self, *arguments: str) -> list[str]:
        place = [] if self.state is None else ["--state", str(self.state)]
        # Not --sandbox: that one's server is found through the state's folder, which may be another.
        endpoint = ["--endpoint-url", self.endpoint] if place else ["--sandbox"]
        config = ["--config", str(self.folder / "config")]
        return [*config, *place, *endpoint, "--yes", "--output", "json", *arguments]

    def on_sandbox(self, *arguments: str) -> None:
        """A command of the sandbox's own."""
        code, said = self.call("--config", str(self.folder / "config"), "--output", "json", "sandbox", *arguments)
        assert code == 0, said

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON envelope of one sbctl on the sandbox."""
        return self.call(*self.command(*arguments))

    def call(self, *arguments: str, **environment: str) -> tuple[int, dict[str, Any]]:
        """The same with nothing said for the user."""
        done = subprocess.run(
            [sys.executable, "-m", "sbctl", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**self.environment, **environment},
            cwd=self.folder,
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


@contextmanager
def small_on_sandbox(folder: Path) -> Iterator[Small]:
    """The project in a new folder, with a sandbox of its own that runs fast and has no limits."""
    place = small_project(folder) / "state" / "sandbox"
    note = lifecycle.up(place, speed=200.0, limits=False, account="123456789012", zone="example.com")
    yield Small(folder, str(note["endpoint"]))
    lifecycle.down(place)


def small_project(folder: Path) -> Path:
    """Write the project; its folder."""
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "regions.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    rules = (ROOT / "config" / "failover-rules.json").read_text(encoding="utf-8")
    (folder / "config" / "failover-rules.json").write_text(rules, encoding="utf-8")
    return folder
