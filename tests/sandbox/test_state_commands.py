"""`sbctl state` as a user runs it, after a deploy on a sandbox: lost, damaged, rolled back, moved, and of another world."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.faults.fault import Fault
from tests.sandbox.projects import Small, small_deployed, with_own_state

VOLATILE = ("created_at", "updated_at", "generation")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """The small project, deployed once."""
    with small_deployed(tmp_path_factory.mktemp("commands") / "small") as found:
        yield found


@pytest.fixture
def small(deployed: Small, tmp_path: Path) -> Small:
    """The same with a state folder that the test may spoil; the sandbox stays."""
    return with_own_state(deployed, tmp_path / "state")


def records(small: Small) -> dict[str, Any]:
    """The records on disk without what only time told."""
    found = json.loads(small.state_file.read_text())["state"]["records"]
    return {name: {k: v for k, v in record.items() if k not in VOLATILE} for name, record in found.items()}


def codes(said: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in said["problems"]]


@pytest.mark.parametrize("history", [True, False])
def test_a_deleted_state_is_rebuilt_and_the_plan_is_empty(small: Small, history: bool) -> None:
    """With its history or without: the same records as the deploy had written, and nothing to do after it."""
    before = records(small)
    small.state_file.unlink()
    if history:
        assert codes(small.run("plan")[1]) == ["state-missing"]
    else:
        shutil.rmtree(small.state_file.parent / "generations")
    code, said = small.run("state", "rebuild")
    assert (code, said["data"]["absent"], said["data"]["unknown"]) == (0, [], [])
    assert records(small) == before
    assert small.run("plan", "--exit-code")[0] == 0


def test_a_dry_rebuild_writes_nothing(small: Small) -> None:
    """--dry-run shows what would be recorded, and the state stays as it was."""
    before = small.state_file.read_bytes()
    code, said = small.run("state", "rebuild", "--dry-run")
    assert (code, said["data"]["written"], said["data"]["serial"]) == (0, False, None)
    assert small.state_file.read_bytes() == before


def test_a_rebuild_without_a_region_keeps_its_records(small: Small) -> None:
    """With a region lost the rest is read, its records stay, it is named, and the exit code says that not all was done."""
    before = records(small)
    small.running.world.faults.add(Fault("", "down", "us-west-2"))
    try:
        code, said = small.run("state", "rebuild")
    finally:
        small.running.world.faults.heal()
    assert (code, codes(said)) == (4, ["region-unreachable"])
    assert {address.split(".")[1] for address in said["data"]["kept"]} == {"us-west-2"}
    assert records(small) == before
    assert small.run("plan", "--exit-code")[0] == 0


def test_a_damaged_state_is_restored_by_the_command_that_its_problem_names(small: Small) -> None:
    """What the remedy says is run as it is said, and after it nothing differs."""
    path = small.state_file
    path.write_bytes(path.read_bytes()[:-700])
    code, said = small.run("plan")
    assert (code, codes(said)) == (1, ["state-damaged"])
    remedy = said["problems"][0]["fix"].partition(" (")[0].split()
    assert remedy[0] == "sbctl"
    code, restored = small.call("--yes", "--output", "json", *remedy[1:])
    assert (code, restored["command"]) == (0, "state restore")
    assert small.run("plan", "--exit-code")[0] == 0


def test_an_older_state_can_be_made_the_present_one_again(small: Small) -> None:
    """Going back to the empty state and deploying finds everything again by tag, makes nothing, and is in the history."""
    code, said = small.run("state", "restore", "0")
    assert (code, said["data"]["records"]) == (0, 0)
    _, planned = small.run("plan")
    summary = planned["data"]["summary"]
    assert (summary["create"], summary["delete"]) == (0, 0)
    assert small.run("deploy")[0] == 0
    _, history = small.run("state", "history")
    rows = history["data"]["generations"]
    assert [row["serial"] for row in rows] == [0, 1, 2, 3]
    assert [row["present"] for row in rows] == [False, False, False, True]
    assert rows[3]["records"] == rows[1]["records"] > 0


def test_a_restore_is_asked_for(small: Small) -> None:
    """Without consent nothing is put in the place of the state."""
    before = small.state_file.read_bytes()
    config = ["--config", str(small.folder / "config"), "--state", str(small.state), "--output", "json"]
    code, said = small.call(*config, "state", "restore", "0")
    assert (code, codes(said)) == (7, ["needs-consent"])
    assert small.state_file.read_bytes() == before


def test_a_state_of_the_sandbox_is_refused_on_aws(small: Small) -> None:
    """Without --sandbox nothing is called with the sandbox's state; through its URL it is the sandbox all the same."""
    config = ["--config", str(small.folder / "config"), "--state", str(small.state), "--output", "json"]
    code, said = small.call(*config, "plan")
    assert (code, codes(said)) == (7, ["wrong-endpoint"])
    code, said = small.call(*config, "plan", "--exit-code", AWS_ENDPOINT_URL=small.endpoint)
    assert (code, codes(said)) == (0, [])


