"""A small project whose recordings and tables are encrypted with customers' KMS keys, one a region, deployed on a sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sandbox.projects import Small, small_on_sandbox

EAST, WEST = REGIONS = ("us-east-1", "us-west-2")
TABLE = "customers"
ROLE = "small-replication-recordings"
LATER_SECONDS = 30.0
"""What is under way has arrived by then."""


@dataclass(frozen=True)
class Estate:
    """The project, and the ARN of the key of each region."""

    small: Small
    keys: Mapping[str, str]

    def client(self, service: str, region: str = EAST) -> Any:
        return self.small.client(service, region)

    def bucket(self, region: str) -> str:
        return f"small-recordings-123456789012-{region}"

    def pass_time(self, seconds: float = LATER_SECONDS) -> None:
        self.small.running.world.scheduler.advance(seconds)

    def record(self, region: str, name: str) -> None:
        """Write a recording as Connect does, encrypted with the key of its instance's storage."""
        how = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.keys[region]}
        self.client("s3", region).put_object(Bucket=self.bucket(region), Key=name, Body=b"a call", **how)

    def verify(self) -> dict[tuple[str, str, str], Mapping[str, Any]]:
        """What verify-replication says and is not ok, by check, from and to."""
        _, envelope = self.small.run("verify-replication", "--timeout", "20s")
        self.pass_time()
        found = envelope["data"]["readings"]
        return {(one["check"], one["from"], one["to"]): one for one in found if one["verdict"] != "ok"}


def rewrite(small: Small, change: Mapping[str, Any]) -> None:
    """Put sections into the project's config."""
    path = small.folder / "config" / "regions.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, **change}), encoding="utf-8")


def sections(keys: Mapping[str, str]) -> dict[str, Any]:
    """The sections of an estate with these keys."""
    own = {region: {"key": key} for region, key in keys.items()}
    table = {"name": TABLE, "partitionKey": {"name": "Id"}, "overrides": own, "deletionProtection": True}
    return {"storage": [{"name": "call-recordings", "overrides": own}], "tables": [table]}


@contextmanager
def encrypted(folder: Path) -> Iterator[Estate]:
    """The estate, deployed."""
    with small_on_sandbox(folder) as small:
        keys = {region: small.client("kms", region).create_key()["KeyMetadata"]["Arn"] for region in REGIONS}
        rewrite(small, sections(keys))
        code, envelope = small.run("deploy", "--region", "all")
        assert (code, envelope["problems"]) == (0, []), envelope["problems"]
        yield Estate(small, keys)
