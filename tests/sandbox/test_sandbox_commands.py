"""`sbctl sandbox fault`, `heal` and `advance`, and the clock of a run with --sandbox, against a server of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sbctl.app import App, Settings
from sbctl.clocks import read_world_time
from sbctl.commands.sandbox import faults as sandbox_faults
from sbctl.core.events import silent
from sbctl.core.problem import SbctlError
from sbctl.local_sandbox import stop
from sbctl.main import cli
from sbctl.sandbox import lifecycle
from sbctl.sandbox.faults.fault import KINDS
from sbctl.sandbox.world import WorldSettings
from tests.worlds import empty_world, make_known, still


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder whose sandbox runs; its clock stands."""
    folder = tmp_path_factory.mktemp("state")
    with empty_world(still(), dns_port=0) as running:
        make_known(running, folder)
        yield folder


def run(state: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON envelope of `sbctl sandbox ...`."""
    done = CliRunner().invoke(cli, ["--state", str(state), "--output", "json", "sandbox", *arguments])
    return done.exit_code, json.loads(done.stdout)


def test_a_project_whose_state_is_elsewhere_has_one_sandbox(tmp_path: Path) -> None:
    """What regions.json says of the state is about AWS: `sandbox` and `--sandbox` look for the same note."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "regions.json").write_text('{"state": "kept"}', encoding="utf-8")
    with empty_world(still(), dns_port=0) as running:
        make_known(running, tmp_path / "state")
        words = ["--config", str(tmp_path / "config"), "--output", "json", "sandbox", "status"]
        done = CliRunner().invoke(cli, words)
        assert (done.exit_code, json.loads(done.stdout)["data"]["endpoint"]) == (0, running.endpoint)
        settings = Settings(config=tmp_path / "config")
        assert App(replace(settings, sandbox=True), silent, "test").endpoint == running.endpoint
        assert App(replace(settings, endpoint_url=running.endpoint), silent, "test").sandbox_speed() == 0.0


def test_a_fault_is_added_listed_and_healed(state: Path) -> None:
    """What is asked for on the command line is in the list and in the status, with its end, and is gone once healed."""
    asked = ["--region", "us-east-1", "--kind", "slow", "--service", "connect", "--operation", "ListQueues"]
    exit_code, added = run(state, "fault", "add", *asked, "--for", "5m", "--count", "3", "--delay", "2s")
    fault = added["data"]
    assert (exit_code, fault["count"], fault["delay_seconds"], fault["operation"]) == (0, 3, 2.0, "ListQueues")
    assert fault["until"] - fault["added"] == 300
    assert run(state, "fault", "list")[1]["data"]["faults"] == [fault]
    assert run(state, "status")[1]["data"]["faults"] == [fault]
    assert run(state, "heal", fault["id"])[1]["data"]["healed"] == [fault["id"]]
    assert run(state, "fault", "list")[1]["data"]["faults"] == []


def test_faults_of_one_region_are_healed(state: Path) -> None:
    """heal --region ends those of that region, heal alone the rest, and heal of nothing is no error."""
    for region in ("us-east-1", "us-west-2"):
        run(state, "fault", "add", "--region", region, "--kind", "down")
    run(state, "heal", "--region", "us-east-1")
    assert [fault["region"] for fault in run(state, "fault", "list")[1]["data"]["faults"]] == ["us-west-2"]
    assert len(run(state, "heal")[1]["data"]["healed"]) == 1
    assert run(state, "heal")[0] == 0


def test_an_advance_moves_the_world_and_ends_what_is_over(state: Path) -> None:
    """Six minutes later a fault of five minutes is over."""
    run(state, "fault", "add", "--region", "us-east-1", "--kind", "down", "--for", "5m")
    before = datetime.fromisoformat(run(state, "status")[1]["data"]["time"])
    after = run(state, "advance", "6m")[1]["data"]
    assert (datetime.fromisoformat(after["time"]) - before).total_seconds() == pytest.approx(360)
    assert after["faults"] == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["fault", "add", "--kind", "down", "--service", "conect"], "did you mean connect"),
        (["fault", "add", "--kind", "down", "--region", "us-east-1", "--delay", "2s"], "slow"),
        (["heal", "f999"], "no fault f999"),
    ],
)
def test_what_the_sandbox_refuses_is_a_problem_with_its_reason(state: Path, arguments: list[str], reason: str) -> None:
    """A fault that makes no sense fails with the sandbox's own reason, and nothing is broken."""
    exit_code, answer = run(state, *arguments)
    assert (exit_code, answer["problems"][0]["code"]) == (1, "sandbox-refused")
    assert reason in answer["problems"][0]["detail"]
    assert run(state, "fault", "list")[1]["data"]["faults"] == []


