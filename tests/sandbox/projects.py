"""A small project on a sandbox of its own, for tests that run sbctl as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

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
    """The project in a folder, and the endpoint of its sandbox."""

    folder: Path
    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        """Of a user in the project's folder. No keys but the sandbox's own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SBCTL_"))}
        return {**kept, "PYTHONPATH": str(ROOT), "AWS_EC2_METADATA_DISABLED": "true"}

    def command(self, *arguments: str) -> list[str]:
        return ["--config", str(self.folder / "config"), "--sandbox", "--yes", "--output", "json", *arguments]

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON envelope of one sbctl."""
        done = subprocess.run(
            [sys.executable, "-m", "sbctl", *self.command(*arguments)],
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
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


def small_project(folder: Path) -> Path:
    """Write the project; its folder."""
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "regions.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    rules = (ROOT / "config" / "failover-rules.json").read_text(encoding="utf-8")
    (folder / "config" / "failover-rules.json").write_text(rules, encoding="utf-8")
    return folder
