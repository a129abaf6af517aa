"""A project folder that a test can break in one place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.desired.load import Loaded, load_project
from tests.unit.desired.kinds import KINDS

SOUND = """{
  "project": "acme",
  "account": "123456789012",
  "domain": "example.com",
  "strategy": "active-passive",
  "regions": [
    { "name": "US-East-1", "region": "us-east-1", "isPrimary": true, "priority": 1 },
    { "name": "US-West-2", "region": "us-west-2", "priority": 2 },
    { "name": "EU-West-2", "region": "eu-west-2", "priority": 3 }
  ],
  "hours": [
    { "name": "24x7" }
  ],
  "queues": [
    { "name": "Sales", "hours": "24x7", "maxContacts": 100 },
    { "name": "Support", "hours": "24x7" }
  ],
  "lambdas": [
    { "name": "lookup" }
  ],
  "tables": [
    { "name": "customers", "partitionKey": { "name": "Id" } }
  ]
}
"""
FLOW = """{
  "Version": "2019-10-30",
  "StartAction": "queue",
  "Metadata": {},
  "Actions": [
    {
      "Identifier": "queue", "Type": "UpdateContactTargetQueue",
      "Parameters": { "QueueId": "${queue:Sales}" },
      "Transitions": {
        "NextAction": "end",
        "Conditions": [],
        "Errors": [ { "NextAction": "end", "ErrorType": "NoMatchingError" } ]
      }
    },
    { "Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {} }
  ]
}
"""


class Folder:
    """A sound project in a temporary folder; `change` breaks regions.json by replacing texts in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.regions = SOUND
        self.rules: dict[str, Any] = {}
        self.flow = FLOW
        for name in ("config", "flows", "lambdas/lookup"):
            (root / name).mkdir(parents=True)
        (root / "lambdas/lookup/handler.py").write_text("def handler(event, context): ...\n")

    def change(self, old: str, new: str) -> Folder:
        assert old in self.regions, old
        self.regions = self.regions.replace(old, new)
        return self

    def load(self, deployed_in: str = "") -> Loaded:
        (self.root / "config/regions.json").write_text(self.regions)
        (self.root / "config/failover-rules.json").write_text(json.dumps(self.rules, indent=1))
        (self.root / "flows/Inbound.json").write_text(self.flow)
        return self.read(deployed_in)

    def read(self, deployed_in: str = "") -> Loaded:
        """What is on the disk now."""
        return load_project(self.root / "config", KINDS, self.root / "flows", self.root / "lambdas", deployed_in)

    def problems(self, deployed_in: str = "") -> list[Problem]:
        """What loading complains of, with paths relative to the folder; all are usage errors."""
        with pytest.raises(SbctlError) as caught:
            self.load(deployed_in)
        found = caught.value.problems
        assert {problem.exit for problem in found} == {Exit.USAGE}
        assert all(problem.fix and problem.summary for problem in found)
        prefix = f"{self.root.as_posix()}/"
        return [replace(problem, at=problem.at.removeprefix(prefix)) for problem in found]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[], Folder]:
    made = Folder(tmp_path / "project")
    return lambda: made
