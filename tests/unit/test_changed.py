"""What `make fast` lints: the Python files that differ from where the branch left main."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.run.changed import changed_files, environment
from tests.run.memory import temporary_files_in_memory


def git(root: Path, *arguments: str) -> None:
    own = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *arguments], cwd=root, env=environment(), check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--message", "change")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository on main with three files."""
    git(tmp_path, "init", "--initial-branch", "main")
    for name in ("kept.py", "gone.py", "page.md"):
        (tmp_path / name).write_text("one\n")
    commit(tmp_path)
    return tmp_path


def test_without_a_branch_all_files_are_meant(root: Path) -> None:
    """On main there is nothing to compare with, changed or not."""
    (root / "kept.py").write_text("two\n")
    assert changed_files(root) == []


def test_outside_a_repository_all_files_are_meant(tmp_path: Path) -> None:
    """An unpacked archive has no history."""
    assert changed_files(tmp_path) == []


def test_committed_changed_and_new_files_are_found(root: Path) -> None:
    """Committed, staged, edited and untracked; no page, and nothing that git ignores."""
    git(root, "checkout", "-b", "work")
    assert changed_files(root) == []
    (root / "committed.py").write_text("one\n")
    (root / ".gitignore").write_text("ignored.py\n")
    commit(root)
    for name in ("kept.py", "page.md", "staged.py", "new.py", "ignored.py"):
        (root / name).write_text("two\n")
    git(root, "add", "staged.py")
    assert changed_files(root) == ["committed.py", "kept.py", "new.py", "staged.py"]


def test_deleted_files_are_left_out(root: Path) -> None:
    """Deleted by a commit or only in the folder: neither can be linted."""
    git(root, "checkout", "-b", "work")
    (root / "added.py").write_text("one\n")
    (root / "gone.py").unlink()
    commit(root)
    (root / "added.py").unlink()
    assert changed_files(root) == []


def test_what_main_got_meanwhile_is_not_the_branchs(root: Path) -> None:
    """The comparison is with the commit where the branch began."""
    git(root, "checkout", "-b", "work")
    (root / "own.py").write_text("one\n")
    commit(root)
    git(root, "checkout", "main")
    (root / "theirs.py").write_text("one\n")
    commit(root)
    git(root, "checkout", "work")
    assert changed_files(root) == ["own.py"]


def test_other_settings_concern_all_files(root: Path) -> None:
    """A new rule may break any file."""
    git(root, "checkout", "-b", "work")
    (root / "pyproject.toml").write_text("[tool.ruff]\n")
    (root / "kept.py").write_text("two\n")
    commit(root)
    assert changed_files(root) == []


def test_temporary_files_are_in_memory_for_as_long_as_it_takes(tmp_path: Path) -> None:
    """A usable disk is used and left empty; without one nothing changes."""
    before = os.environ.get("TMPDIR")
    with temporary_files_in_memory([tmp_path / "absent", tmp_path]) as folder:
        assert folder is not None
        assert os.environ["TMPDIR"] == str(folder)
        (folder / "file").write_text("one\n")
    assert (os.environ.get("TMPDIR"), [*tmp_path.iterdir()]) == (before, [])
    with temporary_files_in_memory([tmp_path / "absent"]) as folder:
        assert folder is None
