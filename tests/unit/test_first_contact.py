"""What somebody meets who has just got sbctl."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sbctl.main import cli

ROOT = Path(__file__).parents[2]
INSTALL = re.compile(r"pip install '?([A-Za-z0-9_.-]+)")


def test_bare_sbctl_prints_its_help() -> None:
    done = CliRunner().invoke(cli, [])
    assert done.exit_code == 2
    assert "Fail over:" in done.output


def test_every_remedy_installs_our_distribution() -> None:
    """`sbctl` on the package index is somebody else's."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
    files = [*(ROOT / "sbctl").rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = {found[1] for path in files for found in INSTALL.finditer(path.read_text(encoding="utf-8"))}
    assert ours in named
    assert {name for name in named if name.startswith("sbctl")} == {ours}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of `sbctl init`."""
    assert CliRunner().invoke(cli, ["init", str(tmp_path / "shop")]).exit_code == 0
    return tmp_path / "shop"


def test_init_keeps_the_state_out_of_git(project: Path) -> None:
    assert "state/" in (project / ".gitignore").read_text(encoding="utf-8").split()


@pytest.mark.parametrize(("name", "codes"), [("region-loss", []), ("region-outage", []), ("nosuch", ["bad-value"])])
def test_a_drill_of_the_rules_must_exist(project: Path, name: str, codes: list[str]) -> None:
    """The former default is taken for the drill that it meant."""
    rules: Any = json.loads((project / "config" / "failover-rules.json").read_text(encoding="utf-8"))
    rules["drills"] = [{"name": name, "everyDays": 30}]
    (project / "config" / "failover-rules.json").write_text(json.dumps(rules), encoding="utf-8")
    done = CliRunner().invoke(cli, ["--config", str(project / "config"), "--output", "json", "config", "check"])
    assert [one["code"] for one in json.loads(done.stdout)["problems"]] == codes, done.stdout
