"""`sbctl sandbox call`, `callers`, `agents` and `status` against the deployed default project, as people and scripts type them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from sbctl.main import cli
from tests.sandbox.deployed import EAST, ROOT, Scene, deployed

CUSTOMER = "+12065550123"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The project, in which a VIP customer is known and agents of us-east-1 take calls."""
    with deployed(tmp_path_factory.mktemp("calls") / "project") as found:
        client = found.client("dynamodb")
        [table] = [name for name in client.list_tables()["TableNames"] if name.endswith("customers-global")]
        client.put_item(TableName=table, Item={"CustomerId": {"S": CUSTOMER}, "Tier": {"S": "VIP"}})
        assert found.run("sandbox", "agents", "start", "--region", EAST, "--per-queue", "1")[0] == 0
        yield found


def shown(scene: Scene, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command for people."""
    done = CliRunner().invoke(cli, ["--state", str(scene.state), "sandbox", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_a_vip_reaches_the_vip_queue(scene: Scene) -> None:
    """The flow really runs: its function finds the customer in the table, and an agent of the VIP queue answers."""
    code, found = scene.run(
        "sandbox", "call", "--flow", "SalesInbound", "--region", EAST, "--from", CUSTOMER, "--press", ""
    )
    data = found["data"]
    assert (code, data["outcome"], data["queue"]) == (0, "answered", "VIP-Sales")
    assert [one["type"] for one in data["path"]][-2:] == ["UpdateContactTargetQueue", "TransferContactToQueue"]
    assert data["heard"][0]["text"].startswith("Welcome to our")
    contact = scene.client("connect").describe_contact(
        InstanceId=scene.client("connect").list_instances()["InstanceSummaryList"][0]["Id"],
        ContactId=data["contact_id"],
    )["Contact"]
    assert contact["Attributes"] == {"region": EAST, "tier": "VIP"}


def test_people_hear_what_callers_hear(scene: Scene) -> None:
    """Prompts with their times; with --trace each block and its branch."""
    line = ("call", "--flow", "SalesInbound", "--region", EAST, "--from", CUSTOMER, "--press", "")
    code, out, _ = shown(scene, *line)
    assert code == 0
    assert out.startswith("  0:00  Welcome to our")
    assert "connected to" in out
    assert "MessageParticipant" not in out
    assert "  0:00    SalesInbound  MessageParticipant play-1" in shown(scene, *line, "--trace")[1]


def test_a_call_that_nobody_answers_is_lost(scene: Scene) -> None:
    """Its caller gives up: exit 8, and the status counts it."""
    code, found = scene.run(
        "sandbox", "call", "--flow", "SupportInbound", "--region", "us-west-2", "--press", "1", "--patience", "30s"
    )
    assert (code, found["data"]["outcome"], found["status"]) == (8, "lost", "not-held")
    calls = scene.run("sandbox", "status")[1]["data"]["calls"]
    assert [one["lost"] for one in calls["instances"] if one["region"] == "us-west-2"] == [1]
    assert "us-west-2" in shown(scene, "status")[1]


def test_a_number_that_nobody_has_is_said(scene: Scene) -> None:
    """With what can be called instead; and a flow that is not there with the sandbox's own words."""
    code, found = scene.run("sandbox", "call", "+19995550100", "--press", "")
    [problem] = found["problems"]
    assert (code, problem["code"], problem["at"]) == (8, "unknown-number", "+19995550100")
    assert "claimed" in problem["detail"]
    code, found = scene.run("sandbox", "call", "--flow", "Nowhere", "--press", "")
    assert (code, found["problems"][0]["code"]) == (1, "sandbox-refused")


def test_off_a_terminal_keys_must_be_given(scene: Scene) -> None:
    """Exit 2, with the option to give; a JSON run has no keyboard either."""
    code, out, err = shown(scene, "call", "--flow", "SalesInbound", "--region", EAST)
    assert (code, out) == (2, "")
    assert "--press" in err
    assert scene.run("sandbox", "call", "--flow", "SalesInbound")[0] == 2


def test_agents_are_listed_and_stopped(scene: Scene) -> None:
    """Those of another region come and go; the others stay."""
    begun = scene.run("sandbox", "agents", "start", "--region", "eu-west-2", "--per-queue", "1")[1]["data"]["agents"]
    assert {one["region"] for one in begun} == {"eu-west-2"}
    assert len(scene.run("sandbox", "agents", "list")[1]["data"]["agents"]) > len(begun)
    assert scene.run("sandbox", "agents", "stop", "--region", "eu-west-2")[1]["data"] == {"stopped": len(begun)}
    code, out, _ = shown(scene, "agents", "list")
    assert (code, "eu-west-2" in out, EAST in out) == (0, False, True)


def test_callers_need_a_number_or_are_listed(scene: Scene) -> None:
    """A list of none says how to start some."""
    code, out, _ = shown(scene, "callers", "list")
    assert code == 0
    assert "sandbox callers start" in out or "running" in out
    assert scene.run("sandbox", "callers", "stop")[0] == 0


@pytest.mark.long
def test_the_demo_ends_with_an_answered_call(scene: Scene) -> None:
    """tests/demo.py, as `make demo` runs it after the deploy, says that the VIP queue answered."""
    environment = {**os.environ, "SBCTL_STATE": str(scene.state), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.demo"],
        env=environment, stdout=subprocess.PIPE, text=True, check=False, cwd=scene.folder,
    )  # fmt: skip
    assert done.returncode == 0
    assert "Call answered by an agent" in done.stdout
    assert "VIP-Sales" in done.stdout