@pytest.mark.parametrize("kind", ["down", "hang"])
def test_all_regions_are_silenced_only_when_that_is_said(state: Path, kind: str) -> None:
    """Without a region the line is not complete; `--region all` is all of them."""
    exit_code, answer = run(state, "fault", "add", "--kind", kind)
    assert (exit_code, [one["at"] for one in answer["problems"]]) == (2, ["--region"])
    assert run(state, "fault", "list")[1]["data"]["faults"] == []
    exit_code, answer = run(state, "fault", "add", "--kind", kind, "--region", "all")
    assert (exit_code, answer["data"]["region"]) == (0, "*")
    assert run(state, "heal")[0] == 0


class Lingering:
    """A sandbox's lifecycle whose server takes too long to end."""

    SandboxError = lifecycle.SandboxError

    def down(self, _folder: Path) -> bool:
        raise self.SandboxError("the sandbox, process 7, does not end")


def test_a_server_that_does_not_end_is_a_problem_with_a_remedy(tmp_path: Path) -> None:
    """Neither an internal error nor a success: it says which process stays, and what to do."""
    with pytest.raises(SbctlError) as caught:
        stop(tmp_path, Lingering())
    [problem] = caught.value.problems
    assert (problem.code, problem.detail) == ("sandbox-stays", "the sandbox, process 7, does not end")
    assert "sbctl sandbox down" in problem.fix


@pytest.mark.parametrize("limits", [True, False])
def test_a_run_keeps_to_the_rates_that_its_sandbox_has(tmp_path: Path, limits: bool) -> None:
    """Against a sandbox with AWS's limits calls wait for their turn, as on AWS; against one without they do not."""
    with empty_world(WorldSettings(limits=limits)) as running:
        make_known(running, tmp_path)
        app = App(Settings(config=tmp_path / "config", state=tmp_path, sandbox=True), silent, "sbctl test")
        assert app.client_settings.rate_limits is limits
    assert App(Settings(state=tmp_path), silent, "sbctl test").client_settings.rate_limits


def test_without_a_sandbox_that_is_said(tmp_path: Path) -> None:
    """Where none runs the command fails and names the one that starts it."""
    exit_code, answer = run(tmp_path, "advance", "90s")
    assert exit_code == 1
    assert answer["problems"][0]["fix"] == f"sbctl --state {tmp_path} sandbox up"


def test_the_command_line_offers_every_kind() -> None:
    """The two sides, which share no code, know the same kinds of fault."""
    assert set(sandbox_faults.KINDS) == set(KINDS)


def test_a_run_reads_the_clock_of_its_sandbox(state: Path) -> None:
    """The product's reading of the status is what the sandbox shows: its speed, and a time that an advance moves."""
    note = lifecycle.running(state / "sandbox")
    assert note is not None
    before = read_world_time(note["endpoint"], note["token"])
    run(state, "advance", "1h")
    after = read_world_time(note["endpoint"], note["token"])
    assert (before.speed, after.speed) == (0.0, 0.0)
    assert (after.now - before.now).total_seconds() == pytest.approx(3600)


def test_the_environment_of_clients_has_the_name_server(state: Path) -> None:
    """With it, commands without --sandbox ask the sandbox's DNS and not the system's; proxies are kept away."""
    exit_code, found = run(state, "env")
    note = lifecycle.running(state / "sandbox")
    assert note is not None
    assert (exit_code, found["data"]["SBCTL_RESOLVER"]) == (0, note["dns"])
    assert {"127.0.0.1", "localhost"} <= {*found["data"]["NO_PROXY"].split(",")}


def shown(state: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of `sbctl sandbox ...` for people."""
    done = CliRunner().invoke(cli, ["--state", str(state), "sandbox", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_a_reset_shows_the_sandbox(state: Path, tmp_path: Path) -> None:
    """Its answer is told as that of `sandbox up`, and the JSON is as it was."""
    run(state, "fault", "add", "--region", "us-east-1", "--kind", "down")
    exit_code, text, _ = shown(state, "reset")
    assert (exit_code, "{" in text) == (0, False)
    assert [line.split()[0] for line in text.splitlines()[:2]] == ["Sandbox", "endpoint"]
    assert run(state, "fault", "list")[1]["data"]["faults"] == []
    told = {"instance", "account", "time", "speed", "limits", "zone", "faults"}
    assert run(state, "reset")[1]["data"].keys() == told
    assert shown(tmp_path, "reset")[0] == 1


@pytest.mark.parametrize(("limits", "words"), [(True, "with AWS's rate limits"), (False, "without AWS's rate limits")])
def test_the_limits_are_told_in_words(tmp_path: Path, limits: bool, words: str) -> None:
    """For people; in JSON they are true or false."""
    with empty_world(still(limits=limits)) as running:
        make_known(running, tmp_path)
        lines = shown(tmp_path, "status")[1].splitlines()
        assert [line.split(maxsplit=1)[1].strip() for line in lines if line.strip().startswith("limits")] == [words]
        assert run(tmp_path, "status")[1]["data"]["limits"] is limits
