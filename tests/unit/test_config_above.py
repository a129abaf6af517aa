"""The config is found from anywhere in the project, as git finds its folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sbctl.cli.config_above import config_above
from sbctl.main import cli

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example, with a folder deep in it."""
    for name in ("config", "flows", "lambdas"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "docs" / "notes").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("inside", ["docs", "docs/notes", "config", "lambdas"])
def test_a_command_finds_the_config_above(project: Path, inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And reads flows and Lambdas beside it."""
    monkeypatch.chdir(project / inside)
    done = CliRunner().invoke(cli, ["config", "check", "--output", "json"])
    assert (done.exit_code, json.loads(done.stdout)["problems"]) == (0, [])


def test_what_is_wrong_is_named_from_here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the place can be opened; and no option is told that is not needed."""
    (project / "config" / "regions.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(project / "docs" / "notes")
    [problem, *_] = json.loads(CliRunner().invoke(cli, ["config", "check", "--output", "json"]).stdout)["problems"]
    assert problem["at"].startswith("../../config/regions.json")
    assert "--config" not in problem["fix"]


def test_a_config_here_comes_first(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also an empty folder: what is missing in it is told."""
    monkeypatch.chdir(project / "docs")
    assert config_above("plan") == Path("../config")
    (project / "docs" / "config").mkdir()
    assert config_above("plan") is None


@pytest.mark.parametrize("command", ["init", "adopt"])
def test_what_writes_a_config_writes_none_above(project: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project in a folder of a project is one of its own."""
    monkeypatch.chdir(project / "docs")
    assert config_above(command) is None


def test_without_any_config_the_default_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the folder in which it was looked for."""
    monkeypatch.chdir(tmp_path)
    assert config_above("plan") is None
