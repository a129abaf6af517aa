"""What is shipped: facts of the package stand once, and wheel and sdist hold every file that is needed."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sbctl import __version__

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_version_stands_in_one_place() -> None:
    """pyproject.toml reads it where the product does, and the newest section of the changelog is about it."""
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "sbctl.__version__"}
    sections = [line for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line[:3] == "## "]
    assert sections[0].split()[1] == __version__


def test_the_licence_is_an_spdx_expression_with_its_file() -> None:
    """And no classifier repeats it, which the index refuses beside an expression."""
    project = PROJECT["project"]
    assert project["license"] == "Apache-2.0"
    assert [name for name in project["license-files"] if not (ROOT / name).is_file()] == []
    assert [one for one in project["classifiers"] if one.startswith("License ::")] == []


def test_every_data_file_of_the_package_is_in_the_wheel() -> None:
    """A file that is no module is named by a pattern of package-data, also below links to folders beside the package."""
    package = ROOT / "sbctl"
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["sbctl"]
    shipped = {path for pattern in patterns for path in package.glob(pattern)}
    links = [link for link in package.glob("*/*") if link.is_symlink()]
    files = [path for top in (package, *links) for path in top.rglob("*") if path.is_file()]
    data = [path for path in files if path.suffix not in (".py", ".pyc")]
    starter = [path for link in links for path in link.rglob("*.py")]
    assert data and starter
    assert [str(path.relative_to(ROOT)) for path in (*data, *starter) if path not in shipped] == []


def test_the_sdist_holds_every_folder_of_the_project() -> None:
    """Tests, pages and what they read: whatever git knows at the top is named in MANIFEST.in."""
    asked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode:
        pytest.skip("no checkout of git")
    manifest = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").split()
    tops = {name.partition("/")[0] for name in asked.stdout.splitlines()} - {"sbctl", "state", "pyproject.toml"}
    assert sorted(tops - set(manifest)) == ["MANIFEST.in"]