def test_a_state_moves_into_a_bucket_and_back(small: Small) -> None:
    """From S3 the plan is empty, the old place says where the state went, and back it is the same."""
    small.client("s3").create_bucket(Bucket="acme-moved")
    before, there = records(small), "s3://acme-moved/prod"
    assert small.run("state", "move", "--to", there)[0] == 0
    assert codes(small.run("plan")[1]) == ["state-moved"]
    moved = small.with_state(there)
    assert moved.run("plan", "--exit-code")[0] == 0
    assert moved.run("state", "move", "--to", str(small.state))[0] == 0
    assert codes(moved.run("plan")[1]) == ["state-moved"]
    assert small.run("plan", "--exit-code")[0] == 0
    assert records(small) == before


def test_a_bucket_that_is_not_there_is_a_problem(small: Small) -> None:
    """A place that cannot be used is told with what to do, and the state stays where it is."""
    code, said = small.run("state", "move", "--to", "s3://acme-nowhere/prod")
    assert (code, codes(said)) == (2, ["no-such-bucket"])
    assert small.run("plan", "--exit-code")[0] == 0


def test_wrong_places_are_wrong_usage(small: Small) -> None:
    """What is no place is refused as an option, before anything is read."""
    code, said = small.process("--output", "json", "--state", "s3://Not_A_Bucket/x", "state", "list")
    assert (code, codes(said)) == (2, ["usage"])


def test_every_clone_works_on_the_state_that_the_files_name(deployed: Small, tmp_path: Path) -> None:
    """A move writes the place into regions.json, so that a clone finds it; one that lacks it makes no second state."""
    deployed.client("s3").create_bucket(Bucket="acme-clones")
    names = shutil.ignore_patterns("sandbox", "runs")
    first, clone, without = (tmp_path / name for name in ("first", "clone", "without"))
    shutil.copytree(deployed.folder, first, ignore=names)
    shutil.copytree(deployed.folder, without, ignore=shutil.ignore_patterns("state"))

    def run(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
        config = ("--config", str(folder / "config"), "--yes", "--output", "json")
        return deployed.call(*config, *arguments, AWS_ENDPOINT_URL=deployed.endpoint)

    code, said = run(first, "state", "move", "--to", "s3://acme-clones/prod")
    assert (code, said["data"]["named_in"]) == (0, str(first / "config" / "regions.json"))
    shutil.copytree(first, clone, ignore=shutil.ignore_patterns("state"))
    code, said = run(clone, "plan", "--exit-code")
    assert (code, codes(said)) == (0, [])
    code, said = run(without, "plan")
    assert (code, codes(said)) == (0, ["second-state"])
    addresses = [step["address"] for step in said["data"]["steps"]]
    code, said = run(without, "destroy")
    assert (code, codes(said), said["data"]["summary"]["delete"]) == (0, ["nothing-recorded"], 0)
    for _again in range(2):
        code, said = run(without, "deploy")
        assert (code, codes(said)) == (7, ["second-state"])
    code, said = run(without, "bucket", "adopt", next(one for one in addresses if one.startswith("s3_bucket.")))
    assert (code, codes(said)) == (0, ["second-state"])
    assert run(clone, "state", "move", "--to", str(clone / "state"))[0] == 0
    assert json.loads((clone / "config" / "regions.json").read_text())["state"] == "state"
    assert run(clone, "plan", "--exit-code")[0] == 0
