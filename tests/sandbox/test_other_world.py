"""A state of the sandbox, asked about as if it were AWS's."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from sbctl.main import cli
from tests.sandbox.deployed import EAST, Scene, deployed
from tests.worlds import make_known


def test_status_says_that_the_state_is_of_the_sandbox(tmp_path: Path) -> None:
    """Not that every region is lost, and it asks neither AWS nor the system's resolvers."""
    with deployed(tmp_path) as scene:
        place = ["--config", str(scene.folder / "config"), "--state", str(scene.state), "--output", "json"]
        done = CliRunner().invoke(cli, [*place, "status"], env={"AWS_ENDPOINT_URL": ""})
        found = json.loads(done.stdout)
        assert done.exit_code == 7
        assert [one["code"] for one in found["problems"]] == ["wrong-endpoint"]
        assert "--sandbox" in found["problems"][0]["fix"]
        there = {"AWS_ENDPOINT_URL": scene.running.endpoint, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
        assert CliRunner().invoke(cli, [*place, "status"], env=there).exit_code == 0


def test_an_instance_of_another_project_is_not_adopted(tmp_path: Path) -> None:
    """It would be taken away from that one by the next deploy. Nothing is written, and it is told once."""
    with deployed(tmp_path / "first") as scene:
        other = Scene(scene.running, tmp_path / "second")
        make_known(scene.running, other.state)
        code, said = other.run("adopt", "--region", EAST, "--instance", "enterprise-us-east-1")
        assert (code, [one["code"] for one in said["problems"]]) == (7, ["of-another-project"])
        assert "--project enterprise" in said["problems"][0]["fix"]
        assert not (other.folder / "config").exists()
