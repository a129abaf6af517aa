"""What AWS takes and cannot make, or keep: it is told with what to do and left out, the others go on, destroy removes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.problem import Exit
from sbctl.sandbox.faults.control import add_fault
from tests.sandbox.deployed import EAST, WEST, Scene
from tests.sandbox.projects import small_project
from tests.worlds import empty_world, make_known, still

REPLICA = f"dynamodb_replica.{WEST}.customers"
FUNCTION = f"lambda_function.{WEST}.greeting"
CODES = {REPLICA: "table-failed", FUNCTION: "function-failed"}
OTHERS = (f"connect_queue.{WEST}.support", f"lambda_function.{EAST}.greeting", f"connect_queue.{EAST}.support")


@contextmanager
def project(folder: Path) -> Iterator[Scene]:
    """Two regions with a queue, a table and a function each; not deployed."""
    with empty_world(still(zone="example.com"), dns_port=0) as running:
        config = small_project(folder) / "config" / "regions.json"
        wanted = json.loads(config.read_text(encoding="utf-8"))
        wanted["tables"] = [{"name": "customers", "partitionKey": {"name": "id", "type": "S"}}]
        wanted["lambdas"] = [{"name": "greeting", "connect": False}]
        config.write_text(json.dumps(wanted), encoding="utf-8")
        code = folder / "lambdas" / "greeting" / "handler.py"
        code.parent.mkdir(parents=True)
        code.write_text("def handler(event, context):\n    return {}\n", encoding="utf-8")
        make_known(running, folder / "state")
        yield Scene(running, folder)


def told(said: Mapping[str, Any]) -> dict[str, str]:
    return {problem["at"]: problem["code"] for problem in said["problems"]}


def pending(said: Mapping[str, Any]) -> list[str]:
    return [step["address"] for step in said["data"]["steps"] if step["action"] != "none"]


def failing(scene: Scene) -> None:
    for service in ("dynamodb", "lambda"):
        add_fault(scene.world.faults, {"kind": "creation-failed", "service": service, "region": WEST})


def test_what_could_not_be_made_is_left_out_until_it_is_removed(tmp_path: Path) -> None:
    """Deploy goes on with all others; whatever reads it afterwards says so, with the command that removes it; then it is made."""
    with project(tmp_path) as scene:
        failing(scene)
        code, said = scene.run("deploy")
        assert (code, told(said)) == (Exit.PARTIAL, CODES), said["problems"]
        assert {*OTHERS} <= {*said["data"]["done"]}
        for command in ("plan", "drift", "deploy"):
            code, said = scene.run(command)
            assert (code, told(said)) == (Exit.PARTIAL, CODES), (command, said["problems"])
        assert pending(said) == []
        fixes = {problem["at"]: problem["fix"] for problem in said["problems"]}
        assert f"--table-name customers --region {EAST} --replica-updates" in fixes[REPLICA]
        assert f"--function-name small-greeting --region {WEST}" in fixes[FUNCTION]
        scene.world.faults.heal()
        gone = [{"Delete": {"RegionName": WEST}}]
        scene.client("dynamodb").update_table(TableName="customers", ReplicaUpdates=gone)
        scene.client("lambda", WEST).delete_function(FunctionName="small-greeting")
        scene.pass_time(60.0)
        code, said = scene.run("deploy")
        assert code == Exit.DONE, said["problems"]
        assert {*CODES} <= {*said["data"]["done"]}


@pytest.mark.long
def test_what_could_not_be_made_can_be_destroyed(tmp_path: Path) -> None:
    """With everything else, and nothing is left."""
    with project(tmp_path) as scene:
        failing(scene)
        assert scene.run("deploy")[0] == Exit.PARTIAL
        code, said = scene.run("destroy", "--allow", "*", "--max-deletes", "100")
        assert code == Exit.DONE, said["problems"]
        assert scene.client("lambda", WEST).list_functions()["Functions"] == []
        assert scene.client("dynamodb").list_tables()["TableNames"] == []


@pytest.mark.parametrize("service", ["connect", "dynamodb", "lambda"])
def test_the_command_line_makes_creations_fail(tmp_path: Path, service: str) -> None:
    """By `sandbox fault add`; a service in which no creation can fail is refused."""
    with project(tmp_path) as scene:
        code, _ = scene.run(
            "sandbox", "fault", "add", "--kind", "creation-failed", "--service", service, "--count", "1"
        )
        assert code == Exit.DONE
        assert scene.world.faults.fails_creation(service, WEST)
        assert not scene.world.faults.fails_creation(service, WEST)
        code, said = scene.run("sandbox", "fault", "add", "--kind", "creation-failed", "--service", "s3")
        assert code != Exit.DONE
        assert "connect, dynamodb, lambda" in said["problems"][0]["detail"]
