"""Lists say of each resource whether the project manages it, of kinds too that cannot carry tags."""

from __future__ import annotations

from pathlib import Path

from tests.sandbox.deployed import deployed

UNTAGGED = ("record", "storage", "dashboard", "lambda-url", "lambda-permission", "replica", "replication")


def test_what_the_state_has_is_managed(tmp_path: Path) -> None:
    with deployed(tmp_path) as scene:
        for noun in UNTAGGED:
            code, said = scene.run(noun, "list")
            owners = [item["owner"] for item in said["data"]["items"]]
            assert (code, bool(owners)) == (0, True), noun
            assert "" not in owners, (noun, said["data"]["items"])
