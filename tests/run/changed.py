"""Which Python files differ from the commit that this branch began at: committed or not, tracked or not."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

TRUNKS = ("origin/main", "main")
SETTINGS = "pyproject.toml"
"""What ruff says of every file rests on it."""


def changed_files(root: Path) -> list[str]:
    """Their paths under `root`; empty when all files are meant: nothing differs, nothing to compare with, other settings."""
    base = merge_base(root)
    if base is None:
        return []
    differ = _names(root, "diff", "--name-only", "--relative", "--diff-filter=d", "-z", base)
    new = _names(root, "ls-files", "--others", "--exclude-standard", "-z")
    if SETTINGS in differ:
        return []
    # A file that was added since and is gone again from the folder is in neither; one removed but still staged is.
    return sorted({name for name in (*differ, *new) if name.endswith(".py") and (root / name).is_file()})


def merge_base(root: Path) -> str | None:
    """The commit where this branch left main; None without git, without main, and on main itself."""
    branch = _git(root, "rev-parse", "--abbrev-ref", "HEAD")
    found = (_git(root, "merge-base", "HEAD", trunk) for trunk in TRUNKS if trunk != branch)
    return next((base for base in found if base), None)


def environment() -> dict[str, str]:
    """This process's, without what git sets for its hooks: it names one repository, wherever git is run."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def _names(root: Path, *arguments: str) -> list[str]:
    return [name for name in (_git(root, *arguments) or "").split("\0") if name]


def _git(root: Path, *arguments: str) -> str | None:
    """What git says; None when it fails or is not installed."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, env=environment(), capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
