"""Of a remedy, what can be pasted."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sbctl.cli.run import _shape
from sbctl.main import cli
from sbctl.ui.pasted import pasted

ROOT = click.Context(cli)


@pytest.mark.parametrize(
    ("fix", "command"),
    [
        ("sbctl deploy", "sbctl deploy"),
        ("sbctl --config 'my place/config' --sandbox deploy --region all", None),
        ("Resume it: sbctl failover --resume. Or roll it back: sbctl failover --abort.", "sbctl failover --resume"),
        ("sbctl failover --resume works from the signal.", "sbctl failover --resume"),
        ("sbctl status says where traffic is, and what comes next.", "sbctl status"),
        ("sbctl state list shows what there is.", "sbctl state list"),
        ("sbctl queue plan -v lists them.", "sbctl queue plan -v"),
        ("The holder is named; wait for it, or free a dead one: sbctl state unlock.", "sbctl state unlock"),
        ("To walk through it: sbctl runbook failover --walk", "sbctl runbook failover --walk"),
        ('sbctl failover --to us-west-2 --mode forced --reason "the region is lost"', None),
        ("sbctl drill run region-loss", None),
        ("Put it there (sbctl init makes a project with one), or name its folder.", "sbctl init"),
        ("Make a new one: sbctl plan --out FILE", ""),
        ("Use the version of sbctl that wrote it, or a newer one.", ""),
        ("Choose one of them.", ""),
        ("", ""),
        ("aws sso login --profile night", None),
        (
            "Enable it: aws kms enable-key --key-id 1234 --region us-west-2.",
            "aws kms enable-key --key-id 1234 --region us-west-2",
        ),
        ("Use AWS, or name the bucket: aws s3 mb s3://BUCKET", "aws s3 mb s3://BUCKET"),
    ],
)
def test_the_first_whole_command_is_found(fix: str, command: str | None) -> None:
    """Without the words around it; none where something has to be filled in. None: the remedy is the command."""
    assert pasted(fix, lambda path: _shape(ROOT, path)) == (fix if command is None else command)


def test_a_problem_has_the_command_of_its_remedy(tmp_path: Path) -> None:
    """With the options of this run, in JSON."""
    words = ["--config", str(tmp_path / "config"), "--output", "json", "status"]
    [problem] = json.loads(CliRunner().invoke(cli, words).stdout)["problems"]
    assert problem["command"] == f"sbctl --config {tmp_path}/config deploy", problem
