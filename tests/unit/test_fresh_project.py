"""A project in which nothing is deployed yet: every command that needs a deployment says so once, with the command to type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sbctl.main import cli

REASON = ("--yes", "--reason", "outage")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of `sbctl init`."""
    folder = tmp_path_factory.mktemp("fresh") / "shop"
    assert CliRunner().invoke(cli, ["init", str(folder)]).exit_code == 0
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("status", "--cached"),
        ("failover", "--to", "us-west-2", "--dry-run"),
        ("failover", "--to", "us-west-2", "--mode", "forced", *REASON),
        ("failback", *REASON),
        ("runbook",),
        ("drill", "run", "region-loss", *REASON),
        ("drift",),
        ("parity",),
    ],
    ids=" ".join,
)
def test_nothing_deployed_is_said_once(project: Path, words: tuple[str, ...]) -> None:
    """One problem, exit 7, and the remedy is the whole command."""
    config = project / "config"
    done = CliRunner().invoke(cli, ["--config", str(config), "--output", "json", *words])
    found = json.loads(done.stdout)
    assert done.exit_code == 7
    assert [(one["code"], one["fix"]) for one in found["problems"]] == [
        ("not-deployed", f"sbctl --config {config} deploy")
    ]
