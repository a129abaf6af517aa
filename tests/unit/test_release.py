"""What `make release` refuses, and that workflow, hooks and changelog fragments are as the house has them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.release.ready import STAYS, Checkout, faults

ROOT = Path(__file__).parents[2]
READY = Checkout("1.2.3", ("v1.2.3",), (), (), "## 1.2.3 (2026-12-01)")
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]
TYPES = {"added", "changed", "fixed", "removed", "security"}


def test_a_tagged_clean_checkout_is_released() -> None:
    """Its version is the tag's and the changelog's, and nothing waits to be folded in."""
    assert faults(READY) == []


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (replace(READY, tags=()), "git tag -a v1.2.3"),
        (replace(READY, tags=("v1.2.2", "nightly")), "v1.2.2"),
        (replace(READY, tags=("1.2.3",)), "no tag v1.2.3"),
        (replace(READY, changes=("sbctl/main.py",)), "sbctl/main.py"),
        (replace(READY, fragments=("a.fixed.md",)), "make changelog"),
        (replace(READY, heading="## 1.2.3 (unreleased)"), "unreleased"),
        (replace(READY, heading="## 1.2.30 (2026-12-01)"), "1.2.30"),
    ],
)
def test_another_is_not(wrong: Checkout, word: str) -> None:
    """One line says why, and what to do."""
    (line,) = faults(wrong)
    assert word in line


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Not one after the other."""
    assert len(faults(Checkout("1.2.3", (), ("x",), ("y.added.md",), "## 1.2.2"))) == 4


def test_actions_are_pinned_by_commit() -> None:
    """A tag can be moved to other code."""
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_steps_are_words_of_the_makefile() -> None:
    """What CI runs can be typed at home."""
    words = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    run = [step["run"].split() for step in STEPS if "run" in step]
    assert run
    assert [line for line in run if line[0] != "make" or not set(line[1:]) <= words] == []


def test_ci_knows_each_python_that_is_declared() -> None:
    """And begins with the oldest that is required."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tried = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["python"]
    declared = {one.rpartition(" ")[2] for one in project["classifiers"] if re.search(r":: 3\.\d+$", one)}
    assert project["requires-python"] == f">={tried[0]}"
    assert declared <= set(tried)


def test_hooks_are_local() -> None:
    """They use the environment of `make setup`, and fetch nothing."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {one["repo"] for one in hooks["repos"]} == {"local"}


def test_fragments_are_one_line() -> None:
    """Each becomes one bullet of CHANGELOG.md, in which a second line would begin in the middle of a sentence."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "changelog.d").iterdir()}
    assert [name for name, text in texts.items() if name not in STAYS and len(text.splitlines()) != 1] == []


def test_fragments_have_a_known_type() -> None:
    """Another is passed over by towncrier, and so lost."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
    assert {one["directory"] for one in settings["type"]} == TYPES
    names = [path.name for path in (ROOT / "changelog.d").iterdir() if path.name not in STAYS]
    assert [name for name in names if not re.fullmatch(rf"[\w-]+\.({'|'.join(sorted(TYPES))})\.md", name)] == []
    assert settings["start_string"] in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
