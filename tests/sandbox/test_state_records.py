"""Single records of the state, forgotten and renamed by a user after a deploy on a sandbox; nothing changes in AWS."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.projects import Small, small_on_sandbox

VOLATILE = ("created_at", "updated_at", "generation")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """The small project, deployed once."""
    with small_on_sandbox(tmp_path_factory.mktemp("commands") / "small") as found:
        code, said = found.run("deploy")
        assert (code, said["problems"]) == (0, [])
        yield found


@pytest.fixture
def small(deployed: Small, tmp_path: Path) -> Small:
    """The same with a state folder that the test may spoil; the sandbox stays."""
    for kept in ("sbctl.json", "generations"):
        source, target = deployed.folder / "state" / kept, tmp_path / "state" / kept
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    return Small(deployed.folder, deployed.endpoint, tmp_path / "state")


def records(small: Small) -> dict[str, Any]:
    """The records on disk without what only time told."""
    found = json.loads(small.state_file.read_text())["state"]["records"]
    return {name: {k: v for k, v in record.items() if k not in VOLATILE} for name, record in found.items()}


def codes(said: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in said["problems"]]


def test_a_forgotten_record_is_found_again_and_nothing_else_changes(small: Small) -> None:
    """Forgetting writes nothing in AWS, and its command says how to undo it; restored, the state is what it was."""
    before, queue = records(small), "connect_queue.us-east-1.support"
    code, said = small.run("state", "forget", queue)
    assert (code, [one["address"] for one in said["data"]["forgotten"]]) == (0, [queue])
    assert records(small) == {name: record for name, record in before.items() if name != queue}
    assert small.run("state", "restore", str(said["data"]["restore"]))[0] == 0
    assert records(small) == before


def test_nothing_is_forgotten_when_one_address_is_unknown(small: Small) -> None:
    """Every address that the state does not have is named, and the others stay."""
    before = records(small)
    code, said = small.run("state", "forget", "connect_queue.us-east-1.support", "connect_queue.us-east-1.no", "no")
    assert (code, codes(said)) == (2, ["unknown-address", "unknown-address"])
    assert records(small) == before


def test_a_renamed_queue_is_kept(small: Small, tmp_path: Path) -> None:
    """With another name in the config, a plan after the rename changes the queue in place: none is made, none deleted."""
    config = tmp_path / "config"
    shutil.copytree(small.folder / "config", config)
    regions = json.loads((config / "regions.json").read_text())
    regions["queues"][0]["name"] = "Help"
    (config / "regions.json").write_text(json.dumps(regions))
    for region in ("us-east-1", "us-west-2"):
        address = f"connect_queue.{region}."
        assert small.run("state", "rename", f"{address}support", f"{address}help")[0] == 0
    code, said = small.run("--config", str(config), "plan", "--region", "all")
    assert code in (0, 3), said["problems"]
    actions = {step["action"] for step in said["data"]["steps"] if step["address"].startswith("connect_queue.")}
    assert actions == {"update"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("connect_queue.us-east-1.support", "connect_queue.us-west-2.support", "rename-refused"),
        ("connect_queue.us-east-1.support", "connect_hours.us-east-1.support", "rename-refused"),
        ("connect_queue.us-east-1.support", "connect_queue.us-east-1.support", "rename-refused"),
        ("connect_queue.us-east-1.support", "support", "rename-refused"),
        ("connect_queue.us-east-1.no", "connect_queue.us-east-1.help", "unknown-address"),
    ],
)
def test_a_rename_that_does_not_fit_changes_nothing(small: Small, old: str, new: str, code: str) -> None:
    """Another kind or region, a taken or unreadable address, and one that is not recorded, are refused by name."""
    before = records(small)
    done, said = small.run("state", "rename", old, new)
    assert (done, set(codes(said))) == (2, {code})
    assert records(small) == before
