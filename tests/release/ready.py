"""Whether a checkout may be released as it is. Pure but for `look`, which asks git."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from sbctl import __version__

FRAGMENTS = "changelog.d"
STAYS = frozenset({"README.md", "template.md"})


@dataclass(frozen=True)
class Checkout:
    """What is looked at. `tags` are those of HEAD, `changes` the files that differ from it, `heading` the changelog's newest."""

    version: str
    tags: tuple[str, ...]
    changes: tuple[str, ...]
    fragments: tuple[str, ...]
    heading: str


def faults(found: Checkout) -> list[str]:
    """Why it may not be released, each with what to do; empty where it may."""
    tag = f"v{found.version}"
    said = []
    if tag not in found.tags:
        others = f" (HEAD has {', '.join(found.tags)})" if found.tags else ""
        said.append(f"HEAD has no tag {tag}{others}: git tag -a {tag}")
    if found.changes:
        said.append(f"files differ from HEAD: {', '.join(found.changes)}: commit or remove them")
    if found.fragments:
        said.append(f"{FRAGMENTS}/ has fragments: {', '.join(found.fragments)}: make changelog")
    words = found.heading.removeprefix("## ").split()
    if found.version not in words or "(unreleased)" in words:
        said.append(
            f"the newest section of CHANGELOG.md is {found.heading!r}: name the version {found.version} and its date"
        )
    return said


def look(root: Path) -> Checkout:
    """The checkout in a folder."""
    headings = [line for line in (root / "CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line[:3] == "## "]
    return Checkout(
        version=__version__,
        tags=tuple(_git(root, "tag", "--points-at", "HEAD").split()),
        changes=tuple(line[3:] for line in _git(root, "status", "--porcelain").splitlines()),
        fragments=tuple(sorted(path.name for path in (root / FRAGMENTS).glob("*.md") if path.name not in STAYS)),
        heading=headings[0],
    )


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True).stdout
